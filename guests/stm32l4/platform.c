/* The microcontroller as a platform: the order in which all starts, and the main loop around the platform library. */
#include "scmi_serial.h"
#include "system.h"

static struct scmi_platform platform;
static struct scmi_serial serial;
static struct scmi_agent_state states[1];
static uint8_t flags[SCMI_PLATFORM_FLAGS(1, 0, CLOCK_COUNT_MAX, 0, 0, 0)];
static struct scmi_agent agents[1] = {{.name = "host"}};
static struct scmi_platform_config config = {.vendor = "scmid", .sub_vendor = "stm32l475", .implementation_version = 1,
	.agents = agents, .agent_count = 1, .driver = &clocks_driver};

static bool start(void)
{
	time_start();
	struct scmi_serial_config line = {.platform = &platform, .agent = 0, .nonce = nonce()};
	config.context = clocks_start(&platform);
	if (config.context == NULL)
		return false;
	config.clocks = clocks_table(&config.counts[SCMI_CLOCKS]);
	agents[0].views[SCMI_CLOCKS] = clocks_view();
	if (scmi_platform_init(&platform, &config, states, flags, sizeof flags) != 0 || scmi_serial_init(&serial, &line) != 0)
		return false;
	uart_start(LINE, BAUD);
	return true;
}

static void take(const uint8_t *bytes, size_t count) { scmi_serial_receive(&serial, bytes, count, time_now()); }

static size_t next(uint8_t *bytes, size_t room) { return scmi_serial_send(&serial, bytes, room, time_now()); }

int main(void)
{
	if (!start())
		return 1;
	for (;;)
		line_turn(take, next);
}
