/* VOLTAGE_LEVEL_SET: the message that sets a voltage domain's level. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.DelayedPayload;
import org.scmid.protocol.ProtocolVersion;

/** VOLTAGE_LEVEL_SET (0x7) and its delayed response VOLTAGE_LEVEL_SET_COMPLETE. The response is a status only. */
public final class VoltageLevelSet {
    private VoltageLevelSet() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  flags; all reserved in 1.0
     *           0     asynchronous (2.0 and later)
     *           31:1  reserved
     * 8  i32  level in microvolts
     * </pre>
     */
    public static final class Request extends VoltageRequest<Request> {
        public static final int LENGTH = 12;
        public static final int FLAG_ASYNC = 1;
        private static final int FLAGS = 4;
        private static final int LEVEL = 8;

        public Request() {
            super(VoltageMessage.VOLTAGE_LEVEL_SET, LENGTH);
        }

        /** The flag bits that must be 0 in a version of the protocol. */
        public static int reservedFlags(int version) {
            return ProtocolVersion.isAtLeast(version, VoltageVersion.V2_0) ? ~FLAG_ASYNC : ~0;
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        public Request flags(int flags) {
            return putU32(FLAGS, flags & FLAG_ASYNC);
        }

        /** In microvolts, signed. */
        public int level() {
            return u32(LEVEL);
        }

        public Request level(int microvolts) {
            return putU32(LEVEL, microvolts);
        }
    }

    /**
     * The delayed response, after its status.
     *
     * <pre>
     * 0  u32  domain id
     * 4  i32  level in microvolts that was reached
     * </pre>
     */
    public static final class Delayed extends DelayedPayload<Delayed> {
        public static final int LENGTH = 8;
        private static final int DOMAIN = 0;
        private static final int LEVEL = 4;

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

        /** In microvolts, signed. */
        public int level() {
            return u32(LEVEL);
        }

        public Delayed level(int microvolts) {
            return putU32(LEVEL, microvolts);
        }
    }
}
