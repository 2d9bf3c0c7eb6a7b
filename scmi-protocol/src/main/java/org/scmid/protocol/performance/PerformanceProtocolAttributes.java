/* PROTOCOL_ATTRIBUTES of the Performance protocol: how many domains there are. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Performance protocol. Its request is empty. */
public final class PerformanceProtocolAttributes {
    private PerformanceProtocolAttributes() {}

    /** What the power of a level is counted in. */
    public enum PowerUnit {
        /** Numbers that compare with each other only. */
        ABSTRACT(0),
        MILLIWATTS(1),
        /** 3.0 and later. */
        MICROWATTS(2);

        private final int code;

        PowerUnit(int code) {
            this.code = code;
        }

        /** The value on the wire. */
        public int code() {
            return code;
        }
    }

    /**
     * <pre>
     * attributes
     *   15:0   performance domains; their ids are 0..n-1
     *   17:16  power unit: 0 abstract, 1 milliwatts, 2 microwatts (3.0 and later)
     *   31:18  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PerformanceMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U64 STATISTICS_ADDRESS = LAYOUT.u64("statistics_address");
        private static final U32 STATISTICS_LENGTH = LAYOUT.u32("statistics_length");

        public static final int MAX_DOMAINS = 0xFFFF;
        private static final int UNIT_SHIFT = 16;
        private static final int UNIT_MASK = 0x3;

        public Reply() {
            super(LAYOUT);
        }

        public int domains() {
            return get(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** The power unit as it is on the wire, 0..3; see {@link PowerUnit}. */
        public int powerUnit() {
            return get(ATTRIBUTES) >>> UNIT_SHIFT & UNIT_MASK;
        }

        /** Address of a memory region with statistics, 0 if there is none. */
        public long statisticsAddress() {
            return get(STATISTICS_ADDRESS);
        }

        /** Its length in bytes, 0 if there is none. */
        public int statisticsLength() {
            return get(STATISTICS_LENGTH);
        }

        /**
         * Writes the whole payload, without statistics.
         *
         * @param domains 0..65535
         * @param unit microwatts only from version 3.0 on
         */
        public Reply attributes(int domains, PowerUnit unit, int version) {
            if (unit == PowerUnit.MICROWATTS && !ProtocolVersion.isAtLeast(version, PerformanceVersion.V3_0)) {
                throw new IllegalArgumentException("no microwatts in version " + ProtocolVersion.text(version));
            }
            return put(
                            ATTRIBUTES,
                            checkCount("number of performance domains", domains, MAX_DOMAINS)
                                    | unit.code() << UNIT_SHIFT)
                    .put(STATISTICS_ADDRESS, 0)
                    .put(STATISTICS_LENGTH, 0);
        }
    }
}
