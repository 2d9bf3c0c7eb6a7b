/* PERFORMANCE_DESCRIBE_LEVELS: the levels that a performance domain can have. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Header;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_DESCRIBE_LEVELS (0x4). */
public final class PerformanceDescribeLevels {
    private PerformanceDescribeLevels() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  level_index: position of the first level wanted
     * </pre>
     */
    public static final class Request extends PerformanceRequest<Request> {
        public static final int LENGTH = 8;
        private static final int LEVEL_INDEX = 4;

        public Request() {
            super(PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS, LENGTH);
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
     * 0  u32  num_levels
     *           11:0   levels in this message
     *           15:12  reserved
     *           31:16  levels that remain after this message
     * 4  levels in ascending order, 12 bytes each before 4.0, 20 from 4.0 on
     *           0   u32  performance level
     *           4   u32  power, in the unit that PROTOCOL_ATTRIBUTES says; 0 if unknown
     *           8   u32  15:0 worst time of a change to this level in microseconds, 31:16 reserved
     *           12  u32  indicative frequency in kHz; 4.0 only
     *           16  u32  index of the level; 4.0 only, there whether levels are named by index or not
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes without levels. */
        public static final int MINIMUM_LENGTH = 4;

        /** Bytes of a level before version 4.0. */
        public static final int LEVEL_BYTES_V1 = 12;

        /** Bytes of a level in version 4.0. */
        public static final int LEVEL_BYTES = 20;

        /** Most levels in one message. */
        public static final int MAX_RETURNED = 0xFFF;

        /** Most levels that can remain after a message. */
        public static final int MAX_REMAINING = 0xFFFF;

        /** Longest time of a change, in microseconds. */
        public static final int MAX_LATENCY = 0xFFFF;

        private static final int NUM_LEVELS = 0;
        private static final int LEVELS = 4;
        private static final int REMAINING_SHIFT = 16;
        private static final int LEVEL = 0;
        private static final int POWER = 4;
        private static final int LATENCY = 8;
        private static final int FREQUENCY = 12;
        private static final int INDEX = 16;

        private final int levelBytes;

        /** @param version the protocol version whose levels are read or written */
        public Reply(int version) {
            super(MINIMUM_LENGTH);
            levelBytes = levelBytes(version);
        }

        /** Bytes of one level in a version of the protocol. */
        public static int levelBytes(int version) {
            return ProtocolVersion.isAtLeast(version, PerformanceVersion.V4_0) ? LEVEL_BYTES : LEVEL_BYTES_V1;
        }

        /** How many levels fit into a message of {@code messageBytes}. */
        public int capacity(int messageBytes) {
            return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - LEVELS) / levelBytes, 0, MAX_RETURNED);
        }

        /** Levels in this message, 0..4095. */
        public int returned() {
            return u32(NUM_LEVELS) & MAX_RETURNED;
        }

        /** Levels that remain after this message, 0..65535. */
        public int remaining() {
            return u32(NUM_LEVELS) >>> REMAINING_SHIFT;
        }

        /** Announces {@code returned} levels, 0..4095, to be written with the setters of a level. */
        public Reply list(int returned, int remaining) {
            return putU32(
                    NUM_LEVELS,
                    checkCount("number of levels", returned, MAX_RETURNED)
                            | checkCount("number of remaining levels", remaining, MAX_REMAINING) << REMAINING_SHIFT);
        }

        /** The level at {@code position}, 0..{@link #returned()}-1, unsigned. */
        public int level(int position) {
            return u32(at(position) + LEVEL);
        }

        /** Its power, unsigned, 0 if unknown. */
        public int power(int position) {
            return u32(at(position) + POWER);
        }

        /** Worst time of a change to it in microseconds, 0..65535. */
        public int latency(int position) {
            return u32(at(position) + LATENCY) & MAX_LATENCY;
        }

        /** Its indicative frequency in kHz, unsigned; 0 before version 4.0. */
        public int frequency(int position) {
            return levelBytes == LEVEL_BYTES ? u32(at(position) + FREQUENCY) : 0;
        }

        /** Its index, unsigned; its position before version 4.0. */
        public int index(int position) {
            return levelBytes == LEVEL_BYTES ? u32(at(position) + INDEX) : position;
        }

        /** Writes what every version has of a level. */
        public Reply level(int position, int level, int power, int latency) {
            return putU32(at(position) + LEVEL, level)
                    .putU32(at(position) + POWER, power)
                    .putU32(at(position) + LATENCY, checkCount("latency", latency, MAX_LATENCY));
        }

        /** Writes what version 4.0 adds to a level; nothing in earlier versions. */
        public Reply indexed(int position, int frequency, int index) {
            return levelBytes == LEVEL_BYTES
                    ? putU32(at(position) + FREQUENCY, frequency).putU32(at(position) + INDEX, index)
                    : self();
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= at(returned());
        }

        @Override
        public int messageLength() {
            return withStart(at(returned()));
        }

        private int at(int position) {
            return LEVELS + position * levelBytes;
        }
    }
}
