/* The firmware's calls that turn the machine off or start it again: PSCI 0.2 and later. */
#include "psci.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "fdt.h"

#define SYSTEM_OFF 0x84000008u
#define SYSTEM_RESET 0x84000009u

static enum { NONE, HVC, SMC } method;

void psci_start(void)
{
    struct fdt_node node;
    uint32_t bytes;
    const char *name;

    if (!fdt_find("compatible", "arm,psci-0.2", 0, &node))
        return;
    name = fdt_property(&node, "method", &bytes);
    if (name)
        method = strcmp(name, "smc") == 0 ? SMC : HVC;
}

static void call(uint64_t function)
{
    register uint64_t x0 __asm__("x0") = function;

    if (method == HVC)
        __asm__ volatile("hvc #0" : "+r"(x0) :: "x1", "x2", "x3", "memory");
    else if (method == SMC)
        __asm__ volatile("smc #0" : "+r"(x0) :: "x1", "x2", "x3", "memory");
}

void psci_off(void)
{
    call(SYSTEM_OFF);
}

void psci_reset(void)
{
    call(SYSTEM_RESET);
}
