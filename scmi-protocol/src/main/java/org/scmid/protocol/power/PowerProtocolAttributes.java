/* PROTOCOL_ATTRIBUTES of the Power domain protocol: how many domains there are, and where statistics are. */
package org.scmid.protocol.power;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Power domain protocol. Its request is empty. */
public final class PowerProtocolAttributes {
    private PowerProtocolAttributes() {}

    /**
     * <pre>
     * attributes
     *   15:0   power domains
     *   31:16  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PowerMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U32 STATISTICS_LOW = LAYOUT.u32("statistics_low");
        private static final U32 STATISTICS_HIGH = LAYOUT.u32("statistics_high");
        private static final U32 STATISTICS_LENGTH = LAYOUT.u32("statistics_len");

        public static final int MAX_DOMAINS = 0xFFFF;

        public Reply() {
            super(LAYOUT);
        }

        /** Power domains that the agent has. */
        public int domains() {
            return get(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** Writes the number of domains, 0..65535; statistics are somewhere only if that is written too. */
        public Reply domains(int domains) {
            return put(ATTRIBUTES, checkCount("domains", domains, MAX_DOMAINS));
        }

        /** Physical address of the statistics; meaningful only if {@link #statisticsLength} is not 0. */
        public long statisticsAddress() {
            return Integer.toUnsignedLong(get(STATISTICS_LOW)) | (long) get(STATISTICS_HIGH) << Integer.SIZE;
        }

        /** Bytes of the statistics, unsigned, 0 if there are none. */
        public int statisticsLength() {
            return get(STATISTICS_LENGTH);
        }

        /** Writes where the statistics are. */
        public Reply statistics(long address, int length) {
            return put(STATISTICS_LOW, (int) address)
                    .put(STATISTICS_HIGH, (int) (address >>> Integer.SIZE))
                    .put(STATISTICS_LENGTH, length);
        }

        /** Writes that there are no statistics. */
        public Reply noStatistics() {
            return statistics(0, 0);
        }
    }
}
