/* The notification with a sensor's new value. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Header;

/**
 * SENSOR_CONTINUOUS_UPDATE_NOTIFY (0xB), since 2.0, and the notification that it asks for. The request is a
 * {@link org.scmid.protocol.common.NotifyRequest}, the response a status only.
 */
public final class SensorContinuousUpdateNotify {
    private SensorContinuousUpdateNotify() {}

    /**
     * SENSOR_UPDATE (notification 0x1): the sensor was read.
     *
     * <pre>
     * 0   u32  agent_id: who caused it, 0 the platform
     * 4   u32  sensor id
     * 8   i64  value, low word first
     * 16  u64  timestamp, low word first; 0 if there is none
     * 24       the same of the other axes
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        public static final int MINIMUM_LENGTH = 8 + SensorReadingGet.READING_BYTES;
        private static final int AGENT = 0;
        private static final int SENSOR = 4;
        private static final int READINGS = 8;

        public Event() {
            super(SensorMessage.SENSOR_UPDATE, MINIMUM_LENGTH);
        }

        /** Bytes of the whole message. */
        public static int messageLength(int readings) {
            return Header.REQUEST_PAYLOAD + READINGS + readings * SensorReadingGet.READING_BYTES;
        }

        public int agent() {
            return u32(AGENT);
        }

        public Event agent(int agent) {
            return putU32(AGENT, agent);
        }

        /** Sensor id, unsigned. */
        public int sensor() {
            return u32(SENSOR);
        }

        public Event sensor(int sensor) {
            return putU32(SENSOR, sensor);
        }

        /** Readings in the message, by its length. */
        public int readings() {
            return (length() - READINGS) / SensorReadingGet.READING_BYTES;
        }

        /** The value at {@code index}, 0..{@link #readings()}-1. */
        public long value(int index) {
            return u64(READINGS + index * SensorReadingGet.READING_BYTES);
        }

        /** Unsigned; 0 if there is none. */
        public long timestamp(int index) {
            return u64(READINGS + index * SensorReadingGet.READING_BYTES + Long.BYTES);
        }

        public Event reading(int index, long value, long timestamp) {
            int at = READINGS + index * SensorReadingGet.READING_BYTES;
            return putU64(at, value).putU64(at + Long.BYTES, timestamp);
        }
    }
}
