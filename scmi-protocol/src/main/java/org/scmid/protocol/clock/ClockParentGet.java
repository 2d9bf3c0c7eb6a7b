/* CLOCK_PARENT_GET: which parent a clock is derived from. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** CLOCK_PARENT_GET (0xE), since 3.0. */
public final class ClockParentGet {
    private ClockParentGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_PARENT_GET.fromPlatform();
        private static final U32 PARENT = LAYOUT.u32("parent");

        public Reply() {
            super(LAYOUT);
        }

        /** Clock id, unsigned. */
        public int parent() {
            return get(PARENT);
        }

        public Reply parent(int clock) {
            return put(PARENT, clock);
        }
    }
}
