/* PCI: the first bus of a host bridge with ECAM, whose devices get their addresses here. */
#ifndef PCI_H
#define PCI_H

#include <stdbool.h>
#include <stdint.h>

struct pci_device {
    uintptr_t config; /* its 4 KiB of configuration space */
};

/* Finds the host bridge in the device tree. False: there is none. */
bool pci_start(void);

/* The nth device, from 0, with these IDs. */
bool pci_find(uint16_t vendor, uint16_t device, unsigned nth, struct pci_device *found);

/*
 * Gives a memory BAR its place in the bridge's 32-bit window: where this image boots no firmware has done so. False:
 * the device has no such BAR, or there is no room. Before pci_enable.
 */
bool pci_assign(const struct pci_device *device, unsigned bar, uint64_t *address, uint64_t *bytes);

/* Lets the device answer to its BARs and send messages. */
void pci_enable(const struct pci_device *device);

/* The offset of a capability in configuration space, or 0. */
unsigned pci_capability(const struct pci_device *device, uint8_t id);

#endif
