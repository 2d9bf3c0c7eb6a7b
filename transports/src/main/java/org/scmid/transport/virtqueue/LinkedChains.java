// Chains of descriptors that are linked by their next fields, as virtio has them.
package org.scmid.transport.virtqueue;

import org.scmid.linux.Mapping;
import org.scmid.transport.MalformedInput;

/**
 * Follows a chain from its head through the descriptor table, and through an indirect table if those are negotiated. It
 * has no more descriptors than the ring has entries (virtio 1.2, section 2.7.5), so a loop ends too.
 */
public final class LinkedChains implements ChainReader {
    private static final int DESC_NEXT = 1;
    private static final int DESC_WRITE = 2;
    private static final int DESC_INDIRECT = 4;

    private final BufferMemory memory;
    private final Span scratch = new Span();
    private final byte[] tableEntry = new byte[16];

    /**
     * Makes one.
     *
     * @param memory where descriptors' buffers are
     */
    public LinkedChains(BufferMemory memory) {
        this.memory = memory;
    }

    @Override
    public String describe() {
        return memory.describe();
    }

    @Override
    public void clear() {
        scratch.clear();
    }

    @Override
    public boolean read(RingLayout ring, int head, boolean indirect, Chain chain) {
        Mapping table = ring.descriptors().mapping();
        long tableAt = ring.descriptors().offset();
        int index = head;
        while (true) {
            if (!chain.count(ring.size())) {
                return false;
            }
            long at = tableAt + 16L * index;
            long address = table.getLong(at);
            long rest = table.getLong(at + 8);
            int flags = flags(rest);
            if ((flags & DESC_INDIRECT) != 0) {
                return indirect ? readTable(ring, chain, address, rest) : chain.fail(MalformedInput.BAD_CHAIN);
            }
            if (!chain.add(memory, index, address, length(rest), (flags & DESC_WRITE) != 0, scratch)) {
                return false;
            }
            if ((flags & DESC_NEXT) == 0) {
                return true;
            }
            index = next(rest);
            if (index >= ring.size()) {
                return chain.fail(MalformedInput.BAD_CHAIN);
            }
        }
    }

    /**
     * Follows the table that an indirect descriptor, always the last of its chain, points to (section 2.7.5.3). The
     * device ignores the descriptor's WRITE flag.
     */
    private boolean readTable(RingLayout ring, Chain chain, long tableAddress, long descriptor) {
        long tableBytes = length(descriptor);
        boolean legal = (flags(descriptor) & DESC_NEXT) == 0 && tableBytes != 0 && tableBytes % 16 == 0;
        if (!legal) {
            return chain.fail(MalformedInput.BAD_CHAIN);
        }
        long entries = tableBytes / 16;
        int index = 0;
        // The descriptor that points to the table is no part of the buffer, so it does not count (section 2.7.5.3.1).
        chain.uncount();
        while (true) {
            if (!chain.count(ring.size()) || !readEntry(chain, tableAddress + 16L * index)) {
                return false;
            }
            long address = LittleEndian.getLong(tableEntry, 0);
            long rest = LittleEndian.getLong(tableEntry, 8);
            int flags = flags(rest);
            if ((flags & DESC_INDIRECT) != 0) {
                return chain.fail(MalformedInput.BAD_CHAIN);
            }
            if (!chain.add(memory, BufferMemory.INDIRECT, address, length(rest), (flags & DESC_WRITE) != 0, scratch)) {
                return false;
            }
            if ((flags & DESC_NEXT) == 0) {
                return true;
            }
            index = next(rest);
            if (index >= entries) {
                return chain.fail(MalformedInput.BAD_CHAIN);
            }
        }
    }

    /** Copies one entry of an indirect table, which may have any alignment and lie across pieces of memory. */
    private boolean readEntry(Chain chain, long address) {
        int done = 0;
        while (done < tableEntry.length) {
            if (!memory.locate(BufferMemory.INDIRECT, address + done, tableEntry.length - done, scratch)) {
                return chain.failAt(address + done);
            }
            int part = (int) scratch.length();
            scratch.mapping().read(scratch.offset(), tableEntry, done, part);
            done += part;
        }
        return true;
    }

    // The second 8 bytes of a descriptor are loaded as one: length in bits 31:0, flags in 47:32, next in 63:48.

    private static long length(long rest) {
        return rest & 0xffff_ffffL;
    }

    private static int flags(long rest) {
        return (int) (rest >>> 32) & 0xffff;
    }

    private static int next(long rest) {
        return (int) (rest >>> 48);
    }
}
