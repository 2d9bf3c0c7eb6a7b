/* POWER_STATE_GET: a power domain's state. */
package org.scmid.protocol.power;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.common.ResourceRequest;

/** POWER_STATE_GET (0x5). The request is a {@link ResourceRequest}. */
public final class PowerStateGet {
    private PowerStateGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PowerMessage.POWER_STATE_GET.fromPlatform();
        private static final U32 POWER_STATE = LAYOUT.u32("power_state");

        public Reply() {
            super(LAYOUT);
        }

        /** The whole word, see {@link PowerState}. */
        public int powerState() {
            return get(POWER_STATE);
        }

        public Reply powerState(int state) {
            return put(POWER_STATE, state);
        }
    }
}
