/* ivshmem: a PCI device whose BAR 2 is memory shared with the host, with or without doorbells. */
#ifndef IVSHMEM_H
#define IVSHMEM_H

#include <stdbool.h>
#include <stdint.h>

#include "gic.h"

#define IVSHMEM_VECTORS 2 /* one for each queue */

struct ivshmem {
    void *memory;       /* BAR 2, mapped as normal memory; NULL if it could not be */
    uint64_t bytes;
    uintptr_t registers;
    bool doorbells;     /* the other side can interrupt us, and we it */
};

/* Sets up the nth device, from 0. False: there is no nth. `rung` is called for each interrupt by its doorbell. */
bool ivshmem_start(unsigned nth, struct ivshmem *device, gic_handler *rung, void *context);

/* Interrupts the server, peer 0, on a vector. */
void ivshmem_ring(const struct ivshmem *device, unsigned vector);

#endif
