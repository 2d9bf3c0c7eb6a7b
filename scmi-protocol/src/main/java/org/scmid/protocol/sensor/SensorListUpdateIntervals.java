/* SENSOR_LIST_UPDATE_INTERVALS: the update intervals that a sensor can have, as a list or a range. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;
import org.scmid.protocol.common.ListOrRangeReply;

/** SENSOR_LIST_UPDATE_INTERVALS (0x8), since 2.0. */
public final class SensorListUpdateIntervals {
    private SensorListUpdateIntervals() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_LIST_UPDATE_INTERVALS.fromAgent();
        private static final U32 INDEX = LAYOUT.u32("index");

        public Request() {
            super(SensorMessage.SENSOR_LIST_UPDATE_INTERVALS);
        }

        /** Index of the first interval wanted, unsigned. */
        public int index() {
            return get(INDEX);
        }

        public Request index(int index) {
            return put(INDEX, index);
        }
    }

    /**
     * <pre>
     * num_intervals_flags
     *   11:0   intervals in this message
     *   12     0 list, ascending; 1 range: lowest, highest, step
     *   15:13  reserved
     *   31:16  intervals that remain after this message
     * </pre>
     */
    public static final class Reply extends ListOrRangeReply<Reply> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_LIST_UPDATE_INTERVALS.fromPlatform();
        private static final Items INTERVALS = LAYOUT.list("intervals");
        private static final U32 INTERVAL = INTERVALS.item().u32("interval");

        public Reply() {
            super(LAYOUT, INTERVALS);
        }

        /** How many intervals fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return INTERVALS.capacity(messageBytes, MAX_RETURNED);
        }

        /** Writes a range; see {@link UpdateInterval}. */
        public Reply range(int lowest, int highest, int step) {
            return announceRange().interval(0, lowest).interval(1, highest).interval(2, step);
        }

        /** The word at {@code index}, 0..{@link #returned()}-1; see {@link UpdateInterval}. */
        public int interval(int index) {
            return getItem(INTERVAL, INTERVALS.at(index));
        }

        public Reply interval(int index, int value) {
            return putItem(INTERVAL, INTERVALS.at(index), value);
        }
    }
}
