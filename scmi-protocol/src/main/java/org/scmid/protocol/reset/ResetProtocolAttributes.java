/* PROTOCOL_ATTRIBUTES of the Reset protocol: how many reset domains there are. */
package org.scmid.protocol.reset;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Reset protocol. Its request is empty. */
public final class ResetProtocolAttributes {
    private ResetProtocolAttributes() {}

    /**
     * <pre>
     * attributes
     *   15:0   reset domains
     *   31:16  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ResetMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");

        public static final int MAX_DOMAINS = 0xFFFF;

        public Reply() {
            super(LAYOUT);
        }

        /** Reset domains that the agent has. */
        public int domains() {
            return get(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** Writes the number of domains, 0..65535. */
        public Reply domains(int domains) {
            return put(ATTRIBUTES, checkCount("domains", domains, MAX_DOMAINS));
        }
    }
}
