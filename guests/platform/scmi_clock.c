/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The Clock protocol 3.0 of the platform library. */
#include "scmi_protocol.h"

enum { RATE_SET_ASYNC = 1, RATE_SET_SILENT = 2, RATE_SET_UP = 4, RATE_SET_NEAREST = 8 };
enum { DISABLE = 0, ENABLE = 1, STATE = 3, TYPE_SHIFT = 16, RANGE = 1 << 12, MAX_RATES = 0xfff, MAX_PARENTS = 0xff };
enum { IS_ENABLED = 1, IS_RESTRICTED = 2 };
static const uint32_t TELLS_CHANGES = 1u << 31, TELLS_REQUESTS = 1u << 30, HAS_LONG_NAME = 1u << 29, HAS_PARENTS = 1u << 28;
static const uint32_t STATE_ALLOWED = 1u << 31, PARENT_ALLOWED = 1u << 30, RATE_ALLOWED = 1u << 29;
static const uint32_t ALL_ALLOWED = 7u << 29;

static const struct scmi_clock *clock_of(const struct call *call) { return &call->config->clocks[call->index]; }

static const char *name_of(const struct scmi_platform_config *config, uint32_t index)
{
	return config->clocks[index].name;
}

/* What the agent may set: by its grant, and since there is a way to. */
static uint32_t permissions_of(const struct call *call)
{
	const struct scmi_platform_driver *driver = call->config->driver;
	const struct scmi_clock *clock = clock_of(call);
	unsigned rights = call->rights;
	bool state = driver->clock_switch != NULL && !clock->is_critical;
	bool parent = driver->clock_set_parent != NULL || clock->parent_count == 0;
	bool rate = driver->clock_set_rate != NULL;
	return ((rights & SCMI_MAY_SWITCH) != 0 && state ? STATE_ALLOWED : 0)
		| ((rights & SCMI_MAY_SET_PARENT) != 0 && parent ? PARENT_ALLOWED : 0)
		| ((rights & SCMI_MAY_SET_RATE) != 0 && rate ? RATE_ALLOWED : 0);
}

/* The agent's id of a possible parent that it sees, by its position among those; or how many there are. */
static uint32_t visible_parent(const struct call *call, uint32_t position, uint32_t *count)
{
	const struct scmi_clock *clock = clock_of(call);
	uint32_t found = ~(uint32_t)0;
	*count = 0;
	for (uint32_t i = 0; i < clock->parent_count; i++) {
		uint32_t id = scmi_id(call->platform, call->agent, SCMI_CLOCKS, clock->parents[i]);
		if (id != ~(uint32_t)0 && (*count)++ == position)
			found = id;
	}
	return found;
}

static uint32_t parents_of(const struct call *call)
{
	uint32_t count;
	(void)visible_parent(call, 0, &count);
	return count;
}

static int32_t attributes(struct call *call)
{
	uint32_t pending = scmi_has_events(call) ? SCMI_PLATFORM_JOBS - 1 : 0;
	scmi_put32(call, scmi_count(call->platform, call->agent, SCMI_CLOCKS) | pending << 16);
	return SCMI_SUCCESS;
}

static int32_t ask_state(struct call *call)
{
	bool is_on = false;
	int32_t status = call->config->driver->clock_is_on(call->config->context, call->index, call->ticket, &is_on);
	call->job->values[0] = is_on;
	return status;
}

static int32_t clock_attributes(struct call *call)
{
	uint32_t bits = scmi_reads_on(call, call->job->values[0] != 0) ? IS_ENABLED : 0;
	if (permissions_of(call) != ALL_ALLOWED)
		bits |= IS_RESTRICTED;
	if (parents_of(call) > 0)
		bits |= HAS_PARENTS;
	if (scmi_is_long(clock_of(call)->name))
		bits |= HAS_LONG_NAME;
	if (scmi_has_events(call))
		bits |= TELLS_CHANGES | TELLS_REQUESTS;
	scmi_put32(call, bits);
	scmi_put_name(call, clock_of(call)->name, SHORT_NAME);
	scmi_put32(call, clock_of(call)->enable_delay);
	return SCMI_SUCCESS;
}

