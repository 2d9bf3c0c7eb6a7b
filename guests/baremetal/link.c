/* Finds the way to the SCMI service. */
#include "link.h"

#include <stddef.h>

#include "fdt.h"
#include "idle.h"
#include "mmio.h"
#include "mmu.h"
#include "timer.h"
#include "uart.h"

#define MAX_WINDOWS 4
#define MAX_WINDOW_BYTES 0x10000000ull

/* The control block's magic, as a little-endian word, and where it is in the two layouts. */
#define MAGIC_MMIO 0x424d4353u /* "SCMB" */
#define MAGIC_FAT 0x56464353u  /* "SCFV" */
#define CONTROL_MMIO 0x200
#define CONTROL_FAT 0x000

/* Registers of a virtio-mmio slot. */
#define SLOT_MAGIC 0x000
#define SLOT_VERSION 0x004
#define SLOT_DEVICE_ID 0x008
#define VIRTIO_MAGIC 0x74726976u
#define VIRTIO_ID_SCMI 32

static struct ivshmem windows[MAX_WINDOWS];
static unsigned window_count;
static struct link found;

static void start_windows(gic_handler *interrupt)
{
    while (window_count < MAX_WINDOWS && ivshmem_start(window_count, &windows[window_count], interrupt, NULL)) {
        if (!windows[window_count].memory || windows[window_count].bytes > MAX_WINDOW_BYTES) {
            print("warning: ivshmem device %u has no usable memory\n", window_count);
            windows[window_count].memory = NULL;
        }
        window_count++;
    }
}

static uint32_t word(const struct ivshmem *window, uint32_t offset)
{
    if (!window->memory || window->bytes < offset + 4)
        return 0;
    return __atomic_load_n((uint32_t *)((char *)window->memory + offset), __ATOMIC_ACQUIRE);
}

/*
 * The fat virtqueue's magic counts first: it leaves alone what another layout may have left at 0x200, whereas the
 * virtio-mmio ring has a register where the fat virtqueue's magic would be.
 */
static bool find_window(void)
{
    unsigned i;

    for (i = 0; i < window_count; i++) {
        if (word(&windows[i], CONTROL_FAT) == MAGIC_FAT)
            found.flavour = SCMI_RING_FAT;
        else if (word(&windows[i], CONTROL_MMIO) == MAGIC_MMIO)
            found.flavour = SCMI_RING_MMIO;
        else
            continue;
        found.ivshmem = windows[i];
        found.memory = windows[i].memory;
        found.bytes = (uint32_t)windows[i].bytes;
        found.interrupts = windows[i].doorbells;
        return true;
    }
    return false;
}

static bool find_slot(gic_handler *interrupt)
{
    struct fdt_node node;
    uint64_t slot, bytes;
    unsigned i;

    for (i = 0; fdt_find("compatible", "virtio,mmio", i, &node); i++) {
        if (!fdt_reg(&node, 0, &slot, &bytes) || !mmu_map(slot, bytes, MMU_DEVICE))
            continue;
        if (read32(slot + SLOT_MAGIC) != VIRTIO_MAGIC || read32(slot + SLOT_DEVICE_ID) != VIRTIO_ID_SCMI)
            continue;
        if (read32(slot + SLOT_VERSION) != 2) {
            print("warning: the SCMI device has virtio's legacy interface; give QEMU"
                  " -global virtio-mmio.force-legacy=false\n");
            continue;
        }
        found.flavour = SCMI_RING_TRAPPED;
        found.registers = slot;
        found.interrupts = gic_enable(fdt_interrupt(&node, 0), GIC_EDGE, interrupt, NULL);
        return true;
    }
    return false;
}

const struct link *link_find(uint64_t patience, gic_handler *interrupt)
{
    uint64_t deadline = timer_now() + patience;

    start_windows(interrupt);
    while (window_count > 0) {
        if (find_window())
            return &found;
        if (timer_now() >= deadline)
            break;
        idle(10 * MILLISECOND);
    }
    return find_slot(interrupt) ? &found : NULL;
}

const char *link_name(const struct link *link)
{
    switch (link->flavour) {
    case SCMI_RING_MMIO: return "virtio-mmio-ring";
    case SCMI_RING_FAT: return "fat-virtqueue";
    default: return "virtio-mmio";
    }
}
