/* A platform whose hardware is a few variables. */
#include "demo.h"

#include <string.h>

#define MHZ UINT64_C(1000000)

static const uint64_t osc_rates[] = {24 * MHZ};
static const uint64_t range[] = {1 * MHZ, 100 * MHZ, 1 * MHZ};
static uint64_t pixel_rates[DEMO_PIXEL_RATES];
static const uint16_t audio_parents[] = {DEMO_OSC, DEMO_UART, DEMO_PLL};

static const struct scmi_clock clocks[DEMO_CLOCKS] = {
	[DEMO_OSC] = {.name = "osc", .rates = osc_rates, .rate_count = 1, .is_critical = true},
	[DEMO_UART] = {.name = "uart", .rates = range, .rate_count = 3, .is_range = true, .enable_delay = 10},
	[DEMO_PIXEL] = {.name = "pixel", .rates = pixel_rates, .rate_count = DEMO_PIXEL_RATES},
	[DEMO_AUDIO] = {.name = "clock-of-the-audio-block", .rates = range, .rate_count = 3, .is_range = true,
		.parents = audio_parents, .parent_count = 3},
	[DEMO_PLL] = {.name = "pll", .rates = range, .rate_count = 3, .is_range = true},
};

static const struct scmi_power_domain domains[DEMO_DOMAINS] = {
	[DEMO_CPU] = {.name = "cpu", .is_fixed = true},
	[DEMO_GPU] = {.name = "gpu"},
	[DEMO_VIDEO] = {.name = "domain-of-the-video-decoder"},
};

static const struct scmi_sensor sensors[DEMO_SENSORS] = {
	[DEMO_BOARD] = {.name = "board", .type = 2, .exponent = -3, .trip_points = 2, .resolution = 5,
		.resolution_exponent = -1, .min = -40000, .max = 125000},
	[DEMO_CORE] = {.name = "temperature-of-core-0", .type = 2, .exponent = -3},
	[DEMO_ADC] = {.name = "adc", .type = 5, .exponent = -6, .is_asynchronous = true, .has_timestamps = true,
		.timestamp_exponent = -9},
	[DEMO_FAN] = {.name = "fan", .type = 0x13},
};

static const struct scmi_reset resets[DEMO_RESETS] = {
	[DEMO_RESET_UART] = {.name = "uart", .latency = 20},
	[DEMO_RESET_VIDEO] = {.name = "video", .latency = 0xffffffff, .is_asynchronous = true},
	[DEMO_RESET_USB] = {.name = "reset-of-the-usb-controller", .latency = 100},
};

static const int32_t vdd_levels[] = {800000, 1200000, 12500};
static const int32_t radio_levels[] = {-5000000, 1800000, 3300000};
static const int32_t standby_levels[] = {5000000};

static const struct scmi_supply supplies[DEMO_SUPPLIES] = {
	[DEMO_VDD] = {.name = "vdd", .levels = vdd_levels, .level_count = 3, .is_range = true},
	[DEMO_RADIO] = {.name = "supply-of-the-radio", .levels = radio_levels, .level_count = 3, .is_asynchronous = true},
	[DEMO_STANDBY] = {.name = "standby", .levels = standby_levels, .level_count = 1, .is_critical = true},
};

static const struct scmi_grant guest_clocks[] = {
	{DEMO_UART, SCMI_MAY_SWITCH | SCMI_MAY_SET_RATE}, {DEMO_AUDIO, SCMI_MAY_READ}, {DEMO_PIXEL, SCMI_MAY_ALL},
};
static const struct scmi_grant guest_domains[] = {{DEMO_GPU, SCMI_MAY_ALL}};
static const struct scmi_grant guest_resets[] = {{DEMO_RESET_UART, SCMI_MAY_READ}};
static const struct scmi_grant guest_supplies[] = {{DEMO_RADIO, SCMI_MAY_SWITCH}};
static const struct scmi_view guest_views[] = {{guest_domains, 1}, {guest_clocks, 3}, {NULL, 0}, {guest_resets, 1},
	{guest_supplies, 1}};

