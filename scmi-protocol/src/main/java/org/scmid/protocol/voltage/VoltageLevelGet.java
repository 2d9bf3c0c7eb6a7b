/* VOLTAGE_LEVEL_GET: a voltage domain's level. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.ReplyPayload;

/**
 * VOLTAGE_LEVEL_GET (0x8). A domain that is off reports the level that it would have when on. Its request is a {@link
 * org.scmid.protocol.common.ResourceRequest}.
 */
public final class VoltageLevelGet {
    private VoltageLevelGet() {}

    /**
     * <pre>
     * 0  i32  level in microvolts
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int LEVEL = 0;

        public Reply() {
            super(LENGTH);
        }

        /** In microvolts, signed. */
        public int level() {
            return u32(LEVEL);
        }

        public Reply level(int microvolts) {
            return putU32(LEVEL, microvolts);
        }
    }
}
