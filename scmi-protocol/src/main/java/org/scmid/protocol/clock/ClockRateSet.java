/* CLOCK_RATE_SET: the message that sets a clock's rate. */
package org.scmid.protocol.clock;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.RequestPayload;

/** CLOCK_RATE_SET (0x5) and its delayed response CLOCK_RATE_SET_COMPLETE. The response is a status only. */
public final class ClockRateSet {
    private ClockRateSet() {}

    /**
     * <pre>
     * 0   u32  flags
     *            0     asynchronous
     *            1     no delayed response; only with bit 0, else ignored
     *            2     round up, else down
     *            3     round to the nearest, whatever bit 2 says
     *            31:4  reserved
     * 4   u32  clock id
     * 8   u64  rate in Hz, low word first
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 16;
        public static final int FLAG_ASYNC = 1;
        public static final int FLAG_NO_DELAYED_RESPONSE = 1 << 1;
        public static final int FLAG_ROUND_UP = 1 << 2;
        public static final int FLAG_ROUND_NEAREST = 1 << 3;
        public static final int FLAGS_RESERVED =
                ~(FLAG_ASYNC | FLAG_NO_DELAYED_RESPONSE | FLAG_ROUND_UP | FLAG_ROUND_NEAREST);
        private static final int FLAGS = 0;
        private static final int CLOCK = 4;
        private static final int RATE = 8;

        public Request() {
            super(ClockMessage.CLOCK_RATE_SET, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        public Request flags(int flags) {
            return putU32(FLAGS, flags & ~FLAGS_RESERVED);
        }

        /** Clock id, unsigned. */
        public int clock() {
            return u32(CLOCK);
        }

        public Request clock(int clock) {
            return putU32(CLOCK, clock);
        }

        /** In Hz, unsigned. */
        public long rate() {
            return u64(RATE);
        }

        public Request rate(long hertz) {
            return putU64(RATE, hertz);
        }
    }

    /**
     * The delayed response, after its status.
     *
     * <pre>
     * 0  u32  clock id
     * 4  u64  rate in Hz that was reached, low word first
     * </pre>
     */
    public static final class Delayed extends DelayedPayload<Delayed> {
        public static final int LENGTH = 12;
        private static final int CLOCK = 0;
        private static final int RATE = 4;

        public Delayed() {
            super(LENGTH);
        }

        /** Clock id, unsigned. */
        public int clock() {
            return u32(CLOCK);
        }

        public Delayed clock(int clock) {
            return putU32(CLOCK, clock);
        }

        /** In Hz, unsigned. */
        public long rate() {
            return u64(RATE);
        }

        public Delayed rate(long hertz) {
            return putU64(RATE, hertz);
        }
    }
}
