/* The page tables: every address maps to itself, with the attributes of what is there. */
#ifndef MMU_H
#define MMU_H

#include <stdbool.h>
#include <stdint.h>

enum mmu_kind {
    /* Registers: no caching, no gathering, no reordering. */
    MMU_DEVICE,
    /*
     * Memory: write-back cacheable, inner shareable. Also right for memory shared with a host that maps it cacheable,
     * such as an ivshmem BAR: with any other attribute the two sides would not see each other's writes under KVM.
     */
    MMU_MEMORY,
};

/* Adds a range, widened to whole 4 KiB pages. False: no tables left, beyond 512 GiB, or mapped as another kind. */
bool mmu_map(uint64_t address, uint64_t bytes, enum mmu_kind kind);

/* Turns on translation and caches, with what was mapped so far; must include the image itself. Call once. */
void mmu_start(void);

#endif
