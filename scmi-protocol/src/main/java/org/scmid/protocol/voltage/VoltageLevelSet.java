/* VOLTAGE_LEVEL_SET: the message that sets a voltage domain's level. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** VOLTAGE_LEVEL_SET (0x7) and its delayed response VOLTAGE_LEVEL_SET_COMPLETE. The response is a status only. */
public final class VoltageLevelSet {
    private VoltageLevelSet() {}

    /**
     * <pre>
     * flags; all reserved in 1.0
     *   0     asynchronous (2.0 and later)
     *   31:1  reserved
     * </pre>
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_LEVEL_SET.fromAgent();
        private static final U32 FLAGS = LAYOUT.u32("flags");
        private static final U32 LEVEL = LAYOUT.u32("level");

        public static final int FLAG_ASYNC = 1;

        public Request() {
            super(VoltageMessage.VOLTAGE_LEVEL_SET);
        }

        /** The flag bits that must be 0. */
        public static final int RESERVED = ~FLAG_ASYNC;

        /** Those that must be 0 before version 2.0. */
        public static final int RESERVED_BEFORE_2_0 = ~0;

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & FLAG_ASYNC);
        }

        /** In microvolts, signed. */
        public int level() {
            return get(LEVEL);
        }

        public Request level(int microvolts) {
            return put(LEVEL, microvolts);
        }
    }

    /** The delayed response, after its status. */
    public static final class Delayed extends DelayedPayload<Delayed> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_LEVEL_SET_COMPLETE.fromPlatform();
        private static final U32 DOMAIN = LAYOUT.u32("domain");
        private static final U32 LEVEL = LAYOUT.u32("level");

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

        /** The level that was reached, in microvolts, signed. */
        public int level() {
            return get(LEVEL);
        }

        public Delayed level(int microvolts) {
            return put(LEVEL, microvolts);
        }
    }
}
