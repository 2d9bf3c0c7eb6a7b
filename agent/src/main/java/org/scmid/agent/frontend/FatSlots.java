// Where the parts of a fat virtqueue are, by its number of entries and the size of its slots.
package org.scmid.agent.frontend;

import static org.scmid.agent.frontend.DriverControl.ENTRIES;
import static org.scmid.agent.frontend.DriverControl.Q0_SLOTS;
import static org.scmid.agent.frontend.DriverControl.Q0_VRING;
import static org.scmid.agent.frontend.DriverControl.Q1_SLOTS;
import static org.scmid.agent.frontend.DriverControl.Q1_VRING;
import static org.scmid.agent.frontend.DriverControl.SLOT_SIZE;
import static org.scmid.agent.frontend.DriverControl.TOTAL_SIZE;
import static org.scmid.agent.frontend.DriverControl.USED_OFFSET;

/**
 * The geometry of a fat virtqueue. All but the first two follow from them, each part rounded up to 4 KiB:
 *
 * <pre>
 * q0 slots   0x1000                            n slots
 * q0 vring   q0 slots + n × slot size          descriptors +0, available +16n, used at its own offset
 * q1 slots   q0 vring + vring bytes            n slots
 * q1 vring   q1 slots + n × slot size
 * </pre>
 *
 * @param entries of each queue: n, a power of two from 2 to 256
 * @param slotSize bytes: a multiple of 64 from 128 to 4096
 * @param q0Slots offset in the window
 * @param q0Vring offset in the window
 * @param q1Slots offset in the window
 * @param q1Vring offset in the window
 * @param used offset in each vring
 * @param total bytes that are used of the window
 */
record FatSlots(int entries, int slotSize, int q0Slots, int q0Vring, int q1Slots, int q1Vring, int used, int total) {
    private static final int FIRST = 0x1000;

    /** Follows the formulas for numbers that {@link #isLegal}. */
    static FatSlots of(int entries, int slotSize) {
        int slots = roundUp(entries * slotSize);
        int used = roundUp(16 * entries + 2 * entries + 6);
        int vring = used + roundUp(8 * entries + 6);
        int q0Vring = FIRST + slots;
        int q1Slots = q0Vring + vring;
        int q1Vring = q1Slots + slots;
        return new FatSlots(entries, slotSize, FIRST, q0Vring, q1Slots, q1Vring, used, q1Vring + vring);
    }

    /** Whether a server may choose these numbers. */
    static boolean isLegal(int entries, int slotSize) {
        return entries >= 2
                && entries <= 256
                && Integer.bitCount(entries) == 1
                && slotSize >= 128
                && slotSize <= 4096
                && slotSize % 64 == 0;
    }

    /** What the server's geometry line says, unchecked. */
    static FatSlots load(DriverControl control) {
        return new FatSlots(
                control.load(ENTRIES),
                control.load(SLOT_SIZE),
                control.load(Q0_SLOTS),
                control.load(Q0_VRING),
                control.load(Q1_SLOTS),
                control.load(Q1_VRING),
                control.load(USED_OFFSET),
                control.load(TOTAL_SIZE));
    }

    private static int roundUp(int bytes) {
        return (bytes + 0xfff) & -0x1000;
    }
}
