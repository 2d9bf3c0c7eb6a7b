/* POWER_STATE_GET: a power domain's state. */
package org.scmid.protocol.power;

import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.common.ResourceRequest;

/** POWER_STATE_GET (0x5). The request is a {@link ResourceRequest}. */
public final class PowerStateGet {
    private PowerStateGet() {}

    /**
     * <pre>
     * 0  u32  power_state, see {@link PowerState}
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int POWER_STATE = 0;

        public Reply() {
            super(LENGTH);
        }

        /** The whole word, see {@link PowerState}. */
        public int powerState() {
            return u32(POWER_STATE);
        }

        public Reply powerState(int state) {
            return putU32(POWER_STATE, state);
        }
    }
}
