/* PROTOCOL_ATTRIBUTES of the Voltage protocol: how many domains there are. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Voltage protocol. Its request is empty. */
public final class VoltageProtocolAttributes {
    private VoltageProtocolAttributes() {}

    /**
     * <pre>
     * attributes
     *   15:0   voltage domains; their ids are 0..n-1
     *   31:16  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = VoltageMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");

        public static final int MAX_DOMAINS = 0xFFFF;

        public Reply() {
            super(LAYOUT);
        }

        public int domains() {
            return get(ATTRIBUTES) & MAX_DOMAINS;
        }

        /** Writes the word; 0..65535 domains. */
        public Reply domains(int domains) {
            return put(ATTRIBUTES, checkCount("number of voltage domains", domains, MAX_DOMAINS));
        }
    }
}
