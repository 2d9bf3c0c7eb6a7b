/* CLOCK_PARENT_SET: the message that switches a clock to another parent. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** CLOCK_PARENT_SET (0xD), since 3.0. The response is a status only. */
public final class ClockParentSet {
    private ClockParentSet() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_PARENT_SET.fromAgent();
        private static final U32 PARENT = LAYOUT.u32("parent");

        public Request() {
            super(ClockMessage.CLOCK_PARENT_SET);
        }

        /** Clock id, unsigned. */
        public int parent() {
            return get(PARENT);
        }

        public Request parent(int clock) {
            return put(PARENT, clock);
        }
    }
}
