/* CLOCK_RATE_GET: a clock's rate. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ReplyPayload;

/** CLOCK_RATE_GET (0x6). A disabled clock reports the rate that it would have when enabled. */
public final class ClockRateGet {
    private ClockRateGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_RATE_GET.fromPlatform();
        private static final U64 RATE = LAYOUT.u64("rate");

        public Reply() {
            super(LAYOUT);
        }

        /** In Hz, unsigned. */
        public long rate() {
            return get(RATE);
        }

        public Reply rate(long hertz) {
            return put(RATE, hertz);
        }
    }
}
