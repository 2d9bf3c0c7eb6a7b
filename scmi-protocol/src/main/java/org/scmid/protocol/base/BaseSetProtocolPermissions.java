/* BASE_SET_PROTOCOL_PERMISSIONS: a trusted agent lets another use a protocol on a device. */
package org.scmid.protocol.base;

import org.scmid.protocol.RequestPayload;

/** BASE_SET_PROTOCOL_PERMISSIONS (0xA), since 2.0. The reply is a status only. */
public final class BaseSetProtocolPermissions {
    private BaseSetProtocolPermissions() {}

    /**
     * <pre>
     * 0   u32  agent_id
     * 4   u32  device_id
     * 8   u32  command_id
     *            7:0   protocol id
     *            31:8  reserved
     * 12  u32  flags
     *            0     1 the agent may use the protocol on the device, 0 it may not
     *            31:1  reserved
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 16;
        public static final int COMMAND_ID_RESERVED = ~0xFF;
        public static final int FLAG_ALLOW = 1;
        public static final int FLAGS_RESERVED = ~FLAG_ALLOW;
        private static final int AGENT = 0;
        private static final int DEVICE = 4;
        private static final int COMMAND_ID = 8;
        private static final int FLAGS = 12;

        public Request() {
            super(BaseMessage.BASE_SET_PROTOCOL_PERMISSIONS, LENGTH);
        }

        public int agent() {
            return u32(AGENT);
        }

        public Request agent(int agent) {
            return putU32(AGENT, agent);
        }

        public int device() {
            return u32(DEVICE);
        }

        public Request device(int device) {
            return putU32(DEVICE, device);
        }

        /** The whole word, reserved bits included. */
        public int commandId() {
            return u32(COMMAND_ID);
        }

        /** The protocol that the permission is for, 0..255. */
        public int protocolId() {
            return commandId() & ~COMMAND_ID_RESERVED;
        }

        public Request protocolId(int protocolId) {
            return putU32(COMMAND_ID, protocolId & ~COMMAND_ID_RESERVED);
        }

        /** The whole word, reserved bits included. */
        public int flags() {
            return u32(FLAGS);
        }

        public Request flags(int flags) {
            return putU32(FLAGS, flags & ~FLAGS_RESERVED);
        }
    }
}
