/* PCI: scan of the first bus, and places for BARs. */
#include "pci.h"

#include "fdt.h"
#include "mmio.h"
#include "mmu.h"

#define IDS 0x00
#define COMMAND_STATUS 0x04
#define HEADER_TYPE 0x0c
#define BAR0 0x10
#define CAPABILITIES 0x34

#define COMMAND_MEMORY (1u << 1)
#define COMMAND_BUS_MASTER (1u << 2)
#define STATUS_CAPABILITIES (1u << 20)
#define MULTIFUNCTION (1u << 23)

#define BAR_IO 1u
#define BAR_64_BIT 4u
#define BAR_FLAGS 0xfu

#define BUS_BYTES 0x100000u
#define FUNCTION_BYTES 0x1000u
#define FUNCTIONS 256u

#define PAGE 0x1000ull

static uintptr_t ecam;
static uint64_t window, window_end; /* what is left for BARs; bus and CPU count alike here */

/* The bridge's 32-bit memory window: an entry of `ranges` is flags, bus address (2), CPU address (2), size (2). */
static void read_ranges(const struct fdt_node *bridge)
{
    uint32_t bytes;
    const uint32_t *range = fdt_property(bridge, "ranges", &bytes), *end = range + (range ? bytes / 4 : 0);

    for (; range && range + 7 <= end; range += 7) {
        if ((fdt_cell(range) >> 24 & 3) == 2 && fdt_cell(range + 2) == fdt_cell(range + 4)
            && fdt_cell(range + 1) == 0 && fdt_cell(range + 3) == 0 && fdt_cell(range + 5) == 0) {
            window = fdt_cell(range + 4);
            window_end = window + fdt_cell(range + 6);
            return;
        }
    }
}

bool pci_start(void)
{
    struct fdt_node bridge;
    uint64_t address, bytes;

    if (!fdt_find("compatible", "pci-host-ecam-generic", 0, &bridge) || !fdt_reg(&bridge, 0, &address, &bytes)
        || bytes < BUS_BYTES || !mmu_map(address, BUS_BYTES, MMU_DEVICE))
        return false;
    ecam = address;
    read_ranges(&bridge);
    return true;
}

bool pci_find(uint16_t vendor, uint16_t device, unsigned nth, struct pci_device *found)
{
    unsigned function;
    uintptr_t config;

    for (function = 0; ecam && function < FUNCTIONS; function++) {
        config = ecam + function * FUNCTION_BYTES;
        if (read32(config + IDS) == ((uint32_t)device << 16 | vendor) && nth-- == 0) {
            found->config = config;
            return true;
        }
        /* Functions 1 to 7 are there only if function 0 says so. */
        if (function % 8 == 0 && !(read32(config + HEADER_TYPE) & MULTIFUNCTION))
            function += 7;
    }
    return false;
}

/* Writes all ones: what stays zero below the highest bit is the size. */
static uint64_t size_of(uintptr_t bar, bool wide)
{
    uint64_t mask;

    write32(bar, ~0u);
    mask = read32(bar) & ~BAR_FLAGS;
    if (wide) {
        write32(bar + 4, ~0u);
        mask |= (uint64_t)read32(bar + 4) << 32;
    } else if (mask != 0) {
        mask |= 0xffffffff00000000ull;
    }
    return ~mask + 1;
}

bool pci_assign(const struct pci_device *device, unsigned number, uint64_t *address, uint64_t *bytes)
{
    uintptr_t bar = device->config + BAR0 + number * 4;
    uint32_t flags = read32(bar) & BAR_FLAGS;
    bool wide = !(flags & BAR_IO) && (flags & BAR_64_BIT);
    uint64_t alignment, at;

    if (flags & BAR_IO)
        return false;
    *bytes = size_of(bar, wide);
    if (*bytes == 0)
        return false;
    /* Whole pages, so that each BAR has attributes of its own in the page tables. */
    alignment = *bytes < PAGE ? PAGE : *bytes;
    at = (window + alignment - 1) & ~(alignment - 1);
    if (at > window_end || window_end - at < alignment)
        return false;
    window = at + alignment;
    write32(bar, (uint32_t)at);
    if (wide)
        write32(bar + 4, 0);
    *address = at;
    return true;
}

void pci_enable(const struct pci_device *device)
{
    /* The status half is cleared by ones: write zeros to it. */
    uint32_t command = read32(device->config + COMMAND_STATUS) & 0xffff;

    write32(device->config + COMMAND_STATUS, command | COMMAND_MEMORY | COMMAND_BUS_MASTER);
}

unsigned pci_capability(const struct pci_device *device, uint8_t id)
{
    unsigned at, left = 48;
    uint32_t head;

    if (!(read32(device->config + COMMAND_STATUS) & STATUS_CAPABILITIES))
        return 0;
    at = read32(device->config + CAPABILITIES) & 0xfc;
    for (; at != 0 && left > 0; at = head >> 8 & 0xfc, left--) {
        head = read32(device->config + at);
        if ((head & 0xff) == id)
            return at;
    }
    return 0;
}
