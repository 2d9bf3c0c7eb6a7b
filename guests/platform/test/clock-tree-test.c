/*
 * Tests of the clock tree: a small one over registers that are variables, asked by the callbacks alone.
 *
 *   clock-tree-test
 */
#include "check.h"

#include "../scmi_clock_tree.h"

#define MHZ UINT64_C(1000000)
enum { CONTROL, STATUS, SETTINGS, REGISTERS };
enum { CRYSTAL, RING, PLL, BUS, PORT, CAMERA, CLOCKS };
enum { PLL_ON = 1 << 1, PORT_ON = 1 << 2, CAMERA_ON = 1 << 3, RING_ON = 1 << 0 };

static const uint64_t crystal_rates[] = {8000000}, ring_rates[] = {5000000}, pll_range[] = {40000000, 160000000, 1},
	any[] = {1, 200000000, 1}, camera_range[] = {1000000, 20000000, 1};
static const uint16_t sources[] = {CRYSTAL, RING}, pll[] = {PLL}, bus_parents[] = {CRYSTAL, PLL}, bus[] = {BUS};
static const uint8_t bus_selects[] = {1, 2};
static const uint16_t divisors[8] = {1, 2, 4, 8, 16, 3};

static const struct scmi_tree_clock clocks[CLOCKS] = {
	[CRYSTAL] = {.name = "crystal", .rates = crystal_rates, .rate_count = 1, .fixed = 8000000, .is_critical = true},
	[RING] = {.name = "ring", .rates = ring_rates, .rate_count = 1, .fixed = 5000000, .gate = {CONTROL, 0, 1}},
	[PLL] = {.name = "pll", .rates = pll_range, .rate_count = 3, .is_range = true, .is_bounded = true,
		.parents = sources, .parent_count = 2, .mux = {SETTINGS, 0, 1}, .multiplier = {SETTINGS, 1, 5}, .least = 2,
		.greatest = 25, .gate = {CONTROL, 1, 1}, .ready = {STATUS, 1, 1}},
	[BUS] = {.name = "bus", .rates = any, .rate_count = 3, .is_range = true, .parents = bus_parents, .parent_count = 2,
		.selects = bus_selects, .mux = {SETTINGS, 6, 2}, .divisors = divisors, .divider = {SETTINGS, 8, 3}},
	[PORT] = {.name = "port", .rates = any, .rate_count = 3, .is_range = true, .parents = bus, .parent_count = 1,
		.gate = {CONTROL, 2, 1}},
	[CAMERA] = {.name = "camera", .rates = camera_range, .rate_count = 3, .is_range = true, .is_bounded = true,
		.parents = pll, .parent_count = 1, .divisors = divisors, .divider = {SETTINGS, 11, 3}, .gate = {CONTROL, 3, 1}},
};

static uint32_t registers[REGISTERS];
static bool pll_follows;
static struct scmi_tree tree;
static struct scmi_platform platform;

static uint32_t read(unsigned reg) { return registers[reg]; }

static void write(unsigned reg, uint32_t value)
{
	registers[reg] = value;
	registers[STATUS] = pll_follows ? registers[CONTROL] & PLL_ON : 0;
}

static struct scmi_tree_state states[CLOCKS];
static struct scmi_clock table[CLOCKS];
static struct scmi_grant grants[CLOCKS];
static const struct scmi_platform_driver driver = {.clock_rate = scmi_tree_rate, .clock_set_rate = scmi_tree_set_rate,
	.clock_is_on = scmi_tree_is_on, .clock_switch = scmi_tree_switch, .clock_parent = scmi_tree_parent,
	.clock_set_parent = scmi_tree_set_parent};
static const struct scmi_view view = {grants, CLOCKS};
static const struct scmi_agent agents[] = {{.name = "agent", .views = {NULL, &view, NULL, NULL}}};
static const struct scmi_platform_config config = {.vendor = "test", .clocks = table, .counts = {0, CLOCKS, 0, 0},
	.agents = agents, .agent_count = 1, .driver = &driver, .context = &tree};
static struct scmi_agent_state agent_states[1];
static uint8_t flags[SCMI_PLATFORM_FLAGS(1, 0, CLOCKS, 0, 0, 0)];

/* The PLL at 80 MHz from the crystal, the bus at 8 MHz from it, the camera at 10 MHz. */
static void fresh(void)
{
	memset(registers, 0, sizeof registers);
	pll_follows = true;
	registers[SETTINGS] = 10 << 1 | 1 << 6 | 3 << 11;
	tree = (struct scmi_tree){.clocks = clocks, .count = CLOCKS, .states = states, .table = table, .grants = grants,
		.platform = &platform, .read = read, .write = write, .patience = 3};
	CHECK(scmi_tree_start(&tree));
	CHECK(scmi_platform_init(&platform, &config, agent_states, flags, sizeof flags) == 0);
	scmi_platform_reset(&platform, 0, true, false);
}

