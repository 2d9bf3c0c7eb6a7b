/* The sample: Zephyr's own clock driver lists, sets and watches clocks of scmid through a window. */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/clock_control.h>
#include <zephyr/drivers/firmware/scmi/clk.h>
#include <zephyr/drivers/firmware/scmi/protocol.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/printk.h>

#include <scmid/scmi_window.h>
#include <scmi_ring.h>

#define CLOCKS DT_NODELABEL(scmi_clk)
#define WINDOW DT_PARENT(CLOCKS)

static const struct device *const clocks = DEVICE_DT_GET(CLOCKS);
/* The first clock that took another rate. */
static uint32_t watched;
static bool found;
static uint32_t early_rate;
static int early_result;

static clock_control_subsys_t clock_number(uint32_t number)
{
	return (clock_control_subsys_t)(uintptr_t)number;
}

/* As a driver does that needs a clock's rate before there is a kernel: no interrupts, no threads. */
static int read_rate_early(void)
{
	early_result = clock_control_get_rate(clocks, clock_number(0), &early_rate);
	return 0;
}

SYS_INIT(read_rate_early, PRE_KERNEL_1, 99);

/* Zephyr has no function for CLOCK_RATE_NOTIFY, but its subsystem sends any message. */
static int subscribe(void)
{
	enum { CLOCK_RATE_NOTIFY = 0x9 };
	struct scmi_protocol *protocol = clocks->data;
	uint32_t parameters[] = {sys_cpu_to_le32(watched), sys_cpu_to_le32(1)};
	int32_t status = SCMI_GENERIC_ERROR;
	struct scmi_message message = {
		.hdr = SCMI_MESSAGE_HDR_MAKE(CLOCK_RATE_NOTIFY, SCMI_COMMAND, protocol->id, 0),
		.len = sizeof(parameters),
		.content = parameters,
	};
	struct scmi_message reply = {.hdr = message.hdr, .len = sizeof(status), .content = &status};
	int result = scmi_send_message(protocol, &message, &reply, false);

	return result < 0 ? result : scmi_status_to_errno(status);
}

static void subscribe_again(struct k_work *work)
{
	int result = subscribe();

	if (result == -EAGAIN) {
		/* Another thread has a command in flight, and the subsystem waits no longer than half a millisecond. */
		k_work_schedule(k_work_delayable_from_work(work), K_MSEC(10));
		return;
	}
	printk("subscribed again: %d\n", result);
}

static K_WORK_DELAYABLE_DEFINE(subscription, subscribe_again);

static void on_session(void *context, bool up)
{
	ARG_UNUSED(context);
	printk("session %s\n", up ? "new" : "lost");
	if (up) {
		k_work_schedule(&subscription, K_NO_WAIT);
	}
}

/* CLOCK_RATE_CHANGED: agent, clock, and the rate in two halves. */
static void on_event(void *context, uint32_t header, const void *payload, uint32_t length)
{
	const uint8_t *words = payload;

	ARG_UNUSED(context);
	if (length >= 16) {
		printk("event 0x%02x of protocol 0x%02x: clock %u is at %u Hz, by agent %u\n",
		       SCMI_RING_MESSAGE_ID(header), SCMI_RING_PROTOCOL(header), sys_get_le32(words + 4),
		       sys_get_le32(words + 8), sys_get_le32(words));
	}
}

static const struct scmi_window_listener listener = {.event = on_event, .session = on_session};

/* Asks for half the rate, says what came of it, and goes back. */
static void try_half(uint32_t number, uint32_t rate)
{
	uint32_t halved = rate;
	clock_control_subsys_t clock = clock_number(number);
	int set = clock_control_set_rate(clocks, clock, (clock_control_subsys_rate_t)(uintptr_t)(rate / 2));

	clock_control_get_rate(clocks, clock, &halved);
	if (set == 0 && halved != rate) {
		clock_control_set_rate(clocks, clock, (clock_control_subsys_rate_t)(uintptr_t)rate);
		watched = found ? watched : number;
		found = true;
	}

	int on = clock_control_on(clocks, clock);
	int off = clock_control_off(clocks, clock);

	printk("    half of that: %d, %u Hz; on: %d; off: %d\n", set, halved, on, off);
}

static void list(void)
{
	struct scmi_clock_attributes attributes;
	uint32_t rate;

	for (uint32_t number = 0; clock_control_get_rate(clocks, clock_number(number), &rate) != -EINVAL; number++) {
		int result = scmi_clock_attributes(clocks->data, number, &attributes);

		if (result < 0) {
			printk("clock %u: %d\n", number, result);
			continue;
		}
		printk("clock %u %.16s: %u Hz, %s\n", number, (const char *)attributes.clock_name, rate,
		       SCMI_CLK_ENABLED(attributes.attributes) ? "on" : "off");
		try_half(number, rate);
	}
}

int main(void)
{
	printk("before the kernel: %d, clock 0 at %u Hz\n", early_result, early_rate);
	if (!device_is_ready(clocks)) {
		printk("no clocks: the service was not there in time\n");
		return 0;
	}
	list();
	scmi_window_listen(DEVICE_DT_GET(WINDOW), &listener);
	printk("subscribed: %d\n", subscribe());

	for (;;) {
		uint32_t rate = 0;
		uint32_t began = k_cycle_get_32();
		int result = clock_control_get_rate(clocks, clock_number(watched), &rate);
		uint32_t ended = k_cycle_get_32();

		printk("clock %u: %d, %u Hz, %u us\n", watched, result, rate, k_cyc_to_us_ceil32(ended - began));
		k_msleep(1000);
	}
}
