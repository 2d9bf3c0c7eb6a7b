/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The agent's side of docs/serial.md: its sessions, and one command at a time. */
#include "scmi_serial_agent.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

enum { DEFAULT_ENDPOINT = 8, DEFAULT_PEER = 9, SCMI_HEADER = 4, TAG = 7 };
enum { HELLO_PAUSE = 100, QUIET = 1000, HELLO_AGAIN = 500, SILENCE = 3000 };
enum { TYPE = 0x300, TOKEN_AND_REST = 0x0ffffcff };

static uint32_t header_of(const uint8_t *message)
{
	return (uint32_t)message[0] | (uint32_t)message[1] << 8 | (uint32_t)message[2] << 16 | (uint32_t)message[3] << 24;
}

/* Sessions ------------------------------------------------------------------------------------------------------ */

static void end_command(struct scmi_serial_agent *agent, const uint8_t *message, uint32_t length)
{
	agent->is_waiting = false;
	agent->is_under_way = false;
	agent->config.replied(agent->config.context, message, length);
}

/* Looks for the platform, as somebody new. */
static void search(struct scmi_serial_agent *agent)
{
	struct scmi_line *line = &agent->line;
	if (agent->sessions > 0 && ++line->nonce == 0)
		line->nonce = 1;
	line->knows_peer = false;
	line->sequence = 0;
	scmi_line_drop(line);
	agent->is_open = false;
	agent->owes_welcome = false;
	agent->owes_hello = true;
	if (agent->is_waiting || agent->is_under_way)
		end_command(agent, NULL, 0);
}

static void open_session(struct scmi_serial_agent *agent, const struct scmi_line_message *welcome, uint32_t now)
{
	agent->is_open = true;
	agent->owes_hello = false;
	agent->sessions++;
	agent->longest = scmi_line_longest(welcome);
	agent->heard_at = agent->said_at = now;
}

static void greet(struct scmi_serial_agent *agent, const struct scmi_line_message *message, uint32_t now)
{
	struct scmi_line *line = &agent->line;
	bool is_hello = message->kind == SCMI_LINE_HELLO, names_us = message->peer == line->nonce;
	if (!scmi_line_is_greeting(line, message, true)) {
		line->bad++;
		return;
	}
	bool is_another = !line->knows_peer || message->session != line->peer;
	if (!is_another && !scmi_line_is_new(line, message))
		return;
	/* It has begun anew, or has forgotten us; what it said was to the one who we were. */
	if (agent->is_open && (is_another || (is_hello && !names_us))) {
		search(agent);
		names_us = false;
	}
	if (is_another) {
		line->peer = message->session;
		line->knows_peer = true;
		line->heard = message->sequence;
	}
	agent->owes_welcome |= is_hello;
	if (!is_hello && !agent->is_open && names_us)
		open_session(agent, message, now);
}

/* A message of somebody who was here before, or for somebody who was: he is told who is here now. */
static void complain(struct scmi_serial_agent *agent, uint32_t now)
{
	agent->line.bad++;
	agent->owes_hello |= now - agent->hello_at >= HELLO_PAUSE;
}

static void take(struct scmi_serial_agent *agent, const struct scmi_line_message *message)
{
	uint32_t header = header_of(message->body), asked = header_of(agent->command);
	if ((header & TYPE) != 0)
		agent->config.told(agent->config.context, message->body, message->length);
	else if (agent->is_under_way && (header & TOKEN_AND_REST) == (asked & TOKEN_AND_REST))
		end_command(agent, message->body, message->length);
	else
		agent->line.bad++; /* late */
}

