/* BASE_RESET_AGENT_CONFIGURATION: an agent's settings return to what they were at its start. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.RequestPayload;

/** BASE_RESET_AGENT_CONFIGURATION (0xB), since 2.0. The reply is a status only. */
public final class BaseResetAgentConfiguration {
    private BaseResetAgentConfiguration() {}

    /**
     * <pre>
     * flags
     *   0     1 also permissions that were set at run time
     *   31:1  reserved
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = BaseMessage.BASE_RESET_AGENT_CONFIGURATION.fromAgent();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 FLAGS = LAYOUT.u32("flags");

        public static final int FLAG_PERMISSIONS = 1;
        public static final int FLAGS_RESERVED = ~FLAG_PERMISSIONS;

        public Request() {
            super(BaseMessage.BASE_RESET_AGENT_CONFIGURATION);
        }

        public int agent() {
            return get(AGENT);
        }

        public Request agent(int agent) {
            return put(AGENT, agent);
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
