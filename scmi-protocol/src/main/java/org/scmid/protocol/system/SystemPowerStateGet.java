/* SYSTEM_POWER_STATE_GET: the state that the system is to enter. */
package org.scmid.protocol.system;

import org.scmid.protocol.ReplyPayload;

/** SYSTEM_POWER_STATE_GET (0x4), for the agent that implements PSCI only. Its request is empty. */
public final class SystemPowerStateGet {
    private SystemPowerStateGet() {}

    /**
     * <pre>
     * 0  u32  system_state, see {@link SystemState}
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int STATE = 0;

        public Reply() {
            super(LENGTH);
        }

        /** Unsigned. */
        public int state() {
            return u32(STATE);
        }

        public Reply state(int state) {
            return putU32(STATE, state);
        }
    }
}
