/* BASE_SET_PROTOCOL_PERMISSIONS: a trusted agent lets another use a protocol on a device. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.RequestPayload;

/** BASE_SET_PROTOCOL_PERMISSIONS (0xA), since 2.0. The reply is a status only. */
public final class BaseSetProtocolPermissions {
    private BaseSetProtocolPermissions() {}

    /**
     * <pre>
     * command_id
     *   7:0   protocol id
     *   31:8  reserved
     * flags
     *   0     1 the agent may use the protocol on the device, 0 it may not
     *   31:1  reserved
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = BaseMessage.BASE_SET_PROTOCOL_PERMISSIONS.fromAgent();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 DEVICE = LAYOUT.u32("device");
        private static final U32 COMMAND_ID = LAYOUT.u32("command_id");
        private static final U32 FLAGS = LAYOUT.u32("flags");

        public static final int COMMAND_ID_RESERVED = ~0xFF;
        public static final int FLAG_ALLOW = 1;
        public static final int FLAGS_RESERVED = ~FLAG_ALLOW;

        public Request() {
            super(BaseMessage.BASE_SET_PROTOCOL_PERMISSIONS);
        }

        public int agent() {
            return get(AGENT);
        }

        public Request agent(int agent) {
            return put(AGENT, agent);
        }

        public int device() {
            return get(DEVICE);
        }

        public Request device(int device) {
            return put(DEVICE, device);
        }

        /** The whole word, reserved bits included. */
        public int commandId() {
            return get(COMMAND_ID);
        }

        /** The protocol that the permission is for, 0..255. */
        public int protocolId() {
            return commandId() & ~COMMAND_ID_RESERVED;
        }

        public Request protocolId(int protocolId) {
            return put(COMMAND_ID, protocolId & ~COMMAND_ID_RESERVED);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & ~FLAGS_RESERVED);
        }
    }
}
