// A split virtqueue as a guest's driver sees it.
package org.scmid.agent.frontend;

import java.util.Arrays;
import org.scmid.linux.Mapping;
import org.scmid.transport.virtqueue.BadRingException;
import org.scmid.transport.virtqueue.BufferMemory;
import org.scmid.transport.virtqueue.RingLayout;
import org.scmid.transport.virtqueue.Span;
import org.scmid.transport.virtqueue.SplitQueue;

/**
 * The driver's side of one split virtqueue (virtio 1.2, section 2.7): makes buffers available, decides about kicks, takes
 * used ones back. The raw methods ({@link #setDescriptor}, {@link #offer}, {@link #setAvailableIdx}) can also write what
 * no driver may. Allocates nothing after its construction.
 *
 * <p>Chains are either made for each message ({@link #add} takes free descriptors, {@link #takeUsed} frees them), or the
 * caller writes all descriptors once and accounts for them himself: {@link #setDescriptor}, then {@link #offer} and
 * {@link #nextUsed}.
 */
public final class DriverRing {
    /** There is another descriptor after this one. */
    public static final int NEXT = 1;

    /** The device writes. */
    public static final int WRITE = 2;

    /** The buffer is a table of descriptors. */
    public static final int INDIRECT = 4;

    private final BufferMemory memory;
    private final Span place = new Span();
    private final int size;
    private final boolean eventIdx;
    private final long descriptorsAt;
    private final long availableAt;
    private final long usedAt;
    private final Mapping mapping;
    private final long descriptors;
    private final long available;
    private final long used;

    /** Free descriptors as a list through this; for one in use, the next of its chain; -1 at the end. */
    private final int[] links;

    private int firstFree;
    private int freeCount;
    private int availIdx;
    private int availIdxAnnounced;
    private int usedSeen;
    private int usedId;
    private int usedLength;

    /**
     * Makes an empty ring in zeroed memory: descriptors, available and used parts one after the other.
     *
     * @param memory where
     * @param at guest-physical address, a multiple of 16; {@link #bytes} bytes from there within one region
     * @param size entries
     * @param eventIdx whether EVENT_IDX was negotiated
     */
    public DriverRing(DriverMemory memory, long at, int size, boolean eventIdx) {
        this(memory, at, availableAt(at, size), usedAt(at, size), size, eventIdx);
        reset();
    }

    /**
     * Makes the driver's side of a ring at any three places, and leaves the memory as it is: {@link #begin} or {@link
     * #reset} come first.
     *
     * @param memory where; all three parts within one piece of it
     * @param descriptorsAt guest-physical address of the descriptors, a multiple of 16
     * @param availableAt that of the available part, even
     * @param usedAt that of the used part, a multiple of 4
     * @param size entries
     * @param eventIdx whether EVENT_IDX was negotiated
     * @throws IllegalArgumentException if there is no memory at the descriptors' address
     */
    public DriverRing(
            BufferMemory memory, long descriptorsAt, long availableAt, long usedAt, int size, boolean eventIdx) {
        this.memory = memory;
        this.size = size;
        this.eventIdx = eventIdx;
        this.descriptorsAt = descriptorsAt;
        this.availableAt = availableAt;
        this.usedAt = usedAt;
        locate(descriptorsAt, RingLayout.descriptorBytes(size));
        mapping = place.mapping();
        long shift = place.offset() - descriptorsAt;
        descriptors = place.offset();
        available = availableAt + shift;
        used = usedAt + shift;
        links = new int[size];
    }

    private static long availableAt(long at, int size) {
        return at + RingLayout.descriptorBytes(size);
    }

    private static long usedAt(long at, int size) {
        return (availableAt(at, size) + RingLayout.availableBytes(size) + 3) & -4L;
    }

    /** How many bytes a ring takes. */
    public static long bytes(int size) {
        return RingLayout.descriptorBytes(size) + RingLayout.availableBytes(size) + 2 + RingLayout.usedBytes(size);
    }

    /** As a driver that starts anew: the ring empty, all indices 0, all descriptors free. */
    public void reset() {
        freeAll();
        setPosition(0);
    }

