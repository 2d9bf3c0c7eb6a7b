/* PROTOCOL_ATTRIBUTES of the System power protocol, which has none. */
package org.scmid.protocol.system;

import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the System power protocol. Its request is empty. */
public final class SystemPowerProtocolAttributes {
    private SystemPowerProtocolAttributes() {}

    /**
     * <pre>
     * 0  u32  attributes, reserved, 0
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int ATTRIBUTES = 0;

        public Reply() {
            super(LENGTH);
        }

        public int attributes() {
            return u32(ATTRIBUTES);
        }

        /** Writes the word. */
        public Reply none() {
            return putU32(ATTRIBUTES, 0);
        }
    }
}
