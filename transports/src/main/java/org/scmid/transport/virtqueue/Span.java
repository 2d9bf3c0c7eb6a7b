// Where some bytes of a buffer are; filled in by BufferMemory, used again for every descriptor.
package org.scmid.transport.virtqueue;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;

/** A piece of mapped memory: what {@link BufferMemory#locate} answers with. Mutable, so that a look-up allocates nothing. */
public final class Span {
    private @Nullable Mapping mapping;
    private long offset;
    private long length;

    /** Makes one that points nowhere. */
    public Span() {}

    /**
     * Points it somewhere.
     *
     * @param mapping memory
     * @param offset first byte in the mapping
     * @param length bytes from there, at least 1
     */
    public void set(Mapping mapping, long offset, long length) {
        this.mapping = mapping;
        this.offset = offset;
        this.length = length;
    }

    /** Lets the memory go. */
    public void clear() {
        mapping = null;
        offset = 0;
        length = 0;
    }

    /**
     * The memory.
     *
     * @return the mapping that was set last
     */
    public Mapping mapping() {
        Mapping memory = mapping;
        if (memory == null) {
            throw new IllegalStateException("points nowhere");
        }
        return memory;
    }

    /**
     * Where it begins.
     *
     * @return the first byte's place in {@link #mapping}
     */
    public long offset() {
        return offset;
    }

    /**
     * How long it is.
     *
     * @return bytes
     */
    public long length() {
        return length;
    }
}
