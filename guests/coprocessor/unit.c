/* Power domains, supplies, sensors and resets in registers, and the platform over all of them. */
#include "unit.h"

#include <stddef.h>

#include "clocks.h"
#include "registers.h"
#include "timer.h"

/* What hardware would do by itself the program does for it, after the time that it would take: nothing stands behind these
 * registers. */
#define POWER_TAKES (2 * MILLISECOND)
#define PULSE_TAKES (1 * MILLISECOND)
#define CONVERSION_TAKES (1 * MILLISECOND)
#define LEVEL_TAKES (1 * MILLISECOND)

enum domain { DOMAIN_SYSTEM, DOMAIN_GPU, DOMAIN_VIDEO, DOMAIN_DSP, DOMAINS };
enum sensor { SENSOR_TEMPERATURE, SENSOR_INPUT, SENSORS };
enum supply { SUPPLY_CORE, SUPPLY_GPU, SUPPLIES };
enum reset_id { RESET_UART0, RESET_GPU, RESET_VIDEO, RESETS };

static const struct scmi_power_domain domains[DOMAINS] = {
    [DOMAIN_SYSTEM] = {.name = "system", .is_fixed = true},
    [DOMAIN_GPU] = {.name = "gpu"},
    [DOMAIN_VIDEO] = {.name = "video"},
    [DOMAIN_DSP] = {.name = "dsp"},
};

static const struct scmi_sensor sensors[SENSORS] = {
    [SENSOR_TEMPERATURE] = {.name = "temperature", .type = 2, .exponent = -3, .min = -40000, .max = 125000},
    [SENSOR_INPUT] = {.name = "input-voltage", .type = 5, .exponent = -6, .is_asynchronous = true},
};

static const struct scmi_reset resets[RESETS] = {
    [RESET_UART0] = {.name = "uart0", .latency = 1000},
    [RESET_GPU] = {.name = "gpu", .latency = 1000},
    [RESET_VIDEO] = {.name = "video", .latency = 1000, .is_asynchronous = true},
};

#define LOWEST_LEVEL 600000
#define LEVEL_STEP 12500

static const int32_t core_levels[] = {1000000}, gpu_levels[] = {LOWEST_LEVEL, 1100000, LEVEL_STEP};
static const struct scmi_supply supplies[SUPPLIES] = {
    [SUPPLY_CORE] = {.name = "vdd-core", .levels = core_levels, .level_count = 1, .is_critical = true},
    [SUPPLY_GPU] = {.name = "vdd-gpu", .levels = gpu_levels, .level_count = 3, .is_range = true},
};

/* What is under way: its end, and the command that waits for it. Each domain, reset, sensor and supply has one at most. */
struct pending {
    void (*end)(struct pending *);
    uint64_t due;
    uint32_t ticket;
    unsigned index;
    bool on;
};

static struct {
    struct scmi_tree tree; /* first: it is the context of the clocks' callbacks */
    struct scmi_platform *platform;
    struct pending domains[DOMAINS], resets[RESETS], conversion, level;
} unit;

/* What takes time ---------------------------------------------------------------------------------------------------- */

static int32_t begin(struct pending *pending, void (*end)(struct pending *), unsigned index, uint32_t ticket, uint64_t takes)
{
    if (pending->end)
        return SCMI_BUSY;
    pending->end = end;
    pending->index = index;
    pending->ticket = ticket;
    pending->due = timer_now() + takes;
    return SCMI_DELAYED;
}

/* Each that is under way, until NULL. */
static struct pending *pending(unsigned number)
{
    if (number < DOMAINS)
        return &unit.domains[number];
    number -= DOMAINS;
    if (number < RESETS)
        return &unit.resets[number];
    return number == RESETS ? &unit.conversion : number == RESETS + 1 ? &unit.level : NULL;
}

bool unit_turn(uint64_t now)
{
    struct pending *each;
    bool ended = false;

    for (unsigned i = 0; (each = pending(i)); i++) {
        if (each->end && now >= each->due) {
            void (*end)(struct pending *) = each->end;

            each->end = NULL; /* its end may begin another one */
            end(each);
            ended = true;
        }
    }
    return ended;
}

uint64_t unit_longest_wait(uint64_t now, uint64_t most)
{
    const struct pending *each;

    for (unsigned i = 0; (each = pending(i)); i++) {
        if (each->end && each->due < now + most)
            most = each->due > now ? each->due - now : 0;
    }
    return most;
}

static void set_bit(unsigned reg, unsigned bit, bool on)
{
    uint32_t others = registers_read(reg) & ~(1u << bit);

    registers_write(reg, others | (uint32_t)on << bit);
}

static bool has_bit(unsigned reg, unsigned bit)
{
    return registers_read(reg) >> bit & 1;
}

/* Power domains ------------------------------------------------------------------------------------------------------ */

static int32_t power_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on)
{
    (void)context, (void)ticket;
    *is_on = has_bit(POWER_STATUS, index);
    return SCMI_SUCCESS;
}

static void power_followed(struct pending *its)
{
    bool was_on = has_bit(POWER_STATUS, its->index), on = has_bit(POWER_CONTROL, its->index);

    set_bit(POWER_STATUS, its->index, on);
    if (on != was_on)
        scmi_power_changed(unit.platform, its->index, on, its->ticket);
    scmi_platform_complete(unit.platform, its->ticket, SCMI_SUCCESS, 0, 0);
}

static int32_t power_switch(void *context, unsigned index, uint32_t ticket, bool on)
{
    int32_t status;

    (void)context;
    status = begin(&unit.domains[index], power_followed, index, ticket, POWER_TAKES);
    if (status == SCMI_DELAYED)
        set_bit(POWER_CONTROL, index, on);
    return status;
}

