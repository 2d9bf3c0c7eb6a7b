/* SENSOR_CONFIG_SET: enables a sensor, and sets how often it is read. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** SENSOR_CONFIG_SET (0xA), since 2.0. The response is a status only. */
public final class SensorConfigSet {
    private SensorConfigSet() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_CONFIG_SET.fromAgent();
        private static final U32 CONFIG = LAYOUT.u32("sensor_config");

        public Request() {
            super(SensorMessage.SENSOR_CONFIG_SET);
        }

        /** The whole word, reserved bits included; see {@link SensorConfig}. */
        public int config() {
            return get(CONFIG);
        }

        public Request config(int config) {
            return put(CONFIG, config & ~SensorConfig.RESERVED);
        }
    }
}
