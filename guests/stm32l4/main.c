/* The order in which all starts, and the main loop: bytes of the line into the platform library, and out of it. */
#include "scmi_serial.h"
#include "system.h"

#ifndef BAUD
#define BAUD 115200
#endif

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
	uart_start(BAUD);
	return true;
}

int main(void)
{
	uint8_t bytes[64];
	size_t count, sent, waiting = 0, at = 0;

	if (!start())
		return 1;
	for (;;) {
		while ((count = uart_receive(bytes, sizeof bytes)) > 0)
			scmi_serial_receive(&serial, bytes, count, time_now());
		/* One byte at a time: the transmitter has room for no more. */
		static uint8_t output[64];
		if (at == waiting) {
			at = 0;
			waiting = scmi_serial_send(&serial, output, sizeof output, time_now());
		}
		for (sent = 0; at < waiting && uart_takes(); sent++)
			uart_transmit(output[at++]);
		if (sent == 0)
			uart_sleep(at < waiting);
	}
}
