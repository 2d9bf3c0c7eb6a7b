/* POWER_STATE_SET: the message that switches a power domain on or off. */
package org.scmid.protocol.power;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** POWER_STATE_SET (0x4). The response is a status only, and there is no delayed response. */
public final class PowerStateSet {
    private PowerStateSet() {}

    /**
     * <pre>
     * flags
     *   0     asynchronous
     *   31:1  reserved
     * </pre>
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = PowerMessage.POWER_STATE_SET.fromAgent();
        private static final U32 FLAGS = LAYOUT.u32("flags");
        private static final U32 POWER_STATE = LAYOUT.u32("power_state");

        public static final int FLAG_ASYNC = 1;
        public static final int FLAGS_RESERVED = ~FLAG_ASYNC;

        public Request() {
            super(PowerMessage.POWER_STATE_SET);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & ~FLAGS_RESERVED);
        }

        /** The whole word, see {@link PowerState}. */
        public int powerState() {
            return get(POWER_STATE);
        }

        public Request powerState(int state) {
            return put(POWER_STATE, state);
        }
    }
}
