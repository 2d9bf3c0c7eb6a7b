/* SENSOR_CONFIG_GET: whether a sensor is enabled, and how often it is read. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.ReplyPayload;

/** SENSOR_CONFIG_GET (0x9), since 2.0. Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class SensorConfigGet {
    private SensorConfigGet() {}

    /**
     * <pre>
     * 0  u32  sensor_config, see {@link SensorConfig}; its rounding bits are 0
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
            return putU32(CONFIG, SensorConfig.withRounding(config & ~SensorConfig.RESERVED, 0));
        }
    }
}
