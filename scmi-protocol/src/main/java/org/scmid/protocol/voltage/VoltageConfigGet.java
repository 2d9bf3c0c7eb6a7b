/* VOLTAGE_CONFIG_GET: whether a voltage domain is on. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.ReplyPayload;

/** VOLTAGE_CONFIG_GET (0x6). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class VoltageConfigGet {
    private VoltageConfigGet() {}

    /**
     * <pre>
     * 0  u32  config, see {@link VoltageConfig}
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int CONFIG = 0;

        public Reply() {
            super(LENGTH);
        }

        public int config() {
            return u32(CONFIG);
        }

        public Reply config(int config) {
            return putU32(CONFIG, config & ~VoltageConfig.RESERVED);
        }
    }
}