static uint64_t rate(unsigned clock)
{
	uint64_t hz = 0;
	CHECK(scmi_tree_rate(&tree, clock, 0, &hz) == SCMI_SUCCESS);
	return hz;
}

static int32_t set_rate(unsigned clock, uint64_t hz, enum scmi_rounding rounding)
{
	uint64_t reached = 0;
	int32_t status = scmi_tree_set_rate(&tree, clock, 0, hz, rounding, &reached);
	CHECK(status != SCMI_SUCCESS || reached == rate(clock));
	return status;
}

static bool is_on(unsigned clock)
{
	bool on = false;
	CHECK(scmi_tree_is_on(&tree, clock, 0, &on) == SCMI_SUCCESS);
	return on;
}

static void rates_follow_multiplexers_multipliers_and_dividers(void)
{
	fresh();
	CHECK(rate(CRYSTAL) == 8 * MHZ && rate(PLL) == 80 * MHZ && rate(BUS) == 8 * MHZ && rate(PORT) == 8 * MHZ);
	CHECK(rate(CAMERA) == 10 * MHZ);
	CHECK(scmi_tree_set_parent(&tree, BUS, 0, PLL) == SCMI_SUCCESS && rate(PORT) == 80 * MHZ);
	registers[SETTINGS] |= 7 << 8; /* reserved, as somebody else has left it */
	CHECK(rate(BUS) == 80 * MHZ);
}

static void a_rate_is_rounded_as_is_asked(void)
{
	fresh();
	CHECK(scmi_tree_set_parent(&tree, BUS, 0, PLL) == SCMI_SUCCESS);
	CHECK(set_rate(BUS, 30 * MHZ, SCMI_ROUND_DOWN) == SCMI_SUCCESS && rate(BUS) == 80 * MHZ / 3);
	CHECK(set_rate(BUS, 30 * MHZ, SCMI_ROUND_UP) == SCMI_SUCCESS && rate(BUS) == 40 * MHZ);
	CHECK(set_rate(BUS, 21 * MHZ, SCMI_ROUND_NEAREST) == SCMI_SUCCESS && rate(BUS) == 20 * MHZ);
	CHECK(set_rate(BUS, MHZ, SCMI_ROUND_DOWN) == SCMI_INVALID_PARAMETERS && rate(BUS) == 20 * MHZ);
	CHECK(set_rate(PORT, MHZ, SCMI_ROUND_DOWN) == SCMI_INVALID_PARAMETERS);
	CHECK(set_rate(PLL, 300 * MHZ, SCMI_ROUND_DOWN) == SCMI_SUCCESS && rate(PLL) == 160 * MHZ);
}

static void what_a_clock_needs_runs_as_long_as_it_does(void)
{
	fresh();
	CHECK(!is_on(CAMERA) && registers[CONTROL] == 0);
	CHECK(scmi_tree_switch(&tree, CAMERA, 0, true) == SCMI_SUCCESS && is_on(CAMERA));
	CHECK(registers[CONTROL] == (PLL_ON | CAMERA_ON));
	CHECK(scmi_tree_switch(&tree, PLL, 0, true) == SCMI_SUCCESS);
	CHECK(scmi_tree_switch(&tree, CAMERA, 0, false) == SCMI_SUCCESS && registers[CONTROL] == PLL_ON);
	CHECK(scmi_tree_switch(&tree, PLL, 0, false) == SCMI_SUCCESS && registers[CONTROL] == 0);
	CHECK(scmi_tree_switch(&tree, PLL, 0, false) == SCMI_SUCCESS && tree.states[PLL].users == 0);
	CHECK(is_on(CRYSTAL) && tree.states[CRYSTAL].users == 1);
}

