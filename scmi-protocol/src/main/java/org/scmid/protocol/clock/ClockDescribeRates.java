/* CLOCK_DESCRIBE_RATES: the rates that a clock can have, as a list or a range. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Header;
import org.scmid.protocol.ReplyPayload;

/** CLOCK_DESCRIBE_RATES (0x4). */
public final class ClockDescribeRates {
    private ClockDescribeRates() {}

    /**
     * <pre>
     * 0  u32  clock id
     * 4  u32  rate_index: index of the first rate wanted
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 8;
        private static final int RATE_INDEX = 4;

        public Request() {
            super(ClockMessage.CLOCK_DESCRIBE_RATES, LENGTH);
        }

        /** Unsigned. */
        public int rateIndex() {
            return u32(RATE_INDEX);
        }

        public Request rateIndex(int index) {
            return putU32(RATE_INDEX, index);
        }
    }

    /**
     * <pre>
     * 0  u32    num_rates_flags
     *             11:0   rates in this message
     *             12     0 list, ascending; 1 range: lowest, highest, step
     *             15:13  reserved
     *             31:16  rates that remain after this message
     * 4  u64[]  rates in Hz, low word first
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes without rates. */
        public static final int MINIMUM_LENGTH = 4;

        public static final int RATE_BYTES = 8;

        /** Most rates in one message. */
        public static final int MAX_RETURNED = 0xFFF;

        /** Most rates that can remain after a message. */
        public static final int MAX_REMAINING = 0xFFFF;

        /** Values of a range. */
        public static final int RANGE_VALUES = 3;

        private static final int NUM_RATES_FLAGS = 0;
        private static final int RATES = 4;
        private static final int FORMAT_RANGE = 1 << 12;
        private static final int REMAINING_SHIFT = 16;

        public Reply() {
            super(MINIMUM_LENGTH);
        }

        /** How many rates fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - RATES) / RATE_BYTES, 0, MAX_RETURNED);
        }

        /** Rates in this message, 0..4095. */
        public int returned() {
            return u32(NUM_RATES_FLAGS) & MAX_RETURNED;
        }

        /** Rates that remain after this message, 0..65535. */
        public int remaining() {
            return u32(NUM_RATES_FLAGS) >>> REMAINING_SHIFT;
        }

        /** Whether the values are lowest, highest and step. */
        public boolean isRange() {
            return (u32(NUM_RATES_FLAGS) & FORMAT_RANGE) != 0;
        }

        /** Announces {@code returned} rates of a list, 0..4095, to be written with {@link #rate(int, long)}. */
        public Reply list(int returned, int remaining) {
            return putU32(
                    NUM_RATES_FLAGS,
                    checkCount("number of rates", returned, MAX_RETURNED)
                            | checkCount("number of remaining rates", remaining, MAX_REMAINING) << REMAINING_SHIFT);
        }

        /** Writes a range, in Hz. */
        public Reply range(long lowest, long highest, long step) {
            return putU32(NUM_RATES_FLAGS, RANGE_VALUES | FORMAT_RANGE)
                    .rate(0, lowest)
                    .rate(1, highest)
                    .rate(2, step);
        }

        /** The value at {@code index}, 0..{@link #returned()}-1, in Hz, unsigned. */
        public long rate(int index) {
            return u64(RATES + index * RATE_BYTES);
        }

        public Reply rate(int index, long hertz) {
            return putU64(RATES + index * RATE_BYTES, hertz);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= RATES + returned() * RATE_BYTES;
        }

        @Override
        public int messageLength() {
            return withStart(RATES + returned() * RATE_BYTES);
        }
    }
}
