/* PROTOCOL_ATTRIBUTES of the Power domain protocol: how many domains there are, and where statistics are. */
package org.scmid.protocol.power;

import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Power domain protocol. Its request is empty. */
public final class PowerProtocolAttributes {
    private PowerProtocolAttributes() {}

    /**
     * <pre>
     * 0   u32  attributes
     *            15:0   power domains
     *            31:16  reserved
     * 4   u32  statistics_address, low word; 0 if there are none
     * 8   u32  statistics_address, high word; 0 if there are none
     * 12  u32  statistics_len in bytes; 0 if there are none
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 16;
        public static final int MAX_DOMAINS = 0xFFFF;
        private static final int ATTRIBUTES = 0;
        private static final int STATISTICS_ADDRESS = 4;
        private static final int STATISTICS_LENGTH = 12;

        public Reply() {
            super(LENGTH);
        }

        /** Power domains that the agent has. */
        public int domains() {
            return u32(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** Writes the number of domains, 0..65535; statistics are somewhere only if that is written too. */
        public Reply domains(int domains) {
            return putU32(ATTRIBUTES, checkCount("domains", domains, MAX_DOMAINS));
        }

        /** Physical address of the statistics; meaningful only if {@link #statisticsLength} is not 0. */
        public long statisticsAddress() {
            return u64(STATISTICS_ADDRESS);
        }

        /** Bytes of the statistics, unsigned, 0 if there are none. */
        public int statisticsLength() {
            return u32(STATISTICS_LENGTH);
        }

        /** Writes where the statistics are. */
        public Reply statistics(long address, int length) {
            return putU64(STATISTICS_ADDRESS, address).putU32(STATISTICS_LENGTH, length);
        }

        /** Writes that there are no statistics. */
        public Reply noStatistics() {
            return statistics(0, 0);
        }
    }
}
