/* CLOCK_GET_PERMISSIONS: what this agent may do with a clock. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** CLOCK_GET_PERMISSIONS (0xF), since 3.0. */
public final class ClockGetPermissions {
    private ClockGetPermissions() {}

    /**
     * <pre>
     * permissions; the command of a bit that is 0 is DENIED
     *   31    state, CLOCK_CONFIG_SET
     *   30    parent, CLOCK_PARENT_SET
     *   29    rate, CLOCK_RATE_SET
     *   28:0  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_GET_PERMISSIONS.fromPlatform();
        private static final U32 PERMISSIONS = LAYOUT.u32("permissions");

        public static final int STATE = 1 << 31;
        public static final int PARENT = 1 << 30;
        public static final int RATE = 1 << 29;
        private static final int ALL = STATE | PARENT | RATE;

        public Reply() {
            super(LAYOUT);
        }

        /** The bits {@link #STATE}, {@link #PARENT} and {@link #RATE}; reserved bits read as 0. */
        public int permissions() {
            return get(PERMISSIONS) & ALL;
        }

        public Reply permissions(int permissions) {
            return put(PERMISSIONS, permissions & ALL);
        }
    }
}
