/* RESET: the message that resets a domain, or holds it in reset. */
package org.scmid.protocol.reset;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.RequestPayload;

/** RESET (0x4) and its delayed response RESET_COMPLETE. The response is a status only. */
public final class ResetCommand {
    private ResetCommand() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  flags
     *           0     autonomous: the platform asserts and de-asserts
     *           1     assert (1) or de-assert (0); without meaning if bit 0 is set
     *           2     asynchronous; only with bit 0
     *           31:3  reserved
     * 8  u32  reset_state
     *           30:0  state id; of the architectural ones, 0 is a cold reset and the only one
     *           31    the state id is the vendor's (1) or architectural (0)
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 12;
        public static final int FLAG_AUTONOMOUS = 1;
        public static final int FLAG_ASSERT = 1 << 1;
        public static final int FLAG_ASYNC = 1 << 2;
        public static final int FLAGS_RESERVED = ~(FLAG_AUTONOMOUS | FLAG_ASSERT | FLAG_ASYNC);

        /** Architectural reset state 0: the domain loses its context. */
        public static final int COLD_RESET = 0;

        private static final int DOMAIN = 0;
        private static final int FLAGS = 4;
        private static final int RESET_STATE = 8;

        public Request() {
            super(ResetMessage.RESET, LENGTH);
        }

        /** Domain id, unsigned. */
        public int domain() {
            return u32(DOMAIN);
        }

        public Request domain(int domain) {
            return putU32(DOMAIN, domain);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        public Request flags(int flags) {
            return putU32(FLAGS, flags & ~FLAGS_RESERVED);
        }

        /** The whole word. */
        public int resetState() {
            return u32(RESET_STATE);
        }

        public Request resetState(int state) {
            return putU32(RESET_STATE, state);
        }
    }

    /**
     * The delayed response, after its status.
     *
     * <pre>
     * 0  u32  domain id
     * </pre>
     */
    public static final class Delayed extends DelayedPayload<Delayed> {
        public static final int LENGTH = 4;
        private static final int DOMAIN = 0;

        public Delayed() {
            super(LENGTH);
        }

        /** Domain id, unsigned. */
        public int domain() {
            return u32(DOMAIN);
        }

        public Delayed domain(int domain) {
            return putU32(DOMAIN, domain);
        }
    }
}