static int32_t describe_rates(struct call *call)
{
	const struct scmi_clock *clock = clock_of(call);
	uint32_t index = scmi_word(call, 4), total = clock->rate_count < 0xffff ? clock->rate_count : 0xffff;
	if (clock->is_range ? index != 0 : index >= total)
		return SCMI_OUT_OF_RANGE;
	uint32_t count = scmi_page(call, total, index, 8, MAX_RATES);
	if (count == 0 || (clock->is_range && count != total)) /* half a range says nothing */
		return SCMI_PROTOCOL_ERROR;
	scmi_put32(call, count | (total - index - count) << 16 | (clock->is_range ? RANGE : 0));
	for (uint32_t i = index; i < index + count; i++)
		scmi_put64(call, clock->rates[i]);
	return SCMI_SUCCESS;
}

static int32_t ask_rate(struct call *call)
{
	return call->config->driver->clock_rate(call->config->context, call->index, call->ticket, &call->job->values[0]);
}

static int32_t rate_get(struct call *call)
{
	scmi_put64(call, call->job->values[0]);
	return SCMI_SUCCESS;
}

/* Tells of the request that is being carried out, once: before its first effect, or when hardware has taken it. One that
 * is refused at once is none. */
static void tell_request(struct scmi_platform *platform)
{
	if (platform->is_requested) {
		platform->is_requested = false;
		scmi_tell(platform, &scmi_clock_protocol, NOTIFIES_REQUEST, platform->requested_clock,
			platform->requested_rate, platform->requested_ticket);
	}
}

static int32_t ask_to_set_rate(struct call *call)
{
	struct scmi_platform *platform = call->platform;
	uint32_t flags = scmi_word(call, 0);
	enum scmi_rounding rounding = SCMI_ROUND_DOWN;
	if ((permissions_of(call) & RATE_ALLOWED) == 0)
		return SCMI_DENIED;
	if ((flags & RATE_SET_ASYNC) != 0) {
		int32_t status = scmi_accept(call, (flags & RATE_SET_SILENT) != 0);
		if (status != SCMI_SUCCESS)
			return status;
	}
	if ((flags & RATE_SET_NEAREST) != 0)
		rounding = SCMI_ROUND_NEAREST;
	else if ((flags & RATE_SET_UP) != 0)
		rounding = SCMI_ROUND_UP;
	platform->is_requested = true;
	platform->requested_clock = call->index;
	platform->requested_ticket = call->ticket;
	platform->requested_rate = scmi_double_word(call, 8);
	int32_t status = call->config->driver->clock_set_rate(call->config->context, call->index, call->ticket,
		platform->requested_rate, rounding, &call->job->values[0]);
	if (status == SCMI_SUCCESS || status == SCMI_DELAYED)
		tell_request(platform);
	platform->is_requested = false;
	return status;
}

static int32_t rate_set(struct call *call)
{
	if ((call->job->flags & ASYNCHRONOUS) != 0)
		scmi_put64(call, call->job->values[0]);
	return SCMI_SUCCESS;
}

static int32_t ask_to_switch(struct call *call)
{
	uint32_t word = scmi_word(call, 4), type = word >> TYPE_SHIFT & 0xff, state = word & STATE;
	if ((permissions_of(call) & STATE_ALLOWED) == 0)
		return SCMI_DENIED;
	if (type != 0) /* nothing extends the configuration of a clock here */
		return call->length < 12 ? SCMI_PROTOCOL_ERROR : SCMI_INVALID_PARAMETERS;
	if (state != ENABLE && state != DISABLE)
		return SCMI_INVALID_PARAMETERS;
	return scmi_vote(call, state == ENABLE, call->config->driver->clock_switch);
}

static void switched(struct call *call) { scmi_voted(call, call->config->driver->clock_switch); }

static int32_t ask_config(struct call *call)
{
	return (scmi_word(call, 4) & 0xff) != 0 ? SCMI_INVALID_PARAMETERS : ask_state(call);
}

static int32_t config_get(struct call *call)
{
	scmi_put32(call, 0);
	scmi_put32(call, scmi_reads_on(call, call->job->values[0] != 0));
	scmi_put32(call, 0);
	return SCMI_SUCCESS;
}

static int32_t possible_parents(struct call *call)
{
	uint32_t skip = scmi_word(call, 4), total = parents_of(call), ignored;
	if (total == 0)
		return SCMI_NOT_SUPPORTED;
	if (skip >= total)
		return SCMI_OUT_OF_RANGE;
	uint32_t count = scmi_page(call, total, skip, 4, MAX_PARENTS);
	if (count == 0)
		return SCMI_PROTOCOL_ERROR;
	scmi_put32(call, count | (total - skip - count) << 24);
	for (uint32_t i = skip; i < skip + count; i++)
		scmi_put32(call, visible_parent(call, i, &ignored));
	return SCMI_SUCCESS;
}

