/* The page tables: 39 bits of address, 4 KiB granule, three levels. */
#include "mmu.h"

#include <stddef.h>

#define PAGE 0x1000ull
#define ENTRIES 512
#define TABLES 24
#define LIMIT (1ull << 39)

#define VALID (1ull << 0)
#define TABLE (1ull << 1) /* at levels 1 and 2, else a block; at level 3 it marks a page */
#define ATTRIBUTES(index) ((uint64_t)(index) << 2)
#define INNER_SHAREABLE (3ull << 8)
#define ACCESSED (1ull << 10)
#define NO_EXECUTE (3ull << 53)
#define ADDRESS 0x0000fffffffff000ull

/* The two memory types in MAIR_EL1, by index: Device-nGnRE, and Normal write-back with allocation. */
#define MAIR (0x04ull << 0 | 0xffull << 8)

/* TTBR0 for 39 bits, walks cached and inner shareable, 4 KiB pages, 40 bits of physical address; no TTBR1. */
#define TCR (25ull << 0 | 1ull << 8 | 1ull << 10 | 3ull << 12 | 1ull << 23 | 2ull << 32)

#define SCTLR_RESERVED_ONES 0x30d00800ull
#define SCTLR_MMU (1ull << 0)
#define SCTLR_DATA_CACHE (1ull << 2)
#define SCTLR_INSTRUCTION_CACHE (1ull << 12)

static uint64_t tables[TABLES][ENTRIES] __attribute__((aligned(PAGE)));
static unsigned used = 1; /* tables[0] is level 1 */

static unsigned shift_of(int level)
{
    return 39 - 9 * level;
}

static uint64_t leaf(uint64_t address, enum mmu_kind kind, int level)
{
    uint64_t entry = address | VALID | ACCESSED | (level == 3 ? TABLE : 0);

    if (kind == MMU_DEVICE)
        return entry | ATTRIBUTES(0) | NO_EXECUTE;
    return entry | ATTRIBUTES(1) | INNER_SHAREABLE;
}

/* The table that an entry leads to, made if there is none; NULL if there is a block, or no room. */
static uint64_t *descend(uint64_t *entry)
{
    if (!(*entry & VALID)) {
        if (used == TABLES)
            return NULL;
        *entry = (uintptr_t)tables[used++] | VALID | TABLE;
    }
    return *entry & TABLE ? (uint64_t *)(uintptr_t)(*entry & ADDRESS) : NULL;
}

/* Maps one page or block at `address`, the largest that `end` allows; its size, or 0 if that is impossible. */
static uint64_t map_one(uint64_t address, uint64_t end, enum mmu_kind kind)
{
    uint64_t *table = tables[0], *entry, size, wanted;
    int level;

    for (level = 1;; level++) {
        size = 1ull << shift_of(level);
        entry = &table[address >> shift_of(level) & (ENTRIES - 1)];
        if (level == 3 || (!(*entry & VALID) && address % size == 0 && end - address >= size))
            break;
        table = descend(entry);
        if (!table)
            return 0;
    }
    wanted = leaf(address, kind, level);
    if (*entry & VALID)
        return *entry == wanted ? size : 0;
    *entry = wanted;
    return size;
}

bool mmu_map(uint64_t address, uint64_t bytes, enum mmu_kind kind)
{
    uint64_t end, size;

    if (address >= LIMIT || bytes > LIMIT - address)
        return false;
    end = (address + bytes + PAGE - 1) & ~(PAGE - 1);
    for (address &= ~(PAGE - 1); address < end; address += size) {
        size = map_one(address, end, kind);
        if (size == 0)
            return false;
    }
    /* An entry that was invalid is not in the TLB: nothing is to be flushed, the walker only has to see it. */
    __asm__ volatile("dsb ishst\n isb" ::: "memory");
    return true;
}

void mmu_start(void)
{
    uint64_t control = SCTLR_RESERVED_ONES | SCTLR_MMU | SCTLR_DATA_CACHE | SCTLR_INSTRUCTION_CACHE;

    __asm__ volatile(
        "msr mair_el1, %0\n"
        "msr tcr_el1, %1\n"
        "msr ttbr0_el1, %2\n"
        "isb\n"
        "tlbi vmalle1\n"
        "ic iallu\n"
        "dsb sy\n"
        "isb\n"
        "msr sctlr_el1, %3\n"
        "isb\n"
        :: "r"(MAIR), "r"(TCR), "r"((uintptr_t)tables[0]), "r"(control) : "memory");
}
