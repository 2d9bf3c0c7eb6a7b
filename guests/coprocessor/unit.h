/* The unit: clocks, power domains, supplies, sensors and resets in registers, as a platform. */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "scmi_platform.h"

/* Resets the unit, and sets the platform up. False: there are no registers, or no platform can be made of them. */
bool unit_start(struct scmi_platform *platform);

/* Ends what has taken its time. Whether anything has ended. `now` as timer_now has it. */
bool unit_turn(uint64_t now);

/* How long it is until something ends, in nanoseconds; at most `most`. */
uint64_t unit_longest_wait(uint64_t now, uint64_t most);

#endif
