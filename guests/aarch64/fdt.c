/* A reader of the flattened device tree. */
#include "fdt.h"

#include <stddef.h>
#include <string.h>

#define MAGIC 0xd00dfeedu
#define BEGIN_NODE 1u
#define END_NODE 2u
#define PROPERTY 3u
#define NOTHING 4u

#define MAX_DEPTH 8

/* The header, in cells. */
enum { HEADER_MAGIC, HEADER_SIZE, HEADER_STRUCTURE, HEADER_STRINGS };

static const uint32_t *structure;
static const char *strings;

uint32_t fdt_cell(const uint32_t *cell)
{
    return __builtin_bswap32(*cell);
}

static const uint32_t *after_bytes(const void *at, uint32_t bytes)
{
    return (const uint32_t *)((const char *)at + ((bytes + 3) & ~3u));
}

bool fdt_open(uintptr_t address)
{
    const uint32_t *header = (const uint32_t *)address;

    if (address == 0 || address % 8 != 0 || fdt_cell(&header[HEADER_MAGIC]) != MAGIC)
        return false;
    structure = (const uint32_t *)(address + fdt_cell(&header[HEADER_STRUCTURE]));
    strings = (const char *)(address + fdt_cell(&header[HEADER_STRINGS]));
    return true;
}

/* Steps over the property at *at, if there is one; its name and value. */
static bool next_property(const uint32_t **at, const char **name, const void **value, uint32_t *bytes)
{
    while (fdt_cell(*at) == NOTHING)
        ++*at;
    if (fdt_cell(*at) != PROPERTY)
        return false;
    *bytes = fdt_cell(*at + 1);
    *name = strings + fdt_cell(*at + 2);
    *value = *at + 3;
    *at = after_bytes(*value, *bytes);
    return true;
}

const void *fdt_property(const struct fdt_node *node, const char *wanted, uint32_t *bytes)
{
    const uint32_t *at = node->properties;
    const char *name;
    const void *value;

    while (next_property(&at, &name, &value, bytes)) {
        if (strcmp(name, wanted) == 0)
            return value;
    }
    return NULL;
}

static bool has_string(const struct fdt_node *node, const char *property, const char *wanted)
{
    uint32_t bytes;
    const char *text = fdt_property(node, property, &bytes), *end = text + (text ? bytes : 0);

    if (!wanted)
        return text != NULL;
    for (; text < end; text += strlen(text) + 1) {
        if (strcmp(text, wanted) == 0)
            return true;
    }
    return false;
}

static uint32_t cells(const struct fdt_node *node, const char *name, uint32_t otherwise)
{
    uint32_t bytes;
    const uint32_t *value = fdt_property(node, name, &bytes);

    return value && bytes == 4 ? fdt_cell(value) : otherwise;
}

bool fdt_find(const char *property, const char *value, unsigned nth, struct fdt_node *node)
{
    /* By depth: what reg of the children counts by. 2 and 1 is what the specification says where nothing is said. */
    struct { uint32_t address, size; } inside[MAX_DEPTH] = { { 2, 1 } };
    const uint32_t *at = structure;
    const char *name;
    const void *skipped;
    uint32_t bytes;
    unsigned depth = 0;

    for (;;) {
        switch (fdt_cell(at++)) {
        case BEGIN_NODE:
            if (++depth == MAX_DEPTH)
                return false;
            at = after_bytes(at, strlen((const char *)at) + 1);
            *node = (struct fdt_node){ at, inside[depth - 1].address, inside[depth - 1].size };
            inside[depth].address = cells(node, "#address-cells", 2);
            inside[depth].size = cells(node, "#size-cells", 1);
            if (has_string(node, property, value) && nth-- == 0)
                return true;
            while (next_property(&at, &name, &skipped, &bytes))
                ;
            break;
        case END_NODE:
            if (--depth == 0)
                return false;
            break;
        case NOTHING:
            break;
        default:
            return false;
        }
    }
}

static uint64_t number(const uint32_t *cell, uint32_t count)
{
    uint64_t value = 0;

    while (count-- > 0)
        value = value << 32 | fdt_cell(cell++);
    return value;
}

bool fdt_reg(const struct fdt_node *node, unsigned nth, uint64_t *address, uint64_t *bytes)
{
    uint32_t each = node->address_cells + node->size_cells, length;
    const uint32_t *reg = fdt_property(node, "reg", &length);

    if (!reg || length / 4 < (nth + 1) * each)
        return false;
    reg += nth * each;
    *address = number(reg, node->address_cells);
    *bytes = number(reg + node->address_cells, node->size_cells);
    return true;
}

unsigned fdt_interrupt(const struct fdt_node *node, unsigned nth)
{
    uint32_t length;
    const uint32_t *interrupts = fdt_property(node, "interrupts", &length);

    if (!interrupts || length / 4 < (nth + 1) * 3)
        return 0;
    /* Type 1 is private to a CPU and counts from 16, type 0 is shared and counts from 32. */
    return fdt_cell(interrupts + nth * 3 + 1) + (fdt_cell(interrupts + nth * 3) == 1 ? 16 : 32);
}
