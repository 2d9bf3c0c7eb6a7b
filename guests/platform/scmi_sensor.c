/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The Sensor protocol 3.1 of the platform library: scalar sensors, with trip points if the hardware can. */
#include "scmi_protocol.h"

enum { DESCRIPTOR = 52, MAX_DESCRIPTORS = 0xfff, EXTENDED = 1 << 8, TIMESTAMPS = 1 << 9 };
enum { WITH_TIMESTAMPS = 2, UPWARDS = 1 << 16 };
static const uint32_t CAN_BE_ASYNCHRONOUS = 1u << 31, HAS_LONG_NAME = 1u << 29;

static const struct scmi_sensor *sensor_of(const struct call *call) { return &call->config->sensors[call->index]; }

static const char *name_of(const struct scmi_platform_config *config, uint32_t index)
{
	return config->sensors[index].name;
}

static unsigned trip_points_of(const struct call *call, const struct scmi_sensor *sensor)
{
	return call->config->driver->sensor_trip_point == NULL ? 0 : sensor->trip_points;
}

static uint32_t five_bits(int8_t exponent) { return (uint32_t)exponent & 0x1f; }

static int32_t attributes(struct call *call)
{
	uint32_t count = scmi_count(call->platform, call->agent, SCMI_SENSORS), pending = 0, index;
	unsigned rights;
	for (uint32_t id = 0; id < count && scmi_has_events(call); id++) {
		if (scmi_find(call->platform, call->agent, SCMI_SENSORS, id, &index, &rights)
				&& call->config->sensors[index].is_asynchronous)
			pending = SCMI_PLATFORM_JOBS - 1;
	}
	scmi_put32(call, count | pending << 16);
	for (int i = 0; i < 3; i++)
		scmi_put32(call, 0); /* there are no registers of sensors in shared memory */
	return SCMI_SUCCESS;
}

static void put_descriptor(struct call *call, uint32_t id, const struct scmi_sensor *sensor)
{
	bool has_events = scmi_has_events(call);
	uint32_t low = EXTENDED | (has_events ? trip_points_of(call, sensor) : 0);
	if (sensor->is_asynchronous && has_events)
		low |= CAN_BE_ASYNCHRONOUS;
	if (scmi_is_long(sensor->name))
		low |= HAS_LONG_NAME;
	if (sensor->has_timestamps)
		low |= TIMESTAMPS | five_bits(sensor->timestamp_exponent) << 10;
	scmi_put32(call, id);
	scmi_put32(call, low);
	scmi_put32(call, sensor->type | five_bits(sensor->exponent) << 11);
	scmi_put_name(call, sensor->name, SHORT_NAME);
	scmi_put32(call, 0); /* the power that it takes is not known */
	scmi_put32(call, (sensor->resolution & 0x7ffffff) | five_bits(sensor->resolution_exponent) << 27);
	scmi_put64(call, (uint64_t)sensor->min);
	scmi_put64(call, (uint64_t)sensor->max);
}

static int32_t description_get(struct call *call)
{
	uint32_t first = scmi_word(call, 0), total = scmi_count(call->platform, call->agent, SCMI_SENSORS), index = 0;
	unsigned rights;
	if (first >= total)
		return SCMI_INVALID_PARAMETERS;
	uint32_t count = scmi_page(call, total, first, DESCRIPTOR, MAX_DESCRIPTORS);
	if (count == 0)
		return SCMI_PROTOCOL_ERROR;
	scmi_put32(call, count | (total - first - count) << 16);
	for (uint32_t id = first; id < first + count; id++) {
		(void)scmi_find(call->platform, call->agent, SCMI_SENSORS, id, &index, &rights);
		put_descriptor(call, id, &call->config->sensors[index]);
	}
	return SCMI_SUCCESS;
}

static int32_t trip_point_notify(struct call *call)
{
	return trip_points_of(call, sensor_of(call)) == 0 ? SCMI_NOT_SUPPORTED : scmi_notify_changes(call);
}