static const struct scmi_agent agents[DEMO_AGENTS] = {
	[DEMO_BRIDGE] = {.name = "bridge"},
	[DEMO_GUEST] = {.name = "guest", .views = {&guest_views[0], &guest_views[1], &guest_views[2], &guest_views[3],
		&guest_views[4]}},
};

static int32_t later(void (*end)(struct demo *, const struct demo_wait *), unsigned index, uint32_t ticket, uint64_t value)
{
	if (demo.waiting == DEMO_WAITING)
		return SCMI_BUSY;
	demo.waits[demo.waiting++] = (struct demo_wait){end, ticket, index, value};
	return SCMI_DELAYED;
}

bool demo_finish(int32_t status)
{
	struct demo_wait wait = demo.waits[0];
	if (demo.waiting == 0)
		return false;
	demo.waiting--;
	memmove(demo.waits, demo.waits + 1, demo.waiting * sizeof demo.waits[0]);
	if (status == SCMI_SUCCESS && wait.end != NULL)
		wait.end(&demo, &wait);
	scmi_platform_complete(&demo.platform, wait.ticket, status, wait.value, wait.end == NULL ? 77 : 0);
	return true;
}

static int32_t clock_rate(void *context, unsigned index, uint32_t ticket, uint64_t *rate)
{
	struct demo *its = context;
	its->calls++;
	*rate = its->rates[index];
	return its->slow ? later(NULL, index, ticket, *rate) : SCMI_SUCCESS;
}

static void end_rate(struct demo *its, const struct demo_wait *wait)
{
	if (its->rates[wait->index] != wait->value) {
		its->rates[wait->index] = wait->value;
		scmi_clock_changed(&its->platform, wait->index, wait->value, wait->ticket);
	}
}

/* The next rate in the direction of rounding; a range's step is its lowest rate. */
static bool round_rate(const struct scmi_clock *clock, uint64_t rate, enum scmi_rounding rounding, uint64_t *reached)
{
	uint64_t below = 0, above = 0, step = clock->is_range ? clock->rates[2] : 0;
	uint64_t lowest = clock->rates[0], highest = clock->rates[clock->is_range ? 1 : clock->rate_count - 1];
	if (clock->is_range && rate >= lowest && rate <= highest) {
		below = rate - (rate - lowest) % step;
		above = below == rate ? rate : below + step;
	} else {
		for (uint32_t i = 0; i < (clock->is_range ? 2 : clock->rate_count); i++) {
			below = clock->rates[i] <= rate ? clock->rates[i] : below;
			above = above == 0 && clock->rates[i] >= rate ? clock->rates[i] : above;
		}
	}
	if (rounding == SCMI_ROUND_NEAREST && below != 0 && above != 0)
		*reached = rate - below <= above - rate ? below : above;
	else if (rounding == SCMI_ROUND_NEAREST)
		*reached = below != 0 ? below : above;
	else
		*reached = rounding == SCMI_ROUND_UP ? above : below;
	return *reached != 0;
}

static int32_t clock_set_rate(void *context, unsigned index, uint32_t ticket, uint64_t rate, enum scmi_rounding rounding,
		uint64_t *reached)
{
	struct demo *its = context;
	its->calls++;
	if (its->refuse != 0)
		return its->refuse;
	if (!round_rate(&clocks[index], rate, rounding, reached))
		return SCMI_INVALID_PARAMETERS;
	if (its->slow || index == DEMO_PLL)
		return later(end_rate, index, ticket, *reached);
	end_rate(its, &(struct demo_wait){NULL, ticket, index, *reached});
	return SCMI_SUCCESS;
}

static int32_t clock_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on)
{
	struct demo *its = context;
	its->calls++;
	*is_on = its->clocks_on[index];
	return its->slow ? later(NULL, index, ticket, *is_on) : SCMI_SUCCESS;
}

static void end_clock_switch(struct demo *its, const struct demo_wait *wait)
{
	its->clocks_on[wait->index] = wait->value != 0;
}

