/* PROTOCOL_MESSAGE_ATTRIBUTES: whether the platform implements a command. */
package org.scmid.protocol.common;

import org.scmid.protocol.Message;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** PROTOCOL_MESSAGE_ATTRIBUTES (0x2), in every protocol. NOT_FOUND if the platform does not implement the command. */
public final class ProtocolMessageAttributes {
    private ProtocolMessageAttributes() {}

    /**
     * <pre>
     * 0  u32  message_id: the command that is asked about
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 4;
        private static final int MESSAGE_ID = 0;

        /** The request of one protocol; {@code command} is that protocol's PROTOCOL_MESSAGE_ATTRIBUTES. */
        public Request(Message command) {
            super(command, LENGTH);
        }

        /** Any 32-bit value; ids above 255 do not exist. */
        public int messageId() {
            return u32(MESSAGE_ID);
        }

        public Request messageId(int id) {
            return putU32(MESSAGE_ID, id);
        }
    }

    /**
     * <pre>
     * 0  u32  attributes: 0 in Base and Clock, other protocols give some bits a meaning
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

        public Reply attributes(int attributes) {
            return putU32(ATTRIBUTES, attributes);
        }
    }
}