void scmi_serial_agent_receive(struct scmi_serial_agent *agent, const void *bytes, size_t count, uint32_t now)
{
	struct scmi_line_message message;
	for (size_t i = 0; i < count; i++) {
		bool is_whole = scmi_line_take(&agent->line, ((const uint8_t *)bytes)[i], &message);
		if (agent->line.packets != agent->packets_before) {
			agent->packets_before = agent->line.packets;
			agent->heard_at = now;
		}
		if (!is_whole)
			continue;
		if (message.kind != SCMI_LINE_SCMI)
			greet(agent, &message, now);
		else if (!agent->is_open || !scmi_line_is_ours(&agent->line, &message))
			complain(agent, now);
		else if (scmi_line_is_new(&agent->line, &message))
			take(agent, &message);
	}
}

/* What goes out ------------------------------------------------------------------------------------------------- */

/* When nothing was heard or said for a second it is asked whether the platform is there, and again each half second. */
static void watch(struct scmi_serial_agent *agent, uint32_t now)
{
	uint32_t unheard = now - agent->heard_at, unsaid = now - agent->said_at;
	if (!agent->is_open) {
		agent->owes_hello |= now - agent->hello_at >= HELLO_PAUSE;
		return;
	}
	if (unheard >= SILENCE) {
		search(agent);
		return;
	}
	agent->owes_hello |= (unheard >= QUIET || unsaid >= QUIET) && now - agent->hello_at >= HELLO_AGAIN;
	if (agent->is_under_way && now - agent->command_at >= SCMI_SERIAL_AGENT_TIMEOUT) {
		agent->time_outs++;
		end_command(agent, NULL, 0);
	}
}

static bool next_message(struct scmi_serial_agent *agent, uint32_t now)
{
	uint8_t flags = agent->config.keep || agent->sessions > 0 ? SCMI_LINE_KEEP : 0;
	if (agent->owes_welcome) {
		agent->owes_welcome = false;
		scmi_line_greet(&agent->line, SCMI_LINE_WELCOME, flags, 0);
	} else if (agent->owes_hello) {
		agent->owes_hello = false;
		agent->hello_at = now;
		scmi_line_greet(&agent->line, SCMI_LINE_HELLO, flags, 0);
	} else if (agent->is_waiting) {
		agent->is_waiting = false;
		agent->is_under_way = true;
		agent->command_at = now;
		memcpy(scmi_line_body(&agent->line), agent->command, agent->command_length);
		scmi_line_put(&agent->line, SCMI_LINE_SCMI, 0, agent->command_length,
			(uint8_t)(SCMI_LINE_TO | (agent->next_tag++ & TAG)));
	} else {
		return false;
	}
	agent->said_at = now;
	return true;
}

size_t scmi_serial_agent_send(struct scmi_serial_agent *agent, void *bytes, size_t room, uint32_t now)
{
	size_t count = 0;
	watch(agent, now);
	do {
		count += scmi_line_send(&agent->line, (uint8_t *)bytes + count, room - count);
	} while (count < room && next_message(agent, now));
	return count;
}

/* Commands ------------------------------------------------------------------------------------------------------ */

bool scmi_serial_agent_is_open(const struct scmi_serial_agent *agent) { return agent->is_open; }

bool scmi_serial_agent_command(struct scmi_serial_agent *agent, const void *message, uint32_t length, uint32_t now)
{
	if (!agent->is_open || agent->is_waiting || agent->is_under_way || length < SCMI_HEADER
			|| length > sizeof agent->command || length > agent->longest)
		return false;
	memcpy(agent->command, message, length);
	agent->command_length = length;
	agent->command_at = now;
	agent->is_waiting = true;
	return true;
}

bool scmi_serial_agent_init(struct scmi_serial_agent *agent, const struct scmi_serial_agent_config *config, uint32_t now)
{
	memset(agent, 0, sizeof *agent);
	agent->config = *config;
	agent->heard_at = agent->said_at = agent->hello_at = now;
	agent->owes_hello = true;
	return scmi_line_init(&agent->line, config->nonce, config->enterprise,
		config->endpoint != 0 ? config->endpoint : (uint8_t)DEFAULT_ENDPOINT,
		config->peer != 0 ? config->peer : (uint8_t)DEFAULT_PEER);
}