/* Supplies ----------------------------------------------------------------------------------------------------------- */

static int32_t supply_level(void *context, unsigned index, uint32_t ticket, int32_t *level)
{
    (void)context, (void)ticket;
    *level = index == SUPPLY_GPU ? LOWEST_LEVEL + LEVEL_STEP * (int32_t)registers_read(SUPPLY_LEVEL) : core_levels[0];
    return SCMI_SUCCESS;
}

static void level_reached(struct pending *its)
{
    int32_t level = 0;

    supply_level(NULL, its->index, 0, &level);
    scmi_platform_complete(unit.platform, its->ticket, SCMI_SUCCESS, (uint64_t)level, 0);
}

static int32_t supply_set_level(void *context, unsigned index, uint32_t ticket, int32_t level, int32_t *reached)
{
    int32_t status = index == SUPPLY_GPU ? begin(&unit.level, level_reached, index, ticket, LEVEL_TAKES) : SCMI_SUCCESS;

    (void)context, (void)reached;
    if (status == SCMI_DELAYED)
        registers_write(SUPPLY_LEVEL, (uint32_t)(level - LOWEST_LEVEL) / LEVEL_STEP);
    return status;
}

static int32_t supply_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on)
{
    (void)context, (void)ticket;
    *is_on = has_bit(SUPPLY_CONTROL, index);
    return SCMI_SUCCESS;
}

static int32_t supply_switch(void *context, unsigned index, uint32_t ticket, bool on)
{
    (void)context, (void)ticket;
    set_bit(SUPPLY_CONTROL, index, on);
    return SCMI_SUCCESS;
}

/* Sensors ------------------------------------------------------------------------------------------------------------ */

static void converted(struct pending *its)
{
    scmi_platform_complete(unit.platform, its->ticket, SCMI_SUCCESS, (uint64_t)(int64_t)(int32_t)registers_read(INPUT_VOLTAGE), 0);
}

static int32_t sensor_read(void *context, unsigned index, uint32_t ticket, int64_t *value, uint64_t *timestamp)
{
    (void)context, (void)timestamp;
    if (index == SENSOR_INPUT)
        return begin(&unit.conversion, converted, index, ticket, CONVERSION_TAKES);
    *value = (int32_t)registers_read(TEMPERATURE);
    return SCMI_SUCCESS;
}

/* Resets ------------------------------------------------------------------------------------------------------------- */

static void pulsed(struct pending *its)
{
    set_bit(RESET_CONTROL, its->index, false);
    scmi_platform_complete(unit.platform, its->ticket, SCMI_SUCCESS, 0, 0);
}

static int32_t reset(void *context, unsigned index, uint32_t ticket, enum scmi_reset_action action)
{
    int32_t status = SCMI_SUCCESS;

    (void)context;
    if (unit.resets[index].end)
        return SCMI_BUSY;
    if (action == SCMI_RESET_PULSE) {
        status = begin(&unit.resets[index], pulsed, index, ticket, PULSE_TAKES);
        registers_write(RESET_PULSES + 4 * index, registers_read(RESET_PULSES + 4 * index) + 1);
    }
    set_bit(RESET_CONTROL, index, action != SCMI_RESET_DEASSERT);
    return status;
}

/* The platform ------------------------------------------------------------------------------------------------------- */

static const struct scmi_platform_driver driver = {
    .clock_rate = scmi_tree_rate, .clock_set_rate = scmi_tree_set_rate, .clock_is_on = scmi_tree_is_on,
    .clock_switch = scmi_tree_switch, .clock_parent = scmi_tree_parent, .clock_set_parent = scmi_tree_set_parent,
    .power_is_on = power_is_on, .power_switch = power_switch, .sensor_read = sensor_read, .reset = reset,
    .supply_level = supply_level, .supply_set_level = supply_set_level, .supply_is_on = supply_is_on,
    .supply_switch = supply_switch,
};

static struct scmi_agent agents[] = {{.name = "host"}};
static struct scmi_agent_state states[1];
static uint8_t flags[SCMI_PLATFORM_FLAGS(1, DOMAINS, CLOCKS_MAX, SENSORS, RESETS, SUPPLIES)];
static struct scmi_platform_config config = {.vendor = "scmid", .sub_vendor = "coprocessor", .implementation_version = 1,
    .power_domains = domains, .sensors = sensors, .resets = resets, .supplies = supplies,
    .counts = {[SCMI_POWER_DOMAINS] = DOMAINS, [SCMI_SENSORS] = SENSORS, [SCMI_RESETS] = RESETS,
        [SCMI_SUPPLIES] = SUPPLIES},
    .agents = agents, .agent_count = 1, .driver = &driver, .context = &unit};

bool unit_start(struct scmi_platform *platform)
{
    if (!registers_start())
        return false;
    unit.platform = platform;
    agents[0].views[SCMI_CLOCKS] = clocks_start(&unit.tree, platform);
    if (!agents[0].views[SCMI_CLOCKS])
        return false;
    config.clocks = unit.tree.table;
    config.counts[SCMI_CLOCKS] = unit.tree.count;
    registers_write(POWER_CONTROL, 1u << DOMAIN_SYSTEM);
    registers_write(POWER_STATUS, 1u << DOMAIN_SYSTEM);
    registers_write(SUPPLY_CONTROL, 1u << SUPPLY_CORE);
    registers_write(SUPPLY_LEVEL, 16); /* 800 mV */
    registers_write(TEMPERATURE, 25000);
    registers_write(INPUT_VOLTAGE, 5000000);
    if (scmi_platform_init(platform, &config, states, flags, sizeof flags) != 0)
        return false;
    registers_write(UNIT_ID, UNIT_IS_SET_UP);
    return true;
}
