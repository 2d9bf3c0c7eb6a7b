/* ivshmem: the memory in BAR 2, the doorbell in BAR 0, the vectors in BAR 1. */
#include "ivshmem.h"

#include "mmio.h"
#include "mmu.h"
#include "pci.h"

#define VENDOR 0x1af4
#define DEVICE 0x1110

#define DOORBELL 0x0c /* peer in bits 31:16, vector in bits 15:0 */
#define SERVER 0u

#define CAPABILITY_MSIX 0x11
#define MSIX_ENABLE (1u << 31) /* in the word with the capability's head */
#define MSIX_MASK_ALL (1u << 30)
#define MSIX_TABLE 4
#define MSIX_ENTRY_BYTES 16

static bool map_bar(const struct pci_device *pci, unsigned bar, enum mmu_kind kind, uint64_t *address, uint64_t *bytes)
{
    return pci_assign(pci, bar, address, bytes) && mmu_map(*address, *bytes, kind);
}

/* Points each vector of the device at an interrupt of its own. The table is at `table`. */
static bool point_vectors(uintptr_t table, gic_handler *rung, void *context)
{
    unsigned vector;
    uint64_t address;
    uint32_t value;

    for (vector = 0; vector < IVSHMEM_VECTORS; vector++, table += MSIX_ENTRY_BYTES) {
        if (!gic_new_message(&address, &value, rung, context))
            return false;
        write32(table, (uint32_t)address);
        write32(table + 4, (uint32_t)(address >> 32));
        write32(table + 8, value);
        write32(table + 12, 0); /* not masked */
    }
    return true;
}

/* ivshmem-plain has no vectors. Message control (bits 31:16) holds their number less 1 in bits 10:0. */
static bool start_doorbells(const struct pci_device *pci, uintptr_t table, gic_handler *rung, void *context)
{
    unsigned capability = pci_capability(pci, CAPABILITY_MSIX);
    uint32_t head, where;

    if (capability == 0 || table == 0)
        return false;
    head = read32(pci->config + capability);
    where = read32(pci->config + capability + MSIX_TABLE);
    if ((head >> 16 & 0x7ff) + 1 < IVSHMEM_VECTORS || (where & 7) != 1)
        return false;
    if (!point_vectors(table + (where & ~7u), rung, context))
        return false;
    write32(pci->config + capability, (head | MSIX_ENABLE) & ~MSIX_MASK_ALL);
    return true;
}

bool ivshmem_start(unsigned nth, struct ivshmem *device, gic_handler *rung, void *context)
{
    struct pci_device pci;
    uint64_t registers = 0, table = 0, memory = 0, bytes, window = 0;
    bool usable;

    if (!pci_find(VENDOR, DEVICE, nth, &pci))
        return false;
    usable = map_bar(&pci, 2, MMU_MEMORY, &memory, &window) && map_bar(&pci, 0, MMU_DEVICE, &registers, &bytes);
    if (usable) {
        if (!map_bar(&pci, 1, MMU_DEVICE, &table, &bytes))
            table = 0;
        pci_enable(&pci);
    }
    device->memory = usable ? (void *)memory : 0;
    device->bytes = window;
    device->registers = registers;
    device->doorbells = usable && start_doorbells(&pci, table, rung, context);
    return true;
}

void ivshmem_ring(const struct ivshmem *device, unsigned vector)
{
    memory_before_device();
    write32(device->registers + DOORBELL, SERVER << 16 | vector);
}
