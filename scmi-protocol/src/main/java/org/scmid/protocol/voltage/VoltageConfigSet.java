/* VOLTAGE_CONFIG_SET: the message that switches a voltage domain on and off. */
package org.scmid.protocol.voltage;

/** VOLTAGE_CONFIG_SET (0x5). The response is a status only. */
public final class VoltageConfigSet {
    private VoltageConfigSet() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  config, see {@link VoltageConfig}
     * </pre>
     */
    public static final class Request extends VoltageRequest<Request> {
        public static final int LENGTH = 8;
        private static final int CONFIG = 4;

        public Request() {
            super(VoltageMessage.VOLTAGE_CONFIG_SET, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int config() {
            return u32(CONFIG);
        }

        public Request config(int config) {
            return putU32(CONFIG, config & ~VoltageConfig.RESERVED);
        }
    }
}
