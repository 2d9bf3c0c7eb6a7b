/* Accesses to device registers: one 32-bit load or store each, in program order among themselves. */
#ifndef MMIO_H
#define MMIO_H

#include <stdint.h>

static inline uint32_t read32(uintptr_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void write32(uintptr_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

/* All that was written to memory before is visible before what is written to a device after. */
static inline void memory_before_device(void)
{
    __asm__ volatile("dsb sy" ::: "memory");
}

#endif
