/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* An SCMI platform for a microcontroller, an RTOS or a kernel: its whole API but for the transports beside it. */
#ifndef SCMI_PLATFORM_H
#define SCMI_PLATFORM_H

#ifdef __KERNEL__
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/*
 * A message goes in, a message comes out: no I/O, no heap, no clock, no lock, no libc but memcpy and memset. Constant
 * tables say what there is, a struct of callbacks drives the hardware, and the state is in the caller's memory.
 *
 *   scmi_platform_init         once
 *   scmi_platform_handle       a command came from an agent
 *   scmi_platform_late_reply   the reply to a command that took time
 *   scmi_platform_next_event   the next delayed response or notification for an agent
 *   scmi_platform_reset        an agent begins anew, or is gone
 *   scmi_platform_complete     from the callbacks' side: what took time has ended
 *
 * The transports beside this file (scmi_window_device.h, scmi_serial.h) call the four in the middle. All functions belong to
 * one thread at a time: with several, or with interrupts that complete something, the caller holds a lock or a mask
 * around each. Callbacks run inside scmi_platform_handle, scmi_platform_reset and scmi_platform_complete; they may call
 * scmi_clock_changed, scmi_power_changed and scmi_sensor_tripped, and nothing else of this file.
 *
 * Served are Base 2.1, Power domain 3.1, Clock 3.0, Sensor 3.1, Reset 3.1 and Voltage 2.1 of SCMI 3.2 (Arm DEN0056); of
 * each protocol also the lower minor versions, if an agent negotiates them. Memory may be of any byte order.
 */

/* Commands of one agent that may be under way in hardware at a time, 2 to 64. One of them is kept for commands whose
 * reply the agent awaits, the others may be asynchronous ones: with fewer than 3, Linux makes no use of those. */
#ifndef SCMI_PLATFORM_JOBS
#define SCMI_PLATFORM_JOBS 4
#endif

/* Notifications of one agent that may wait, 1 to 255; of one kind and resource only the newest waits. */
#ifndef SCMI_PLATFORM_EVENTS
#define SCMI_PLATFORM_EVENTS 8
#endif

/* What a callback returns: an SCMI status, or SCMI_DELAYED. */
enum {
	SCMI_SUCCESS = 0, SCMI_NOT_SUPPORTED = -1, SCMI_INVALID_PARAMETERS = -2, SCMI_DENIED = -3, SCMI_NOT_FOUND = -4,
	SCMI_OUT_OF_RANGE = -5, SCMI_BUSY = -6, SCMI_COMMS_ERROR = -7, SCMI_GENERIC_ERROR = -8, SCMI_HARDWARE_ERROR = -9,
	SCMI_PROTOCOL_ERROR = -10,
	SCMI_DELAYED = 1 /* it has begun; scmi_platform_complete tells its end, always, within a time that is bounded */
};

/* Results of scmi_platform_handle and scmi_platform_next_event beside a length. */
enum {
	SCMI_LATER = -1,    /* handle: the reply comes by scmi_platform_late_reply */
	SCMI_TOO_SMALL = -2 /* next_event: something waits, but nothing that fits */
};

/* Result of scmi_platform_init: a name, a callback or memory is missing, or an index leads nowhere. */
enum { SCMI_BAD_CONFIG = -1 };

enum scmi_kind { SCMI_POWER_DOMAINS, SCMI_CLOCKS, SCMI_SENSORS, SCMI_RESETS, SCMI_SUPPLIES, SCMI_KINDS };

enum scmi_rounding { SCMI_ROUND_DOWN, SCMI_ROUND_UP, SCMI_ROUND_NEAREST };
enum scmi_reset_action { SCMI_RESET_DEASSERT, SCMI_RESET_ASSERT, SCMI_RESET_PULSE };

/* Tables. Names are ASCII, 1 to 63 characters, different from each other within a table; agents read them whole. ----- */

