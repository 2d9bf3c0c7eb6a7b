/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The platform's side of docs/serial.md: frames of DSP0253, packets of DSP0236, messages and sessions of our own. */
#include "scmi_serial.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

enum { FLAG = 0x7e, ESCAPE = 0x7d, ESCAPED = 0x20, FRAME_VERSION = 1, FRAME_HEAD = 2, FCS_START = 0xffff };
enum { PACKET_VERSION = 1, PACKET_HEAD = 4, SOM = 0x80, EOM = 0x40, SEQUENCE = 0x30, ONE = 0x10, TO = 0x08, TAG = 0x07 };
enum { DEFAULT_ENDPOINT = 9, DEFAULT_PEER = 8, FIRST_ENDPOINT = 8, LAST_ENDPOINT = 254, EXAMPLE_NUMBER = 32473 };
enum { MESSAGE_TYPE = 0xff, MESSAGE_VERSION = 1, SCMI = 0, HELLO = 1, WELCOME = 2, IS_PLATFORM = 1, KEEP = 2 };
enum { KIND_AT = 6, FLAGS_AT = 7, SESSION_AT = 8, PEER_AT = 12, SEQUENCE_AT = 16, BODY_AT = 20, CHECK = 4, HELLO_BODY = 8 };
enum { SCMI_HEADER = 4, SHORTEST_MESSAGE = 64, LONGEST_MESSAGE = 4096, HELLO_PAUSE = 100 };

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

uint32_t scmi_serial_crc32(uint32_t before, const void *bytes, size_t count)
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

uint16_t scmi_serial_fcs(uint16_t before, const void *bytes, size_t count)
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

/* Sessions ------------------------------------------------------------------------------------------------------ */

/* Whether a message is no repetition; it is the last one from now on. */
static bool is_new(struct scmi_serial *serial, uint32_t sequence)
{
	uint32_t ahead = sequence - serial->heard;
	if (ahead == 0 || ahead > 0x7fffffff) {
		serial->repeated++;
		return false;
	}
	serial->lost += ahead - 1;
	serial->heard = sequence;
	return true;
}

static void ask_who_is_there(struct scmi_serial *serial, uint32_t now)
{
	serial->bad++;
	if (now - serial->last_hello >= HELLO_PAUSE) {
		serial->last_hello = now;
		serial->owes_hello = true;
	}
}

/* Another agent's nonce: what the one before had under way is lost, and so is the rest of what is being sent to it. */
static void begin_session(struct scmi_serial *serial, uint32_t peer, bool keeps_votes)
{
	serial->sessions++;
	serial->peer = peer;
	serial->knows_peer = true;
	serial->heard = 0;
	serial->waiting = 0;
	serial->is_held = false;
	serial->output_at = serial->output_length;
	scmi_platform_reset(serial->config.platform, serial->config.agent, true, keeps_votes);
}

static void greet(struct scmi_serial *serial, const uint8_t *message, uint32_t length)
{
	uint32_t session = get32(message + SESSION_AT), longest = message[BODY_AT] | (uint32_t)message[BODY_AT + 1] << 8;
	bool is_hello = message[KIND_AT] == HELLO;
	if (length != BODY_AT + HELLO_BODY + CHECK || session == 0 || (message[FLAGS_AT] & IS_PLATFORM) != 0
			|| longest < SHORTEST_MESSAGE || longest > LONGEST_MESSAGE
			|| (!is_hello && get32(message + PEER_AT) != serial->config.nonce)) {
		serial->bad++;
		return;
	}
	if (!serial->knows_peer || session != serial->peer)
		begin_session(serial, session, (message[FLAGS_AT] & KEEP) != 0);
	if (!is_new(serial, get32(message + SEQUENCE_AT)))
		return;
	serial->longest = longest < SCMI_SERIAL_MESSAGE_MAX ? longest : SCMI_SERIAL_MESSAGE_MAX;
	serial->owes_welcome |= is_hello;
}

