/* The clocks of the unit: the tree as a table, see scmi_clock_tree.h. */
#include "clocks.h"

#include <stddef.h>

#include "registers.h"

enum clock_id {
    XTAL, RTC_XTAL, RC, CLOCK_PLL_INPUT, CLOCK_PLL, CORE, WATCHDOG,
    CLOCK_UART0, CLOCK_UART1, CLOCK_SPI0, CLOCK_SPI1, CLOCK_I2C0, CLOCK_AUDIO, CLOCK_DISPLAY, CLOCK_MMC0,
    TIMER0, TIMER1, DMA, GPIO,
    CLOCKS
};

_Static_assert((int)CLOCKS <= (int)CLOCKS_MAX, "the unit has room for them");

#define MHZ(number) ((number) * UINT64_C(1000000))
#define RATES(...) .rates = (const uint64_t[]){__VA_ARGS__}, \
    .rate_count = sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t)
#define RANGE(from, to) RATES(from, to, 1), .is_range = true
#define FROM(...) .parents = (const uint16_t[]){__VA_ARGS__}, \
    .parent_count = sizeof((const uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t)
#define BIT(at, number) {.reg = at, .shift = number, .width = 1}
#define BITS(at, from, count) {.reg = at, .shift = from, .width = count}

/* A divider holds the divisor less 1, or its power of two. */
static const uint16_t linear[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
    25, 26, 27, 28, 29, 30, 31, 32};
static const uint16_t powers[8] = {1, 2, 4, 8, 16, 32, 64, 128};

static const struct scmi_tree_clock clocks[CLOCKS] = {
    /* Oscillators. The program lives by the first one, and time by the second. */
    [XTAL] = {.name = "xtal", .fixed = 24000000, RATES(MHZ(24)), .is_critical = true},
    [RTC_XTAL] = {.name = "rtc-xtal", .fixed = 32768, RATES(32768), .is_critical = true},
    [RC] = {.name = "rc", .fixed = 16000000, RATES(MHZ(16)), .gate = BIT(OSCILLATORS, 0)},

    [CLOCK_PLL_INPUT] = {.name = "pll-input", FROM(XTAL, RC), .mux = BIT(PLL_INPUT, 8), .divisors = linear,
        .divider = BITS(PLL_INPUT, 0, 3), RANGE(MHZ(2), MHZ(24)), .is_bounded = true},
    [CLOCK_PLL] = {.name = "pll", FROM(CLOCK_PLL_INPUT), RANGE(MHZ(200), MHZ(800)), .is_bounded = true,
        .multiplier = BITS(PLL, 0, 8), .least = 16, .greatest = 250, .gate = BIT(PLL, 31)},

    /* What nobody stops. */
    [CORE] = {.name = "core", FROM(XTAL), RATES(MHZ(24)), .is_critical = true},
    [WATCHDOG] = {.name = "watchdog", FROM(RTC_XTAL), RATES(32768), .is_critical = true, .gate = BIT(GATES, 0)},

    /* Peripherals with a source, a divider and a gate of their own. */
    [CLOCK_UART0] = {.name = "uart0", FROM(XTAL, CLOCK_PLL, RC), .mux = BITS(UART0, 8, 2), .divisors = linear,
        .divider = BITS(UART0, 0, 5), RANGE(MHZ(1) / 2, MHZ(800)), .gate = BIT(GATES, 1)},
    [CLOCK_UART1] = {.name = "uart1", FROM(XTAL, CLOCK_PLL, RC), .mux = BITS(UART1, 8, 2), .divisors = linear,
        .divider = BITS(UART1, 0, 5), RANGE(MHZ(1) / 2, MHZ(800)), .gate = BIT(GATES, 2)},
    [CLOCK_SPI0] = {.name = "spi0", FROM(CLOCK_PLL), .divisors = powers, .divider = BITS(SPI0, 0, 3),
        RANGE(MHZ(200) / 128, MHZ(800)), .gate = BIT(GATES, 3)},
    [CLOCK_SPI1] = {.name = "spi1", FROM(CLOCK_PLL), .divisors = powers, .divider = BITS(SPI1, 0, 3),
        RANGE(MHZ(200) / 128, MHZ(800)), .gate = BIT(GATES, 4)},
    [CLOCK_I2C0] = {.name = "i2c0", FROM(XTAL, RC), .mux = BIT(I2C0, 8), .divisors = powers,
        .divider = BITS(I2C0, 0, 3), RANGE(MHZ(16) / 128, MHZ(24)), .gate = BIT(GATES, 5)},
    [CLOCK_AUDIO] = {.name = "audio", FROM(XTAL, CLOCK_PLL, RC), .mux = BITS(AUDIO, 8, 2), .divisors = linear,
        .divider = BITS(AUDIO, 0, 5), RANGE(MHZ(1) / 2, MHZ(50)), .is_bounded = true, .gate = BIT(GATES, 6)},
    [CLOCK_DISPLAY] = {.name = "display", FROM(CLOCK_PLL), .divisors = linear, .divider = BITS(DISPLAY, 0, 5),
        RANGE(MHZ(10), MHZ(200)), .is_bounded = true, .gate = BIT(GATES, 7)},
    [CLOCK_MMC0] = {.name = "mmc0", FROM(CLOCK_PLL, XTAL), .mux = BIT(MMC0, 8), .divisors = powers,
        .divider = BITS(MMC0, 0, 3), RANGE(MHZ(24) / 128, MHZ(800)), .gate = BIT(GATES, 8)},
    [TIMER0] = {.name = "timer0", FROM(RTC_XTAL, XTAL), .mux = BIT(TIMERS, 0), RATES(32768, MHZ(24)),
        .gate = BIT(GATES, 9)},
    [TIMER1] = {.name = "timer1", FROM(RTC_XTAL, XTAL), .mux = BIT(TIMERS, 1), RATES(32768, MHZ(24)),
        .gate = BIT(GATES, 10)},
    [DMA] = {.name = "dma", FROM(XTAL), RATES(MHZ(24)), .gate = BIT(GATES, 11)},
    [GPIO] = {.name = "gpio", FROM(XTAL), RATES(MHZ(24)), .gate = BIT(GATES, 12)},
};

static struct scmi_tree_state states[CLOCKS];
static struct scmi_clock table[CLOCKS];
static struct scmi_grant grants[CLOCKS];
static const struct scmi_view view = {.grants = grants, .count = CLOCKS};

const struct scmi_view *clocks_start(struct scmi_tree *tree, struct scmi_platform *platform)
{
    *tree = (struct scmi_tree){.clocks = clocks, .count = CLOCKS, .states = states, .table = table, .grants = grants,
        .platform = platform, .read = registers_read, .write = registers_write};
    /* 8 MHz for the PLL, which makes 400 MHz of it; 12.5 MHz for the display, as it may have. */
    registers_write(PLL_INPUT, 2);
    registers_write(PLL, 50);
    registers_write(DISPLAY, 31);
    registers_write(AUDIO, 1);
    return scmi_tree_start(tree) ? &view : NULL;
}
