/* CLOCK_DESCRIBE_RATES: the rates that a clock can have, as a list or a range. */
package org.scmid.protocol.clock;

import org.scmid.protocol.common.ListOrRangeReply;

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
    public static final class Reply extends ListOrRangeReply<Reply> {
        public static final int RATE_BYTES = 8;

        public Reply() {
            super(RATE_BYTES);
        }

        /** How many rates fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return capacity(messageBytes, RATE_BYTES);
        }

        /** Writes a range, in Hz. */
        public Reply range(long lowest, long highest, long step) {
            return announceRange().rate(0, lowest).rate(1, highest).rate(2, step);
        }

        /** The value at {@code index}, 0..{@link #returned()}-1, in Hz, unsigned. */
        public long rate(int index) {
            return u64(at(index));
        }

        public Reply rate(int index, long value) {
            return putU64(at(index), value);
        }
    }
}
