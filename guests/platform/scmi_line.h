/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What both ends of a serial line share: the frames, packets and messages of docs/serial.md. No session, no I/O, no clock. */
#ifndef SCMI_LINE_H
#define SCMI_LINE_H

#ifdef __KERNEL__
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* The longest SCMI message, in bytes, 64 to 4096: of a platform the longest reply that it makes, so that lists are longer
 * with more, and of an agent the longest that it takes. */
#ifndef SCMI_SERIAL_MESSAGE_MAX
#define SCMI_SERIAL_MESSAGE_MAX 256
#endif

enum {
	SCMI_LINE_OVERHEAD = 24,   /* of a message, with its check */
	SCMI_LINE_PAYLOAD = 64,    /* of a packet */
	SCMI_LINE_GREETING = 8,    /* the body of HELLO and WELCOME */
	SCMI_LINE_TO = 0x08        /* in a tag: it is the sender's own, and no answer's */
};

enum scmi_line_kind { SCMI_LINE_SCMI, SCMI_LINE_HELLO, SCMI_LINE_WELCOME };

/* Flags of HELLO and WELCOME. */
enum { SCMI_LINE_IS_PLATFORM = 1, SCMI_LINE_KEEP = 2 };

/* A message that came, as it says; whether it counts is the session's to say. `body` is valid until the next byte. */
struct scmi_line_message {
	enum scmi_line_kind kind;
	uint8_t flags, tag;
	uint32_t session, peer, sequence;
	const uint8_t *body;
	uint32_t length;            /* of the body, at least 4 bytes */
};

struct scmi_line {
	/* This side's number, and who the two sides are; scmi_line_init sets them. */
	uint32_t nonce, enterprise;
	uint8_t endpoint, peer_endpoint;
	/* The other side's number, if it is known, and the number of the last message of it that was taken. */
	uint32_t peer, heard;
	bool knows_peer;
	/* Frames, packets and messages that were dropped since they were not right; messages that were lost or came twice, as
	 * far as their numbers say; packets that were right. */
	uint32_t bad, lost, repeated, packets;

	/* Private from here on. The frame that comes in. */
	uint8_t frame[3 + 4 + SCMI_LINE_PAYLOAD];
	uint32_t frame_length;
	uint16_t fcs;
	bool is_escaped;
	enum { SCMI_LINE_HUNT, SCMI_LINE_VERSION, SCMI_LINE_LENGTH, SCMI_LINE_BYTES, SCMI_LINE_FCS_HIGH, SCMI_LINE_FCS_LOW,
		SCMI_LINE_END } state;
	/* The message that comes in, packet by packet. */
	uint8_t message[SCMI_LINE_OVERHEAD + SCMI_SERIAL_MESSAGE_MAX];
	uint32_t message_length;
	uint8_t message_packet;     /* the last packet's flags byte */
	bool is_assembling;
	/* What goes out: a message, cut into packets, of which one at a time is a frame. */
	uint8_t output[SCMI_LINE_OVERHEAD + SCMI_SERIAL_MESSAGE_MAX];
	uint32_t sequence, output_length, output_at;
	uint8_t output_tag, output_packet;
	uint8_t bytes[2 * (4 + SCMI_LINE_PAYLOAD) + 6];
	uint32_t bytes_length, bytes_at;
};

/* Begins, with nobody known at the other end. False: the nonce is 0, an endpoint id is not 8 to 254, or both are one. An
 * enterprise number of 0 means 32473, the one for examples. */
bool scmi_line_init(struct scmi_line *line, uint32_t nonce, uint32_t enterprise, uint8_t endpoint, uint8_t peer_endpoint);

/* A byte came: whether it completes a message that is right, which is then in `message`. */
bool scmi_line_take(struct scmi_line *line, uint8_t byte, struct scmi_line_message *message);

/* Whether a message of the known peer is no repetition; it is the last one from now on. */
bool scmi_line_is_new(struct scmi_line *line, const struct scmi_line_message *message);

/* Whether a message is of the peer that is known, and for this side as it is now. */
bool scmi_line_is_ours(const struct scmi_line *line, const struct scmi_line_message *message);

/* Whether a HELLO or WELCOME is one of a platform, or of an agent, and a WELCOME one for this side as it is now. */
bool scmi_line_is_greeting(const struct scmi_line *line, const struct scmi_line_message *message, bool of_platform);
/* What a greeting says: the longest SCMI message that the other side takes, and the window. */
uint32_t scmi_line_longest(const struct scmi_line_message *greeting);
uint32_t scmi_line_window(const struct scmi_line_message *greeting);

/* Where the body of the next message is to be written, SCMI_SERIAL_MESSAGE_MAX bytes; while nothing waits to be sent. */
uint8_t *scmi_line_body(struct scmi_line *line);
/* Whether the line has something to be sent. */
bool scmi_line_is_sending(const struct scmi_line *line);
/* Has the message sent whose body is written; `tag` has SCMI_LINE_TO if it is no answer. */
void scmi_line_put(struct scmi_line *line, enum scmi_line_kind kind, uint8_t flags, uint32_t length, uint8_t tag);
/* Has a greeting sent. */
void scmi_line_greet(struct scmi_line *line, enum scmi_line_kind kind, uint8_t flags, uint32_t window);
/* The rest of the message that is being sent is not sent any more, but for the frame that has begun. */
void scmi_line_drop(struct scmi_line *line);

/* Up to `room` bytes to be sent, and how many there are; fewer: the message is at its end. */
size_t scmi_line_send(struct scmi_line *line, uint8_t *bytes, size_t room);

/* CRC-32 (IEEE 802.3) and the FCS of DSP0253, of what came before (0 and 0xffff at the beginning) and these bytes. */
uint32_t scmi_line_crc32(uint32_t before, const void *bytes, size_t count);
uint16_t scmi_line_fcs(uint16_t before, const void *bytes, size_t count);

#endif
