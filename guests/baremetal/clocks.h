/* SCMI's Base and Clock protocols, as far as this guest uses them, and what it wants of its clocks. */
#ifndef CLOCKS_H
#define CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCKS_MAX 256      /* clocks that are listed and whose settings are remembered */
#define CLOCKS_SHORT_NAME 16
#define CLOCKS_NAME 64

struct clock_info {
    bool enabled;
    uint64_t rate; /* Hz */
    char name[CLOCKS_NAME];
};

/* All these return SCMI's status or a result of the driver, see agent_call. */

/* Who made the platform, and what it calls us. */
int32_t base_vendor(char vendor[CLOCKS_SHORT_NAME]);
int32_t base_agent(uint32_t *id, char name[CLOCKS_SHORT_NAME]);

/* The version of the Clock protocol that the service speaks, and the number of this agent's clocks. */
int32_t clocks_discover(uint32_t *version, uint32_t *count);

int32_t clocks_info(uint32_t clock, struct clock_info *info);
int32_t clocks_rate(uint32_t clock, uint64_t *hertz);

/* Sets the rate, rounded down where it cannot be had. */
int32_t clocks_set_rate(uint32_t clock, uint64_t hertz);

/* These two are remembered if they succeed, and done again in each new session. */
int32_t clocks_enable(uint32_t clock, bool enable);
int32_t clocks_notify_rate(uint32_t clock, bool notify);

/*
 * One turn of doing again in a new session what the old one had; never waits. Says on the console when it is done. True
 * once the present session has all.
 */
bool clocks_turn(void);

#endif
