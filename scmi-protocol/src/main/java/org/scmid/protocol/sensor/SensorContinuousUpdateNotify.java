/* The notification with a sensor's new value. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;

/**
 * SENSOR_CONTINUOUS_UPDATE_NOTIFY (0xB), since 2.0, and the notification that it asks for. The request is a
 * {@link org.scmid.protocol.common.NotifyRequest}, the response a status only.
 */
public final class SensorContinuousUpdateNotify {
    private SensorContinuousUpdateNotify() {}

    /**
     * SENSOR_UPDATE (notification 0x1): the sensor was read. A sensor with axes has a value and a timestamp for each.
     */
    public static final class Event extends EventPayload<Event> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_UPDATE.fromPlatform();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 SENSOR = LAYOUT.u32("sensor");
        private static final U64 VALUE = LAYOUT.u64("value");
        private static final U64 TIMESTAMP = LAYOUT.u64("timestamp");
        private static final int READINGS = VALUE.offset();

        public Event() {
            super(SensorMessage.SENSOR_UPDATE);
        }

        /** Bytes of the whole message. */
        public static int messageLength(int readings) {
            return Header.REQUEST_PAYLOAD + READINGS + readings * SensorReadingGet.READING_BYTES;
        }

        /** Who caused it, 0 the platform. */
        public int agent() {
            return get(AGENT);
        }

        public Event agent(int agent) {
            return put(AGENT, agent);
        }

        /** Sensor id, unsigned. */
        public int sensor() {
            return get(SENSOR);
        }

        public Event sensor(int sensor) {
            return put(SENSOR, sensor);
        }

        /** Readings in the message, by its length. */
        public int readings() {
            return (length() - READINGS) / SensorReadingGet.READING_BYTES;
        }

        /** The value at {@code index}, 0..{@link #readings()}-1. */
        public long value(int index) {
            return getItem(VALUE, index * SensorReadingGet.READING_BYTES);
        }

        /** Unsigned; 0 if there is none. */
        public long timestamp(int index) {
            return getItem(TIMESTAMP, index * SensorReadingGet.READING_BYTES);
        }

        public Event reading(int index, long value, long timestamp) {
            int at = index * SensorReadingGet.READING_BYTES;
            return putItem(VALUE, at, value).putItem(TIMESTAMP, at, timestamp);
        }
    }
}
