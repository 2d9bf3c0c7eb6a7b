/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Frames of DSP0253, packets of DSP0236, and the messages of docs/serial.md in them, for either end of a line. */
#include "scmi_line.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

enum { FLAG = 0x7e, ESCAPE = 0x7d, ESCAPED = 0x20, FRAME_VERSION = 1, FRAME_HEAD = 2, FCS_START = 0xffff };
enum { PACKET_VERSION = 1, PACKET_HEAD = 4, SOM = 0x80, EOM = 0x40, SEQUENCE = 0x30, ONE = 0x10, TAG = 0x07 };
enum { FIRST_ENDPOINT = 8, LAST_ENDPOINT = 254, EXAMPLE_NUMBER = 32473 };
enum { MESSAGE_TYPE = 0xff, MESSAGE_VERSION = 1, SHORTEST_BODY = 4, SHORTEST_LONGEST = 64, LONGEST_MESSAGE = 4096 };
enum { KIND_AT = 6, FLAGS_AT = 7, SESSION_AT = 8, PEER_AT = 12, SEQUENCE_AT = 16, BODY_AT = 20, CHECK = 4 };

/* Bytes and checks ---------------------------------------------------------------------------------------------- */

static uint32_t get32(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void set32(uint8_t *to, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

uint32_t scmi_line_crc32(uint32_t before, const void *bytes, size_t count)
{
	const uint8_t *from = bytes;
	uint32_t crc = ~before;
	for (size_t i = 0; i < count; i++) {
		crc ^= from[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
	}
	return ~crc;
}

uint16_t scmi_line_fcs(uint16_t before, const void *bytes, size_t count)
{
	const uint8_t *from = bytes;
	unsigned fcs = before;
	for (size_t i = 0; i < count; i++) {
		fcs ^= from[i];
		for (int bit = 0; bit < 8; bit++)
			fcs = (fcs >> 1) ^ ((fcs & 1) != 0 ? 0x8408u : 0);
	}
	return (uint16_t)fcs;
}

/* What comes in ------------------------------------------------------------------------------------------------- */

static bool is_message(struct scmi_line *line, struct scmi_line_message *message)
{
	const uint8_t *at = line->message;
	uint32_t length = line->message_length, number = line->enterprise;
	if (length < BODY_AT + SHORTEST_BODY + CHECK || at[0] != MESSAGE_TYPE || at[1] != (uint8_t)(number >> 24)
			|| at[2] != (uint8_t)(number >> 16) || at[3] != (uint8_t)(number >> 8) || at[4] != (uint8_t)number
			|| at[5] != MESSAGE_VERSION || at[KIND_AT] > SCMI_LINE_WELCOME
			|| get32(at + length - CHECK) != scmi_line_crc32(0, at, length - CHECK)) {
		line->bad++;
		return false;
	}
	message->kind = (enum scmi_line_kind)at[KIND_AT];
	message->flags = at[FLAGS_AT];
	message->tag = line->message_packet & TAG;
	message->session = get32(at + SESSION_AT);
	message->peer = get32(at + PEER_AT);
	message->sequence = get32(at + SEQUENCE_AT);
	message->body = at + BODY_AT;
	message->length = length - BODY_AT - CHECK;
	return true;
}

static bool take_packet(struct scmi_line *line, struct scmi_line_message *message)
{
	const uint8_t *packet = line->frame + FRAME_HEAD;
	uint32_t count = line->frame[1] - (uint32_t)PACKET_HEAD;
	uint8_t flags = packet[3], before = line->message_packet;
	if ((packet[0] & 0xf) != PACKET_VERSION || packet[1] != line->endpoint || packet[2] != line->peer_endpoint) {
		line->bad++;
		return false;
	}
	line->packets++;
	if ((flags & SOM) != 0) {
		line->bad += line->is_assembling; /* the one before has no end */
		line->message_length = 0;
	} else if (!line->is_assembling || ((before + ONE) & SEQUENCE) != (flags & SEQUENCE)
			|| ((before ^ flags) & (SCMI_LINE_TO | TAG)) != 0) {
		line->is_assembling = false;
		line->bad++;
		return false;
	}
	line->is_assembling = false;
	if (((flags & EOM) == 0 && count != SCMI_LINE_PAYLOAD) || count > sizeof line->message - line->message_length) {
		line->bad++;
		return false;
	}
	memcpy(line->message + line->message_length, packet + PACKET_HEAD, count);
	line->message_length += count;
	line->message_packet = flags;
	if ((flags & EOM) != 0)
		return is_message(line, message);
	line->is_assembling = true;
	return false;
}

/* Whatever does not fit begins the search for the next flag, and a flag may be one. */
bool scmi_line_take(struct scmi_line *line, uint8_t byte, struct scmi_line_message *message)
{
	bool was_escaped = line->is_escaped;
	line->is_escaped = false;
	switch (line->state) {
	case SCMI_LINE_HUNT:
		break;
	case SCMI_LINE_VERSION:
		line->frame[0] = byte;
		if (byte == FRAME_VERSION) {
			line->state = SCMI_LINE_LENGTH;
			return false;
		}
		break;
	case SCMI_LINE_LENGTH:
		line->frame[1] = byte;
		line->frame_length = 0;
		if (byte > PACKET_HEAD && byte <= PACKET_HEAD + SCMI_LINE_PAYLOAD) {
			line->state = SCMI_LINE_BYTES;
			return false;
		}
		break;
	case SCMI_LINE_BYTES:
		if (byte == ESCAPE && !was_escaped) {
			line->is_escaped = true;
			return false;
		}
		if (byte == FLAG || (was_escaped && byte != (FLAG ^ ESCAPED) && byte != (ESCAPE ^ ESCAPED)))
			break;
		line->frame[FRAME_HEAD + line->frame_length++] = was_escaped ? byte ^ ESCAPED : byte;
		if (line->frame_length == line->frame[1])
			line->state = SCMI_LINE_FCS_HIGH;
		return false;
	case SCMI_LINE_FCS_HIGH:
		line->fcs = (uint16_t)(byte << 8);
		line->state = SCMI_LINE_FCS_LOW;
		return false;
	case SCMI_LINE_FCS_LOW:
		line->fcs |= byte;
		line->state = SCMI_LINE_END;
		return false;
	case SCMI_LINE_END:
		if (byte == FLAG && scmi_line_fcs(FCS_START, line->frame, FRAME_HEAD + line->frame_length) == line->fcs) {
			line->state = SCMI_LINE_VERSION;
			return take_packet(line, message);
		}
		break;
	}
	line->bad += line->state > SCMI_LINE_VERSION;
	line->state = byte == FLAG ? SCMI_LINE_VERSION : SCMI_LINE_HUNT;
	return false;
}

bool scmi_line_is_new(struct scmi_line *line, const struct scmi_line_message *message)
{
	uint32_t ahead = message->sequence - line->heard;
	if (ahead == 0 || ahead > 0x7fffffff) {
		line->repeated++;
		return false;
	}
	line->lost += ahead - 1;
	line->heard = message->sequence;
	return true;
}

bool scmi_line_is_ours(const struct scmi_line *line, const struct scmi_line_message *message)
{
	return line->knows_peer && message->session == line->peer && message->peer == line->nonce;
}

bool scmi_line_is_greeting(const struct scmi_line *line, const struct scmi_line_message *message, bool of_platform)
{
	if (message->length != SCMI_LINE_GREETING || message->session == 0)
		return false;
	bool is_platform = (message->flags & SCMI_LINE_IS_PLATFORM) != 0;
	uint32_t longest = scmi_line_longest(message);
	return is_platform == of_platform && longest >= SHORTEST_LONGEST && longest <= LONGEST_MESSAGE
		&& (!is_platform || scmi_line_window(message) > 0)
		&& (message->kind == SCMI_LINE_HELLO || message->peer == line->nonce);
}

uint32_t scmi_line_longest(const struct scmi_line_message *greeting) { return get32(greeting->body) & 0xffff; }

uint32_t scmi_line_window(const struct scmi_line_message *greeting) { return get32(greeting->body) >> 16; }

/* What goes out ------------------------------------------------------------------------------------------------- */

uint8_t *scmi_line_body(struct scmi_line *line) { return line->output + BODY_AT; }

bool scmi_line_is_sending(const struct scmi_line *line)
{
	return line->output_at < line->output_length || line->bytes_at < line->bytes_length;
}

void scmi_line_put(struct scmi_line *line, enum scmi_line_kind kind, uint8_t flags, uint32_t length, uint8_t tag)
{
	uint8_t *output = line->output;
	uint32_t whole = BODY_AT + length;
	output[0] = MESSAGE_TYPE;
	for (unsigned i = 0; i < 4; i++)
		output[1 + i] = (uint8_t)(line->enterprise >> (24 - 8 * i));
	output[5] = MESSAGE_VERSION;
	output[KIND_AT] = (uint8_t)kind;
	output[FLAGS_AT] = flags;
	set32(output + SESSION_AT, line->nonce);
	set32(output + PEER_AT, line->knows_peer ? line->peer : 0);
	set32(output + SEQUENCE_AT, ++line->sequence);
	set32(output + whole, scmi_line_crc32(0, output, whole));
	line->output_length = whole + CHECK;
	line->output_at = 0;
	line->output_tag = tag;
	line->output_packet = 0;
}

void scmi_line_greet(struct scmi_line *line, enum scmi_line_kind kind, uint8_t flags, uint32_t window)
{
	uint8_t *body = scmi_line_body(line);
	set32(body, SCMI_SERIAL_MESSAGE_MAX | window << 16);
	set32(body + 4, 0);
	scmi_line_put(line, kind, flags, SCMI_LINE_GREETING, SCMI_LINE_TO);
}

void scmi_line_drop(struct scmi_line *line) { line->output_at = line->output_length; }

static void put_escaped(struct scmi_line *line, uint8_t byte)
{
	if (byte == FLAG || byte == ESCAPE) {
		line->bytes[line->bytes_length++] = ESCAPE;
		byte ^= ESCAPED;
	}
	line->bytes[line->bytes_length++] = byte;
}

/* The frame of the next packet. */
static void next_frame(struct scmi_line *line)
{
	uint32_t left = line->output_length - line->output_at;
	uint32_t count = left < SCMI_LINE_PAYLOAD ? left : (uint32_t)SCMI_LINE_PAYLOAD;
	unsigned flags = line->output_tag | (line->output_packet++ * (unsigned)ONE & SEQUENCE);
	flags |= (line->output_at == 0 ? (unsigned)SOM : 0) | (count == left ? (unsigned)EOM : 0);
	const uint8_t head[FRAME_HEAD + PACKET_HEAD] = {FRAME_VERSION, (uint8_t)(PACKET_HEAD + count), PACKET_VERSION,
		line->peer_endpoint, line->endpoint, (uint8_t)flags};
	uint16_t fcs = scmi_line_fcs(FCS_START, head, sizeof head);
	fcs = scmi_line_fcs(fcs, line->output + line->output_at, count);
	line->bytes_at = 0;
	line->bytes_length = 0;
	line->bytes[line->bytes_length++] = FLAG;
	line->bytes[line->bytes_length++] = head[0];
	line->bytes[line->bytes_length++] = head[1];
	for (uint32_t i = FRAME_HEAD; i < sizeof head; i++)
		put_escaped(line, head[i]);
	for (uint32_t i = 0; i < count; i++)
		put_escaped(line, line->output[line->output_at + i]);
	line->bytes[line->bytes_length++] = (uint8_t)(fcs >> 8);
	line->bytes[line->bytes_length++] = (uint8_t)fcs;
	line->bytes[line->bytes_length++] = FLAG;
	line->output_at += count;
}

size_t scmi_line_send(struct scmi_line *line, uint8_t *bytes, size_t room)
{
	size_t count = 0;
	while (count < room && scmi_line_is_sending(line)) {
		if (line->bytes_at < line->bytes_length)
			bytes[count++] = line->bytes[line->bytes_at++];
		else
			next_frame(line);
	}
	return count;
}

/* Start --------------------------------------------------------------------------------------------------------- */

static bool is_endpoint(unsigned id) { return id >= FIRST_ENDPOINT && id <= LAST_ENDPOINT; }

bool scmi_line_init(struct scmi_line *line, uint32_t nonce, uint32_t enterprise, uint8_t endpoint, uint8_t peer_endpoint)
{
	memset(line, 0, sizeof *line);
	line->nonce = nonce;
	line->enterprise = enterprise != 0 ? enterprise : (uint32_t)EXAMPLE_NUMBER;
	line->endpoint = endpoint;
	line->peer_endpoint = peer_endpoint;
	return nonce != 0 && is_endpoint(endpoint) && is_endpoint(peer_endpoint) && endpoint != peer_endpoint;
}
