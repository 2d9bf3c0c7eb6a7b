/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What the files of the platform library share. Not for users of it. */
#ifndef SCMI_PROTOCOL_H
#define SCMI_PROTOCOL_H

#include "scmi_platform.h"

enum { SCMI_BASE = 0x10, SCMI_POWER = 0x11, SCMI_CLOCK = 0x14, SCMI_SENSOR = 0x15, SCMI_RESET = 0x16,
	SCMI_VOLTAGE = 0x17 };

/* Flags of a resource in an agent's state. An agent that asked for off reads off, whoever else holds it on. */
enum { VOTE = 1, ASKED_OFF = 2, WANTS_CHANGES = 4, WANTS_REQUESTS = 8, HAS_TRIP_POINTS = 16 };

/* Of every protocol notification 0 is for WANTS_CHANGES, notification 1 for WANTS_REQUESTS. */
enum { NOTIFIES_CHANGE = 0, NOTIFIES_REQUEST = 1 };

enum { NO_RESOURCE = 0xff, SHORT_NAME = 16, LONG_NAME = 64, ALL_BITS = 0xffff };

/* Flags of a job: its end is a delayed response; its end is not told; its agent has been reset since it began; it has
 * changed a vote, which `before` was; to on. */
enum { ASYNCHRONOUS = 1, SILENT = 2, REVOKED = 4, VOTED = 8, HOLDS = 16 };

/* One command on its way through the library, or coming back from hardware: then without request. */
struct call {
	struct scmi_platform *platform;
	const struct scmi_platform_config *config;
	unsigned agent;
	const struct protocol *protocol;
	const uint8_t *request; /* the payload */
	uint32_t length;
	uint32_t id, index;     /* of the resource: the agent's number for it, and the position in the table */
	unsigned rights;
	struct scmi_job *job;   /* for commands with `ask` */
	uint32_t ticket;
	uint8_t *reply;         /* values go from here on */
	uint32_t used, capacity;
};

/*
 * A command. What the table says is checked before any function is called. `ask` asks the hardware, and leaves what it
 * answers in job->values; `ended` is called when that has ended, with the status in the job, which it may change; `done`
 * writes the values of the reply. `ask` and `done` may be NULL; with `ask`, `done` sees no request.
 */
struct command {
	uint8_t id;
	uint8_t request, optional;  /* bytes of the payload, and how many more there may be */
	uint8_t reply;              /* bytes of the values, of a list without items */
	uint8_t resource;           /* where in the payload a resource is named, or NO_RESOURCE */
	uint8_t rights;             /* that the agent needs */
	uint8_t needs;              /* that must be there, else the command is not */
	uint8_t reserved_at;        /* where in the payload a word with reserved bits is */
	uint32_t reserved;          /* those */
	int32_t (*ask)(struct call *call);
	void (*ended)(struct call *call);
	int32_t (*done)(struct call *call);
};
enum { NEEDS_EVENTS = 1, NEEDS_SENSOR_CONFIG = 2, NEEDS_TRIP_POINTS = 4 };

struct protocol {
	uint32_t id, version;
	enum scmi_kind kind;        /* SCMI_KINDS: none */
	const struct command *commands;
	uint32_t count;
	const char *(*name)(const struct scmi_platform_config *config, uint32_t index);
};

extern const struct protocol scmi_base_protocol, scmi_power_protocol, scmi_clock_protocol, scmi_sensor_protocol,
		scmi_reset_protocol, scmi_voltage_protocol;

/* Little-endian words of a request, at an offset. */
uint32_t scmi_word(const struct call *call, uint32_t offset);
uint64_t scmi_double_word(const struct call *call, uint32_t offset);

/* Values of a reply, one after the other. The table's number of bytes fits; for more, scmi_room says how many do. */
void scmi_put32(struct call *call, uint32_t value);
void scmi_put64(struct call *call, uint64_t value);
void scmi_put_name(struct call *call, const char *name, uint32_t bytes);
uint32_t scmi_room(const struct call *call);

/* Whether a name needs *_NAME_GET. */
bool scmi_is_long(const char *name);

/* How many items of a list go into the reply: from `index` on, at most `most` (0: not one fits, though there is one). */
uint32_t scmi_page(const struct call *call, uint32_t total, uint32_t index, uint32_t bytes, uint32_t most);

/* What an agent sees. */
uint32_t scmi_count(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind);
bool scmi_find(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind, uint32_t id, uint32_t *index,
		unsigned *rights);
/* The id of a table's resource, or ~0u. */
uint32_t scmi_id(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind, uint32_t index);

uint8_t *scmi_flags(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind, uint32_t index);
bool scmi_has_events(const struct call *call);

/* Makes the command an asynchronous one; SUCCESS, or why it cannot be. */
int32_t scmi_accept(struct call *call, bool is_silent);

/* Handlers that several protocols have: subscriptions by the word at 4, and names. */
int32_t scmi_notify_changes(struct call *call);
int32_t scmi_notify_requests(struct call *call);
int32_t scmi_name_get(struct call *call);

/* Has an agent's vote be on or off. `set` is called if that changes what all of them want. Its end goes to scmi_voted. */
typedef int32_t scmi_switch(void *context, unsigned index, uint32_t ticket, bool on);
int32_t scmi_vote(struct call *call, bool on, scmi_switch *set);
void scmi_voted(struct call *call, scmi_switch *set);
/* What the agent reads of a switch that is on or off. */
bool scmi_reads_on(const struct call *call, bool is_on);

/* Tells all who want to know. */
void scmi_tell(struct scmi_platform *platform, const struct protocol *protocol, unsigned notification, uint32_t index,
		uint64_t value, uint32_t ticket);
void scmi_tell_agent(struct scmi_platform *platform, unsigned agent, const struct protocol *protocol,
		unsigned notification, uint32_t index, uint64_t value, uint32_t ticket);

#define SCMI_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