struct scmi_clock {
	const char *name;
	/* What the clock can be set to, in Hz and ascending; or, with `is_range`, three numbers: the lowest, the highest
	 * and the step. A clock that nobody sets has one. At least one; more than 65535 are not told. */
	const uint64_t *rates;
	uint32_t rate_count;
	bool is_range;
	/* Nobody stops it: agents may not switch it. */
	bool is_critical;
	/* The longest time from enabling to a running clock, in microseconds; 0: not known. */
	uint32_t enable_delay;
	/* Clocks of the table that it can run from, by index. None: agents neither see nor set a parent. Up to 255. */
	const uint16_t *parents;
	uint32_t parent_count;
};

struct scmi_power_domain {
	const char *name;
	/* Nobody switches it. */
	bool is_fixed;
};

struct scmi_sensor {
	const char *name;
	uint8_t type;          /* SCMI's number of the unit: 2 degrees Celsius, 5 volts, 6 amperes, 7 watts, 8 joules ... */
	int8_t exponent;       /* values count 10^exponent of the unit, -16 to 15 */
	uint8_t trip_points;   /* how many each agent may have; 0 without the callback sensor_trip_point */
	bool is_asynchronous;  /* reading it takes so long that agents should not wait */
	bool has_timestamps;   /* sensor_read says when, in 10^timestamp_exponent seconds, -16 to 15 */
	int8_t timestamp_exponent;
	/* The value's resolution: `resolution` * 10^resolution_exponent, up to 2^27 - 1; and its bounds. 0s: not known. */
	int8_t resolution_exponent;
	uint32_t resolution;
	int64_t min, max;
};

struct scmi_reset {
	const char *name;
	uint32_t latency;      /* the longest time that a reset takes, in microseconds; 0xffffffff: not known */
	bool is_asynchronous;  /* it takes so long that agents should not wait */
};

struct scmi_supply {
	const char *name;
	/* What the supply can be set to, in microvolts and ascending; or, with `is_range`, three numbers: the lowest, the
	 * highest and the step. A supply that nobody sets has one. At least one; more than 65535 are not told. */
	const int32_t *levels;
	uint32_t level_count;
	bool is_range;
	/* Nobody stops it: agents may not switch it. */
	bool is_critical;
	bool is_asynchronous;  /* setting it takes so long that agents should not wait */
};

/* What an agent may do of a resource that it sees, as a sum. */
enum {
	SCMI_MAY_READ = 0,
	SCMI_MAY_SWITCH = 1,    /* clocks, power domains and supplies: on and off */
	SCMI_MAY_SET_RATE = 2,
	SCMI_MAY_SET_PARENT = 4,
	SCMI_MAY_CONFIGURE = 8, /* sensors */
	SCMI_MAY_RESET = 16,
	SCMI_MAY_SET_LEVEL = 32,
	SCMI_MAY_ALL = 63
};

struct scmi_grant {
	uint16_t index;        /* in the table */
	uint16_t rights;
};

/* The resources of one kind that an agent sees. Their position is the id by which the agent names them. */
struct scmi_view {
	const struct scmi_grant *grants;
	uint32_t count;
};

struct scmi_agent {
	const char *name;      /* up to 15 characters */
	/* By kind. NULL: all of the table, with all rights. A protocol of which it sees nothing is not there for it. */
	const struct scmi_view *views[SCMI_KINDS];
};

/*
 * The hardware. `index` is a position in a table. All but sensor_trip_point may return SCMI_DELAYED and then call
 * scmi_platform_complete with the ticket and the value, once; a callback that got the ticket 0 does not call it, since
 * nobody waits. Callbacks that are NULL belong to what nobody can do: it is DENIED, or not there at all.
 *
 * A callback that changes something tells by scmi_clock_changed or scmi_power_changed whatever has changed by it, if
 * anything: the resource itself and others. It may return SCMI_BUSY while an earlier change is under way.
 */