/* Stores a command until its turn comes. Of one that is too long as much as shows that it is. */
static void take_command(struct scmi_serial *serial, const uint8_t *message, uint32_t length, uint8_t tag)
{
	struct scmi_serial_command *command;
	if (length < SCMI_HEADER || serial->waiting + serial->is_held >= SCMI_SERIAL_WINDOW) {
		serial->bad++;
		return;
	}
	command = &serial->commands[(serial->first + serial->waiting++) % SCMI_SERIAL_WINDOW];
	command->length = length < sizeof command->message ? length : (uint32_t)sizeof command->message;
	command->tag = tag;
	memcpy(command->message, message, command->length);
}

static void take_message(struct scmi_serial *serial, uint8_t tag, uint32_t now)
{
	const uint8_t *message = serial->message;
	uint32_t length = serial->message_length, number = serial->config.enterprise;
	if (length < BODY_AT + CHECK || message[0] != MESSAGE_TYPE || message[1] != (uint8_t)(number >> 24)
			|| message[2] != (uint8_t)(number >> 16) || message[3] != (uint8_t)(number >> 8)
			|| message[4] != (uint8_t)number || message[5] != MESSAGE_VERSION || message[KIND_AT] > WELCOME
			|| get32(message + length - CHECK) != scmi_serial_crc32(0, message, length - CHECK)) {
		serial->bad++;
	} else if (message[KIND_AT] != SCMI) {
		greet(serial, message, length);
	} else if (!serial->knows_peer || get32(message + SESSION_AT) != serial->peer
			|| get32(message + PEER_AT) != serial->config.nonce) {
		ask_who_is_there(serial, now);
	} else if (is_new(serial, get32(message + SEQUENCE_AT))) {
		take_command(serial, message + BODY_AT, length - BODY_AT - CHECK, tag);
	}
}

/* What comes in ------------------------------------------------------------------------------------------------- */

static void take_packet(struct scmi_serial *serial, uint32_t now)
{
	const uint8_t *packet = serial->frame + FRAME_HEAD;
	uint32_t count = serial->frame[1] - (uint32_t)PACKET_HEAD;
	uint8_t flags = packet[3], before = serial->message_packet;
	if ((packet[0] & 0xf) != PACKET_VERSION || packet[1] != serial->config.endpoint || packet[2] != serial->config.peer) {
		serial->bad++;
		return;
	}
	if ((flags & SOM) != 0) {
		serial->bad += serial->is_assembling; /* the one before has no end */
		serial->message_length = 0;
	} else if (!serial->is_assembling || ((before + ONE) & SEQUENCE) != (flags & SEQUENCE)
			|| ((before ^ flags) & (TO | TAG)) != 0) {
		serial->is_assembling = false;
		serial->bad++;
		return;
	}
	serial->is_assembling = false;
	if (((flags & EOM) == 0 && count != SCMI_SERIAL_PAYLOAD) || count > sizeof serial->message - serial->message_length) {
		serial->bad++;
		return;
	}
	memcpy(serial->message + serial->message_length, packet + PACKET_HEAD, count);
	serial->message_length += count;
	serial->message_packet = flags;
	if ((flags & EOM) != 0)
		take_message(serial, flags & TAG, now);
	else
		serial->is_assembling = true;
}

/* Whatever does not fit begins the search for the next flag, and a flag may be one. */
static void take_byte(struct scmi_serial *serial, uint8_t byte, uint32_t now)
{
	bool was_escaped = serial->is_escaped;
	serial->is_escaped = false;
	switch (serial->state) {
	case SCMI_SERIAL_HUNT:
		break;
	case SCMI_SERIAL_VERSION:
		serial->frame[0] = byte;
		if (byte == FRAME_VERSION) {
			serial->state = SCMI_SERIAL_LENGTH;
			return;
		}
		break;
	case SCMI_SERIAL_LENGTH:
		serial->frame[1] = byte;
		serial->frame_length = 0;
		if (byte > PACKET_HEAD && byte <= PACKET_HEAD + SCMI_SERIAL_PAYLOAD) {
			serial->state = SCMI_SERIAL_BYTES;
			return;
		}
		break;
	case SCMI_SERIAL_BYTES:
		if (byte == ESCAPE && !was_escaped) {
			serial->is_escaped = true;
			return;
		}
		if (byte == FLAG || (was_escaped && byte != (FLAG ^ ESCAPED) && byte != (ESCAPE ^ ESCAPED)))
			break;
		serial->frame[FRAME_HEAD + serial->frame_length++] = was_escaped ? byte ^ ESCAPED : byte;
		if (serial->frame_length == serial->frame[1])
			serial->state = SCMI_SERIAL_FCS_HIGH;
		return;
	case SCMI_SERIAL_FCS_HIGH:
		serial->fcs = (uint16_t)(byte << 8);
		serial->state = SCMI_SERIAL_FCS_LOW;
		return;
	case SCMI_SERIAL_FCS_LOW:
		serial->fcs |= byte;
		serial->state = SCMI_SERIAL_END;
		return;
	case SCMI_SERIAL_END:
		if (byte == FLAG
				&& scmi_serial_fcs(FCS_START, serial->frame, FRAME_HEAD + serial->frame_length) == serial->fcs) {
			serial->state = SCMI_SERIAL_VERSION;
			take_packet(serial, now);
			return;
		}
		break;
	}
	serial->bad += serial->state > SCMI_SERIAL_VERSION;
	serial->state = byte == FLAG ? SCMI_SERIAL_VERSION : SCMI_SERIAL_HUNT;
}

