/* CLOCK_GET_PERMISSIONS: what this agent may do with a clock. */
package org.scmid.protocol.clock;

import org.scmid.protocol.ReplyPayload;

/** CLOCK_GET_PERMISSIONS (0xF), since 3.0. */
public final class ClockGetPermissions {
    private ClockGetPermissions() {}

    /**
     * <pre>
     * 0  u32  clock id
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 4;

        public Request() {
            super(ClockMessage.CLOCK_GET_PERMISSIONS, LENGTH);
        }
    }

    /**
     * <pre>
     * 0  u32  permissions; the command of a bit that is 0 is DENIED
     *           31    state, CLOCK_CONFIG_SET
     *           30    parent, CLOCK_PARENT_SET
     *           29    rate, CLOCK_RATE_SET
     *           28:0  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        public static final int STATE = 1 << 31;
        public static final int PARENT = 1 << 30;
        public static final int RATE = 1 << 29;
        private static final int ALL = STATE | PARENT | RATE;
        private static final int PERMISSIONS = 0;

        public Reply() {
            super(LENGTH);
        }

        /** The bits {@link #STATE}, {@link #PARENT} and {@link #RATE}; reserved bits read as 0. */
        public int permissions() {
            return u32(PERMISSIONS) & ALL;
        }

        public Reply permissions(int permissions) {
            return putU32(PERMISSIONS, permissions & ALL);
        }
    }
}
