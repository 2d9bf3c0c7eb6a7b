/* Interrupts: a GICv2, and its GICv2m frame, which turns a PCI device's message into an interrupt. */
#ifndef GIC_H
#define GIC_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The CPU keeps interrupts masked. They are handled in gic_take, in the loop and at no other place, so that nothing
 * needs a lock; a pending one still ends gic_wait, and one that came before it ends it at once.
 */
typedef void gic_handler(void *context);

enum gic_trigger { GIC_LEVEL, GIC_EDGE };

/* Finds the controller in the device tree. False: there is no GICv2, and gic_wait cannot wait. */
bool gic_start(void);

/* Interrupt 0 (which fdt_interrupt returns for none) and those that there is no room for are ignored: false. */
bool gic_enable(unsigned interrupt, enum gic_trigger trigger, gic_handler *handler, void *context);

/* Sleeps until an interrupt is pending. */
void gic_wait(void);

/* Handles all pending interrupts. */
void gic_take(void);

/* A message that raises an interrupt of its own: what a device is to write, and where. False: there is none left. */
bool gic_new_message(uint64_t *address, uint32_t *value, gic_handler *handler, void *context);

#endif