void scmi_serial_receive(struct scmi_serial *serial, const void *bytes, size_t count, uint32_t now)
{
	for (size_t i = 0; i < count; i++)
		take_byte(serial, ((const uint8_t *)bytes)[i], now);
}

/* What goes out ------------------------------------------------------------------------------------------------- */

/* Puts a message of ours around a body that is there already; `tag` is a byte of flags: TO and tag. */
static void finish(struct scmi_serial *serial, uint8_t kind, uint32_t body, uint8_t tag)
{
	uint8_t *output = serial->output;
	uint32_t number = serial->config.enterprise, length = BODY_AT + body;
	output[0] = MESSAGE_TYPE;
	for (unsigned i = 0; i < 4; i++)
		output[1 + i] = (uint8_t)(number >> (24 - 8 * i));
	output[5] = MESSAGE_VERSION;
	output[KIND_AT] = kind;
	output[FLAGS_AT] = kind == SCMI ? 0 : IS_PLATFORM;
	set32(output + SESSION_AT, serial->config.nonce);
	set32(output + PEER_AT, serial->knows_peer ? serial->peer : 0);
	set32(output + SEQUENCE_AT, ++serial->sequence);
	set32(output + length, scmi_serial_crc32(0, output, length));
	serial->output_length = length + CHECK;
	serial->output_at = 0;
	serial->output_tag = tag;
	serial->output_packet = 0;
}

static void finish_greeting(struct scmi_serial *serial, uint8_t kind)
{
	uint8_t *body = serial->output + BODY_AT;
	set32(body, SCMI_SERIAL_MESSAGE_MAX | (uint32_t)SCMI_SERIAL_WINDOW << 16);
	set32(body + 4, 0);
	finish(serial, kind, HELLO_BODY, TO);
}

/* A reply: one that has come late, or that to the next command. Commands are answered in their order. */
static bool next_reply(struct scmi_serial *serial)
{
	struct scmi_platform *platform = serial->config.platform;
	uint8_t *body = serial->output + BODY_AT, tag = serial->held_tag;
	uint32_t ignored;
	int32_t length = 0;
	if (serial->is_held) {
		length = (int32_t)scmi_platform_late_reply(platform, serial->config.agent, body, &ignored);
		if (length == 0)
			return false;
		serial->is_held = false;
	}
	while (length == 0) {
		if (serial->waiting == 0)
			return false;
		const struct scmi_serial_command *command = &serial->commands[serial->first];
		serial->first = (serial->first + 1) % SCMI_SERIAL_WINDOW;
		serial->waiting--;
		tag = command->tag;
		length = scmi_platform_handle(platform, serial->config.agent, command->message, command->length, body,
			serial->longest, 0);
	}
	if (length == SCMI_LATER) {
		serial->is_held = true;
		serial->held_tag = tag;
		return false;
	}
	finish(serial, SCMI, (uint32_t)length, tag);
	return true;
}

static bool next_event(struct scmi_serial *serial)
{
	int32_t length = scmi_platform_next_event(serial->config.platform, serial->config.agent, serial->output + BODY_AT,
		serial->longest);
	if (length <= 0)
		return false;
	finish(serial, SCMI, (uint32_t)length, TO);
	return true;
}

