/* CLOCK_DESCRIBE_RATES: the rates that a clock can have, as a list or a range. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ResourceRequestPayload;
import org.scmid.protocol.common.ListOrRangeReply;

/** CLOCK_DESCRIBE_RATES (0x4). */
public final class ClockDescribeRates {
    private ClockDescribeRates() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_DESCRIBE_RATES.fromAgent();
        private static final U32 RATE_INDEX = LAYOUT.u32("rate_index");

        public Request() {
            super(ClockMessage.CLOCK_DESCRIBE_RATES);
        }

        /** Index of the first rate wanted, unsigned. */
        public int rateIndex() {
            return get(RATE_INDEX);
        }

        public Request rateIndex(int index) {
            return put(RATE_INDEX, index);
        }
    }

    /**
     * <pre>
     * num_rates_flags
     *   11:0   rates in this message
     *   12     0 list, ascending; 1 range: lowest, highest, step
     *   15:13  reserved
     *   31:16  rates that remain after this message
     * </pre>
     */
    public static final class Reply extends ListOrRangeReply<Reply> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_DESCRIBE_RATES.fromPlatform();
        private static final Items RATES = LAYOUT.list("rates");
        private static final U64 RATE = RATES.item().u64("rate");

        public Reply() {
            super(LAYOUT, RATES);
        }

        /** How many rates fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return RATES.capacity(messageBytes, MAX_RETURNED);
        }

        /** Writes a range, in Hz. */
        public Reply range(long lowest, long highest, long step) {
            return announceRange().rate(0, lowest).rate(1, highest).rate(2, step);
        }

        /** The value at {@code index}, 0..{@link #returned()}-1, in Hz, unsigned. */
        public long rate(int index) {
            return getItem(RATE, RATES.at(index));
        }

        public Reply rate(int index, long value) {
            return putItem(RATE, RATES.at(index), value);
        }
    }
}
