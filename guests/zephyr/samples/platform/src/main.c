/* The sample: Zephyr as an SCMI platform that owns clocks and a sensor, served to one agent behind a fat virtqueue. */

#include <string.h>

#include <zephyr/devicetree.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/device_mmio.h>
#include <zephyr/sys/printk.h>

#include <scmi_platform.h>
#include <scmi_window_device.h>

#define WINDOW DT_NODELABEL(scmi_window)

/* The hardware, which is yours in earnest: a crystal, a PLL that takes its time to lock, and a divider behind it. */
static struct {
	uint32_t pll_rate;
	uint32_t divider;
	bool pll_on, divider_on;
} registers = {.pll_rate = 400000000, .divider = 4, .pll_on = true};

enum { CRYSTAL, PLL, PERIPHERAL, CLOCKS };
enum { UPTIME, SENSORS };

static const uint64_t crystal_rates[] = {24000000};
static const uint64_t pll_rates[] = {400000000, 800000000, 8000000}; /* from, to, step */
static const uint64_t peripheral_rates[] = {1000000, 800000000, 1};
static const struct scmi_clock clocks[CLOCKS] = {
	[CRYSTAL] = {.name = "crystal", .rates = crystal_rates, .rate_count = 1, .is_critical = true},
	[PLL] = {.name = "pll", .rates = pll_rates, .rate_count = 3, .is_range = true, .is_critical = true},
	[PERIPHERAL] = {.name = "peripheral", .rates = peripheral_rates, .rate_count = 3, .is_range = true},
};
/* The seconds since the start, in thousandths. */
static const struct scmi_sensor sensors[SENSORS] = {[UPTIME] = {.name = "uptime", .type = 21, .exponent = -3}};

static struct scmi_platform platform;
static struct scmi_window window;
/* Around all calls of the library: the window's thread has them, and the system work queue, where the PLL locks. */
static K_MUTEX_DEFINE(lock);
static K_SEM_DEFINE(news, 0, 1);

/* The PLL's change that is under way; none with ticket 0 and `locking` false. */
static struct {
	bool locking;
	uint32_t ticket, rate;
} change;

static uint64_t rate_of(unsigned int clock)
{
	switch (clock) {
	case CRYSTAL:
		return crystal_rates[0];
	case PLL:
		return registers.pll_rate;
	default:
		return registers.pll_rate / registers.divider;
	}
}

static int32_t rate(void *context, unsigned int clock, uint32_t ticket, uint64_t *hz)
{
	ARG_UNUSED(context);
	ARG_UNUSED(ticket);
	*hz = rate_of(clock);
	return SCMI_SUCCESS;
}

static void on_lock(struct k_work *work)
{
	ARG_UNUSED(work);
	k_mutex_lock(&lock, K_FOREVER);
	registers.pll_rate = change.rate;
	change.locking = false;
	scmi_clock_changed(&platform, PLL, rate_of(PLL), change.ticket);
	scmi_clock_changed(&platform, PERIPHERAL, rate_of(PERIPHERAL), change.ticket);
	scmi_platform_complete(&platform, change.ticket, SCMI_SUCCESS, rate_of(PLL), 0);
	k_mutex_unlock(&lock);
	/* The reply waits: the window's thread sends it. */
	k_sem_give(&news);
}

static K_WORK_DELAYABLE_DEFINE(pll_locks, on_lock);

/* The multiple of `step` at `wanted` or beside it, as it is to be rounded. */
static uint64_t round_to(uint64_t wanted, uint64_t step, enum scmi_rounding rounding)
{
	uint64_t up = rounding == SCMI_ROUND_UP ? step - 1 : rounding == SCMI_ROUND_NEAREST ? step / 2 : 0;

	return (wanted + up) / step * step;
}

static int32_t set_pll(uint32_t ticket, uint64_t wanted, enum scmi_rounding rounding)
{
	if (change.locking) {
		return SCMI_BUSY;
	}
	if (wanted < pll_rates[0] || wanted > pll_rates[1]) {
		return SCMI_INVALID_PARAMETERS;
	}
	change.locking = true;
	change.ticket = ticket;
	change.rate = (uint32_t)round_to(wanted, pll_rates[2], rounding);
	k_work_schedule(&pll_locks, K_MSEC(2));
	return SCMI_DELAYED;
}

