// One chain of descriptors after it was read: the private copy of what is readable, the places of what is writable.
package org.scmid.transport.virtqueue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.MalformedInput;

/**
 * A buffer that the driver made available, read once. Made once per queue and filled by {@link SplitQueue#take}; arrays
 * grow when a driver uses more pieces than any before, so that a message in the steady state allocates nothing.
 */
public final class Chain {
    private final byte[] readable;
    private final int writableLimit;
    private int readableLength;
    private boolean hasReadable;

    // Only the writable pieces that a message of writableLimit bytes can reach.
    private @Nullable Mapping[] mappings = new Mapping[4];
    private long[] offsets = new long[4];
    private int[] lengths = new int[4];
    private int pieces;
    private int writableLength;
    private boolean writableSeen;

    private int head;
    private int descriptors;
    private @Nullable MalformedInput fault;
    private long faultAddress;

    /**
     * Makes an empty one.
     *
     * @param readableLimit longest readable content in bytes; a chain with more is {@link MalformedInput#LONG_REQUEST}
     * @param writableLimit how many writable bytes are of interest
     */
    public Chain(int readableLimit, int writableLimit) {
        this.readable = new byte[readableLimit];
        this.writableLimit = writableLimit;
    }

    /** The readable bytes, from index 0; valid until the next {@link SplitQueue#take} or readAgain. */
    public byte[] readable() {
        return readable;
    }

    /** How many bytes of {@link #readable} are the driver's. */
    public int readableLength() {
        return readableLength;
    }

    /** Whether it has a descriptor without the WRITE flag, be it an empty one. */
    public boolean hasReadable() {
        return hasReadable;
    }

    /** How many bytes may be written, at most the limit of the constructor. */
    public int writableLength() {
        return writableLength;
    }

    /** Why the chain is malformed; null if it is not. */
    public @Nullable MalformedInput fault() {
        return fault;
    }

    /** With the fault {@link MalformedInput#BAD_ADDRESS}: the guest's address at which there is no memory. */
    public long faultAddress() {
        return faultAddress;
    }

    /** How many descriptors were read: what the chain cost. */
    public int descriptors() {
        return descriptors;
    }

    /**
     * Writes into the writable buffers, from their beginning.
     *
     * @param from bytes to write from index 0
     * @param length how many, at most {@link #writableLength}
     */
    public void write(byte[] from, int length) {
        if (length > writableLength) {
            throw new IndexOutOfBoundsException(length + " bytes into " + writableLength);
        }
        int done = 0;
        for (int i = 0; done < length; i++) {
            Mapping mapping = mappings[i];
            if (mapping == null) {
                throw new IllegalStateException("the chain was let go");
            }
            int part = Math.min(lengths[i], length - done);
            mapping.write(offsets[i], from, done, part);
            done += part;
        }
    }

    int head() {
        return head;
    }

    void begin(int head) {
        this.head = head;
        descriptors = 0;
        readableLength = 0;
        hasReadable = false;
        pieces = 0;
        writableLength = 0;
        writableSeen = false;
        fault = null;
    }

    /** Counts one descriptor; false if the chain is longer than allowed, which is also how a loop ends. */
    boolean count(int limit) {
        descriptors++;
        return descriptors <= limit || fail(MalformedInput.BAD_CHAIN);
    }

    /** Takes the last {@link #count} back. */
    void uncount() {
        descriptors--;
    }

    /** Notes why the chain is malformed; always false. */
    boolean fail(MalformedInput why) {
        fault = why;
        return false;
    }

    /** Notes that there is no memory at an address; always false. */
    boolean failAt(long address) {
        faultAddress = address;
        return fail(MalformedInput.BAD_ADDRESS);
    }

    /**
     * Takes in one buffer: copies what is readable, notes where the writable is.
     *
     * @return false if the chain is malformed by it
     */
    boolean add(BufferMemory memory, int descriptor, long address, long length, boolean writable, Span scratch) {
        if (writable) {
            writableSeen = true;
        } else {
            hasReadable = true;
            if (writableSeen) {
                return fail(MalformedInput.BAD_CHAIN); // 2.7.4.2: readable before writable
            }
            if (length > readable.length - readableLength) {
                return fail(MalformedInput.LONG_REQUEST);
            }
        }
        long at = address;
        long left = length;
        while (left > 0) {
            if (!memory.locate(descriptor, at, left, scratch)) {
                return failAt(at);
            }
            long part = scratch.length();
            if (writable) {
                addWritable(scratch);
            } else {
                scratch.mapping().read(scratch.offset(), readable, readableLength, (int) part);
                readableLength += (int) part;
            }
            at += part;
            left -= part;
        }
        return true;
    }

    private void addWritable(Span span) {
        int useful = (int) Math.min(span.length(), writableLimit - writableLength);
        if (useful == 0) {
            return;
        }
        if (pieces == lengths.length) {
            grow();
        }
        mappings[pieces] = span.mapping();
        offsets[pieces] = span.offset();
        lengths[pieces] = useful;
        pieces++;
        writableLength += useful;
    }

    private void grow() {
        mappings = Arrays.copyOf(mappings, 2 * pieces);
        offsets = Arrays.copyOf(offsets, 2 * pieces);
        lengths = Arrays.copyOf(lengths, 2 * pieces);
    }
}
