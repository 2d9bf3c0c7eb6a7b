/* RESET: the message that resets a domain, or holds it in reset. */
package org.scmid.protocol.reset;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** RESET (0x4) and its delayed response RESET_COMPLETE. The response is a status only. */
public final class ResetCommand {
    private ResetCommand() {}

    /**
     * <pre>
     * flags
     *   0     autonomous: the platform asserts and de-asserts
     *   1     assert (1) or de-assert (0); without meaning if bit 0 is set
     *   2     asynchronous; only with bit 0
     *   31:3  reserved
     * reset_state
     *   30:0  state id; of the architectural ones, 0 is a cold reset and the only one
     *   31    the state id is the vendor's (1) or architectural (0)
     * </pre>
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = ResetMessage.RESET.fromAgent();
        private static final U32 FLAGS = LAYOUT.u32("flags");
        private static final U32 RESET_STATE = LAYOUT.u32("reset_state");

        public static final int FLAG_AUTONOMOUS = 1;
        public static final int FLAG_ASSERT = 1 << 1;
        public static final int FLAG_ASYNC = 1 << 2;
        public static final int FLAGS_RESERVED = ~(FLAG_AUTONOMOUS | FLAG_ASSERT | FLAG_ASYNC);

        /** Architectural reset state 0: the domain loses its context. */
        public static final int COLD_RESET = 0;

        public Request() {
            super(ResetMessage.RESET);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & ~FLAGS_RESERVED);
        }

        /** The whole word. */
        public int resetState() {
            return get(RESET_STATE);
        }

        public Request resetState(int state) {
            return put(RESET_STATE, state);
        }
    }

    /** The delayed response, after its status. */
    public static final class Delayed extends DelayedPayload<Delayed> {
        private static final Layout LAYOUT = ResetMessage.RESET_COMPLETE.fromPlatform();
        private static final U32 DOMAIN = LAYOUT.u32("domain");

        public Delayed() {
            super(LAYOUT);
        }

        /** Domain id, unsigned. */
        public int domain() {
            return get(DOMAIN);
        }

        public Delayed domain(int domain) {
            return put(DOMAIN, domain);
        }
    }
}
