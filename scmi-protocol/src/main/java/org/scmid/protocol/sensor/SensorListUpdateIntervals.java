/* SENSOR_LIST_UPDATE_INTERVALS: the update intervals that a sensor can have, as a list or a range. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.common.ListOrRangeReply;

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
    public static final class Reply extends ListOrRangeReply<Reply> {
        public static final int INTERVAL_BYTES = 4;

        public Reply() {
            super(INTERVAL_BYTES);
        }

        /** How many intervals fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return capacity(messageBytes, INTERVAL_BYTES);
        }

        /** Writes a range; see {@link UpdateInterval}. */
        public Reply range(int lowest, int highest, int step) {
            return announceRange().interval(0, lowest).interval(1, highest).interval(2, step);
        }

        /** The word at {@code index}, 0..{@link #returned()}-1; see {@link UpdateInterval}. */
        public int interval(int index) {
            return u32(at(index));
        }

        public Reply interval(int index, int value) {
            return putU32(at(index), value);
        }
    }
}
