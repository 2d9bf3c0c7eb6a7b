/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The Voltage protocol 2.1 of the platform library. */
#include "scmi_protocol.h"

enum { OFF = 0, ON = 7, RANGE = 1 << 12, MAX_LEVELS = 0xfff, LEVEL_SET_ASYNC = 1 };
static const uint32_t CAN_BE_ASYNCHRONOUS = 1u << 31, HAS_LONG_NAME = 1u << 30;

static const struct scmi_supply *supply_of(const struct call *call) { return &call->config->supplies[call->index]; }

static const char *name_of(const struct scmi_platform_config *config, uint32_t index)
{
	return config->supplies[index].name;
}

static bool may_set_level(const struct call *call)
{
	return (call->rights & SCMI_MAY_SET_LEVEL) != 0 && call->config->driver->supply_set_level != NULL;
}

static int32_t attributes(struct call *call)
{
	scmi_put32(call, scmi_count(call->platform, call->agent, SCMI_SUPPLIES));
	return SCMI_SUCCESS;
}

static int32_t domain_attributes(struct call *call)
{
	const struct scmi_supply *supply = supply_of(call);
	uint32_t bits = supply->is_asynchronous && scmi_has_events(call) && may_set_level(call) ? CAN_BE_ASYNCHRONOUS : 0;
	if (scmi_is_long(supply->name))
		bits |= HAS_LONG_NAME;
	scmi_put32(call, bits);
	scmi_put_name(call, supply->name, SHORT_NAME);
	return SCMI_SUCCESS;
}

static int32_t describe_levels(struct call *call)
{
	const struct scmi_supply *supply = supply_of(call);
	uint32_t index = scmi_word(call, 4), total = supply->level_count < 0xffff ? supply->level_count : 0xffff;
	if (supply->is_range ? index != 0 : index >= total)
		return SCMI_OUT_OF_RANGE;
	uint32_t count = scmi_page(call, total, index, 4, MAX_LEVELS);
	if (count == 0 || (supply->is_range && count != total)) /* half a range says nothing */
		return SCMI_PROTOCOL_ERROR;
	scmi_put32(call, count | (total - index - count) << 16 | (supply->is_range ? RANGE : 0));
	for (uint32_t i = index; i < index + count; i++)
		scmi_put32(call, (uint32_t)supply->levels[i]);
	return SCMI_SUCCESS;
}

static bool is_level(const struct scmi_supply *supply, int32_t level)
{
	if (supply->is_range) {
		const int32_t *its = supply->levels;
		return level == its[1] || (level >= its[0] && level < its[1] && its[2] > 0
			&& ((uint32_t)level - (uint32_t)its[0]) % (uint32_t)its[2] == 0);
	}
	for (uint32_t i = 0; i < supply->level_count; i++) {
		if (supply->levels[i] == level)
			return true;
	}
	return false;
}

static int32_t ask_to_set_level(struct call *call)
{
	uint32_t flags = scmi_word(call, 4);
	int32_t level = (int32_t)scmi_word(call, 8), reached = level;
	if (!may_set_level(call))
		return SCMI_DENIED;
	if (!is_level(supply_of(call), level))
		return SCMI_INVALID_PARAMETERS;
	if ((flags & LEVEL_SET_ASYNC) != 0) {
		int32_t status = supply_of(call)->is_asynchronous ? scmi_accept(call, false) : SCMI_NOT_SUPPORTED;
		if (status != SCMI_SUCCESS)
			return status;
	}
	int32_t status = call->config->driver->supply_set_level(call->config->context, call->index, call->ticket, level,
		&reached);
	call->job->values[0] = (uint32_t)reached;
	return status;
}

static int32_t level_set(struct call *call)
{
	if ((call->job->flags & ASYNCHRONOUS) != 0)
		scmi_put32(call, (uint32_t)call->job->values[0]);
	return SCMI_SUCCESS;
}

static int32_t ask_level(struct call *call)
{
	int32_t level = 0;
	int32_t status = call->config->driver->supply_level(call->config->context, call->index, call->ticket, &level);
	call->job->values[0] = (uint32_t)level;
	return status;
}

static int32_t level_get(struct call *call)
{
	scmi_put32(call, (uint32_t)call->job->values[0]);
	return SCMI_SUCCESS;
}

static int32_t ask_to_switch(struct call *call)
{
	uint32_t mode = scmi_word(call, 4);
	if (call->config->driver->supply_switch == NULL || supply_of(call)->is_critical)
		return SCMI_DENIED;
	if (mode != ON && mode != OFF)
		return SCMI_INVALID_PARAMETERS;
	return scmi_vote(call, mode == ON, call->config->driver->supply_switch);
}

static void switched(struct call *call) { scmi_voted(call, call->config->driver->supply_switch); }

static int32_t ask_state(struct call *call)
{
	bool is_on = false;
	int32_t status = call->config->driver->supply_is_on(call->config->context, call->index, call->ticket, &is_on);
	call->job->values[0] = is_on;
	return status;
}

static int32_t config_get(struct call *call)
{
	scmi_put32(call, scmi_reads_on(call, call->job->values[0] != 0) ? ON : OFF);
	return SCMI_SUCCESS;
}

static const struct command commands[] = {
	{.id = 0x1, .reply = 4, .resource = NO_RESOURCE, .done = attributes},
	{.id = 0x3, .request = 4, .reply = 20, .done = domain_attributes},
	{.id = 0x4, .request = 8, .reply = 4, .done = describe_levels},
	{.id = 0x5, .request = 8, .rights = SCMI_MAY_SWITCH, .reserved_at = 4, .reserved = ~15u, .ask = ask_to_switch,
		.ended = switched},
	{.id = 0x6, .request = 4, .reply = 4, .ask = ask_state, .done = config_get},
	{.id = 0x7, .request = 12, .rights = SCMI_MAY_SET_LEVEL, .reserved_at = 4, .reserved = ~1u,
		.ask = ask_to_set_level, .done = level_set},
	{.id = 0x8, .request = 4, .reply = 4, .ask = ask_level, .done = level_get},
	{.id = 0x9, .request = 4, .reply = 4 + LONG_NAME, .done = scmi_name_get},
};

const struct protocol scmi_voltage_protocol = {SCMI_VOLTAGE, 0x20001, SCMI_SUPPLIES, commands, SCMI_COUNT_OF(commands),
	name_of};
