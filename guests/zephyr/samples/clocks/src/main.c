/* The sample: Zephyr's own clock driver lists, sets and watches clocks of scmid through a window. */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/clock_control.h>
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

/* The subsystem's function to send any message has a fourth argument since Zephyr 4.3: whether to poll. */
typedef int (*send_3)(struct scmi_protocol *, struct scmi_message *, struct scmi_message *);
typedef int (*send_4)(struct scmi_protocol *, struct scmi_message *, struct scmi_message *, bool);
typedef void (*any_send)(void);

static __maybe_unused int send_by_3(any_send send, struct scmi_protocol *protocol, struct scmi_message *message,
				    struct scmi_message *reply)
{
	return ((send_3)send)(protocol, message, reply);
}

static __maybe_unused int send_by_4(any_send send, struct scmi_protocol *protocol, struct scmi_message *message,
				    struct scmi_message *reply)
{
	return ((send_4)send)(protocol, message, reply, false);
}

/* A command of the clock protocol with the words given; what came, status first, goes to `words`. Returns their number,
 * or an error. */
static int command(uint32_t id, const uint32_t *parameters, uint32_t parameter_count, uint32_t *words, uint32_t count)
{
	struct scmi_protocol *protocol = clocks->data;
	struct scmi_message message = {
		.hdr = SCMI_MESSAGE_HDR_MAKE(id, SCMI_COMMAND, protocol->id, 0),
		.len = parameter_count * sizeof(uint32_t),
		.content = (void *)parameters,
	};
	struct scmi_message reply = {.hdr = message.hdr, .len = count * sizeof(uint32_t), .content = words};
	int result = _Generic(&scmi_send_message, send_3: send_by_3, send_4: send_by_4)(
		(any_send)scmi_send_message, protocol, &message, &reply);

	if (result == 0) {
		result = scmi_status_to_errno((int32_t)sys_le32_to_cpu(words[0]));
	}
	return result < 0 ? result : (int)(reply.len / sizeof(uint32_t));
}

/* Zephyr has no function for it. */
static int subscribe(void)
{
	enum { CLOCK_RATE_NOTIFY = 0x9 };
	uint32_t parameters[] = {sys_cpu_to_le32(watched), sys_cpu_to_le32(1)};
	uint32_t status;
	int result = command(CLOCK_RATE_NOTIFY, parameters, ARRAY_SIZE(parameters), &status, 1);

	return MIN(result, 0);
}

/* How many rates CLOCK_DESCRIBE_RATES has in its first reply, which is as long as the list. */
static int count_rates(uint32_t number)
{
	enum { CLOCK_DESCRIBE_RATES = 0x4, MOST = 16 };
	uint32_t parameters[] = {sys_cpu_to_le32(number), sys_cpu_to_le32(0)};
	uint32_t words[2 + 2 * MOST];
	int result = command(CLOCK_DESCRIBE_RATES, parameters, ARRAY_SIZE(parameters), words, ARRAY_SIZE(words));

	return result < 0 ? result : (result - 2) / 2;
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
	enum { CLOCK_ATTRIBUTES = 0x3, ENABLED = 1 };
	uint32_t rate;

	for (uint32_t number = 0; clock_control_get_rate(clocks, clock_number(number), &rate) != -EINVAL; number++) {
		uint32_t parameter = sys_cpu_to_le32(number);
		/* The status, the attributes, and 16 bytes of name. */
		uint32_t words[6];
		int result = command(CLOCK_ATTRIBUTES, &parameter, 1, words, ARRAY_SIZE(words));

		if (result < 0) {
			printk("clock %u: %d\n", number, result);
			continue;
		}
		printk("clock %u %.16s: %u Hz, %s, %d rates\n", number, (const char *)&words[2], rate,
		       (sys_le32_to_cpu(words[1]) & ENABLED) != 0 ? "on" : "off", count_rates(number));
		try_half(number, rate);
	}
}

int main(void)
{
	printk("before the kernel: %d, clock 0 at %u Hz\n", early_result, early_rate);
	if (!device_is_ready(clocks)) {
		printk("no clocks yet: the service is waited for\n");
	}
	while (!device_is_ready(clocks)) {
		k_msleep(10);
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
