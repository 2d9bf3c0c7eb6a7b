/* This machine as an SCMI agent: its session with the service, and commands that wait for their replies. */
#ifndef AGENT_H
#define AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "link.h"
#include "scmi_ring.h"

#define PROTOCOL_BASE 0x10
#define PROTOCOL_CLOCK 0x14

/* Results of agent_call and agent_send are SCMI's statuses, or those of scmi_ring.h. */

struct agent_counters {
    uint32_t interrupts; /* by the service */
    uint32_t doorbells;  /* rung at the service */
    uint32_t sessions;
    uint32_t late;       /* replies after their time-out */
    uint32_t dropped;    /* impossible events */
};

/* Begins the session; it comes up when the service does. False: the link cannot be used. */
bool agent_start(const struct link *link);

/* To be called for each interrupt by the service; a gic_handler. */
void agent_interrupt(void *unused);

/* One turn of the driver; true if something came in. Says on the console when the session goes or comes. */
bool agent_turn(void);

/* How many sessions have come up: another number than before says that what was set in the old one is gone. */
uint32_t agent_sessions(void);

bool agent_is_up(void);

/* Begins a new session in place of the present one. */
void agent_restart(void);

/* Ends the session for good: the service drops this agent's votes. */
void agent_stop(void);

/* Sends a command and waits up to five seconds for the reply; `got` may be NULL. */
int32_t agent_call(uint8_t protocol, uint8_t message, const void *payload, uint32_t length, void *values,
                   uint32_t capacity, uint32_t *got);

/* Sends a command without waiting; see scmi_ring_send. */
int32_t agent_send(uint8_t protocol, uint8_t message, const void *payload, uint32_t length, scmi_ring_done *done,
                   void *tag);

struct agent_counters agent_counters(void);

/* The name of a status or of a result of the driver. */
const char *agent_status_name(int32_t status);

#endif
