/* SENSOR_CONFIG_GET: whether a sensor is enabled, and how often it is read. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** SENSOR_CONFIG_GET (0x9), since 2.0. Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class SensorConfigGet {
    private SensorConfigGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_CONFIG_GET.fromPlatform();
        private static final U32 CONFIG = LAYOUT.u32("sensor_config");

        public Reply() {
            super(LAYOUT);
        }

        /** See {@link SensorConfig}; its rounding bits are 0. */
        public int config() {
            return get(CONFIG);
        }

        public Reply config(int config) {
            return put(CONFIG, SensorConfig.withRounding(config & ~SensorConfig.RESERVED, 0));
        }
    }
}
