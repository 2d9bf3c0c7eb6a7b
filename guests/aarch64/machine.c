/* The machine as a whole. */
#include "machine.h"

#include <stdbool.h>

#include "fdt.h"
#include "gic.h"
#include "mmu.h"
#include "pci.h"
#include "psci.h"
#include "timer.h"
#include "uart.h"

/* From image.ld: the image's first byte. */
extern char _image[];

void fault(unsigned vector, uint64_t syndrome, uint64_t address, uint64_t accessed);

/* Called by the exception vectors: nothing is handled, all is told. */
void fault(unsigned vector, uint64_t syndrome, uint64_t address, uint64_t accessed)
{
    print("\nfault vector %u esr 0x%lx elr 0x%lx far 0x%lx\n", vector, syndrome, address, accessed);
    psci_off();
}

_Noreturn void machine_stop(const char *reason)
{
    print("stopped: %s\n", reason);
    psci_off();
    for (;;)
        __asm__ volatile("wfi");
}

/* A loader that knows the image's head passes the device tree; QEMU puts it at the start of RAM before an ELF file. */
static bool open_device_tree(uintptr_t passed)
{
    return fdt_open(passed) || fdt_open((uintptr_t)_image - 0x200000);
}

static void map_memory(void)
{
    struct fdt_node node;
    uint64_t address, bytes;
    unsigned i;

    for (i = 0; fdt_find("device_type", "memory", i, &node); i++) {
        if (fdt_reg(&node, 0, &address, &bytes))
            mmu_map(address, bytes, MMU_MEMORY);
    }
}

void machine_start(uintptr_t device_tree, const char *greeting)
{
    while (!open_device_tree(device_tree))
        __asm__ volatile("wfi"); /* nothing is known of this machine, not even where its console is */
    map_memory();
    mmu_start();
    uart_start();
    psci_start();
    print("\n%s\n", greeting);
    if (!gic_start())
        machine_stop("this machine has no GICv2; give QEMU -machine virt,gic-version=2");
    timer_start();
    uart_interrupts();
    pci_start();
}
