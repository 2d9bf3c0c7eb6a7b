/* SYSTEM_POWER_STATE_SET: the message that asks for a shutdown, a reset or suspend. */
package org.scmid.protocol.system;

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
     * 0  u32  flags
     *           0     1 graceful, 0 forceful
     *           31:1  reserved
     * 4  u32  system_state, see {@link SystemState}
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 8;
        private static final int FLAGS = 0;
        private static final int STATE = 4;

        public Request() {
            super(SystemPowerMessage.SYSTEM_POWER_STATE_SET, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        public Request flags(int flags) {
            return putU32(FLAGS, flags & ~SystemState.FLAGS_RESERVED);
        }

        /** Unsigned. */
        public int state() {
            return u32(STATE);
        }

        public Request state(int state) {
            return putU32(STATE, state);
        }
    }
}
