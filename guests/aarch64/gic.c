/* Interrupts: a GICv2 and its GICv2m frame. */
#include "gic.h"

#include "fdt.h"
#include "mmio.h"
#include "mmu.h"

/* The distributor. */
#define GICD_CTLR 0x000
#define GICD_ISENABLER 0x100
#define GICD_IPRIORITYR 0x400
#define GICD_ITARGETSR 0x800
#define GICD_ICFGR 0xc00

/* The CPU's interface. */
#define GICC_CTLR 0x00
#define GICC_PMR 0x04
#define GICC_IAR 0x0c
#define GICC_EOIR 0x10

/* The GICv2m frame. */
#define MSI_TYPER 0x08
#define MSI_SETSPI 0x40

#define FIRST_SHARED 32
#define FIRST_SPECIAL 1020
#define INTERRUPTS 512

static uintptr_t distributor, cpu, frame;
static unsigned next_message, messages_end;

static struct {
    gic_handler *handler;
    void *context;
} handlers[INTERRUPTS];

/* Replaces `bits` bits of an array of fields of that width, whose nth is interrupt n's. */
static void set_field(uintptr_t array, unsigned interrupt, unsigned bits, uint32_t value)
{
    unsigned in_word = 32 / bits, shift = interrupt % in_word * bits;
    uintptr_t address = array + interrupt / in_word * 4;
    uint32_t mask = ((1u << bits) - 1) << shift;

    write32(address, (read32(address) & ~mask) | value << shift);
}

static uintptr_t map_registers(const struct fdt_node *node, unsigned nth)
{
    uint64_t address, bytes;

    return fdt_reg(node, nth, &address, &bytes) && mmu_map(address, bytes, MMU_DEVICE) ? address : 0;
}

static void find_frame(void)
{
    struct fdt_node node;
    uint32_t type;

    if (!fdt_find("compatible", "arm,gic-v2m-frame", 0, &node))
        return;
    frame = map_registers(&node, 0);
    if (!frame)
        return;
    type = read32(frame + MSI_TYPER);
    next_message = type >> 16 & 0x3ff;
    messages_end = next_message + (type & 0x3ff);
}

bool gic_start(void)
{
    struct fdt_node node;

    if (!fdt_find("compatible", "arm,cortex-a15-gic", 0, &node) && !fdt_find("compatible", "arm,gic-400", 0, &node))
        return false;
    distributor = map_registers(&node, 0);
    cpu = map_registers(&node, 1);
    if (!distributor || !cpu)
        return false;
    write32(distributor + GICD_CTLR, 1);
    write32(cpu + GICC_PMR, 0xff);
    write32(cpu + GICC_CTLR, 1);
    find_frame();
    return true;
}

bool gic_enable(unsigned interrupt, enum gic_trigger trigger, gic_handler *handler, void *context)
{
    if (!distributor || interrupt == 0 || interrupt >= INTERRUPTS)
        return false;
    handlers[interrupt].handler = handler;
    handlers[interrupt].context = context;
    set_field(distributor + GICD_IPRIORITYR, interrupt, 8, 0x80);
    if (interrupt >= FIRST_SHARED) {
        set_field(distributor + GICD_ITARGETSR, interrupt, 8, 1);
        set_field(distributor + GICD_ICFGR, interrupt, 2, trigger == GIC_EDGE ? 2 : 0);
    }
    write32(distributor + GICD_ISENABLER + interrupt / 32 * 4, 1u << interrupt % 32);
    return true;
}

void gic_wait(void)
{
    __asm__ volatile("dsb sy\n wfi" ::: "memory");
}

void gic_take(void)
{
    uint32_t acknowledged, interrupt;

    if (!cpu)
        return;
    for (;;) {
        acknowledged = read32(cpu + GICC_IAR);
        interrupt = acknowledged & 0x3ff;
        if (interrupt >= FIRST_SPECIAL)
            return;
        if (interrupt < INTERRUPTS && handlers[interrupt].handler)
            handlers[interrupt].handler(handlers[interrupt].context);
        write32(cpu + GICC_EOIR, acknowledged);
    }
}

bool gic_new_message(uint64_t *address, uint32_t *value, gic_handler *handler, void *context)
{
    if (!frame || next_message == messages_end || !gic_enable(next_message, GIC_EDGE, handler, context))
        return false;
    *address = frame + MSI_SETSPI;
    *value = next_message++;
    return true;
}