/* The next message, if there is one. Replies and events take turns, so that neither keeps the other waiting. */
static bool next_message(struct scmi_serial *serial, uint32_t now)
{
	if (serial->owes_welcome) {
		serial->owes_welcome = false;
		finish_greeting(serial, WELCOME);
		return true;
	}
	if (serial->owes_hello) {
		serial->owes_hello = false;
		serial->last_hello = now;
		finish_greeting(serial, HELLO);
		return true;
	}
	serial->is_turn_of_events = !serial->is_turn_of_events;
	if (!serial->knows_peer)
		return false;
	return serial->is_turn_of_events ? next_event(serial) || next_reply(serial) : next_reply(serial) || next_event(serial);
}

static void put_escaped(struct scmi_serial *serial, uint8_t byte)
{
	if (byte == FLAG || byte == ESCAPE) {
		serial->bytes[serial->bytes_length++] = ESCAPE;
		byte ^= ESCAPED;
	}
	serial->bytes[serial->bytes_length++] = byte;
}

/* The frame of the next packet. */
static void next_frame(struct scmi_serial *serial)
{
	uint32_t left = serial->output_length - serial->output_at;
	uint32_t count = left < SCMI_SERIAL_PAYLOAD ? left : (uint32_t)SCMI_SERIAL_PAYLOAD;
	unsigned flags = serial->output_tag | (serial->output_packet++ * (unsigned)ONE & SEQUENCE);
	flags |= (serial->output_at == 0 ? (unsigned)SOM : 0) | (count == left ? (unsigned)EOM : 0);
	const uint8_t head[FRAME_HEAD + PACKET_HEAD] = {FRAME_VERSION, (uint8_t)(PACKET_HEAD + count), PACKET_VERSION,
		serial->config.peer, serial->config.endpoint, (uint8_t)flags};
	uint16_t fcs = scmi_serial_fcs(FCS_START, head, sizeof head);
	fcs = scmi_serial_fcs(fcs, serial->output + serial->output_at, count);
	serial->bytes_at = 0;
	serial->bytes_length = 0;
	serial->bytes[serial->bytes_length++] = FLAG;
	serial->bytes[serial->bytes_length++] = head[0];
	serial->bytes[serial->bytes_length++] = head[1];
	for (uint32_t i = FRAME_HEAD; i < sizeof head; i++)
		put_escaped(serial, head[i]);
	for (uint32_t i = 0; i < count; i++)
		put_escaped(serial, serial->output[serial->output_at + i]);
	serial->bytes[serial->bytes_length++] = (uint8_t)(fcs >> 8);
	serial->bytes[serial->bytes_length++] = (uint8_t)fcs;
	serial->bytes[serial->bytes_length++] = FLAG;
	serial->output_at += count;
}

size_t scmi_serial_send(struct scmi_serial *serial, void *bytes, size_t room, uint32_t now)
{
	uint8_t *to = bytes;
	size_t count = 0;
	while (count < room) {
		if (serial->bytes_at < serial->bytes_length)
			to[count++] = serial->bytes[serial->bytes_at++];
		else if (serial->output_at < serial->output_length)
			next_frame(serial);
		else if (!next_message(serial, now))
			break;
	}
	return count;
}

static bool is_endpoint(unsigned id) { return id >= FIRST_ENDPOINT && id <= LAST_ENDPOINT; }

int32_t scmi_serial_init(struct scmi_serial *serial, const struct scmi_serial_config *config)
{
	memset(serial, 0, sizeof *serial);
	serial->config = *config;
	if (config->enterprise == 0)
		serial->config.enterprise = EXAMPLE_NUMBER;
	if (config->endpoint == 0)
		serial->config.endpoint = DEFAULT_ENDPOINT;
	if (config->peer == 0)
		serial->config.peer = DEFAULT_PEER;
	if (config->platform == NULL || config->agent >= config->platform->config->agent_count || config->nonce == 0
			|| !is_endpoint(serial->config.endpoint) || !is_endpoint(serial->config.peer)
			|| serial->config.endpoint == serial->config.peer)
		return SCMI_BAD_CONFIG;
	scmi_platform_reset(config->platform, config->agent, false, false);
	serial->owes_hello = true;
	return 0;
}
