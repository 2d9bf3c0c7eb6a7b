/* VOLTAGE_CONFIG_GET: whether a voltage domain is on. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** VOLTAGE_CONFIG_GET (0x6). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class VoltageConfigGet {
    private VoltageConfigGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_CONFIG_GET.fromPlatform();
        private static final U32 CONFIG = LAYOUT.u32("config");

        public Reply() {
            super(LAYOUT);
        }

        /** See {@link VoltageConfig}. */
        public int config() {
            return get(CONFIG);
        }

        public Reply config(int config) {
            return put(CONFIG, config & ~VoltageConfig.RESERVED);
        }
    }
}
