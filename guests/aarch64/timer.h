/* The architecture's virtual timer: the time since reset, and an interrupt at a given time. */
#ifndef TIMER_H
#define TIMER_H

#include <stdint.h>

#define MICROSECOND 1000ul
#define MILLISECOND 1000000ul
#define SECOND 1000000000ul

/* Finds the timer's interrupt in the device tree and enables it; after gic_start. */
void timer_start(void);

/* Monotonic, in nanoseconds. */
uint64_t timer_now(void);

/* Interrupts once, `nanoseconds` from now. */
void timer_wake_in(uint64_t nanoseconds);

#endif