    /** As {@link #reset} where the used part is the device's alone, who zeroes it: writes zeros into the available part. */
    public void begin() {
        freeAll();
        setOwnPosition(0);
        for (int i = 0; i < size; i++) {
            mapping.putU16(available + 4 + 2L * i, 0);
        }
    }

    /** Sets all indices of an empty ring, in memory too; to begin shortly before a wrap-around. */
    public void setPosition(int idx) {
        setOwnPosition(idx);
        mapping.putU16(used, 0);
        mapping.putU16(used + 2, usedSeen);
    }

    private void setOwnPosition(int idx) {
        availIdx = idx & 0xffff;
        availIdxAnnounced = availIdx;
        usedSeen = availIdx;
        mapping.putU16(available, 0);
        mapping.putU16(available + 2, availIdx);
        mapping.putU16(available + 4 + 2L * size, usedSeen);
    }

    private void freeAll() {
        for (int i = 0; i < size; i++) {
            links[i] = i + 1 < size ? i + 1 : -1;
        }
        firstFree = 0;
        freeCount = size;
    }

    /** Entries. */
    public int size() {
        return size;
    }

    /** Guest-physical address of the descriptor table. */
    public long descriptorsAt() {
        return descriptorsAt;
    }

    /** Guest-physical address of the available ring. */
    public long availableAt() {
        return availableAt;
    }

    /** Guest-physical address of the used ring. */
    public long usedAt() {
        return usedAt;
    }

    /** The same places as a device in this process needs them. */
    public RingLayout layout() throws BadRingException {
        return RingLayout.of(
                size,
                new RingLayout.Part(mapping, descriptors),
                new RingLayout.Part(mapping, available),
                new RingLayout.Part(mapping, used));
    }

    /** How many descriptors are free. */
    public int free() {
        return freeCount;
    }

    /**
     * Makes a chain of buffers available, to be seen by the device after {@link #publish}.
     *
     * @param addresses guest-physical
     * @param lengths bytes
     * @param readable how many of them, from the first, the device reads; it writes the others
     * @param count how many there are
     * @return the chain's head; -1 if too few descriptors are free
     */
    public int add(long[] addresses, int[] lengths, int readable, int count) {
        if (count < 1 || count > freeCount) {
            return -1;
        }
        int head = firstFree;
        int index = head;
        int last = head;
        for (int i = 0; i < count; i++) {
            last = index;
            int next = links[index];
            int flags = (i < readable ? 0 : WRITE) | (i + 1 < count ? NEXT : 0);
            setDescriptor(index, addresses[i], lengths[i], flags, i + 1 < count ? next : 0);
            index = next;
        }
        firstFree = index;
        links[last] = -1;
        freeCount -= count;
        offer(head);
        return head;
    }

    /**
     * Makes an indirect chain available.
     *
     * @param table guest-physical address for the table, 16 bytes per buffer
     * @return the head; -1 if no descriptor is free
     */
    public int addIndirect(long table, long[] addresses, int[] lengths, int readable, int count) {
        if (freeCount == 0) {
            return -1;
        }
        for (int i = 0; i < count; i++) {
            int flags = (i < readable ? 0 : WRITE) | (i + 1 < count ? NEXT : 0);
            setTableEntry(table, i, addresses[i], lengths[i], flags, i + 1);
        }
        int head = firstFree;
        firstFree = links[head];
        links[head] = -1;
        freeCount--;
        setDescriptor(head, table, 16 * count, INDIRECT, 0);
        offer(head);
        return head;
    }

    /** Writes one descriptor of the ring's own table. */
    public void setDescriptor(int index, long address, int length, int flags, int next) {
        long at = descriptors + 16L * index;
        mapping.putLong(at, address);
        mapping.putInt(at + 8, length);
        mapping.putU16(at + 12, flags);
        mapping.putU16(at + 14, next);
    }

    /** Writes one descriptor's length alone. */
    public void setLength(int index, int length) {
        mapping.putInt(descriptors + 16L * index + 8, length);
    }

