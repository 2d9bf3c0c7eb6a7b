/* The notification that a sensor's value crossed a trip point. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.EventPayload;

/**
 * SENSOR_TRIP_POINT_NOTIFY (0x4) and the notification that it asks for. The request is a
 * {@link org.scmid.protocol.common.NotifyRequest} (its second word is called event_control), the response a status only.
 */
public final class SensorTripPointNotify {
    private SensorTripPointNotify() {}

    /**
     * SENSOR_TRIP_POINT_EVENT (notification 0x0): the value crossed a trip point.
     *
     * <pre>
     * 0  u32  agent_id: who caused it, 0 the platform
     * 4  u32  sensor id
     * 8  u32  trip_point_desc
     *           7:0    trip point
     *           15:8   reserved
     *           16     1 in positive direction, 0 in negative
     *           31:17  reserved
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        public static final int LENGTH = 12;
        private static final int AGENT = 0;
        private static final int SENSOR = 4;
        private static final int TRIP_POINT = 8;
        private static final int MASK = 0xFF;
        private static final int POSITIVE = 1 << 16;

        public Event() {
            super(SensorMessage.SENSOR_TRIP_POINT_EVENT, LENGTH);
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

        /** 0..255. */
        public int tripPoint() {
            return u32(TRIP_POINT) & MASK;
        }

        public boolean isPositive() {
            return (u32(TRIP_POINT) & POSITIVE) != 0;
        }

        public Event tripPoint(int tripPoint, boolean positive) {
            return putU32(TRIP_POINT, checkCount("trip point", tripPoint, MASK) | (positive ? POSITIVE : 0));
        }
    }
}
