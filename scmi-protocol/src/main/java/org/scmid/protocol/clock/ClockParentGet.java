/* CLOCK_PARENT_GET: which parent a clock is derived from. */
package org.scmid.protocol.clock;

import org.scmid.protocol.ReplyPayload;

/** CLOCK_PARENT_GET (0xE), since 3.0. */
public final class ClockParentGet {
    private ClockParentGet() {}

    /**
     * <pre>
     * 0  u32  clock id
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 4;

        public Request() {
            super(ClockMessage.CLOCK_PARENT_GET, LENGTH);
        }
    }

    /**
     * <pre>
     * 0  u32  parent_id: the clock id of the parent
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int PARENT = 0;

        public Reply() {
            super(LENGTH);
        }

        /** Clock id, unsigned. */
        public int parent() {
            return u32(PARENT);
        }

        public Reply parent(int clock) {
            return putU32(PARENT, clock);
        }
    }
}
