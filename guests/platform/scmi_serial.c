/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The platform's side of docs/serial.md: its sessions, and commands and replies between the line and the platform. */
#include "scmi_serial.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

enum { DEFAULT_ENDPOINT = 9, DEFAULT_PEER = 8, HELLO_PAUSE = 100 };

/* Sessions ------------------------------------------------------------------------------------------------------ */

static void ask_who_is_there(struct scmi_serial *serial, uint32_t now)
{
	serial->line.bad++;
	if (now - serial->last_hello >= HELLO_PAUSE) {
		serial->last_hello = now;
		serial->owes_hello = true;
	}
}

/* Another agent's nonce: what the one before had under way is lost, and so is the rest of what is being sent to it. */
static void begin_session(struct scmi_serial *serial, uint32_t peer, bool keeps_votes)
{
	serial->sessions++;
	serial->line.peer = peer;
	serial->line.knows_peer = true;
	serial->line.heard = 0;
	serial->waiting = 0;
	serial->is_held = false;
	scmi_line_drop(&serial->line);
	scmi_platform_reset(serial->config.platform, serial->config.agent, true, keeps_votes);
}

static void greet(struct scmi_serial *serial, const struct scmi_line_message *message)
{
	uint32_t longest;
	if (!scmi_line_is_greeting(&serial->line, message, false)) {
		serial->line.bad++;
		return;
	}
	if (!serial->line.knows_peer || message->session != serial->line.peer)
		begin_session(serial, message->session, (message->flags & SCMI_LINE_KEEP) != 0);
	if (!scmi_line_is_new(&serial->line, message))
		return;
	longest = scmi_line_longest(message);
	serial->longest = longest < SCMI_SERIAL_MESSAGE_MAX ? longest : SCMI_SERIAL_MESSAGE_MAX;
	serial->owes_welcome |= message->kind == SCMI_LINE_HELLO;
}

/* Stores a command until its turn comes. Of one that is too long as much as shows that it is. */
static void take_command(struct scmi_serial *serial, const struct scmi_line_message *message)
{
	struct scmi_serial_command *command;
	if (serial->waiting + serial->is_held >= SCMI_SERIAL_WINDOW) {
		serial->line.bad++;
		return;
	}
	command = &serial->commands[(serial->first + serial->waiting++) % SCMI_SERIAL_WINDOW];
	command->length = message->length < sizeof command->message ? message->length : (uint32_t)sizeof command->message;
	command->tag = message->tag;
	memcpy(command->message, message->body, command->length);
}

void scmi_serial_receive(struct scmi_serial *serial, const void *bytes, size_t count, uint32_t now)
{
	struct scmi_line_message message;
	for (size_t i = 0; i < count; i++) {
		if (!scmi_line_take(&serial->line, ((const uint8_t *)bytes)[i], &message))
			continue;
		if (message.kind != SCMI_LINE_SCMI)
			greet(serial, &message);
		else if (!scmi_line_is_ours(&serial->line, &message))
			ask_who_is_there(serial, now);
		else if (scmi_line_is_new(&serial->line, &message))
			take_command(serial, &message);
	}
}

/* What goes out ------------------------------------------------------------------------------------------------- */

static void greet_agent(struct scmi_serial *serial, enum scmi_line_kind kind)
{
	scmi_line_greet(&serial->line, kind, SCMI_LINE_IS_PLATFORM, SCMI_SERIAL_WINDOW);
}

/* A reply: one that has come late, or that to the next command. Commands are answered in their order. */
static bool next_reply(struct scmi_serial *serial)
{
	struct scmi_platform *platform = serial->config.platform;
	uint8_t *body = scmi_line_body(&serial->line), tag = serial->held_tag;
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
	scmi_line_put(&serial->line, SCMI_LINE_SCMI, 0, (uint32_t)length, tag);
	return true;
}

static bool next_event(struct scmi_serial *serial)
{
	int32_t length = scmi_platform_next_event(serial->config.platform, serial->config.agent,
		scmi_line_body(&serial->line), serial->longest);
	if (length <= 0)
		return false;
	scmi_line_put(&serial->line, SCMI_LINE_SCMI, 0, (uint32_t)length, SCMI_LINE_TO);
	return true;
}

/* The next message, if there is one. Replies and events take turns, so that neither keeps the other waiting. */
static bool next_message(struct scmi_serial *serial, uint32_t now)
{
	if (serial->owes_welcome) {
		serial->owes_welcome = false;
		greet_agent(serial, SCMI_LINE_WELCOME);
		return true;
	}
	if (serial->owes_hello) {
		serial->owes_hello = false;
		serial->last_hello = now;
		greet_agent(serial, SCMI_LINE_HELLO);
		return true;
	}
	serial->is_turn_of_events = !serial->is_turn_of_events;
	if (!serial->line.knows_peer)
		return false;
	return serial->is_turn_of_events ? next_event(serial) || next_reply(serial) : next_reply(serial) || next_event(serial);
}

size_t scmi_serial_send(struct scmi_serial *serial, void *bytes, size_t room, uint32_t now)
{
	size_t count = 0;
	do {
		count += scmi_line_send(&serial->line, (uint8_t *)bytes + count, room - count);
	} while (count < room && next_message(serial, now));
	return count;
}

int32_t scmi_serial_init(struct scmi_serial *serial, const struct scmi_serial_config *config)
{
	memset(serial, 0, sizeof *serial);
	serial->config = *config;
	if (config->platform == NULL || config->agent >= config->platform->config->agent_count
			|| !scmi_line_init(&serial->line, config->nonce, config->enterprise,
				config->endpoint != 0 ? config->endpoint : (uint8_t)DEFAULT_ENDPOINT,
				config->peer != 0 ? config->peer : (uint8_t)DEFAULT_PEER))
		return SCMI_BAD_CONFIG;
	scmi_platform_reset(config->platform, config->agent, false, false);
	serial->owes_hello = true;
	return 0;
}
