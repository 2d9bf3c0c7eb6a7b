/* VOLTAGE_DESCRIBE_LEVELS: the levels that a voltage domain can have, as a list or a range. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.Header;
import org.scmid.protocol.ReplyPayload;

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
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes without levels. */
        public static final int MINIMUM_LENGTH = 4;

        public static final int LEVEL_BYTES = 4;

        /** Most levels in one message. */
        public static final int MAX_RETURNED = 0xFFF;

        /** Most levels that can remain after a message. */
        public static final int MAX_REMAINING = 0xFFFF;

        /** Values of a range. */
        public static final int RANGE_VALUES = 3;

        private static final int FLAGS = 0;
        private static final int LEVELS = 4;
        private static final int FORMAT_RANGE = 1 << 12;
        private static final int REMAINING_SHIFT = 16;

        public Reply() {
            super(MINIMUM_LENGTH);
        }

        /** How many levels fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - LEVELS) / LEVEL_BYTES, 0, MAX_RETURNED);
        }

        /** Levels in this message, 0..4095. */
        public int returned() {
            return u32(FLAGS) & MAX_RETURNED;
        }

        /** Levels that remain after this message, 0..65535. */
        public int remaining() {
            return u32(FLAGS) >>> REMAINING_SHIFT;
        }

        /** Whether the values are lowest, highest and step. */
        public boolean isRange() {
            return (u32(FLAGS) & FORMAT_RANGE) != 0;
        }

        /** Announces {@code returned} levels of a list, 0..4095, to be written with {@link #level(int, int)}. */
        public Reply list(int returned, int remaining) {
            return putU32(
                    FLAGS,
                    checkCount("number of levels", returned, MAX_RETURNED)
                            | checkCount("number of remaining levels", remaining, MAX_REMAINING) << REMAINING_SHIFT);
        }

        /** Writes a range, in microvolts. */
        public Reply range(int lowest, int highest, int step) {
            return putU32(FLAGS, RANGE_VALUES | FORMAT_RANGE)
                    .level(0, lowest)
                    .level(1, highest)
                    .level(2, step);
        }

        /** The value at {@code index}, 0..{@link #returned()}-1, in microvolts, signed. */
        public int level(int index) {
            return u32(LEVELS + index * LEVEL_BYTES);
        }

        public Reply level(int index, int microvolts) {
            return putU32(LEVELS + index * LEVEL_BYTES, microvolts);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= LEVELS + returned() * LEVEL_BYTES;
        }

        @Override
        public int messageLength() {
            return withStart(LEVELS + returned() * LEVEL_BYTES);
        }
    }
}