static int32_t set_rate(void *context, unsigned int clock, uint32_t ticket, uint64_t wanted, enum scmi_rounding rounding,
						uint64_t *reached)
{
	ARG_UNUSED(context);
	if (clock == PLL) {
		return set_pll(ticket, wanted, rounding);
	}
	if (clock != PERIPHERAL || wanted == 0 || wanted > registers.pll_rate) {
		return SCMI_INVALID_PARAMETERS;
	}

	/* A larger divider makes a smaller rate. */
	uint64_t lower = (registers.pll_rate + wanted - 1) / wanted;
	uint64_t upper = registers.pll_rate / wanted;
	bool is_upper = rounding == SCMI_ROUND_UP ||
					(rounding == SCMI_ROUND_NEAREST &&
					 registers.pll_rate / upper - wanted < wanted - registers.pll_rate / lower);

	registers.divider = (uint32_t)(is_upper ? upper : lower);
	*reached = rate_of(clock);
	scmi_clock_changed(&platform, clock, *reached, ticket);
	return SCMI_SUCCESS;
}

static int32_t is_on(void *context, unsigned int clock, uint32_t ticket, bool *on)
{
	ARG_UNUSED(context);
	ARG_UNUSED(ticket);
	*on = clock == CRYSTAL || (clock == PLL ? registers.pll_on : registers.divider_on);
	return SCMI_SUCCESS;
}

static int32_t turn(void *context, unsigned int clock, uint32_t ticket, bool on)
{
	ARG_UNUSED(context);
	ARG_UNUSED(ticket);
	if (clock == PERIPHERAL) {
		registers.divider_on = on;
		printk("peripheral: %s\n", on ? "on" : "off");
	}
	return SCMI_SUCCESS;
}

static int32_t read_sensor(void *context, unsigned int sensor, uint32_t ticket, int64_t *value, uint64_t *timestamp)
{
	ARG_UNUSED(context);
	ARG_UNUSED(sensor);
	ARG_UNUSED(ticket);
	ARG_UNUSED(timestamp);
	*value = k_uptime_get();
	return SCMI_SUCCESS;
}

static const struct scmi_platform_driver driver = {
	.clock_rate = rate,
	.clock_set_rate = set_rate,
	.clock_is_on = is_on,
	.clock_switch = turn,
	.sensor_read = read_sensor,
};
static const struct scmi_agent agents[] = {{.name = "host"}};
static const struct scmi_platform_config config = {
	.vendor = "scmid",
	.sub_vendor = "zephyr",
	.clocks = clocks,
	.sensors = sensors,
	.counts = {[SCMI_CLOCKS] = CLOCKS, [SCMI_SENSORS] = SENSORS},
	.agents = agents,
	.agent_count = ARRAY_SIZE(agents),
	.driver = &driver,
};
static struct scmi_agent_state states[ARRAY_SIZE(agents)];
static uint8_t flags[SCMI_PLATFORM_FLAGS(ARRAY_SIZE(agents), 0, CLOCKS, SENSORS, 0, 0)];

/* Normal write-back memory, as on the agent's side. */
static uint8_t *map(void)
{
#ifdef DEVICE_MMIO_IS_IN_RAM
	mm_reg_t mapped;

	device_map(&mapped, DT_REG_ADDR(WINDOW), DT_REG_SIZE(WINDOW), K_MEM_CACHE_WB);
	return (uint8_t *)mapped;
#else
	return (uint8_t *)DT_REG_ADDR(WINDOW);
#endif
}

/* Another one at each start: the last one stands in the window, which outlives this program. */
static uint32_t next_epoch(const uint8_t *memory)
{
	enum { SERVER_EPOCH = 0x0c };
	uint32_t last;

	memcpy(&last, memory + SERVER_EPOCH, sizeof(last));
	return last + 1;
}

int main(void)
{
	struct scmi_window_config place = {
		.layout = SCMI_WINDOW_FAT,
		.memory = map(),
		.size = DT_REG_SIZE(WINDOW),
		.platform = &platform,
	};

	place.epoch = next_epoch(place.memory);
	if (scmi_platform_init(&platform, &config, states, flags, sizeof(flags)) < 0 ||
		scmi_window_start(&window, &place) < 0) {
		printk("no platform: a table is wrong, or the window\n");
		return 0;
	}
	printk("serving %d clocks\n", CLOCKS);

	for (uint32_t sessions = 0;;) {
		k_mutex_lock(&lock, K_FOREVER);
		bool busy = scmi_window_poll(&window, k_uptime_get_32());
		k_mutex_unlock(&lock);

		if (sessions != window.sessions) {
			sessions = window.sessions;
			printk("session %u\n", sessions);
		}
		if (!busy) {
			k_sem_take(&news, K_MSEC(1));
		}
	}
}
