/* PROTOCOL_ATTRIBUTES of the Base protocol: how many protocols and agents there are. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Base protocol. Its request is empty. */
public final class BaseProtocolAttributes {
    private BaseProtocolAttributes() {}

    /**
     * <pre>
     * attributes
     *   7:0    protocols offered to this agent, Base not counted
     *   15:8   agents, 0 if there is no agent discovery
     *   31:16  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = BaseMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");

        public static final int MAX_PROTOCOLS = 0xFF;
        public static final int MAX_AGENTS = 0xFF;
        private static final int AGENTS_SHIFT = 8;

        public Reply() {
            super(LAYOUT);
        }

        public int protocols() {
            return get(ATTRIBUTES) & MAX_PROTOCOLS;
        }

        public int agents() {
            return get(ATTRIBUTES) >>> AGENTS_SHIFT & MAX_AGENTS;
        }

        /** Writes the word; each count is 0..255. */
        public Reply counts(int protocols, int agents) {
            return put(
                    ATTRIBUTES,
                    checkCount("number of protocols", protocols, MAX_PROTOCOLS)
                            | checkCount("number of agents", agents, MAX_AGENTS) << AGENTS_SHIFT);
        }
    }
}