struct scmi_platform_driver {
	/* Clocks. The rate that it has, or would have if it ran, in Hz. Required if there are clocks. */
	int32_t (*clock_rate)(void *context, unsigned index, uint32_t ticket, uint64_t *rate);
	/* Sets the rate, or the next one that can be had in the direction of rounding; *reached is the rate that it has
	 * then. INVALID_PARAMETERS: there is none. */
	int32_t (*clock_set_rate)(void *context, unsigned index, uint32_t ticket, uint64_t rate, enum scmi_rounding rounding,
			uint64_t *reached);
	/* Whether it runs. Required if there are clocks. */
	int32_t (*clock_is_on)(void *context, unsigned index, uint32_t ticket, bool *is_on);
	/* Has it run or stops it. Called for the first agent that wants it on, and when the last one has let go. */
	int32_t (*clock_switch)(void *context, unsigned index, uint32_t ticket, bool on);
	/* The clock of the table that it runs from. Required if a clock has parents. */
	int32_t (*clock_parent)(void *context, unsigned index, uint32_t ticket, uint16_t *parent);
	/* One of the possible parents, and another one than now or not. */
	int32_t (*clock_set_parent)(void *context, unsigned index, uint32_t ticket, unsigned parent);

	/* Power domains, in the same way. */
	int32_t (*power_is_on)(void *context, unsigned index, uint32_t ticket, bool *is_on);
	int32_t (*power_switch)(void *context, unsigned index, uint32_t ticket, bool on);

	/* Sensors. PROTOCOL_ERROR if it is switched off. *timestamp is 0 already. Required if there are sensors. */
	int32_t (*sensor_read)(void *context, unsigned index, uint32_t ticket, int64_t *value, uint64_t *timestamp);
	/* SCMI's sensor_config word: [31:16] seconds and [15:11] exponent of the update interval, [1] timestamps, [0]
	 * enabled; when it is set also [10:9] rounding. One for all agents. Both or neither: then all are always on. */
	int32_t (*sensor_config)(void *context, unsigned index, uint32_t ticket, uint32_t *config);
	int32_t (*sensor_set_config)(void *context, unsigned index, uint32_t ticket, uint32_t config);
	/* An agent (position in the table) wants to be told when a value is crossed: direction 0 no more, 1 upwards,
	 * 2 downwards, 3 both. An agent that is reset has none: direction 0, for each that it may have. */
	int32_t (*sensor_trip_point)(void *context, unsigned index, unsigned agent, unsigned trip_point, unsigned direction,
			int64_t value);

	/* Resets. Required if there are resets. NOT_SUPPORTED for an action that it cannot do. */
	int32_t (*reset)(void *context, unsigned index, uint32_t ticket, enum scmi_reset_action action);

	/* Supplies, in microvolts. The level that it has, or would have if it were on. Required if there are supplies. */
	int32_t (*supply_level)(void *context, unsigned index, uint32_t ticket, int32_t *level);
	/* Sets one of the table's levels; *reached, which is that one already, is what it has then. */
	int32_t (*supply_set_level)(void *context, unsigned index, uint32_t ticket, int32_t level, int32_t *reached);
	/* On and off in the same way as clocks. supply_is_on is required if there are supplies. */
	int32_t (*supply_is_on)(void *context, unsigned index, uint32_t ticket, bool *is_on);
	int32_t (*supply_switch)(void *context, unsigned index, uint32_t ticket, bool on);
};

struct scmi_platform_config {
	const char *vendor, *sub_vendor; /* up to 15 characters; sub_vendor may be NULL */
	uint32_t implementation_version;
	const struct scmi_power_domain *power_domains;
	const struct scmi_clock *clocks;
	const struct scmi_sensor *sensors;
	const struct scmi_reset *resets;
	const struct scmi_supply *supplies;
	uint32_t counts[SCMI_KINDS];     /* of each table, up to 65535 */
	const struct scmi_agent *agents; /* the first one's id is 1 */
	uint32_t agent_count;            /* 1 to 255 */
	const struct scmi_platform_driver *driver;
	void *context;                   /* for callbacks */
};

/* State. Nothing of it is for others, but that its size must be known. ---------------------------------------------- */

struct scmi_job { /* a command that is under way in hardware, or whose end is to be told */
	uint32_t header, cookie, id, index;
	uint8_t state, flags, before, generation;
	int32_t status;
	uint64_t values[2];
};

struct scmi_event {
	uint8_t protocol, message, causer, tries;
	uint32_t index;
	uint64_t value;
};

