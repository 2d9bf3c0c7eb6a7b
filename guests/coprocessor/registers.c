/* The registers: the memory of an ivshmem device, so that they can be looked at from outside. */
#include "registers.h"

#include "ivshmem.h"
#include "mmio.h"

#define DEVICE 1 /* the window is device 0 */

static uintptr_t base;

uint32_t registers_read(unsigned reg)
{
    return read32(base + reg);
}

void registers_write(unsigned reg, uint32_t value)
{
    write32(base + reg, value);
}

bool registers_start(void)
{
    static struct ivshmem device;
    uint32_t starts;

    if (!ivshmem_start(DEVICE, &device, 0, 0) || !device.memory || device.bytes < UNIT_BYTES)
        return false;
    base = (uintptr_t)device.memory;
    registers_write(UNIT_ID, 0);
    starts = registers_read(UNIT_STARTS);
    for (unsigned reg = UNIT_STARTS; reg < UNIT_BYTES; reg += 4)
        registers_write(reg, 0);
    registers_write(UNIT_STARTS, starts + 1);
    return true;
}