static int32_t ask_to_set_parent(struct call *call)
{
	const struct scmi_clock *clock = clock_of(call);
	uint32_t index;
	unsigned rights;
	if ((permissions_of(call) & PARENT_ALLOWED) == 0)
		return SCMI_DENIED;
	if (parents_of(call) == 0)
		return SCMI_NOT_SUPPORTED;
	if (!scmi_find(call->platform, call->agent, SCMI_CLOCKS, scmi_word(call, 4), &index, &rights))
		return SCMI_NOT_FOUND;
	for (uint32_t i = 0; i < clock->parent_count; i++) {
		if (clock->parents[i] == index) {
			return call->config->driver->clock_set_parent(call->config->context, call->index, call->ticket, index);
		}
	}
	return SCMI_INVALID_PARAMETERS;
}

static int32_t ask_parent(struct call *call)
{
	uint16_t parent = 0;
	if (parents_of(call) == 0)
		return SCMI_NOT_SUPPORTED;
	int32_t status = call->config->driver->clock_parent(call->config->context, call->index, call->ticket, &parent);
	call->job->values[0] = parent;
	return status;
}

/* A parent that the agent does not see is DENIED: it is there, but to name it would be to show it. */
static int32_t parent_get(struct call *call)
{
	uint32_t id = scmi_id(call->platform, call->agent, SCMI_CLOCKS, (uint32_t)call->job->values[0]);
	if (id == ~(uint32_t)0)
		return SCMI_DENIED;
	scmi_put32(call, id);
	return SCMI_SUCCESS;
}

static int32_t get_permissions(struct call *call)
{
	scmi_put32(call, permissions_of(call));
	return SCMI_SUCCESS;
}

static const struct command commands[] = {
	{.id = 0x1, .reply = 4, .resource = NO_RESOURCE, .done = attributes},
	{.id = 0x3, .request = 4, .reply = 24, .ask = ask_state, .done = clock_attributes},
	{.id = 0x4, .request = 8, .reply = 4, .done = describe_rates},
	{.id = 0x5, .request = 16, .resource = 4, .rights = SCMI_MAY_SET_RATE, .reserved = ~15u, .ask = ask_to_set_rate,
		.done = rate_set},
	{.id = 0x6, .request = 4, .reply = 8, .ask = ask_rate, .done = rate_get},
	/* Agents of earlier versions send two words, Zephyr always three. */
	{.id = 0x7, .request = 8, .optional = 4, .rights = SCMI_MAY_SWITCH, .reserved_at = 4, .reserved = ~0xff0003u,
		.ask = ask_to_switch, .ended = switched},
	{.id = 0x8, .request = 4, .reply = 4 + LONG_NAME, .done = scmi_name_get},
	{.id = 0x9, .request = 8, .needs = NEEDS_EVENTS, .reserved_at = 4, .reserved = ~1u, .done = scmi_notify_changes},
	{.id = 0xa, .request = 8, .needs = NEEDS_EVENTS, .reserved_at = 4, .reserved = ~1u, .done = scmi_notify_requests},
	{.id = 0xb, .request = 8, .reply = 12, .reserved_at = 4, .reserved = ~0xffu, .ask = ask_config, .done = config_get},
	{.id = 0xc, .request = 8, .reply = 4, .done = possible_parents},
	{.id = 0xd, .request = 8, .rights = SCMI_MAY_SET_PARENT, .ask = ask_to_set_parent},
	{.id = 0xe, .request = 4, .reply = 4, .ask = ask_parent, .done = parent_get},
	{.id = 0xf, .request = 4, .reply = 4, .done = get_permissions},
};

const struct protocol scmi_clock_protocol = {SCMI_CLOCK, 0x30000, SCMI_CLOCKS, commands, SCMI_COUNT_OF(commands), name_of};

void scmi_clock_changed(struct scmi_platform *platform, unsigned index, uint64_t rate, uint32_t ticket)
{
	if (index < platform->config->counts[SCMI_CLOCKS]) {
		tell_request(platform);
		scmi_tell(platform, &scmi_clock_protocol, NOTIFIES_CHANGE, index, rate, ticket);
	}
}