static int32_t clock_switch(void *context, unsigned index, uint32_t ticket, bool on)
{
	struct demo *its = context;
	its->calls++;
	its->switches++;
	if (its->refuse != 0 && ticket != 0)
		return its->refuse;
	if (its->slow)
		return later(end_clock_switch, index, ticket, on);
	its->clocks_on[index] = on;
	return SCMI_SUCCESS;
}

static int32_t clock_parent(void *context, unsigned index, uint32_t ticket, uint16_t *parent)
{
	struct demo *its = context;
	its->calls++;
	*parent = its->audio_parent;
	return its->slow ? later(NULL, index, ticket, *parent) : SCMI_SUCCESS;
}

static void end_parent(struct demo *its, const struct demo_wait *wait) { its->audio_parent = (uint16_t)wait->value; }

static int32_t clock_set_parent(void *context, unsigned index, uint32_t ticket, unsigned parent)
{
	struct demo *its = context;
	its->calls++;
	if (its->refuse != 0)
		return its->refuse;
	if (its->slow)
		return later(end_parent, index, ticket, parent);
	its->audio_parent = (uint16_t)parent;
	return SCMI_SUCCESS;
}

static int32_t power_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on)
{
	struct demo *its = context;
	its->calls++;
	*is_on = its->domains_on[index];
	return its->slow ? later(NULL, index, ticket, *is_on) : SCMI_SUCCESS;
}

static void end_power_switch(struct demo *its, const struct demo_wait *wait)
{
	bool on = wait->value != 0;
	if (its->domains_on[wait->index] != on) {
		its->domains_on[wait->index] = on;
		scmi_power_changed(&its->platform, wait->index, on, wait->ticket);
	}
}

static int32_t power_switch(void *context, unsigned index, uint32_t ticket, bool on)
{
	struct demo *its = context;
	its->calls++;
	its->switches++;
	if (its->refuse != 0 && ticket != 0)
		return its->refuse;
	if (its->slow || index == DEMO_VIDEO)
		return later(end_power_switch, index, ticket, on);
	end_power_switch(its, &(struct demo_wait){NULL, ticket, index, on});
	return SCMI_SUCCESS;
}

static int32_t sensor_read(void *context, unsigned index, uint32_t ticket, int64_t *value, uint64_t *timestamp)
{
	struct demo *its = context;
	its->calls++;
	if ((its->sensor_configs[index] & 1) == 0)
		return SCMI_PROTOCOL_ERROR;
	*value = -1000 - (int64_t)index;
	*timestamp = sensors[index].has_timestamps ? 77 : 0;
	return its->slow || index == DEMO_ADC ? later(NULL, index, ticket, (uint64_t)*value) : SCMI_SUCCESS;
}

static int32_t sensor_config(void *context, unsigned index, uint32_t ticket, uint32_t *config)
{
	struct demo *its = context;
	its->calls++;
	*config = its->sensor_configs[index];
	return its->slow ? later(NULL, index, ticket, *config) : SCMI_SUCCESS;
}

static void end_config(struct demo *its, const struct demo_wait *wait)
{
	its->sensor_configs[wait->index] = (uint32_t)wait->value & 3;
}

static int32_t sensor_set_config(void *context, unsigned index, uint32_t ticket, uint32_t config)
{
	struct demo *its = context;
	its->calls++;
	if (its->refuse != 0)
		return its->refuse;
	if (its->slow)
		return later(end_config, index, ticket, config);
	its->sensor_configs[index] = config & 3;
	return SCMI_SUCCESS;
}

static int32_t sensor_trip_point(void *context, unsigned index, unsigned agent, unsigned trip_point, unsigned direction,
		int64_t value)
{
	struct demo *its = context;
	(void)value;
	its->calls++;
	if (direction != 0) /* a sensor that crosses whatever it is asked to watch */
		scmi_sensor_tripped(&its->platform, index, agent, trip_point, direction != 2);
	return SCMI_SUCCESS;
}

static void end_reset(struct demo *its, const struct demo_wait *wait)
{
	its->asserted[wait->index] = wait->value == SCMI_RESET_ASSERT;
	its->pulses += wait->value == SCMI_RESET_PULSE;
}

