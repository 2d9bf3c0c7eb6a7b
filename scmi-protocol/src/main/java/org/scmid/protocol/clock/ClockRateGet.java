/* CLOCK_RATE_GET: a clock's rate. */
package org.scmid.protocol.clock;

import org.scmid.protocol.ReplyPayload;

/** CLOCK_RATE_GET (0x6). A disabled clock reports the rate that it would have when enabled. */
public final class ClockRateGet {
    private ClockRateGet() {}

    /**
     * <pre>
     * 0  u32  clock id
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 4;

        public Request() {
            super(ClockMessage.CLOCK_RATE_GET, LENGTH);
        }
    }

    /**
     * <pre>
     * 0  u64  rate in Hz, low word first
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 8;
        private static final int RATE = 0;

        public Reply() {
            super(LENGTH);
        }

        /** In Hz, unsigned. */
        public long rate() {
            return u64(RATE);
        }

        public Reply rate(long hertz) {
            return putU64(RATE, hertz);
        }
    }
}
