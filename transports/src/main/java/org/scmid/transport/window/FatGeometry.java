// Where the slots and the rings of a fat virtqueue are.
package org.scmid.transport.window;

import org.scmid.linux.Mapping;
import org.scmid.transport.AgentPort;
import org.scmid.transport.virtqueue.RingLayout;

/**
 * The fixed places in the window of a fat virtqueue, in bytes from its beginning, n being the entries of each queue. All
 * parts begin at multiples of 4 KiB.
 *
 * <pre>
 * slots bytes = align4K(n × slot)
 * used        = align4K(16n + 2n + 6)           from the beginning of a vring
 * vring bytes = used + align4K(8n + 6)
 *
 * 0x1000      q0 slots: slot k is the buffer of descriptor k
 *             q0 vring: descriptors +0, available +16n, used
 *             q1 slots
 *             q1 vring
 * </pre>
 *
 * @param entries n, a power of two from 2 to {@link #MAX_ENTRIES}
 * @param slotBytes size of a slot, SCMI header included: a multiple of 64 from 128 to {@link AgentPort#MAX_MESSAGE}
 */
public record FatGeometry(int entries, int slotBytes) {
    /** Most entries of a queue. */
    public static final int MAX_ENTRIES = 256;

    private static final int FIRST_SLOTS = 0x1000;
    private static final int SMALLEST_SLOT = 128;
    private static final int SLOT_ALIGNMENT = 64;

    /** Refuses what the layout does not allow. */
    public FatGeometry {
        if (entries < 2 || entries > MAX_ENTRIES || Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException(
                    entries + " entries; a fat virtqueue has a power of two from 2 to " + MAX_ENTRIES);
        }
        if (slotBytes < SMALLEST_SLOT || slotBytes > AgentPort.MAX_MESSAGE || slotBytes % SLOT_ALIGNMENT != 0) {
            throw new IllegalArgumentException("slots of " + slotBytes + " bytes; they have a multiple of "
                    + SLOT_ALIGNMENT + " from " + SMALLEST_SLOT + " to " + AgentPort.MAX_MESSAGE);
        }
    }

    /** Offset of slot 0 of a queue, 0 or 1. */
    public int slots(int queue) {
        return FIRST_SLOTS + queue * (slotsBytes() + vringBytes());
    }

    /** Offset of a queue's descriptor table. */
    public int vring(int queue) {
        return slots(queue) + slotsBytes();
    }

    /** Offset of the used ring within a vring. */
    public int usedOffset() {
        return align((int) (RingLayout.descriptorBytes(entries) + RingLayout.availableBytes(entries)));
    }

    /** How much of the window is used: a smaller window is too small. */
    public int totalBytes() {
        return vring(1) + vringBytes();
    }

    /** The ring of a queue in a window that is large enough. */
    RingLayout ring(Mapping window, int queue) {
        long vring = vring(queue);
        return new RingLayout(
                entries,
                new RingLayout.Part(window, vring),
                new RingLayout.Part(window, vring + RingLayout.descriptorBytes(entries)),
                new RingLayout.Part(window, vring + usedOffset()));
    }

    private int slotsBytes() {
        return align(entries * slotBytes);
    }

    private int vringBytes() {
        return usedOffset() + align((int) RingLayout.usedBytes(entries));
    }

    private static int align(int bytes) {
        return (bytes + 0xfff) & ~0xfff;
    }
}
