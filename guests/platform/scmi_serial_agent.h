/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* An SCMI agent at a serial line, for a microcontroller that is the client of docs/serial.md: its whole API. */
#ifndef SCMI_SERIAL_AGENT_H
#define SCMI_SERIAL_AGENT_H

#include "scmi_line.h"

/*
 * Bytes go in and bytes go out: no I/O, no clock. One command is under way at a time, so any platform's window is enough.
 *
 * Use: scmi_serial_agent_init once. Bytes that were received go to scmi_serial_agent_receive, as they come. As often as the
 * line can take bytes, and at least each 50 ms, scmi_serial_agent_send says which; it also sees to what time brings. When a
 * session is open, commands may be given. One that ends is followed by another by itself. In that the platform goes on with
 * what this agent held, if it has it still; subscriptions are to be made again.
 */

enum { SCMI_SERIAL_AGENT_TIMEOUT = 2000 }; /* milliseconds that a reply is waited for */

struct scmi_serial_agent_config {
	/* This start's number: random, or a counter that survives a reset; not 0, and not the same twice in a row. */
	uint32_t nonce;
	uint32_t enterprise;        /* IANA's number of the vendor; 0 means 32473, the one for examples */
	uint8_t endpoint, peer;     /* endpoint ids of this side and of the platform; 0 means 8 and 9 */
	bool keep;                  /* whether the platform is to go on with what this agent held before this start, too */
	void *context;
	/* The reply to the command, header included; NULL: none has come, and none will. Another command may be given here. */
	void (*replied)(void *context, const uint8_t *message, uint32_t length);
	/* A notification or a delayed response. */
	void (*told)(void *context, const uint8_t *message, uint32_t length);
};

struct scmi_serial_agent {
	struct scmi_serial_agent_config config;
	/* Public: what was dropped, lost and repeated, as scmi_line.h says; sessions that began; commands that were given up. */
	struct scmi_line line;
	uint32_t sessions, time_outs;

	/* Private. The session, and the longest message that the platform takes. */
	bool is_open, owes_hello, owes_welcome;
	uint32_t longest, packets_before, heard_at, said_at, hello_at;
	/* The command. */
	uint8_t command[64];
	uint32_t command_length, command_at;
	bool is_waiting, is_under_way;
	uint8_t next_tag;
};

/* Takes the configuration (a copy). False: the nonce is 0, or endpoint ids are none. */
bool scmi_serial_agent_init(struct scmi_serial_agent *agent, const struct scmi_serial_agent_config *config, uint32_t now);

/* Whether there is a session: commands may be given. */
bool scmi_serial_agent_is_open(const struct scmi_serial_agent *agent);

/* Gives a command of 4 to 64 bytes, header first; the token in it is the caller's choice, another one than the last. False:
 * there is no session, a command is under way, or it is longer than the platform takes. */
bool scmi_serial_agent_command(struct scmi_serial_agent *agent, const void *message, uint32_t length, uint32_t now);

/* Bytes came. `now` counts milliseconds and wraps around. */
void scmi_serial_agent_receive(struct scmi_serial_agent *agent, const void *bytes, size_t count, uint32_t now);

/* Up to `room` bytes to be sent, and how many there are; 0: nothing is to be sent now. */
size_t scmi_serial_agent_send(struct scmi_serial_agent *agent, void *bytes, size_t room, uint32_t now);

#endif
