/* CLOCK_RATE_SET: the message that sets a clock's rate. */
package org.scmid.protocol.clock;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ResourceRequestPayload;

/** CLOCK_RATE_SET (0x5) and its delayed response CLOCK_RATE_SET_COMPLETE. The response is a status only. */
public final class ClockRateSet {
    private ClockRateSet() {}

    /**
     * <pre>
     * flags
     *   0     asynchronous
     *   1     no delayed response; only with bit 0, else ignored
     *   2     round up, else down
     *   3     round to the nearest, whatever bit 2 says
     *   31:4  reserved
     * </pre>
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_RATE_SET.fromAgent();
        private static final U32 FLAGS = LAYOUT.u32("flags");
        private static final U64 RATE = LAYOUT.u64("rate");

        public static final int FLAG_ASYNC = 1;
        public static final int FLAG_NO_DELAYED_RESPONSE = 1 << 1;
        public static final int FLAG_ROUND_UP = 1 << 2;
        public static final int FLAG_ROUND_NEAREST = 1 << 3;
        public static final int FLAGS_RESERVED =
                ~(FLAG_ASYNC | FLAG_NO_DELAYED_RESPONSE | FLAG_ROUND_UP | FLAG_ROUND_NEAREST);

        public Request() {
            super(ClockMessage.CLOCK_RATE_SET);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & ~FLAGS_RESERVED);
        }

        /** In Hz, unsigned. */
        public long rate() {
            return get(RATE);
        }

        public Request rate(long hertz) {
            return put(RATE, hertz);
        }
    }

    /** The delayed response, after its status. */
    public static final class Delayed extends DelayedPayload<Delayed> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_RATE_SET_COMPLETE.fromPlatform();
        private static final U32 CLOCK = LAYOUT.u32("clock");
        private static final U64 RATE = LAYOUT.u64("rate");

        public Delayed() {
            super(LAYOUT);
        }

        /** Clock id, unsigned. */
        public int clock() {
            return get(CLOCK);
        }

        public Delayed clock(int clock) {
            return put(CLOCK, clock);
        }

        /** The rate that was reached, in Hz, unsigned. */
        public long rate() {
            return get(RATE);
        }

        public Delayed rate(long hertz) {
            return put(RATE, hertz);
        }
    }
}
