/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The Reset protocol 3.1 of the platform library. */
#include "scmi_protocol.h"

enum { AUTONOMOUS = 1, ASSERT = 2, ASYNC = 4, COLD_RESET = 0 };
static const uint32_t CAN_BE_ASYNCHRONOUS = 1u << 31, TELLS_RESETS = 1u << 30, HAS_LONG_NAME = 1u << 29;

static const struct scmi_reset *reset_of(const struct call *call) { return &call->config->resets[call->index]; }

static const char *name_of(const struct scmi_platform_config *config, uint32_t index)
{
	return config->resets[index].name;
}

static int32_t attributes(struct call *call)
{
	scmi_put32(call, scmi_count(call->platform, call->agent, SCMI_RESETS));
	return SCMI_SUCCESS;
}

static int32_t domain_attributes(struct call *call)
{
	const struct scmi_reset *reset = reset_of(call);
	uint32_t bits = 0;
	if (scmi_has_events(call)) {
		bits |= TELLS_RESETS;
		if (reset->is_asynchronous && (call->rights & SCMI_MAY_RESET) != 0)
			bits |= CAN_BE_ASYNCHRONOUS;
	}
	if (scmi_is_long(reset->name))
		bits |= HAS_LONG_NAME;
	scmi_put32(call, bits);
	scmi_put32(call, reset->latency);
	scmi_put_name(call, reset->name, SHORT_NAME);
	return SCMI_SUCCESS;
}

static int32_t ask_to_reset(struct call *call)
{
	uint32_t flags = scmi_word(call, 4), state = scmi_word(call, 8);
	enum scmi_reset_action action = (flags & ASSERT) != 0 ? SCMI_RESET_ASSERT : SCMI_RESET_DEASSERT;
	if ((flags & AUTONOMOUS) != 0)
		action = SCMI_RESET_PULSE;
	if (((flags & ASYNC) != 0 && action != SCMI_RESET_PULSE) || state != COLD_RESET)
		return SCMI_INVALID_PARAMETERS;
	if ((flags & ASYNC) != 0) {
		int32_t status = reset_of(call)->is_asynchronous ? scmi_accept(call, false) : SCMI_NOT_SUPPORTED;
		if (status != SCMI_SUCCESS)
			return status;
	}
	call->job->before = (uint8_t)action;
	return call->config->driver->reset(call->config->context, call->index, call->ticket, action);
}

/* Letting go of a reset is no reset. */
static void was_reset(struct call *call)
{
	if (call->job->status == SCMI_SUCCESS && call->job->before != SCMI_RESET_DEASSERT)
		scmi_tell(call->platform, &scmi_reset_protocol, NOTIFIES_CHANGE, call->index, COLD_RESET, call->ticket);
}

static const struct command commands[] = {
	{.id = 0x1, .reply = 4, .resource = NO_RESOURCE, .done = attributes},
	{.id = 0x3, .request = 4, .reply = 24, .done = domain_attributes},
	{.id = 0x4, .request = 12, .rights = SCMI_MAY_RESET, .reserved_at = 4, .reserved = ~7u, .ask = ask_to_reset,
		.ended = was_reset},
	{.id = 0x5, .request = 8, .needs = NEEDS_EVENTS, .reserved_at = 4, .reserved = ~1u, .done = scmi_notify_changes},
	{.id = 0x6, .request = 4, .reply = 4 + LONG_NAME, .done = scmi_name_get},
};

const struct protocol scmi_reset_protocol = {SCMI_RESET, 0x30001, SCMI_RESETS, commands, SCMI_COUNT_OF(commands), name_of};
