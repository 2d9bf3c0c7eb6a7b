/* VOLTAGE_DESCRIBE_LEVELS: the levels that a voltage domain can have, as a list or a range. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.common.ListOrRangeReply;

/** VOLTAGE_DESCRIBE_LEVELS (0x4). */
public final class VoltageDescribeLevels {
    private VoltageDescribeLevels() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  level_index: index of the first level wanted
     * </pre>
     */
    public static final class Request extends VoltageRequest<Request> {
        public static final int LENGTH = 8;
        private static final int LEVEL_INDEX = 4;

        public Request() {
            super(VoltageMessage.VOLTAGE_DESCRIBE_LEVELS, LENGTH);
        }

        /** Unsigned. */
        public int levelIndex() {
            return u32(LEVEL_INDEX);
        }

        public Request levelIndex(int index) {
            return putU32(LEVEL_INDEX, index);
        }
    }

    /**
     * <pre>
     * 0  u32    flags
     *             11:0   levels in this message
     *             12     0 list, ascending; 1 range: lowest, highest, step
     *             15:13  reserved
     *             31:16  levels that remain after this message
     * 4  i32[]  levels in microvolts
     * </pre>
     */
    public static final class Reply extends ListOrRangeReply<Reply> {
        public static final int LEVEL_BYTES = 4;

        public Reply() {
            super(LEVEL_BYTES);
        }

        /** How many levels fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return capacity(messageBytes, LEVEL_BYTES);
        }

        /** Writes a range, in microvolts. */
        public Reply range(int lowest, int highest, int step) {
            return announceRange().level(0, lowest).level(1, highest).level(2, step);
        }

        /** The value at {@code index}, 0..{@link #returned()}-1, in microvolts, signed. */
        public int level(int index) {
            return u32(at(index));
        }

        public Reply level(int index, int value) {
            return putU32(at(index), value);
        }
    }
}
