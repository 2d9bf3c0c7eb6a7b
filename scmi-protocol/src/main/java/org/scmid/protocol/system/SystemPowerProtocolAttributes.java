/* PROTOCOL_ATTRIBUTES of the System power protocol, which has none. */
package org.scmid.protocol.system;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the System power protocol. Its request is empty. */
public final class SystemPowerProtocolAttributes {
    private SystemPowerProtocolAttributes() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = SystemPowerMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");

        public Reply() {
            super(LAYOUT);
        }

        /** Reserved, 0. */
        public int attributes() {
            return get(ATTRIBUTES);
        }

        /** Writes the word. */
        public Reply none() {
            return put(ATTRIBUTES, 0);
        }
    }
}
