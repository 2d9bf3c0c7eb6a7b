/* BASE_RESET_AGENT_CONFIGURATION: an agent's settings return to what they were at its start. */
package org.scmid.protocol.base;

import org.scmid.protocol.RequestPayload;

/** BASE_RESET_AGENT_CONFIGURATION (0xB), since 2.0. The reply is a status only. */
public final class BaseResetAgentConfiguration {
    private BaseResetAgentConfiguration() {}

    /**
     * <pre>
     * 0  u32  agent_id
     * 4  u32  flags
     *           0     1 also permissions that were set at run time
     *           31:1  reserved
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 8;
        public static final int FLAG_PERMISSIONS = 1;
        public static final int FLAGS_RESERVED = ~FLAG_PERMISSIONS;
        private static final int AGENT = 0;
        private static final int FLAGS = 4;

        public Request() {
            super(BaseMessage.BASE_RESET_AGENT_CONFIGURATION, LENGTH);
        }

        public int agent() {
            return u32(AGENT);
        }

        public Request agent(int agent) {
            return putU32(AGENT, agent);
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
