/* SYSTEM_POWER_STATE_SET: the message that asks for a shutdown, a reset or suspend. */
package org.scmid.protocol.system;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.RequestPayload;

/** SYSTEM_POWER_STATE_SET (0x3). The response is a status only. */
public final class SystemPowerStateSet {
    /** In the answer of PROTOCOL_MESSAGE_ATTRIBUTES for this message: suspend is supported. */
    public static final int ATTRIBUTE_SUSPEND = 1 << 30;

    /** In the answer of PROTOCOL_MESSAGE_ATTRIBUTES for this message: warm reset is supported. */
    public static final int ATTRIBUTE_WARM_RESET = 1 << 31;

    private SystemPowerStateSet() {}

    /**
     * <pre>
     * flags
     *   0     1 graceful, 0 forceful
     *   31:1  reserved
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = SystemPowerMessage.SYSTEM_POWER_STATE_SET.fromAgent();
        private static final U32 FLAGS = LAYOUT.u32("flags");
        private static final U32 STATE = LAYOUT.u32("system_state");

        public Request() {
            super(SystemPowerMessage.SYSTEM_POWER_STATE_SET);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & ~SystemState.FLAGS_RESERVED);
        }

        /** See {@link SystemState}, unsigned. */
        public int state() {
            return get(STATE);
        }

        public Request state(int state) {
            return put(STATE, state);
        }
    }
}
