/**
 * The device's side of split virtqueues (virtio 1.2, section 2.7) as virtio-scmi uses them (section 5.17): a command
 * queue and an event queue. How a ring and its buffers are found ({@link org.scmid.transport.virtqueue.RingLayout},
 * {@link org.scmid.transport.virtqueue.BufferMemory}) and how the driver is told ({@link
 * org.scmid.transport.virtqueue.Doorbell}) is for others to say, so that every kind of ring is read by this one code.
 *
 * <p>Guest memory is hostile: each field is loaded once, a request is copied once and only the copy is looked at, and
 * every loop here is bounded by the size of the ring.
 */
@NullMarked
package org.scmid.transport.virtqueue;

import org.jspecify.annotations.NullMarked;
