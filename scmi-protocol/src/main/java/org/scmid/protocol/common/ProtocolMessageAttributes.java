/* PROTOCOL_MESSAGE_ATTRIBUTES: whether the platform implements a command. */
package org.scmid.protocol.common;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Message;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** PROTOCOL_MESSAGE_ATTRIBUTES (0x2), in every protocol. NOT_FOUND if the platform does not implement the command. */
public final class ProtocolMessageAttributes {
    private ProtocolMessageAttributes() {}

    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = CommonLayouts.MESSAGE_ID;
        private static final U32 MESSAGE_ID = LAYOUT.u32("message_id");

        /** The request of one protocol; {@code command} is that protocol's PROTOCOL_MESSAGE_ATTRIBUTES. */
        public Request(Message command) {
            super(command);
        }

        /** The command that is asked about: any 32-bit value; ids above 255 do not exist. */
        public int messageId() {
            return get(MESSAGE_ID);
        }

        public Request messageId(int id) {
            return put(MESSAGE_ID, id);
        }
    }

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = CommonLayouts.ATTRIBUTES;
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");

        public Reply() {
            super(LAYOUT);
        }

        /** 0 in Base and Clock, other protocols give some bits a meaning. */
        public int attributes() {
            return get(ATTRIBUTES);
        }

        public Reply attributes(int attributes) {
            return put(ATTRIBUTES, attributes);
        }
    }
}
