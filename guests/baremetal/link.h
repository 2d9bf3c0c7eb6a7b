/* The way to the SCMI service: found by itself, whichever of the three flavours this machine has. */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "gic.h"
#include "ivshmem.h"
#include "scmi_ring.h"

struct link {
    enum scmi_ring_flavour flavour;
    void *memory;               /* windows: the shared memory */
    uint32_t bytes;
    struct ivshmem ivshmem;     /* windows: the device that the memory belongs to */
    uintptr_t registers;        /* trapped: the virtio-mmio slot */
    bool interrupts;            /* the service interrupts us; else we have to look */
};

/*
 * Looks at once and then again and again, for `patience` nanoseconds, for a window that a service has laid out in the
 * BAR of an ivshmem device. A virtio-mmio slot with an SCMI device is taken at once where there is no ivshmem device,
 * else when no window has come. NULL: neither. `interrupt` is called for each interrupt by the service.
 */
const struct link *link_find(uint64_t patience, gic_handler *interrupt);

/* "virtio-mmio-ring", "fat-virtqueue" or "virtio-mmio". */
const char *link_name(const struct link *link);

#endif
