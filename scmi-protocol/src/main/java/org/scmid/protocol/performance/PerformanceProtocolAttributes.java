/* PROTOCOL_ATTRIBUTES of the Performance protocol: how many domains there are. */
package org.scmid.protocol.performance;

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
     * 0   u32  attributes
     *            15:0   performance domains; their ids are 0..n-1
     *            17:16  power unit: 0 abstract, 1 milliwatts, 2 microwatts (3.0 and later)
     *            31:18  reserved
     * 4   u64  address of a memory region with statistics, low word first; 0 if there is none
     * 12  u32  its length in bytes, 0 if there is none
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 16;
        public static final int MAX_DOMAINS = 0xFFFF;
        private static final int ATTRIBUTES = 0;
        private static final int STATISTICS_ADDRESS = 4;
        private static final int STATISTICS_LENGTH = 12;
        private static final int UNIT_SHIFT = 16;
        private static final int UNIT_MASK = 0x3;

        public Reply() {
            super(LENGTH);
        }

        public int domains() {
            return u32(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** The power unit as it is on the wire, 0..3; see {@link PowerUnit}. */
        public int powerUnit() {
            return u32(ATTRIBUTES) >>> UNIT_SHIFT & UNIT_MASK;
        }

        public long statisticsAddress() {
            return u64(STATISTICS_ADDRESS);
        }

        public int statisticsLength() {
            return u32(STATISTICS_LENGTH);
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
            return putU32(
                            ATTRIBUTES,
                            checkCount("number of performance domains", domains, MAX_DOMAINS)
                                    | unit.code() << UNIT_SHIFT)
                    .putU64(STATISTICS_ADDRESS, 0)
                    .putU32(STATISTICS_LENGTH, 0);
        }
    }
}
