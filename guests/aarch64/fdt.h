/* A reader of the flattened device tree, for the few nodes and properties that say where a device is. */
#ifndef FDT_H
#define FDT_H

#include <stdbool.h>
#include <stdint.h>

struct fdt_node {
    const uint32_t *properties;
    uint32_t address_cells, size_cells; /* of the parent, which count in this node's reg */
};

/* The blob at `address` from now on, if there is one. */
bool fdt_open(uintptr_t address);

/*
 * The nth node, from 0 and in the tree's order, whose `property`, a list of strings, has `value`: for example
 * ("compatible", "arm,pl011", 0). With NULL as value: that has the property at all.
 */
bool fdt_find(const char *property, const char *value, unsigned nth, struct fdt_node *node);

/* The nth address and size in reg. Buses in between that translate addresses are not looked at. */
bool fdt_reg(const struct fdt_node *node, unsigned nth, uint64_t *address, uint64_t *bytes);

/* The nth interrupt of a node below a GIC, as the number that the GIC's registers count by; 0 if there is none. */
unsigned fdt_interrupt(const struct fdt_node *node, unsigned nth);

/* A property's value, big-endian cells or strings, and its bytes; NULL if there is none. */
const void *fdt_property(const struct fdt_node *node, const char *name, uint32_t *bytes);

/* One big-endian cell. */
uint32_t fdt_cell(const uint32_t *cell);

#endif
