/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What all protocols of the platform library share: checks, jobs, votes, events; and the Base protocol. */
#include "scmi_protocol.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

enum { HEADER = 4, STATUS = 4, RESPONSE = 8 };
enum { TYPE_DELAYED = 2, TYPE_NOTIFICATION = 3, TYPE_SHIFT = 8, PROTOCOL_SHIFT = 10 };
enum { PROTOCOL_VERSION = 0, PROTOCOL_ATTRIBUTES = 1, MESSAGE_ATTRIBUTES = 2, NEGOTIATE = 0x10 };
enum { JOB_FREE, JOB_ASKED, JOB_WAITS, JOB_ENDED };
enum { MAX_TRIES = 4, CALLER = -1 };
static const uint32_t NONE = ~(uint32_t)0;

static const struct protocol *const protocols[] = {
	&scmi_base_protocol, &scmi_power_protocol, &scmi_clock_protocol, &scmi_sensor_protocol, &scmi_reset_protocol,
	&scmi_voltage_protocol
};

/* Bytes --------------------------------------------------------------------------------------------------------- */

static uint32_t get32(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void set32(uint8_t *to, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

uint32_t scmi_word(const struct call *call, uint32_t offset) { return get32(call->request + offset); }

uint64_t scmi_double_word(const struct call *call, uint32_t offset)
{
	return scmi_word(call, offset) | (uint64_t)scmi_word(call, offset + 4) << 32;
}

void scmi_put32(struct call *call, uint32_t value)
{
	set32(call->reply + call->used, value);
	call->used += 4;
}

void scmi_put64(struct call *call, uint64_t value)
{
	scmi_put32(call, (uint32_t)value);
	scmi_put32(call, (uint32_t)(value >> 32));
}

void scmi_put_name(struct call *call, const char *name, uint32_t bytes)
{
	uint8_t *to = call->reply + call->used;
	uint32_t i = 0;
	for (; i < bytes - 1 && name[i] != 0; i++)
		to[i] = (uint8_t)name[i];
	memset(to + i, 0, bytes - i);
	call->used += bytes;
}

uint32_t scmi_room(const struct call *call) { return call->capacity - call->used; }

static uint32_t length_of(const char *name, uint32_t most)
{
	uint32_t length = 0;
	while (length < most && name[length] != 0)
		length++;
	return length;
}

bool scmi_is_long(const char *name) { return length_of(name, SHORT_NAME) >= SHORT_NAME; }

uint32_t scmi_page(const struct call *call, uint32_t total, uint32_t index, uint32_t bytes, uint32_t most)
{
	uint32_t count = (scmi_room(call) - 4) / bytes;
	count = count < most ? count : most;
	return count < total - index ? count : total - index;
}

/* What an agent sees, and has ----------------------------------------------------------------------------------- */

static const struct scmi_view *view_of(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind)
{
	return platform->config->agents[agent].views[kind];
}

uint32_t scmi_count(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind)
{
	const struct scmi_view *view = view_of(platform, agent, kind);
	return view == NULL ? platform->config->counts[kind] : view->count;
}

bool scmi_find(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind, uint32_t id, uint32_t *index,
		unsigned *rights)
{
	const struct scmi_view *view = view_of(platform, agent, kind);
	if (id >= scmi_count(platform, agent, kind))
		return false;
	*index = view == NULL ? id : view->grants[id].index;
	*rights = view == NULL ? (unsigned)SCMI_MAY_ALL : view->grants[id].rights;
	return true;
}

uint32_t scmi_id(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind, uint32_t index)
{
	const struct scmi_view *view = view_of(platform, agent, kind);
	if (view == NULL)
		return index;
	for (uint32_t id = 0; id < view->count; id++) {
		if (view->grants[id].index == index)
			return id;
	}
	return NONE;
}

uint8_t *scmi_flags(const struct scmi_platform *platform, unsigned agent, enum scmi_kind kind, uint32_t index)
{
	for (unsigned before = 0; before < (unsigned)kind; before++)
		index += platform->config->counts[before];
	return platform->states[agent].flags + index;
}

bool scmi_has_events(const struct call *call) { return call->platform->states[call->agent].has_events; }

/* Jobs ---------------------------------------------------------------------------------------------------------- */

static uint32_t ticket_of(const struct scmi_platform *platform, unsigned agent, const struct scmi_job *job)
{
	uint32_t slot = (uint32_t)(job - platform->states[agent].jobs);
	return (uint32_t)agent << 16 | slot << 8 | job->generation;
}

static uint32_t causer_of(uint32_t ticket) { return ticket == 0 ? 0 : (ticket >> 16) + 1; }

static struct scmi_job *free_job(struct scmi_agent_state *state)
{
	for (unsigned i = 0; i < SCMI_PLATFORM_JOBS; i++) {
		if (state->jobs[i].state == JOB_FREE)
			return &state->jobs[i];
	}
	return NULL;
}

static void take_job(struct scmi_job *job, uint32_t header, uint32_t cookie, uint32_t id, uint32_t index)
{
	uint8_t generation = (uint8_t)(job->generation + 1);
	memset(job, 0, sizeof *job);
	job->generation = generation == 0 ? 1 : generation; /* so that no ticket is 0 */
	job->state = JOB_ASKED;
	job->header = header;
	job->cookie = cookie;
	job->id = id;
	job->index = index;
}

int32_t scmi_accept(struct call *call, bool is_silent)
{
	struct scmi_agent_state *state = &call->platform->states[call->agent];
	if (!state->has_events)
		return SCMI_NOT_SUPPORTED;
	if (free_job(state) == NULL)
		return SCMI_BUSY; /* this one is the last, and kept for those whose reply is awaited */
	call->job->flags |= (uint8_t)(is_silent ? ASYNCHRONOUS | SILENT : ASYNCHRONOUS);
	return SCMI_SUCCESS;
}

/* Votes --------------------------------------------------------------------------------------------------------- */

static bool is_voted_for(const struct scmi_platform *platform, enum scmi_kind kind, uint32_t index, unsigned but)
{
	for (unsigned agent = 0; agent < platform->config->agent_count; agent++) {
		if (agent != but && (*scmi_flags(platform, agent, kind, index) & VOTE) != 0)
			return true;
	}
	return false;
}

static const struct protocol *protocol_of(uint32_t header);
static const struct command *command_of(const struct protocol *protocol, uint32_t id);

/* Whether a vote for a resource, of any agent, is on its way through the hardware. */
static bool is_switching(const struct scmi_platform *platform, const struct protocol *protocol, uint32_t index)
{
	for (unsigned agent = 0; agent < platform->config->agent_count; agent++) {
		for (unsigned i = 0; i < SCMI_PLATFORM_JOBS; i++) {
			const struct scmi_job *job = &platform->states[agent].jobs[i];
			if (job->state == JOB_WAITS && job->index == index && protocol_of(job->header) == protocol
					&& (command_of(protocol, job->header & 0xff)->rights & SCMI_MAY_SWITCH) != 0)
				return true;
		}
	}
	return false;
}

static void set_vote(uint8_t *flags, unsigned vote)
{
	*flags = (uint8_t)(((unsigned)*flags & ~(unsigned)(VOTE | ASKED_OFF)) | vote);
}

int32_t scmi_vote(struct call *call, bool on, scmi_switch *set)
{
	enum scmi_kind kind = call->protocol->kind;
	uint8_t *flags = scmi_flags(call->platform, call->agent, kind, call->index);
	unsigned wanted = on ? VOTE : ASKED_OFF, before = *flags & (VOTE | ASKED_OFF);
	if (is_switching(call->platform, call->protocol, call->index))
		return SCMI_BUSY;
	call->job->before = (uint8_t)before;
	call->job->flags |= (uint8_t)(on ? VOTED | HOLDS : VOTED);
	set_vote(flags, wanted);
	if (before == wanted || is_voted_for(call->platform, kind, call->index, call->agent))
		return SCMI_SUCCESS;
	return set(call->config->context, call->index, call->ticket, on);
}

void scmi_voted(struct call *call, scmi_switch *set)
{
	enum scmi_kind kind = call->protocol->kind;
	struct scmi_job *job = call->job;
	uint8_t *flags = scmi_flags(call->platform, call->agent, kind, call->index);
	if ((job->flags & VOTED) == 0)
		return; /* it was refused before it could */
	if ((job->flags & REVOKED) != 0) {
		/* What the agent asked for came after it had given everything up. */
		if (job->status == SCMI_SUCCESS && (job->flags & HOLDS) != 0
				&& !is_voted_for(call->platform, kind, call->index, NONE)) {
			job->status = SCMI_BUSY;
			set(call->config->context, call->index, 0, false);
		}
	} else if (job->status != SCMI_SUCCESS) {
		set_vote(flags, job->before);
	}
}

/* What is on its way is seen to when it has ended: scmi_voted. */
static void release_votes(struct scmi_platform *platform, unsigned agent, const struct protocol *protocol, bool keeps_votes,
		scmi_switch *set)
{
	enum scmi_kind kind = protocol->kind;
	for (uint32_t index = 0; index < platform->config->counts[kind]; index++) {
		uint8_t *flags = scmi_flags(platform, agent, kind, index);
		unsigned votes = *flags & (VOTE | ASKED_OFF);
		*flags = (uint8_t)(keeps_votes ? votes : 0);
		if (!keeps_votes && (votes & VOTE) != 0 && !is_switching(platform, protocol, index)
				&& !is_voted_for(platform, kind, index, NONE))
			set(platform->config->context, index, 0, false);
	}
}

bool scmi_reads_on(const struct call *call, bool is_on)
{
	return is_on && (*scmi_flags(call->platform, call->agent, call->protocol->kind, call->index) & ASKED_OFF) == 0;
}

/* Events -------------------------------------------------------------------------------------------------------- */

static void remove_event(struct scmi_agent_state *state, unsigned at)
{
	for (state->event_count--; at < state->event_count; at++)
		state->events[at] = state->events[at + 1];
}

void scmi_tell_agent(struct scmi_platform *platform, unsigned agent, const struct protocol *protocol,
		unsigned notification, uint32_t index, uint64_t value, uint32_t ticket)
{
	struct scmi_agent_state *state = &platform->states[agent];
	unsigned wants = notification == NOTIFIES_CHANGE ? WANTS_CHANGES : WANTS_REQUESTS;
	/* A later rate or state says all that an earlier one said; a request, a reset and a trip point do not. */
	bool is_state = notification == NOTIFIES_CHANGE && (protocol->id == SCMI_CLOCK || protocol->id == SCMI_POWER);
	if (!state->has_events || (*scmi_flags(platform, agent, protocol->kind, index) & wants) == 0)
		return;
	for (unsigned i = 0; is_state && i < state->event_count; i++) {
		const struct scmi_event *event = &state->events[i];
		if (event->protocol == protocol->id && event->message == notification && event->index == index)
			remove_event(state, i--);
	}
	if (state->event_count == SCMI_PLATFORM_EVENTS) {
		remove_event(state, 0);
		state->dropped++;
	}
	state->events[state->event_count++] = (struct scmi_event){.protocol = (uint8_t)protocol->id,
		.message = (uint8_t)notification, .causer = (uint8_t)causer_of(ticket), .index = index, .value = value};
}

void scmi_tell(struct scmi_platform *platform, const struct protocol *protocol, unsigned notification, uint32_t index,
		uint64_t value, uint32_t ticket)
{
	for (unsigned agent = 0; agent < platform->config->agent_count; agent++)
		scmi_tell_agent(platform, agent, protocol, notification, index, value, ticket);
}

/* Handlers that several protocols have -------------------------------------------------------------------------- */

static int32_t notify(struct call *call, unsigned flag)
{
	uint8_t *flags = scmi_flags(call->platform, call->agent, call->protocol->kind, call->index);
	*flags = (uint8_t)((scmi_word(call, 4) & 1) != 0 ? *flags | flag : *flags & ~flag);
	return SCMI_SUCCESS;
}

int32_t scmi_notify_changes(struct call *call) { return notify(call, WANTS_CHANGES); }

int32_t scmi_notify_requests(struct call *call) { return notify(call, WANTS_REQUESTS); }

int32_t scmi_name_get(struct call *call)
{
	const char *name = call->protocol->name(call->config, call->index);
	if (!scmi_is_long(name))
		return SCMI_NOT_SUPPORTED;
	scmi_put32(call, 0);
	scmi_put_name(call, name, LONG_NAME);
	return SCMI_SUCCESS;
}

static int32_t protocol_version(struct call *call)
{
	scmi_put32(call, call->protocol->version);
	return SCMI_SUCCESS;
}

/* What lower minor versions do differently is only that they do not know this command. So nothing is remembered. */
static int32_t negotiate(struct call *call)
{
	uint32_t version = scmi_word(call, 0), own = call->protocol->version;
	return version >> 16 == own >> 16 && version <= own ? SCMI_SUCCESS : SCMI_NOT_SUPPORTED;
}

static bool is_there(const struct call *call, const struct command *command)
{
	const struct scmi_platform_driver *driver = call->config->driver;
	return ((command->needs & NEEDS_SENSOR_CONFIG) == 0 || driver->sensor_config != NULL)
		&& ((command->needs & NEEDS_TRIP_POINTS) == 0 || driver->sensor_trip_point != NULL);
}

static int32_t message_attributes(struct call *call)
{
	const struct command *command = command_of(call->protocol, scmi_word(call, 0));
	if (command == NULL || !is_there(call, command)
			|| ((command->needs & NEEDS_EVENTS) != 0 && !scmi_has_events(call)))
		return SCMI_NOT_FOUND;
	scmi_put32(call, 0);
	return SCMI_SUCCESS;
}

static const struct command common[] = {
	{.id = PROTOCOL_VERSION, .reply = 4, .resource = NO_RESOURCE, .done = protocol_version},
	{.id = MESSAGE_ATTRIBUTES, .request = 4, .reply = 4, .resource = NO_RESOURCE, .done = message_attributes},
	{.id = NEGOTIATE, .request = 4, .resource = NO_RESOURCE, .done = negotiate},
};

/* Base ---------------------------------------------------------------------------------------------------------- */

static bool is_offered(const struct scmi_platform *platform, unsigned agent, const struct protocol *protocol)
{
	return protocol->kind == SCMI_KINDS || scmi_count(platform, agent, protocol->kind) > 0;
}

/* What the agent is offered beside Base: how many, or the one at a position. */
static uint32_t offered(const struct call *call, uint32_t position)
{
	uint32_t count = 0;
	for (unsigned i = 1; i < SCMI_COUNT_OF(protocols); i++) {
		if (is_offered(call->platform, call->agent, protocols[i]) && count++ == position)
			return protocols[i]->id;
	}
	return position == NONE ? count : NONE;
}

static int32_t base_attributes(struct call *call)
{
	scmi_put32(call, offered(call, NONE) | call->config->agent_count << 8);
	return SCMI_SUCCESS;
}

static int32_t base_vendor(struct call *call)
{
	scmi_put_name(call, call->config->vendor, SHORT_NAME);
	return SCMI_SUCCESS;
}

static int32_t base_sub_vendor(struct call *call)
{
	const char *name = call->config->sub_vendor;
	scmi_put_name(call, name == NULL ? "" : name, SHORT_NAME);
	return SCMI_SUCCESS;
}

static int32_t base_implementation_version(struct call *call)
{
	scmi_put32(call, call->config->implementation_version);
	return SCMI_SUCCESS;
}

static int32_t base_list_protocols(struct call *call)
{
	uint32_t skip = scmi_word(call, 0), total = offered(call, NONE);
	if (skip > total)
		return SCMI_INVALID_PARAMETERS;
	uint32_t fit = (scmi_room(call) - 4) / 4 * 4, count = total - skip < fit ? total - skip : fit;
	if (skip < total && count == 0)
		return SCMI_PROTOCOL_ERROR;
	scmi_put32(call, count);
	for (uint32_t i = 0; i < count; i += 4) {
		uint32_t ids = 0;
		for (uint32_t j = i; j < i + 4 && j < count; j++)
			ids |= offered(call, skip + j) << 8 * (j - i);
		scmi_put32(call, ids);
	}
	return SCMI_SUCCESS;
}

static int32_t base_discover_agent(struct call *call)
{
	uint32_t id = scmi_word(call, 0);
	if (id == (uint32_t)CALLER)
		id = call->agent + 1;
	if (id > call->config->agent_count)
		return SCMI_NOT_FOUND;
	scmi_put32(call, id);
	scmi_put_name(call, id == 0 ? "platform" : call->config->agents[id - 1].name, SHORT_NAME);
	return SCMI_SUCCESS;
}

/* Gives up what an agent wants to be told, and holds; and marks what it has under way. */
static void release(struct scmi_platform *platform, unsigned agent, unsigned job_flags)
{
	bool keeps_votes = (job_flags & REVOKED) == 0;
	const struct scmi_platform_config *config = platform->config;
	struct scmi_agent_state *state = &platform->states[agent];
	state->event_count = 0;
	for (unsigned i = 0; i < SCMI_PLATFORM_JOBS; i++) {
		if (state->jobs[i].state == JOB_WAITS)
			state->jobs[i].flags |= (uint8_t)job_flags;
		else if (state->jobs[i].state == JOB_ENDED && (job_flags & SILENT) != 0)
			state->jobs[i].state = JOB_FREE;
	}
	for (uint32_t index = 0; index < config->counts[SCMI_SENSORS]; index++) {
		uint8_t *flags = scmi_flags(platform, agent, SCMI_SENSORS, index);
		unsigned trip_points = (*flags & HAS_TRIP_POINTS) != 0 ? config->sensors[index].trip_points : 0;
		*flags = 0;
		for (unsigned i = 0; i < trip_points; i++)
			config->driver->sensor_trip_point(config->context, index, agent, i, 0, 0);
	}
	for (uint32_t index = 0; index < config->counts[SCMI_RESETS]; index++)
		*scmi_flags(platform, agent, SCMI_RESETS, index) = 0;
	release_votes(platform, agent, &scmi_power_protocol, keeps_votes, config->driver->power_switch);
	release_votes(platform, agent, &scmi_clock_protocol, keeps_votes, config->driver->clock_switch);
	release_votes(platform, agent, &scmi_voltage_protocol, keeps_votes, config->driver->supply_switch);
}

static int32_t base_reset_agent_configuration(struct call *call)
{
	uint32_t id = scmi_word(call, 0);
	if (id != call->agent + 1) /* to reset others is for trusted agents, and none is */
		return SCMI_DENIED;
	release(call->platform, call->agent, REVOKED);
	return SCMI_SUCCESS;
}

static const struct command base_commands[] = {
	{.id = PROTOCOL_ATTRIBUTES, .reply = 4, .resource = NO_RESOURCE, .done = base_attributes},
	{.id = 0x3, .reply = SHORT_NAME, .resource = NO_RESOURCE, .done = base_vendor},
	{.id = 0x4, .reply = SHORT_NAME, .resource = NO_RESOURCE, .done = base_sub_vendor},
	{.id = 0x5, .reply = 4, .resource = NO_RESOURCE, .done = base_implementation_version},
	{.id = 0x6, .request = 4, .reply = 4, .resource = NO_RESOURCE, .done = base_list_protocols},
	{.id = 0x7, .request = 4, .reply = 4 + SHORT_NAME, .resource = NO_RESOURCE, .done = base_discover_agent},
	{.id = 0xb, .request = 8, .resource = NO_RESOURCE, .reserved_at = 4, .reserved = ~1u,
		.done = base_reset_agent_configuration},
};

const struct protocol scmi_base_protocol = {SCMI_BASE, 0x20001, SCMI_KINDS, base_commands,
	SCMI_COUNT_OF(base_commands), NULL};

/* Messages ------------------------------------------------------------------------------------------------------ */

static const struct protocol *protocol_of(uint32_t header)
{
	for (unsigned i = 0; i < SCMI_COUNT_OF(protocols); i++) {
		if (protocols[i]->id == (header >> PROTOCOL_SHIFT & 0xff))
			return protocols[i];
	}
	return NULL;
}

static const struct command *command_in(const struct command *commands, uint32_t count, uint32_t id)
{
	for (uint32_t i = 0; i < count; i++) {
		if (commands[i].id == id)
			return &commands[i];
	}
	return NULL;
}

static const struct command *command_of(const struct protocol *protocol, uint32_t id)
{
	const struct command *own = command_in(protocol->commands, protocol->count, id);
	return own != NULL ? own : command_in(common, SCMI_COUNT_OF(common), id);
}

/* What every command has to pass; and the resource that it names. */
static int32_t check(struct call *call, const struct command *command)
{
	if (command == NULL || !is_there(call, command))
		return SCMI_NOT_FOUND;
	if (call->length != command->request && call->length != (uint32_t)command->request + command->optional)
		return SCMI_PROTOCOL_ERROR;
	if (command->resource != NO_RESOURCE) {
		call->id = scmi_word(call, command->resource);
		if (!scmi_find(call->platform, call->agent, call->protocol->kind, call->id, &call->index, &call->rights))
			return SCMI_NOT_FOUND;
		if ((command->rights & ~call->rights) != 0)
			return SCMI_DENIED;
	}
	if (command->reserved != 0 && (scmi_word(call, command->reserved_at) & command->reserved) != 0)
		return SCMI_INVALID_PARAMETERS;
	if ((command->needs & NEEDS_EVENTS) != 0 && !scmi_has_events(call))
		return SCMI_NOT_SUPPORTED;
	return scmi_room(call) < command->reply ? SCMI_PROTOCOL_ERROR : SCMI_SUCCESS;
}

/* A command that the hardware is asked for: it ends here and now, or is a job until it does. */
static int32_t ask(struct call *call, const struct command *command, uint32_t header, uint32_t cookie)
{
	struct scmi_job *job = free_job(&call->platform->states[call->agent]);
	if (job == NULL)
		return SCMI_BUSY;
	take_job(job, header, cookie, call->id, call->index);
	call->job = job;
	call->ticket = ticket_of(call->platform, call->agent, job);
	int32_t status = command->ask(call);
	bool is_asynchronous = (job->flags & ASYNCHRONOUS) != 0;
	if (status == SCMI_DELAYED) {
		job->state = JOB_WAITS;
		return is_asynchronous ? SCMI_SUCCESS : SCMI_DELAYED;
	}
	job->status = status;
	if (command->ended != NULL)
		command->ended(call);
	bool is_told_later = job->status == SCMI_SUCCESS && is_asynchronous && (job->flags & SILENT) == 0;
	job->state = is_told_later ? JOB_ENDED : JOB_FREE;
	if (job->status == SCMI_SUCCESS && !is_asynchronous && command->done != NULL)
		return command->done(call);
	return job->status;
}

int32_t scmi_platform_handle(struct scmi_platform *platform, unsigned agent, const void *message, uint32_t length,
		void *reply, uint32_t capacity, uint32_t cookie)
{
	if (length < HEADER || capacity < RESPONSE || agent >= platform->config->agent_count)
		return 0;
	uint32_t header = get32(message);
	if ((header >> TYPE_SHIFT & 3) != 0)
		return 0;
	struct call call = {.platform = platform, .config = platform->config, .agent = agent,
		.protocol = protocol_of(header), .request = (const uint8_t *)message + HEADER, .length = length - HEADER,
		.reply = (uint8_t *)reply + RESPONSE, .capacity = capacity - RESPONSE};
	int32_t status = SCMI_NOT_SUPPORTED;
	if (call.protocol != NULL && is_offered(platform, agent, call.protocol)) {
		const struct command *command = command_of(call.protocol, header & 0xff);
		status = check(&call, command);
		if (status == SCMI_SUCCESS)
			status = command->ask != NULL ? ask(&call, command, header, cookie) : command->done(&call);
		if (status == SCMI_DELAYED)
			return SCMI_LATER;
	}
	set32(reply, header);
	set32((uint8_t *)reply + HEADER, (uint32_t)status);
	return (int32_t)(RESPONSE + (status == SCMI_SUCCESS ? call.used : 0));
}

/* The reply or the delayed response of a job that has ended; `to` has room for it. */
static uint32_t render(struct scmi_platform *platform, unsigned agent, struct scmi_job *job, uint8_t *to)
{
	const struct protocol *protocol = protocol_of(job->header);
	const struct command *command = command_of(protocol, job->header & 0xff);
	bool is_asynchronous = (job->flags & ASYNCHRONOUS) != 0;
	struct call call = {.platform = platform, .config = platform->config, .agent = agent, .protocol = protocol,
		.id = job->id, .job = job, .reply = to + RESPONSE, .capacity = command->reply};
	(void)scmi_find(platform, agent, protocol->kind, job->id, &call.index, &call.rights);
	int32_t status = job->status;
	if (status == SCMI_SUCCESS && is_asynchronous)
		scmi_put32(&call, call.id);
	if (status == SCMI_SUCCESS && command->done != NULL)
		status = command->done(&call);
	set32(to, is_asynchronous ? (job->header & 0x0fffffff) | TYPE_DELAYED << TYPE_SHIFT : job->header);
	set32(to + HEADER, (uint32_t)status);
	job->state = JOB_FREE;
	return RESPONSE + (status == SCMI_SUCCESS ? call.used : 0);
}

uint32_t scmi_platform_late_reply(struct scmi_platform *platform, unsigned agent, void *reply, uint32_t *cookie)
{
	for (unsigned i = 0; i < SCMI_PLATFORM_JOBS; i++) {
		struct scmi_job *job = &platform->states[agent].jobs[i];
		if (job->state == JOB_ENDED && (job->flags & ASYNCHRONOUS) == 0) {
			*cookie = job->cookie;
			return render(platform, agent, job, reply);
		}
	}
	return 0;
}

/* A notification; 0 bytes if the agent does not want it any more. */
static uint32_t render_event(struct scmi_platform *platform, unsigned agent, const struct scmi_event *event, uint8_t *to)
{
	uint32_t header = event->message | TYPE_NOTIFICATION << TYPE_SHIFT | (uint32_t)event->protocol << PROTOCOL_SHIFT;
	const struct protocol *protocol = protocol_of(header);
	unsigned wants = event->message == NOTIFIES_CHANGE ? WANTS_CHANGES : WANTS_REQUESTS;
	if ((*scmi_flags(platform, agent, protocol->kind, event->index) & wants) == 0)
		return 0;
	set32(to, header);
	set32(to + 4, event->causer);
	set32(to + 8, scmi_id(platform, agent, protocol->kind, event->index));
	set32(to + 12, (uint32_t)event->value);
	if (event->protocol != SCMI_CLOCK)
		return 16;
	set32(to + 16, (uint32_t)(event->value >> 32));
	return 20;
}

bool scmi_platform_has_event(const struct scmi_platform *platform, unsigned agent)
{
	const struct scmi_agent_state *state = &platform->states[agent];
	for (unsigned i = 0; i < SCMI_PLATFORM_JOBS; i++) {
		if (state->jobs[i].state == JOB_ENDED && (state->jobs[i].flags & ASYNCHRONOUS) != 0)
			return true;
	}
	return state->event_count > 0;
}

int32_t scmi_platform_next_event(struct scmi_platform *platform, unsigned agent, void *event, uint32_t capacity)
{
	struct scmi_agent_state *state = &platform->states[agent];
	uint8_t bytes[RESPONSE + 4 + 16];
	bool waits = false;
	for (unsigned i = 0; i < SCMI_PLATFORM_JOBS; i++) {
		struct scmi_job *job = &state->jobs[i];
		if (job->state != JOB_ENDED || (job->flags & ASYNCHRONOUS) == 0)
			continue;
		uint32_t length = render(platform, agent, job, bytes);
		if (length <= capacity) {
			memcpy(event, bytes, length);
			return (int32_t)length;
		}
		job->state = JOB_ENDED;
		waits = true;
	}
	for (unsigned i = 0; i < state->event_count;) {
		uint32_t length = render_event(platform, agent, &state->events[i], bytes);
		bool fits = length <= capacity;
		if (fits || ++state->events[i].tries == MAX_TRIES) {
			state->dropped += !fits;
			remove_event(state, i);
			if (fits && length > 0) {
				memcpy(event, bytes, length);
				return (int32_t)length;
			}
		} else {
			waits = true;
			i++;
		}
	}
	return waits ? SCMI_TOO_SMALL : 0;
}

/* Coming and going ---------------------------------------------------------------------------------------------- */

void scmi_platform_complete(struct scmi_platform *platform, uint32_t ticket, int32_t status, uint64_t value,
		uint64_t timestamp)
{
	uint32_t agent = ticket >> 16, slot = ticket >> 8 & 0xff;
	if (ticket == 0 || agent >= platform->config->agent_count || slot >= SCMI_PLATFORM_JOBS)
		return;
	struct scmi_job *job = &platform->states[agent].jobs[slot];
	if (job->state != JOB_WAITS || job->generation != (ticket & 0xff))
		return;
	const struct protocol *protocol = protocol_of(job->header);
	const struct command *command = command_of(protocol, job->header & 0xff);
	struct call call = {.platform = platform, .config = platform->config, .agent = agent, .protocol = protocol,
		.id = job->id, .index = job->index, .job = job, .ticket = ticket};
	job->status = status > 0 ? SCMI_GENERIC_ERROR : status;
	job->values[0] = value;
	job->values[1] = timestamp;
	job->state = JOB_ASKED; /* its vote is no longer on its way */
	if (command->ended != NULL)
		command->ended(&call);
	job->state = (job->flags & SILENT) != 0 ? JOB_FREE : JOB_ENDED;
}

void scmi_platform_reset(struct scmi_platform *platform, unsigned agent, bool has_events, bool keeps_votes)
{
	release(platform, agent, keeps_votes ? SILENT : REVOKED | SILENT);
	platform->states[agent].has_events = has_events;
}

static bool is_name(const char *name, uint32_t most)
{
	return name != NULL && name[0] != 0 && length_of(name, most + 1) <= most;
}

static bool is_view(const struct scmi_platform_config *config, const struct scmi_view *view, unsigned kind)
{
	for (uint32_t i = 0; view != NULL && i < view->count; i++) {
		if (view->grants[i].index >= config->counts[kind])
			return false;
		for (uint32_t j = 0; j < i; j++) {
			if (view->grants[j].index == view->grants[i].index)
				return false;
		}
	}
	return true;
}

static bool is_clock(const struct scmi_platform_config *config, const struct scmi_clock *clock)
{
	if (clock->rates == NULL || clock->rate_count == 0 || (clock->is_range && clock->rate_count != 3)
			|| clock->parent_count > 0xff || (clock->parent_count > 0 && config->driver->clock_parent == NULL))
		return false;
	for (uint32_t i = 0; i < clock->parent_count; i++) {
		if (clock->parents[i] >= config->counts[SCMI_CLOCKS])
			return false;
	}
	return true;
}

static bool is_supply(const struct scmi_supply *supply)
{
	return supply->levels != NULL && supply->level_count != 0 && (!supply->is_range || supply->level_count == 3);
}

/* What callbacks there must be, given what is in the tables. */
static bool has_callbacks(const struct scmi_platform_config *config)
{
	const struct scmi_platform_driver *driver = config->driver;
	const uint32_t *counts = config->counts;
	return (counts[SCMI_POWER_DOMAINS] == 0 || driver->power_is_on != NULL)
		&& (counts[SCMI_CLOCKS] == 0 || (driver->clock_rate != NULL && driver->clock_is_on != NULL))
		&& (counts[SCMI_SENSORS] == 0 || driver->sensor_read != NULL)
		&& (counts[SCMI_RESETS] == 0 || driver->reset != NULL)
		&& (counts[SCMI_SUPPLIES] == 0 || (driver->supply_level != NULL && driver->supply_is_on != NULL))
		&& (driver->sensor_config == NULL) == (driver->sensor_set_config == NULL);
}

int32_t scmi_platform_init(struct scmi_platform *platform, const struct scmi_platform_config *config,
		struct scmi_agent_state *states, uint8_t *flags, size_t size)
{
	uint32_t resources = 0;
	if (!is_name(config->vendor, SHORT_NAME - 1) || config->driver == NULL || config->agents == NULL
			|| config->agent_count == 0 || config->agent_count > 0xff || states == NULL || flags == NULL)
		return SCMI_BAD_CONFIG;
	for (unsigned i = 1; i < SCMI_COUNT_OF(protocols); i++) {
		const struct protocol *protocol = protocols[i];
		uint32_t count = config->counts[protocol->kind];
		if (count > 0xffff)
			return SCMI_BAD_CONFIG;
		for (uint32_t index = 0; index < count; index++) {
			if (!is_name(protocol->name(config, index), LONG_NAME - 1)
					|| (protocol->id == SCMI_CLOCK && !is_clock(config, &config->clocks[index]))
					|| (protocol->id == SCMI_VOLTAGE && !is_supply(&config->supplies[index])))
				return SCMI_BAD_CONFIG;
		}
		resources += count;
	}
	if (!has_callbacks(config) || size < (size_t)config->agent_count * resources)
		return SCMI_BAD_CONFIG;
	for (unsigned agent = 0; agent < config->agent_count; agent++) {
		if (!is_name(config->agents[agent].name, SHORT_NAME - 1))
			return SCMI_BAD_CONFIG;
		for (unsigned kind = 0; kind < SCMI_KINDS; kind++) {
			if (!is_view(config, config->agents[agent].views[kind], kind))
				return SCMI_BAD_CONFIG;
		}
	}
	memset(platform, 0, sizeof *platform);
	memset(states, 0, config->agent_count * sizeof *states);
	memset(flags, 0, (size_t)config->agent_count * resources);
	for (unsigned agent = 0; agent < config->agent_count; agent++)
		states[agent].flags = flags + agent * resources;
	platform->config = config;
	platform->states = states;
	return 0;
}
