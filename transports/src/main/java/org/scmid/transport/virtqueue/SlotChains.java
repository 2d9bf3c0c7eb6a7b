// Buffers in fixed slots beside a ring: the descriptor's number alone says where.
package org.scmid.transport.virtqueue;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.MalformedInput;

/**
 * The buffers of a fat virtqueue: descriptor k is bound to slot k of an array of slots. In a queue of <em>pairs</em> an
 * even descriptor is a request in slot k, and its reply goes into slot k + 1; otherwise each descriptor is a slot to be
 * written. Of a descriptor only the length of a request is read; addresses, flags and next are not looked at.
 */
public final class SlotChains implements ChainReader {
    private final int slotBytes;
    private final boolean pairs;
    private final BufferMemory slots = this::locate;
    private final Span scratch = new Span();
    private @Nullable Mapping mapping;
    private long slotsOffset;

    /**
     * Makes one without memory.
     *
     * @param slotBytes size of a slot, 1 to {@link org.scmid.transport.AgentPort#MAX_MESSAGE}
     * @param pairs whether descriptors come in pairs of request and reply
     */
    public SlotChains(int slotBytes, boolean pairs) {
        this.slotBytes = slotBytes;
        this.pairs = pairs;
    }

    /**
     * Says where the slots are; before the queue starts.
     *
     * @param memory has all slots
     * @param offset of slot 0 in it
     */
    public void place(Mapping memory, long offset) {
        mapping = memory;
        slotsOffset = offset;
    }

    @Override
    public boolean read(RingLayout ring, int head, boolean indirect, Chain chain) {
        chain.count(ring.size());
        if (!pairs) {
            return chain.add(slots, head, 0, slotBytes, true, scratch);
        }
        if ((head & 1) != 0) {
            return chain.fail(MalformedInput.BAD_CHAIN);
        }
        long length = ring.descriptors().mapping().getInt(ring.descriptors().offset() + 16L * head + 8) & 0xffff_ffffL;
        if (length > slotBytes) {
            return chain.fail(MalformedInput.BAD_CHAIN);
        }
        return chain.add(slots, head, 0, length, false, scratch)
                && chain.add(slots, head + 1, 0, slotBytes, true, scratch);
    }

    @Override
    public void clear() {
        scratch.clear();
    }

    private boolean locate(int descriptor, long address, long length, Span into) {
        Mapping memory = mapping;
        if (memory == null) {
            return false;
        }
        into.set(memory, slotsOffset + (long) slotBytes * descriptor, length);
        return true;
    }
}
