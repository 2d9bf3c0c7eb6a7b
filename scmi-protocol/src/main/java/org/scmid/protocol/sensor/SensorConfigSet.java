/* SENSOR_CONFIG_SET: enables a sensor, and sets how often it is read. */
package org.scmid.protocol.sensor;

/** SENSOR_CONFIG_SET (0xA), since 2.0. The response is a status only. */
public final class SensorConfigSet {
    private SensorConfigSet() {}

    /**
     * <pre>
     * 0  u32  sensor id
     * 4  u32  sensor_config, see {@link SensorConfig}
     * </pre>
     */
    public static final class Request extends SensorRequest<Request> {
        public static final int LENGTH = 8;
        private static final int CONFIG = 4;

        public Request() {
            super(SensorMessage.SENSOR_CONFIG_SET, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int config() {
            return u32(CONFIG);
        }

        public Request config(int config) {
            return putU32(CONFIG, config & ~SensorConfig.RESERVED);
        }
    }
}