struct scmi_agent_state {
	uint8_t *flags; /* of each resource of the tables */
	bool has_events;
	uint8_t event_count;
	uint32_t dropped; /* public: notifications that found no room, since the start */
	struct scmi_job jobs[SCMI_PLATFORM_JOBS];
	struct scmi_event events[SCMI_PLATFORM_EVENTS];
};

struct scmi_platform {
	const struct scmi_platform_config *config;
	struct scmi_agent_state *states;
	bool is_requested;      /* of a clock, and not told yet */
	uint32_t requested_clock, requested_ticket;
	uint64_t requested_rate;
};

/* Bytes of memory for flags that scmi_platform_init wants: one for each agent and resource. */
#define SCMI_PLATFORM_FLAGS(agents, power_domains, clocks, sensors, resets, supplies) \
	((agents) * ((power_domains) + (clocks) + (sensors) + (resets) + (supplies)))

/* Functions. -------------------------------------------------------------------------------------------------------- */

/* Checks the configuration, which stays in use, and forgets everything. `states` is an array of agent_count, `flags` has
 * `size` bytes. 0 or SCMI_BAD_CONFIG. Calls no callback. */
int32_t scmi_platform_init(struct scmi_platform *platform, const struct scmi_platform_config *config,
		struct scmi_agent_state *states, uint8_t *flags, size_t size);

/* An agent (position in the table) begins anew: its subscriptions and trip points are gone, and what it has under way
 * will end without a word. So are its votes, unless `keeps_votes`. `has_events`: whether it can be sent delayed responses
 * and notifications from now on. */
void scmi_platform_reset(struct scmi_platform *platform, unsigned agent, bool has_events, bool keeps_votes);

/*
 * Executes a command. Returns the bytes of the reply, 0 if there is none (the message is no command, or the reply's
 * buffer has not even room for a status: nothing was executed), or SCMI_LATER.
 *
 *   message, length     header and payload, little-endian as they came; never written, read once. Must be private: not
 *                       in memory that the agent can still change
 *   reply, capacity     where the reply goes; lists are as long as it allows. 76 bytes hold all but lists
 *   cookie              is given back with a late reply
 */
int32_t scmi_platform_handle(struct scmi_platform *platform, unsigned agent, const void *message, uint32_t length,
		void *reply, uint32_t capacity, uint32_t cookie);

/* The next reply that comes late, and the cookie of its command: its length, or 0 if there is none. It has 32 bytes at
 * most, and never more than the capacity that its command was given; `reply` has room for as many. Before events. */
uint32_t scmi_platform_late_reply(struct scmi_platform *platform, unsigned agent, void *reply, uint32_t *cookie);

/* The next delayed response or notification that fits into `capacity` bytes: its length, 28 at most; 0 if none waits; or
 * SCMI_TOO_SMALL. A notification that did not fit four times is dropped. Call it after replies were sent: a delayed
 * response must not overtake the reply. */
int32_t scmi_platform_next_event(struct scmi_platform *platform, unsigned agent, void *event, uint32_t capacity);

/* Whether scmi_platform_next_event may have something. */
bool scmi_platform_has_event(const struct scmi_platform *platform, unsigned agent);

/* What a callback called SCMI_DELAYED has ended, with an SCMI status. `value` is what it would have returned by its
 * pointer: a rate, 0 or 1, a parent, a sensor's value or config, a level; else 0. `timestamp` is for sensor_read. A ticket of a
 * command that is no more is ignored. Late replies and events may wait then: have the transports look. */
void scmi_platform_complete(struct scmi_platform *platform, uint32_t ticket, int32_t status, uint64_t value,
		uint64_t timestamp);

/* A clock has another rate, in Hz. `ticket` is that of the command which did it, else 0. */
void scmi_clock_changed(struct scmi_platform *platform, unsigned index, uint64_t rate, uint32_t ticket);

/* A power domain went on or off. */
void scmi_power_changed(struct scmi_platform *platform, unsigned index, bool is_on, uint32_t ticket);

/* A sensor has crossed a trip point of an agent. */
void scmi_sensor_tripped(struct scmi_platform *platform, unsigned index, unsigned agent, unsigned trip_point,
		bool upwards);

#endif
