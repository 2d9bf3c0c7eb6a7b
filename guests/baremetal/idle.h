/* Waiting without burning the host's processor. */
#ifndef IDLE_H
#define IDLE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the service interrupts us. If it does not, the first tenth of a millisecond of a wait is spun, then slept. */
void idle_start(bool interrupts);

/* Something was sent or came in: the next waits begin short again. */
void idle_active(void);

/*
 * Handles what interrupts are pending; if none, waits for one, but not longer than a quarter of the time since something
 * last happened, nor than `longest` nanoseconds. So a message that nobody announces, for example because the doorbell's
 * other end has died, is still found a quarter later than it came.
 */
void idle(uint64_t longest);

/* The longest wait that suits the link: one second with interrupts, else five milliseconds. */
uint64_t idle_longest(void);

#endif
