// The seam between a virtqueue and the kinds of memory its buffers can be in.
package org.scmid.transport.virtqueue;

/**
 * Where the buffers of descriptors are. vhost-user looks guest-physical addresses up in the regions the peer shared; a
 * ring in one shared window checks that an address lies inside; a ring with fixed slots ignores addresses and goes by
 * the descriptor's number alone.
 */
public interface BufferMemory {
    /** The descriptor number to give for what is not in the ring's own table: indirect tables and their entries. */
    int INDIRECT = -1;

    /**
     * Finds bytes of a buffer. Allocates nothing.
     *
     * @param descriptor number in the ring's descriptor table, or {@link #INDIRECT}
     * @param address as the guest wrote it, plus what earlier calls for the same buffer have covered; any 64-bit value
     * @param length how many bytes are wanted, at least 1; at most 2^32
     * @param into is set to the memory at the address: at least 1 byte and at most {@code length}; fewer than
     *     {@code length} where one piece of memory ends, and the caller asks again for the rest
     * @return false if there is no memory at the address; {@code into} is undefined then
     */
    boolean locate(int descriptor, long address, long length, Span into);

    /**
     * What memory there is and where to look when an address is outside, for a log line that names the address; empty if
     * there is nothing to say. It may allocate.
     */
    default String describe() {
        return "";
    }
}
