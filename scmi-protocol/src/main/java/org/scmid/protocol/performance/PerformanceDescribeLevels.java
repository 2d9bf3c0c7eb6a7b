/* PERFORMANCE_DESCRIBE_LEVELS: the levels that a performance domain can have. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.ResourceRequestPayload;

/** PERFORMANCE_DESCRIBE_LEVELS (0x4). */
public final class PerformanceDescribeLevels {
    private PerformanceDescribeLevels() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS.fromAgent();
        private static final U32 LEVEL_INDEX = LAYOUT.u32("level_index");

        public Request() {
            super(PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS);
        }

        /** Position of the first level wanted, unsigned. */
        public int levelIndex() {
            return get(LEVEL_INDEX);
        }

        public Request levelIndex(int index) {
            return put(LEVEL_INDEX, index);
        }
    }

    /**
     * <pre>
     * num_levels
     *   11:0   levels in this message
     *   15:12  reserved
     *   31:16  levels that remain after this message
     * </pre>
     *
     * Levels are in ascending order.
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS.fromPlatform();
        private static final U32 NUM_LEVELS = LAYOUT.u32("num_levels");
        private static final Layout ITEM =
                LAYOUT.in(PerformanceVersion.V4_0).list("levels").item();
        private static final U32 LEVEL = ITEM.u32("level");
        private static final U32 POWER = ITEM.u32("power");
        private static final U32 LATENCY = ITEM.u32("latency");
        private static final U32 FREQUENCY = ITEM.u32("frequency");
        private static final U32 INDEX = ITEM.u32("index");

        /** Most levels in one message. */
        public static final int MAX_RETURNED = 0xFFF;

        /** Most levels that can remain after a message. */
        public static final int MAX_REMAINING = 0xFFFF;

        /** Longest time of a change, in microseconds. */
        public static final int MAX_LATENCY = 0xFFFF;

        private static final int REMAINING_SHIFT = 16;

        private final Items levels;
        private final boolean isIndexed;

        /** @param version the protocol version whose levels are read or written */
        public Reply(int version) {
            super(LAYOUT);
            levels = LAYOUT.in(version).list("levels");
            isIndexed = ProtocolVersion.isAtLeast(version, PerformanceVersion.V4_0);
        }

        /** How many levels fit into a message of {@code messageBytes}. */
        public int capacity(int messageBytes) {
            return levels.capacity(messageBytes, MAX_RETURNED);
        }

        /** Levels in this message, 0..4095. */
        public int returned() {
            return get(NUM_LEVELS) & MAX_RETURNED;
        }

        /** Levels that remain after this message, 0..65535. */
        public int remaining() {
            return get(NUM_LEVELS) >>> REMAINING_SHIFT;
        }

        /** Announces {@code returned} levels, 0..4095, to be written with the setters of a level. */
        public Reply list(int returned, int remaining) {
            return put(
                    NUM_LEVELS,
                    checkCount("number of levels", returned, MAX_RETURNED)
                            | checkCount("number of remaining levels", remaining, MAX_REMAINING) << REMAINING_SHIFT);
        }

        /** The level at {@code position}, 0..{@link #returned()}-1, unsigned. */
        public int level(int position) {
            return getItem(LEVEL, levels.at(position));
        }

        /** Its power, in the unit that PROTOCOL_ATTRIBUTES says, unsigned; 0 if unknown. */
        public int power(int position) {
            return getItem(POWER, levels.at(position));
        }

        /** Worst time of a change to it in microseconds, 0..65535. */
        public int latency(int position) {
            return getItem(LATENCY, levels.at(position)) & MAX_LATENCY;
        }

        /** Its indicative frequency in kHz, unsigned; 0 before version 4.0. */
        public int frequency(int position) {
            return isIndexed ? getItem(FREQUENCY, levels.at(position)) : 0;
        }

        /** Its index, unsigned, whether levels are named by index or not; its position before version 4.0. */
        public int index(int position) {
            return isIndexed ? getItem(INDEX, levels.at(position)) : position;
        }

        /** Writes what every version has of a level. */
        public Reply level(int position, int level, int power, int latency) {
            return putItem(LEVEL, levels.at(position), level)
                    .putItem(POWER, levels.at(position), power)
                    .putItem(LATENCY, levels.at(position), checkCount("latency", latency, MAX_LATENCY));
        }

        /** Writes what version 4.0 adds to a level; nothing in earlier versions. */
        public Reply indexed(int position, int frequency, int index) {
            return isIndexed
                    ? putItem(FREQUENCY, levels.at(position), frequency).putItem(INDEX, levels.at(position), index)
                    : self();
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= levels.at(returned());
        }

        @Override
        public int messageLength() {
            return withStart(levels.at(returned()));
        }
    }
}