    /** Writes one descriptor of an indirect table at a guest-physical address that lies within one region. */
    public void setTableEntry(long table, int index, long address, int length, int flags, int next) {
        locate(table + 16L * index, 16);
        long at = place.offset();
        place.mapping().putLong(at, address);
        place.mapping().putInt(at + 8, length);
        place.mapping().putU16(at + 12, flags);
        place.mapping().putU16(at + 14, next);
    }

    private void locate(long guest, long length) {
        if (!memory.locate(BufferMemory.INDIRECT, guest, length, place) || place.length() < length) {
            throw new IllegalArgumentException(
                    "no memory of " + length + " bytes at guest address 0x" + Long.toHexString(guest));
        }
    }

    /** Puts a head into the available ring; {@link #publish} shows it. */
    public void offer(int head) {
        mapping.putU16(available + 4 + 2L * (availIdx & (size - 1)), head);
        availIdx = (availIdx + 1) & 0xffff;
    }

    /** Shows the device all that was added. */
    public void publish() {
        mapping.putU16Release(available + 2, availIdx);
    }

    /** Writes any available index, for a driver that has lost its mind. */
    public void setAvailableIdx(int idx) {
        mapping.putU16Release(available + 2, idx);
    }

    /** Whether the device wants to be kicked for what was published since the last call. */
    public boolean needsKick() {
        Mapping.fullFence();
        int before = availIdxAnnounced;
        availIdxAnnounced = availIdx;
        if (eventIdx) {
            return SplitQueue.passes(mapping.getU16(used + 4 + 8L * size), availIdx, before);
        }
        return (mapping.getU16(used) & 1) == 0;
    }

    /**
     * Takes the next used element and frees its descriptors, if there is one: then {@link #usedId} and {@link
     * #usedLength} tell of it.
     *
     * @throws IllegalStateException if the device returned what is no descriptor
     */
    public boolean takeUsed() {
        if (usedIdx() == usedSeen) {
            return false;
        }
        nextUsed();
        release(usedId);
        return true;
    }

    /**
     * How many used elements the device says there are to be taken, 0 to 65535. More than are under way, and it cannot be
     * believed.
     */
    public int usedWaiting() {
        return (usedIdx() - usedSeen) & 0xffff;
    }

    /**
     * Takes the next used element, whatever it says, and leaves the account of descriptors alone. Only after {@link
     * #usedWaiting} found one.
     */
    public void nextUsed() {
        long at = used + 4 + 8L * (usedSeen & (size - 1));
        usedId = mapping.getInt(at);
        usedLength = mapping.getInt(at + 4);
        usedSeen = (usedSeen + 1) & 0xffff;
    }

    /** The head of the element that was taken last. */
    public int usedId() {
        return usedId;
    }

    /** How many bytes the device says it wrote. */
    public int usedLength() {
        return usedLength;
    }

    /** The used index as the device shows it. */
    public int usedIdx() {
        return mapping.getU16Acquire(used + 2);
    }

    /**
     * Asks the device to call for the next used element, then looks once more.
     *
     * @return whether one is there already
     */
    public boolean requestCalls() {
        if (eventIdx) {
            mapping.putU16Release(available + 4 + 2L * size, usedSeen);
        } else {
            mapping.putU16Release(available, 0);
        }
        Mapping.fullFence();
        return mapping.getU16Acquire(used + 2) != usedSeen;
    }

    /** Asks the device not to call for now. */
    public void suppressCalls() {
        if (eventIdx) {
            mapping.putU16Release(available + 4 + 2L * size, usedSeen - 1);
        } else {
            mapping.putU16Release(available, 1);
        }
    }

    /** Gives the descriptors of a chain back, by the private links: what is in shared memory is not looked at. */
    private void release(int head) {
        if (head < 0 || head >= size) {
            throw new IllegalStateException("the device returned descriptor " + head + " of " + size);
        }
        int last = head;
        int count = 1;
        while (links[last] >= 0 && count < size) {
            last = links[last];
            count++;
        }
        links[last] = firstFree;
        firstFree = head;
        freeCount += count;
    }

    @Override
    public String toString() {
        return "ring of " + size + ", available " + availIdx + ", used " + usedSeen + ", free " + freeCount + " "
                + Arrays.toString(Arrays.copyOf(links, Math.min(size, 8)));
    }
}
