/* VOLTAGE_CONFIG_SET: the message that switches a voltage domain on and off. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** VOLTAGE_CONFIG_SET (0x5). The response is a status only. */
public final class VoltageConfigSet {
    private VoltageConfigSet() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_CONFIG_SET.fromAgent();
        private static final U32 CONFIG = LAYOUT.u32("config");

        public Request() {
            super(VoltageMessage.VOLTAGE_CONFIG_SET);
        }

        /** The whole word, reserved bits included; see {@link VoltageConfig}. */
        public int config() {
            return get(CONFIG);
        }

        public Request config(int config) {
            return put(CONFIG, config & ~VoltageConfig.RESERVED);
        }
    }
}
