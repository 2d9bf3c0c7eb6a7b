/* PROTOCOL_ATTRIBUTES of the Reset protocol: how many reset domains there are. */
package org.scmid.protocol.reset;

import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Reset protocol. Its request is empty. */
public final class ResetProtocolAttributes {
    private ResetProtocolAttributes() {}

    /**
     * <pre>
     * 0  u32  attributes
     *           15:0   reset domains
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

        /** Reset domains that the agent has. */
        public int domains() {
            return u32(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** Writes the number of domains, 0..65535. */
        public Reply domains(int domains) {
            return putU32(ATTRIBUTES, checkCount("domains", domains, MAX_DOMAINS));
        }
    }
}