static int32_t reset(void *context, unsigned index, uint32_t ticket, enum scmi_reset_action action)
{
	struct demo *its = context;
	its->calls++;
	if (its->refuse != 0)
		return its->refuse;
	if (index == DEMO_RESET_USB && action != SCMI_RESET_PULSE)
		return SCMI_NOT_SUPPORTED;
	if (its->slow || index == DEMO_RESET_VIDEO)
		return later(end_reset, index, ticket, action);
	end_reset(its, &(struct demo_wait){NULL, ticket, index, action});
	return SCMI_SUCCESS;
}

static int32_t supply_level(void *context, unsigned index, uint32_t ticket, int32_t *level)
{
	struct demo *its = context;
	its->calls++;
	*level = its->levels[index];
	return its->slow ? later(NULL, index, ticket, (uint64_t)*level) : SCMI_SUCCESS;
}

static void end_level(struct demo *its, const struct demo_wait *wait) { its->levels[wait->index] = (int32_t)wait->value; }

static int32_t supply_set_level(void *context, unsigned index, uint32_t ticket, int32_t level, int32_t *reached)
{
	struct demo *its = context;
	(void)reached; /* it is what was asked for */
	its->calls++;
	if (its->refuse != 0)
		return its->refuse;
	if (its->slow || index == DEMO_RADIO)
		return later(end_level, index, ticket, (uint64_t)level);
	its->levels[index] = level;
	return SCMI_SUCCESS;
}

static int32_t supply_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on)
{
	struct demo *its = context;
	its->calls++;
	*is_on = its->supplies_on[index];
	return its->slow ? later(NULL, index, ticket, *is_on) : SCMI_SUCCESS;
}

static void end_supply_switch(struct demo *its, const struct demo_wait *wait)
{
	its->supplies_on[wait->index] = wait->value != 0;
}

static int32_t supply_switch(void *context, unsigned index, uint32_t ticket, bool on)
{
	struct demo *its = context;
	its->calls++;
	its->switches++;
	if (its->refuse != 0 && ticket != 0)
		return its->refuse;
	if (its->slow)
		return later(end_supply_switch, index, ticket, on);
	its->supplies_on[index] = on;
	return SCMI_SUCCESS;
}

static const struct scmi_platform_driver driver = {clock_rate, clock_set_rate, clock_is_on, clock_switch, clock_parent,
	clock_set_parent, power_is_on, power_switch, sensor_read, sensor_config, sensor_set_config, sensor_trip_point, reset,
	supply_level, supply_set_level, supply_is_on, supply_switch};

struct demo demo;

const struct scmi_platform_config demo_config = {.vendor = "scmid", .sub_vendor = "demo", .implementation_version = 0x100,
	.power_domains = domains, .clocks = clocks, .sensors = sensors, .resets = resets,
	.supplies = supplies, .counts = {DEMO_DOMAINS, DEMO_CLOCKS, DEMO_SENSORS, DEMO_RESETS, DEMO_SUPPLIES},
	.agents = agents, .agent_count = DEMO_AGENTS, .driver = &driver, .context = &demo};

void demo_start(void)
{
	memset(&demo, 0, sizeof demo);
	for (unsigned i = 0; i < DEMO_PIXEL_RATES; i++)
		pixel_rates[i] = (i + 1) * MHZ;
	for (unsigned i = 0; i < DEMO_CLOCKS; i++)
		demo.rates[i] = i == DEMO_OSC ? osc_rates[0] : MHZ;
	for (unsigned i = 0; i < DEMO_SENSORS; i++)
		demo.sensor_configs[i] = 1;
	for (unsigned i = 0; i < DEMO_SUPPLIES; i++)
		demo.levels[i] = i == DEMO_STANDBY ? standby_levels[0] : i == DEMO_RADIO ? 1800000 : 1000000;
	demo.clocks_on[DEMO_OSC] = demo.domains_on[DEMO_CPU] = demo.supplies_on[DEMO_STANDBY] = true;
	(void)scmi_platform_init(&demo.platform, &demo_config, demo.states, demo.flags, sizeof demo.flags);
}
