// Buffers of a virtio-mmio ring: anywhere in its window behind the registers, and nowhere else.
package org.scmid.transport.window;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.virtqueue.BufferMemory;
import org.scmid.transport.virtqueue.RingLayout;
import org.scmid.transport.virtqueue.Span;

/** Translates the addresses that a guest writes, {@code guest-address + offset}, for offsets from {@link #FIRST}. */
final class WindowMemory implements BufferMemory {
    /** The first offset that is the driver's to use; below are registers and the control block. */
    static final int FIRST = 0x1000;

    private final long guestAddress;
    private @Nullable Mapping window;

    /** @param guestAddress the guest's address of the window's first byte */
    WindowMemory(long guestAddress) {
        this.guestAddress = guestAddress;
    }

    void place(Mapping memory) {
        window = memory;
    }

    @Override
    public boolean locate(int descriptor, long address, long length, Span into) {
        Mapping memory = window;
        // Wraps around for addresses below the window, which makes them negative or too large.
        long offset = address - guestAddress;
        if (memory == null || offset < FIRST || offset >= memory.size()) {
            return false;
        }
        into.set(memory, offset, Math.min(length, memory.size() - offset));
        return true;
    }

    @Override
    public String describe() {
        Mapping memory = window;
        return "rings and buffers lie from 0x" + Long.toHexString(guestAddress + FIRST) + " to 0x"
                + Long.toHexString(guestAddress + (memory == null ? 0 : memory.size()))
                + " (`guest-address` in the service file)";
    }

    /** A part of a vring; null if it does not lie within the window. */
    RingLayout.@Nullable Part part(long address, long bytes) {
        Mapping memory = window;
        long offset = address - guestAddress;
        if (memory == null || offset < FIRST || offset > memory.size() - bytes) {
            return null;
        }
        return new RingLayout.Part(memory, offset);
    }
}