static int32_t trip_point_config(struct call *call)
{
	uint32_t control = scmi_word(call, 4), trip_point = control >> 4 & 0xff;
	unsigned count = trip_points_of(call, sensor_of(call));
	if (trip_point >= (count == 0 ? 1 : count))
		return SCMI_INVALID_PARAMETERS;
	if (count == 0)
		return SCMI_NOT_SUPPORTED; /* it has not even the first */
	int32_t status = call->config->driver->sensor_trip_point(call->config->context, call->index, call->agent, trip_point,
		control & 3, (int64_t)scmi_double_word(call, 8));
	if (status == SCMI_SUCCESS)
		*scmi_flags(call->platform, call->agent, SCMI_SENSORS, call->index) |= HAS_TRIP_POINTS;
	return status > 0 ? SCMI_GENERIC_ERROR : status;
}

static int32_t ask_reading(struct call *call)
{
	int64_t value = 0;
	if ((scmi_word(call, 4) & 1) != 0) {
		int32_t status = sensor_of(call)->is_asynchronous ? scmi_accept(call, false) : SCMI_NOT_SUPPORTED;
		if (status != SCMI_SUCCESS)
			return status;
	}
	int32_t status = call->config->driver->sensor_read(call->config->context, call->index, call->ticket, &value,
		&call->job->values[1]);
	call->job->values[0] = (uint64_t)value;
	return status;
}

static int32_t reading_get(struct call *call)
{
	scmi_put64(call, call->job->values[0]);
	scmi_put64(call, call->job->values[1]);
	return SCMI_SUCCESS;
}

static int32_t ask_config(struct call *call)
{
	uint32_t config = 0;
	int32_t status = call->config->driver->sensor_config(call->config->context, call->index, call->ticket, &config);
	call->job->values[0] = config;
	return status;
}

static int32_t config_get(struct call *call)
{
	scmi_put32(call, (uint32_t)call->job->values[0]);
	return SCMI_SUCCESS;
}

static int32_t ask_to_configure(struct call *call)
{
	uint32_t config = scmi_word(call, 4);
	if ((config & WITH_TIMESTAMPS) != 0 && !sensor_of(call)->has_timestamps)
		return SCMI_NOT_SUPPORTED;
	return call->config->driver->sensor_set_config(call->config->context, call->index, call->ticket, config);
}

static const struct command commands[] = {
	{.id = 0x1, .reply = 16, .resource = NO_RESOURCE, .done = attributes},
	{.id = 0x3, .request = 4, .reply = 4, .resource = NO_RESOURCE, .done = description_get},
	{.id = 0x4, .request = 8, .needs = NEEDS_EVENTS | NEEDS_TRIP_POINTS, .reserved_at = 4, .reserved = ~1u,
		.done = trip_point_notify},
	{.id = 0x5, .request = 16, .needs = NEEDS_EVENTS | NEEDS_TRIP_POINTS, .reserved_at = 4, .reserved = ~0xff3u,
		.done = trip_point_config},
	{.id = 0x6, .request = 8, .reply = 16, .reserved_at = 4, .reserved = ~1u, .ask = ask_reading, .done = reading_get},
	{.id = 0x9, .request = 4, .reply = 4, .needs = NEEDS_SENSOR_CONFIG, .ask = ask_config, .done = config_get},
	{.id = 0xa, .request = 8, .rights = SCMI_MAY_CONFIGURE, .needs = NEEDS_SENSOR_CONFIG, .reserved_at = 4,
		.reserved = 0x1fc, .ask = ask_to_configure},
	{.id = 0xc, .request = 4, .reply = 4 + LONG_NAME, .done = scmi_name_get},
};

const struct protocol scmi_sensor_protocol = {SCMI_SENSOR, 0x30001, SCMI_SENSORS, commands, SCMI_COUNT_OF(commands),
	name_of};

void scmi_sensor_tripped(struct scmi_platform *platform, unsigned index, unsigned agent, unsigned trip_point,
		bool upwards)
{
	if (index < platform->config->counts[SCMI_SENSORS] && agent < platform->config->agent_count) {
		scmi_tell_agent(platform, agent, &scmi_sensor_protocol, NOTIFIES_CHANGE, index,
			(trip_point & 0xff) | (upwards ? UPWARDS : 0), 0);
	}
}
