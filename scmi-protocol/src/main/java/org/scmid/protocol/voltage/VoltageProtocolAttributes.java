/* PROTOCOL_ATTRIBUTES of the Voltage protocol: how many domains there are. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Voltage protocol. Its request is empty. */
public final class VoltageProtocolAttributes {
    private VoltageProtocolAttributes() {}

    /**
     * <pre>
     * 0  u32  attributes
     *           15:0   voltage domains; their ids are 0..n-1
     *           31:16  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        public static final int MAX_DOMAINS = 0xFFFF;
        private static final int ATTRIBUTES = 0;

        public Reply() {
            super(LENGTH);
        }

        public int domains() {
            return u32(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** Writes the word; 0..65535 domains. */
        public Reply domains(int domains) {
            return putU32(ATTRIBUTES, checkCount("number of voltage domains", domains, MAX_DOMAINS));
        }
    }
}
