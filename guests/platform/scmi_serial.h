/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* A serial line in front of an SCMI platform, MCTP's framing and the sessions of docs/serial.md: its whole API. */
#ifndef SCMI_SERIAL_H
#define SCMI_SERIAL_H

#include "scmi_line.h"
#include "scmi_platform.h"

/*
 * docs/serial.md is the contract; here is the platform's side of it, for one agent on one line. Bytes go in and bytes go
 * out: no I/O, no clock. What the line does to them (loss, noise, repetition) costs messages, and never brings wrong ones.
 *
 * Use: scmi_serial_init once. Bytes that were received go to scmi_serial_receive, as they come. Whenever the line can
 * take bytes scmi_serial_send says which; it also answers commands, one at a time, so that it is to be called again and
 * again until it has none. Then one may sleep until bytes come, or scmi_platform_complete or one of the tellers was
 * called. The lock of the platform is held around each call: an interrupt handler stores bytes in a buffer of its own.
 *
 * SCMI_SERIAL_MESSAGE_MAX is the longest reply that is made. A command has 20 bytes at most; what is longer than 64 is
 * answered as what is too long, if it is not longer than this either.
 */

/* Commands that may be under way, 1 to 255: what is said as the window. Each has 32 bytes. */
#ifndef SCMI_SERIAL_WINDOW
#define SCMI_SERIAL_WINDOW 4
#endif

struct scmi_serial_config {
	struct scmi_platform *platform;
	unsigned agent;             /* position in the platform's table */
	/* This start's number: random, or a counter that survives a reset; not 0, and not the same twice in a row. */
	uint32_t nonce;
	uint32_t enterprise;        /* IANA's number of the vendor; 0 means 32473, the one for examples */
	uint8_t endpoint, peer;     /* endpoint ids of this side and of the agent; 0 means 9 and 8 */
};

/* What may be between the peer's messages and the platform; all of it private but what is marked public. */
struct scmi_serial_command {
	uint32_t length;
	uint8_t tag;
	uint8_t message[27];
};

struct scmi_serial {
	struct scmi_serial_config config;
	/* Public: what was dropped, lost and repeated, as scmi_line.h says; and sessions that began. */
	struct scmi_line line;
	uint32_t sessions;

	/* The session: the longest message that the agent takes. */
	uint32_t longest, last_hello;
	bool owes_hello, owes_welcome, is_held, is_turn_of_events;
	uint8_t held_tag;
	/* Commands that wait for their turn. */
	struct scmi_serial_command commands[SCMI_SERIAL_WINDOW];
	uint32_t first, waiting;
};

/* Takes the configuration (a copy): 0, or SCMI_BAD_CONFIG. The agent is reset. The first that is sent is a HELLO. */
int32_t scmi_serial_init(struct scmi_serial *serial, const struct scmi_serial_config *config);

/* Bytes came. Nothing is answered in here. `now` counts milliseconds and wraps around. */
void scmi_serial_receive(struct scmi_serial *serial, const void *bytes, size_t count, uint32_t now);

/* Up to `room` bytes to be sent, and how many there are; 0: nothing is to be sent. */
size_t scmi_serial_send(struct scmi_serial *serial, void *bytes, size_t room, uint32_t now);

#endif
