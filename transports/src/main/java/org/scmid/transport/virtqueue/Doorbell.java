// The seam between a virtqueue and the ways to tell a driver.
package org.scmid.transport.virtqueue;

/** How the driver is told that a queue has used elements: an eventfd, a counter in memory, an ivshmem doorbell. */
@FunctionalInterface
public interface Doorbell {
    /** Tells it. Never blocks; a bell that is broken is the implementation's affair. */
    void ring();
}
