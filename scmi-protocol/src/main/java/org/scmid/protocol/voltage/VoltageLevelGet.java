/* VOLTAGE_LEVEL_GET: a voltage domain's level. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/**
 * VOLTAGE_LEVEL_GET (0x8). A domain that is off reports the level that it would have when on. Its request is a {@link
 * org.scmid.protocol.common.ResourceRequest}.
 */
public final class VoltageLevelGet {
    private VoltageLevelGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_LEVEL_GET.fromPlatform();
        private static final U32 LEVEL = LAYOUT.u32("level");

        public Reply() {
            super(LAYOUT);
        }

        /** In microvolts, signed. */
        public int level() {
            return get(LEVEL);
        }

        public Reply level(int microvolts) {
            return put(LEVEL, microvolts);
        }
    }
}
