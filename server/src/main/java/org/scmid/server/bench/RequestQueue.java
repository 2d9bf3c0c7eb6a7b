// The command queue as a driver keeps it that trusts the device with nothing.
package org.scmid.server.bench;

import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;

/**
 * Memory with a ring and a slot for each request under way. Slot k is descriptor 2k, the request, and 2k + 1, the reply;
 * descriptors are written once, only the request's length changes. What the device returns is checked against what is
 * under way: one that returns anything else is a {@link BenchException}. Allocates nothing after its construction.
 */
final class RequestQueue implements AutoCloseable {
    /** Most requests under way: common back ends take rings of up to 1024 entries. */
    static final int MAX_DEPTH = 512;

    /** The room for a reply, in bytes: what Linux' driver gives, 128 for the payload. */
    static final int REPLY_BYTES = 136;

    private static final int LEAST_ENTRIES = 64;
    private static final int PAGE = 4096;
    private static final long AT = 0x4000_0000L;
    private static final int SLOT_BYTES = 256;
    private static final int REPLY_AT = BenchMessage.MAX_REQUEST_BYTES;

    private final DriverMemory memory = new DriverMemory();
    private final DriverRing ring;
    private final Mapping mapping;
    private final long buffers; // offset in the mapping
    private final boolean[] busy;
    private int underWay;
    private int takenLength;

    /**
     * @param depth most requests under way, 1 to {@link #MAX_DEPTH}
     * @param eventIdx whether EVENT_IDX was negotiated
     */
    RequestQueue(int depth, boolean eventIdx) throws LinuxException {
        int entries = Math.max(LEAST_ENTRIES, Integer.highestOneBit(2 * depth - 1) << 1);
        long buffersFrom = (DriverRing.bytes(entries) + PAGE - 1) & -PAGE;
        long size = buffersFrom + ((long) depth * SLOT_BYTES + PAGE - 1 & -PAGE);
        try {
            mapping = memory.add(AT, size, 0).mapping();
            memory.seal(); // the back end has the file, and could make it shorter
        } catch (LinuxException e) {
            memory.close();
            throw e;
        }
        buffers = buffersFrom;
        busy = new boolean[depth];
        ring = new DriverRing(memory, AT, entries, eventIdx);
        for (int slot = 0; slot < depth; slot++) {
            long request = AT + buffers + (long) slot * SLOT_BYTES;
            ring.setDescriptor(2 * slot, request, 0, DriverRing.NEXT, 2 * slot + 1);
            ring.setDescriptor(2 * slot + 1, request + REPLY_AT, REPLY_BYTES, DriverRing.WRITE, 0);
        }
    }

    DriverMemory memory() {
        return memory;
    }

    DriverRing ring() {
        return ring;
    }

    /** How many requests are under way. */
    int underWay() {
        return underWay;
    }

    /**
     * Makes a request available; {@link DriverRing#publish} shows it.
     *
     * @param slot a free one
     * @param request its bytes but for the header
     * @param header its first word
     */
    void offer(int slot, byte[] request, int header) {
        long at = buffers + (long) slot * SLOT_BYTES;
        mapping.write(at, request, 0, request.length);
        mapping.putInt(at, header);
        ring.setLength(2 * slot, request.length);
        ring.offer(2 * slot);
        busy[slot] = true;
        underWay++;
    }

    /**
     * How many replies there are to be taken.
     *
     * @throws BenchException if the device says more than are under way
     */
    int waiting() throws BenchException {
        int waiting = ring.usedWaiting();
        if (waiting > underWay) {
            throw new BenchException(
                    "the back end broke the queue: it returned " + waiting + " buffers, and had " + underWay);
        }
        return waiting;
    }

    /**
     * Takes the next reply, and copies it. Only after {@link #waiting} found one.
     *
     * @param into at least {@link #REPLY_BYTES}
     * @return its slot
     * @throws BenchException if the device returned a buffer that it did not have, or says that it wrote more than it
     *     could
     */
    int take(byte[] into) throws BenchException {
        ring.nextUsed();
        int head = ring.usedId();
        int length = ring.usedLength();
        if (head < 0 || head >= 2 * busy.length || head % 2 != 0 || !busy[head / 2]) {
            throw new BenchException("the back end broke the queue: it returned buffer "
                    + Integer.toUnsignedString(head) + ", which it did not have");
        }
        if (length < 0 || length > REPLY_BYTES) {
            throw new BenchException("the back end broke the queue: it says that it wrote "
                    + Integer.toUnsignedString(length) + " bytes into a buffer of " + REPLY_BYTES);
        }
        int slot = head / 2;
        mapping.read(buffers + (long) slot * SLOT_BYTES + REPLY_AT, into, 0, length);
        takenLength = length;
        busy[slot] = false;
        underWay--;
        return slot;
    }

    /** Bytes of the reply that was taken last. */
    int takenLength() {
        return takenLength;
    }

    @Override
    public void close() {
        memory.close();
    }
}
