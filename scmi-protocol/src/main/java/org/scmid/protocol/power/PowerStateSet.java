/* POWER_STATE_SET: the message that switches a power domain on or off. */
package org.scmid.protocol.power;

import org.scmid.protocol.RequestPayload;

/** POWER_STATE_SET (0x4). The response is a status only, and there is no delayed response. */
public final class PowerStateSet {
    private PowerStateSet() {}

    /**
     * <pre>
     * 0  u32  flags
     *           0     asynchronous
     *           31:1  reserved
     * 4  u32  domain id
     * 8  u32  power_state, see {@link PowerState}
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 12;
        public static final int FLAG_ASYNC = 1;
        public static final int FLAGS_RESERVED = ~FLAG_ASYNC;
        private static final int FLAGS = 0;
        private static final int DOMAIN = 4;
        private static final int POWER_STATE = 8;

        public Request() {
            super(PowerMessage.POWER_STATE_SET, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        public Request flags(int flags) {
            return putU32(FLAGS, flags & ~FLAGS_RESERVED);
        }

        /** Domain id, unsigned. */
        public int domain() {
            return u32(DOMAIN);
        }

        public Request domain(int domain) {
            return putU32(DOMAIN, domain);
        }

        /** The whole word, see {@link PowerState}. */
        public int powerState() {
            return u32(POWER_STATE);
        }

        public Request powerState(int state) {
            return putU32(POWER_STATE, state);
        }
    }
}
