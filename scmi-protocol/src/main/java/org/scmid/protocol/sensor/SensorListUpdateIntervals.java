/* SENSOR_LIST_UPDATE_INTERVALS: the update intervals that a sensor can have, as a list or a range. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Header;
import org.scmid.protocol.ReplyPayload;

/** SENSOR_LIST_UPDATE_INTERVALS (0x8), since 2.0. */
public final class SensorListUpdateIntervals {
    private SensorListUpdateIntervals() {}

    /**
     * <pre>
     * 0  u32  sensor id
     * 4  u32  index: the first interval wanted
     * </pre>
     */
    public static final class Request extends SensorRequest<Request> {
        public static final int LENGTH = 8;
        private static final int INDEX = 4;

        public Request() {
            super(SensorMessage.SENSOR_LIST_UPDATE_INTERVALS, LENGTH);
        }

        /** Unsigned. */
        public int index() {
            return u32(INDEX);
        }

        public Request index(int index) {
            return putU32(INDEX, index);
        }
    }

    /**
     * <pre>
     * 0  u32    num_intervals_flags
     *             11:0   intervals in this message
     *             12     0 list, ascending; 1 range: lowest, highest, step
     *             15:13  reserved
     *             31:16  intervals that remain after this message
     * 4  u32[]  intervals, see {@link UpdateInterval}
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes without intervals. */
        public static final int MINIMUM_LENGTH = 4;

        public static final int INTERVAL_BYTES = 4;

        /** Most intervals in one message. */
        public static final int MAX_RETURNED = 0xFFF;

        /** Most intervals that can remain after a message. */
        public static final int MAX_REMAINING = 0xFFFF;

        /** Values of a range. */
        public static final int RANGE_VALUES = 3;

        private static final int FLAGS = 0;
        private static final int INTERVALS = 4;
        private static final int FORMAT_RANGE = 1 << 12;
        private static final int REMAINING_SHIFT = 16;

        public Reply() {
            super(MINIMUM_LENGTH);
        }

        /** How many intervals fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - INTERVALS) / INTERVAL_BYTES, 0, MAX_RETURNED);
        }

        /** Intervals in this message, 0..4095. */
        public int returned() {
            return u32(FLAGS) & MAX_RETURNED;
        }

        /** Intervals that remain after this message, 0..65535. */
        public int remaining() {
            return u32(FLAGS) >>> REMAINING_SHIFT;
        }

        /** Whether the values are lowest, highest and step. */
        public boolean isRange() {
            return (u32(FLAGS) & FORMAT_RANGE) != 0;
        }

        /** Announces intervals of a list, to be written with {@link #interval(int, int)}. */
        public Reply list(int returned, int remaining) {
            return putU32(
                    FLAGS,
                    checkCount("number of intervals", returned, MAX_RETURNED)
                            | checkCount("number of remaining intervals", remaining, MAX_REMAINING) << REMAINING_SHIFT);
        }

        /** Writes a range; see {@link UpdateInterval}. */
        public Reply range(int lowest, int highest, int step) {
            return putU32(FLAGS, RANGE_VALUES | FORMAT_RANGE)
                    .interval(0, lowest)
                    .interval(1, highest)
                    .interval(2, step);
        }

        /** The word at {@code index}, 0..{@link #returned()}-1; see {@link UpdateInterval}. */
        public int interval(int index) {
            return u32(INTERVALS + index * INTERVAL_BYTES);
        }

        public Reply interval(int index, int word) {
            return putU32(INTERVALS + index * INTERVAL_BYTES, word);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= INTERVALS + returned() * INTERVAL_BYTES;
        }

        @Override
        public int messageLength() {
            return withStart(INTERVALS + returned() * INTERVAL_BYTES);
        }
    }
}
