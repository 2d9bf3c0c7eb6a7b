/* Waiting without burning the host's processor. */
#ifndef IDLE_H
#define IDLE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the service interrupts us now. If not, the first half millisecond of a wait is spun, the rest slept. */
void idle_interrupted(bool interrupts);

/* Something was sent or came in: the next waits begin short again. */
void idle_active(void);

/*
 * Waits for an interrupt, unless one is pending, and handles it. The wait is not longer than a quarter of the time
 * since something last happened, nor than `longest` nanoseconds. So a message that nobody announces, for example
 * because the doorbell's other end has died, is found in at most 5/4 of the time that it took to come.
 */
void idle(uint64_t longest);

/* The longest wait that suits: one second if the service interrupts us, else five milliseconds. */
uint64_t idle_longest(void);

#endif
