// The seam between a virtqueue and the ways its descriptors say where a buffer is.
package org.scmid.transport.virtqueue;

/** Turns the head of an available buffer into what is readable and writable of it. Made for one queue. */
public interface ChainReader {
    /**
     * Reads the buffer once; each field of the guest is loaded once. Allocates nothing in the steady state.
     *
     * @param ring where the descriptors are
     * @param head the descriptor that the available ring names, below the ring's size
     * @param indirect whether VIRTIO_F_INDIRECT_DESC was negotiated
     * @param chain empty; filled
     * @return false if it is malformed, {@link Chain#fault} says why
     */
    boolean read(RingLayout ring, int head, boolean indirect, Chain chain);

    /** As {@link BufferMemory#describe}, of the memory that its buffers are in. */
    default String describe() {
        return "";
    }

    /** Lets go of the memory that the last buffer was in. */
    void clear();
}
