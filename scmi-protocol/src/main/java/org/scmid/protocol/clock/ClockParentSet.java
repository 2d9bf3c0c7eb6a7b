/* CLOCK_PARENT_SET: the message that switches a clock to another parent. */
package org.scmid.protocol.clock;

/** CLOCK_PARENT_SET (0xD), since 3.0. The response is a status only. */
public final class ClockParentSet {
    private ClockParentSet() {}

    /**
     * <pre>
     * 0  u32  clock id
     * 4  u32  parent_id: the clock id of the wanted parent
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 8;
        private static final int PARENT = 4;

        public Request() {
            super(ClockMessage.CLOCK_PARENT_SET, LENGTH);
        }

        /** Clock id, unsigned. */
        public int parent() {
            return u32(PARENT);
        }

        public Request parent(int clock) {
            return putU32(PARENT, clock);
        }
    }
}
