/*
 * The example of guests/platform/README.md, which is this file from the next line on: a microcontroller with two clocks,
 * of which one can be switched and set. Here its registers are variables, and its only message comes from main.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* README begins */
#include "scmi_platform.h"

static uint32_t UART_DIVIDER = 8, UART_ENABLE; /* the registers */

static const uint64_t crystal_rates[] = {48000000};
static const uint64_t uart_rates[] = {1500000, 3000000, 6000000, 12000000, 24000000, 48000000};
static const struct scmi_clock clocks[] = {
	{.name = "crystal", .rates = crystal_rates, .rate_count = 1, .is_critical = true},
	{.name = "uart", .rates = uart_rates, .rate_count = 6},
};

static int32_t rate(void *context, unsigned clock, uint32_t ticket, uint64_t *hz)
{
	*hz = clock == 0 ? 48000000 : 48000000 / UART_DIVIDER;
	return SCMI_SUCCESS; /* with SCMI_DELAYED instead, scmi_platform_complete(platform, ticket, ...) tells it later */
}

static int32_t set_rate(void *context, unsigned clock, uint32_t ticket, uint64_t hz, enum scmi_rounding rounding,
		uint64_t *reached)
{
	struct scmi_platform *platform = context;
	uint32_t divider = 1;
	while (divider < 32 && 48000000 / divider > hz)
		divider *= 2;
	if (clock == 0 || 48000000 / divider > hz)
		return SCMI_INVALID_PARAMETERS;
	UART_DIVIDER = divider;
	*reached = 48000000 / divider;
	scmi_clock_changed(platform, clock, *reached, ticket);
	return SCMI_SUCCESS;
}

static int32_t is_on(void *context, unsigned clock, uint32_t ticket, bool *on)
{
	*on = clock == 0 || UART_ENABLE != 0;
	return SCMI_SUCCESS;
}

static int32_t turn(void *context, unsigned clock, uint32_t ticket, bool on) /* by the first and the last that want it */
{
	UART_ENABLE = on;
	return SCMI_SUCCESS;
}

static struct scmi_platform platform;
static const struct scmi_platform_driver driver = {
	.clock_rate = rate, .clock_set_rate = set_rate, .clock_is_on = is_on, .clock_switch = turn};
static const struct scmi_agent agents[] = {{.name = "host"}};
static const struct scmi_platform_config config = {.vendor = "example", .clocks = clocks, .counts = {[SCMI_CLOCKS] = 2},
	.agents = agents, .agent_count = 1, .driver = &driver, .context = &platform};
static struct scmi_agent_state states[1];
static uint8_t flags[SCMI_PLATFORM_FLAGS(1, 0, 2, 0, 0, 0)];

int start(void)
{
	if (scmi_platform_init(&platform, &config, states, flags, sizeof flags) != 0)
		return -1;                                    /* a name, a callback or memory is missing */
	scmi_platform_reset(&platform, 0, true, false);       /* the agent is there, and can be sent events */
	return 0;
}

/* A command came, by whatever way; the reply goes back the same way. */
int32_t command(const uint8_t *message, uint32_t length, uint8_t *reply, uint32_t room)
{
	return scmi_platform_handle(&platform, 0, message, length, reply, room, 0);
}
/* README ends */

int main(void)
{
	/* CLOCK_RATE_SET: header, flags, clock 1, 7 MHz as 64 bits. What can be had below is 6 MHz. */
	static const uint8_t set[20] = {0x05, 0x50, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xc0, 0xcf, 0x6a, 0x00};
	uint8_t reply[128];
	if (start() != 0 || command(set, sizeof set, reply, sizeof reply) != 8 || reply[4] != 0 || UART_DIVIDER != 8)
		return 1;
	printf("the divider is %u\n", (unsigned)UART_DIVIDER);
	return 0;
}
