/* SYSTEM_POWER_STATE_GET: the state that the system is to enter. */
package org.scmid.protocol.system;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** SYSTEM_POWER_STATE_GET (0x4), for the agent that implements PSCI only. Its request is empty. */
public final class SystemPowerStateGet {
    private SystemPowerStateGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = SystemPowerMessage.SYSTEM_POWER_STATE_GET.fromPlatform();
        private static final U32 STATE = LAYOUT.u32("system_state");

        public Reply() {
            super(LAYOUT);
        }

        /** See {@link SystemState}, unsigned. */
        public int state() {
            return get(STATE);
        }

        public Reply state(int state) {
            return put(STATE, state);
        }
    }
}