static void a_new_parent_runs_before_the_old_one_stops(void)
{
	fresh();
	CHECK(scmi_tree_switch(&tree, PORT, 0, true) == SCMI_SUCCESS && registers[CONTROL] == PORT_ON);
	CHECK(scmi_tree_set_parent(&tree, BUS, 0, PLL) == SCMI_SUCCESS && registers[CONTROL] == (PLL_ON | PORT_ON));
	CHECK(set_rate(PLL, 40 * MHZ, SCMI_ROUND_DOWN) == SCMI_SUCCESS);
	CHECK(scmi_tree_set_parent(&tree, PLL, 0, RING) == SCMI_INVALID_PARAMETERS && registers[CONTROL] == (PLL_ON | PORT_ON));
	CHECK(set_rate(PLL, 80 * MHZ, SCMI_ROUND_DOWN) == SCMI_SUCCESS);
	CHECK(scmi_tree_set_parent(&tree, PLL, 0, RING) == SCMI_SUCCESS && rate(PORT) == 50 * MHZ);
	CHECK(registers[CONTROL] == (RING_ON | PLL_ON | PORT_ON));
	CHECK(scmi_tree_set_parent(&tree, BUS, 0, CRYSTAL) == SCMI_SUCCESS && registers[CONTROL] == PORT_ON);
}

static void what_runs_stays_within_its_bounds(void)
{
	fresh();
	CHECK(set_rate(CAMERA, 30 * MHZ, SCMI_ROUND_UP) == SCMI_INVALID_PARAMETERS);
	CHECK(scmi_tree_switch(&tree, CAMERA, 0, true) == SCMI_SUCCESS);
	CHECK(set_rate(CAMERA, 20 * MHZ, SCMI_ROUND_DOWN) == SCMI_SUCCESS && rate(CAMERA) == 20 * MHZ);
	CHECK(set_rate(PLL, 160 * MHZ, SCMI_ROUND_DOWN) == SCMI_SUCCESS && rate(PLL) == 80 * MHZ); /* 4 times 20 MHz */
	CHECK(scmi_tree_switch(&tree, CAMERA, 0, false) == SCMI_SUCCESS);
	CHECK(set_rate(PLL, 160 * MHZ, SCMI_ROUND_DOWN) == SCMI_SUCCESS && rate(CAMERA) == 40 * MHZ);
	CHECK(scmi_tree_switch(&tree, CAMERA, 0, true) == SCMI_INVALID_PARAMETERS && registers[CONTROL] == 0);
}

static void hardware_that_does_not_come_is_an_error_and_nothing_is_left_on(void)
{
	fresh();
	pll_follows = false;
	CHECK(scmi_tree_switch(&tree, CAMERA, 0, true) == SCMI_HARDWARE_ERROR && registers[CONTROL] == 0);
	CHECK(tree.states[CAMERA].users == 0 && tree.states[PLL].users == 0 && !is_on(CAMERA));
	pll_follows = true;
	CHECK(scmi_tree_switch(&tree, CAMERA, 0, true) == SCMI_SUCCESS && is_on(CAMERA));
}

static void agents_may_what_the_tree_can_do(void)
{
	fresh();
	CHECK(grants[CRYSTAL].rights == SCMI_MAY_READ && table[CRYSTAL].is_critical);
	CHECK(grants[RING].rights == SCMI_MAY_SWITCH && grants[PORT].rights == SCMI_MAY_SWITCH);
	CHECK(grants[PLL].rights == (SCMI_MAY_SWITCH | SCMI_MAY_SET_RATE | SCMI_MAY_SET_PARENT));
	CHECK(grants[CAMERA].rights == (SCMI_MAY_SWITCH | SCMI_MAY_SET_RATE));
}

static void every_clock_that_a_change_moves_is_told_of(void)
{
	/* CLOCK_RATE_NOTIFY of each clock. */
	uint8_t message[12] = {0x09, 0x50}, reply[128], event[64];
	unsigned told = 0;
	fresh();
	for (uint8_t clock = 0; clock < CLOCKS; clock++) {
		message[4] = clock;
		message[8] = 1;
		CHECK(scmi_platform_handle(&platform, 0, message, sizeof message, reply, sizeof reply, 0) == 8 && reply[4] == 0);
	}
	CHECK(scmi_tree_set_parent(&tree, BUS, 0, PLL) == SCMI_SUCCESS);
	while (scmi_platform_next_event(&platform, 0, event, sizeof event) > 0)
		told |= 1u << event[8]; /* header, agent, clock */
	CHECK(told == (1u << BUS | 1u << PORT));
}

int main(void)
{
	RUN(rates_follow_multiplexers_multipliers_and_dividers);
	RUN(a_rate_is_rounded_as_is_asked);
	RUN(what_a_clock_needs_runs_as_long_as_it_does);
	RUN(a_new_parent_runs_before_the_old_one_stops);
	RUN(what_runs_stays_within_its_bounds);
	RUN(hardware_that_does_not_come_is_an_error_and_nothing_is_left_on);
	RUN(agents_may_what_the_tree_can_do);
	RUN(every_clock_that_a_change_moves_is_told_of);
	return summary();
}
