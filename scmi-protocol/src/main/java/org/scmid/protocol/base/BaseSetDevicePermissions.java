/* BASE_SET_DEVICE_PERMISSIONS: a trusted agent lets another use a device. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.RequestPayload;

/** BASE_SET_DEVICE_PERMISSIONS (0x9), since 2.0. The reply is a status only. */
public final class BaseSetDevicePermissions {
    private BaseSetDevicePermissions() {}

    /**
     * <pre>
     * flags
     *   0     1 the agent may use the device, 0 it may not
     *   31:1  reserved
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = BaseMessage.BASE_SET_DEVICE_PERMISSIONS.fromAgent();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 DEVICE = LAYOUT.u32("device");
        private static final U32 FLAGS = LAYOUT.u32("flags");

        public static final int FLAG_ALLOW = 1;
        public static final int FLAGS_RESERVED = ~FLAG_ALLOW;

        public Request() {
            super(BaseMessage.BASE_SET_DEVICE_PERMISSIONS);
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
        public int flags() {
            return get(FLAGS);
        }

        public Request flags(int flags) {
            return put(FLAGS, flags & ~FLAGS_RESERVED);
        }
    }
}
