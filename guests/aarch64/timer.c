/* The architecture's virtual timer. */
#include "timer.h"

#include "fdt.h"
#include "gic.h"

#define ENABLE 1ull

static void set_control(uint64_t value)
{
    __asm__ volatile("msr cntv_ctl_el0, %0\n isb" :: "r"(value));
}

static uint64_t frequency(void)
{
    uint64_t hertz;

    __asm__("mrs %0, cntfrq_el0" : "=r"(hertz));
    return hertz;
}

static uint64_t ticks(void)
{
    uint64_t value;

    __asm__ volatile("isb\n mrs %0, cntvct_el0" : "=r"(value) :: "memory");
    return value;
}

uint64_t timer_now(void)
{
    uint64_t now = ticks(), hertz = frequency();

    return now / hertz * SECOND + now % hertz * SECOND / hertz;
}

void timer_wake_in(uint64_t nanoseconds)
{
    uint64_t hertz = frequency(), count = nanoseconds / SECOND * hertz + nanoseconds % SECOND * hertz / SECOND;

    __asm__ volatile("msr cntv_cval_el0, %0" :: "r"(ticks() + count + 1));
    set_control(ENABLE);
}

/* The interrupt has done its work by waking the CPU; off, so that it is not asserted any longer. */
static void woken(void *unused)
{
    (void)unused;
    set_control(0);
}

void timer_start(void)
{
    struct fdt_node node;

    set_control(0);
    /* The third of its interrupts is the virtual one, by the binding. */
    if (fdt_find("compatible", "arm,armv8-timer", 0, &node))
        gic_enable(fdt_interrupt(&node, 2), GIC_LEVEL, woken, 0);
}
