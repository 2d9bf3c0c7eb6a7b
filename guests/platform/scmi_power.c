/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The Power domain protocol 3.1 of the platform library. */
#include "scmi_protocol.h"

static const uint32_t ON = 0, OFF = 1u << 30;
static const uint32_t TELLS_CHANGES = 1u << 31, CAN_BE_SET = 1u << 29, TELLS_REQUESTS = 1u << 28, HAS_LONG_NAME = 1u << 27;

static const struct scmi_power_domain *domain_of(const struct call *call)
{
	return &call->config->power_domains[call->index];
}

static const char *name_of(const struct scmi_platform_config *config, uint32_t index)
{
	return config->power_domains[index].name;
}

static bool can_be_set(const struct call *call)
{
	return call->config->driver->power_switch != NULL && !domain_of(call)->is_fixed;
}

static int32_t attributes(struct call *call)
{
	scmi_put32(call, scmi_count(call->platform, call->agent, SCMI_POWER_DOMAINS));
	for (int i = 0; i < 3; i++)
		scmi_put32(call, 0); /* there are no statistics */
	return SCMI_SUCCESS;
}

static int32_t domain_attributes(struct call *call)
{
	uint32_t bits = can_be_set(call) && (call->rights & SCMI_MAY_SWITCH) != 0 ? CAN_BE_SET : 0;
	if (scmi_has_events(call))
		bits |= TELLS_CHANGES | TELLS_REQUESTS;
	if (scmi_is_long(domain_of(call)->name))
		bits |= HAS_LONG_NAME;
	scmi_put32(call, bits);
	scmi_put_name(call, domain_of(call)->name, SHORT_NAME);
	return SCMI_SUCCESS;
}

/* Asynchronous ones are not offered: SCMI has no delayed response for them. */
static int32_t ask_to_set(struct call *call)
{
	uint32_t state = scmi_word(call, 8);
	if (state != ON && state != OFF)
		return SCMI_INVALID_PARAMETERS;
	if ((scmi_word(call, 0) & 1) != 0 || !can_be_set(call))
		return SCMI_NOT_SUPPORTED;
	int32_t status = scmi_vote(call, state == ON, call->config->driver->power_switch);
	if (status == SCMI_SUCCESS || status == SCMI_DELAYED)
		scmi_tell(call->platform, &scmi_power_protocol, NOTIFIES_REQUEST, call->index, state, call->ticket);
	return status;
}

static void set(struct call *call) { scmi_voted(call, call->config->driver->power_switch); }

static int32_t ask_state(struct call *call)
{
	bool is_on = false;
	int32_t status = call->config->driver->power_is_on(call->config->context, call->index, call->ticket, &is_on);
	call->job->values[0] = is_on;
	return status;
}

static int32_t state_get(struct call *call)
{
	scmi_put32(call, scmi_reads_on(call, call->job->values[0] != 0) ? ON : OFF);
	return SCMI_SUCCESS;
}

static const struct command commands[] = {
	{.id = 0x1, .reply = 16, .resource = NO_RESOURCE, .done = attributes},
	{.id = 0x3, .request = 4, .reply = 20, .done = domain_attributes},
	{.id = 0x4, .request = 12, .resource = 4, .rights = SCMI_MAY_SWITCH, .reserved = ~1u, .ask = ask_to_set, .ended = set},
	{.id = 0x5, .request = 4, .reply = 4, .ask = ask_state, .done = state_get},
	{.id = 0x6, .request = 8, .needs = NEEDS_EVENTS, .reserved_at = 4, .reserved = ~1u, .done = scmi_notify_changes},
	{.id = 0x7, .request = 8, .needs = NEEDS_EVENTS, .reserved_at = 4, .reserved = ~1u, .done = scmi_notify_requests},
	{.id = 0x8, .request = 4, .reply = 4 + LONG_NAME, .done = scmi_name_get},
};

const struct protocol scmi_power_protocol = {SCMI_POWER, 0x30001, SCMI_POWER_DOMAINS, commands, SCMI_COUNT_OF(commands),
	name_of};

void scmi_power_changed(struct scmi_platform *platform, unsigned index, bool is_on, uint32_t ticket)
{
	if (index < platform->config->counts[SCMI_POWER_DOMAINS])
		scmi_tell(platform, &scmi_power_protocol, NOTIFIES_CHANGE, index, is_on ? ON : OFF, ticket);
}
