/* The notification that a sensor's value crossed a trip point. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;

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
     * trip_point_desc
     *   7:0    trip point
     *   15:8   reserved
     *   16     1 in positive direction, 0 in negative
     *   31:17  reserved
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_TRIP_POINT_EVENT.fromPlatform();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 SENSOR = LAYOUT.u32("sensor");
        private static final U32 TRIP_POINT = LAYOUT.u32("trip_point_desc");

        private static final int MASK = 0xFF;
        private static final int POSITIVE = 1 << 16;

        public Event() {
            super(SensorMessage.SENSOR_TRIP_POINT_EVENT);
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

        /** 0..255. */
        public int tripPoint() {
            return get(TRIP_POINT) & MASK;
        }

        public boolean isPositive() {
            return (get(TRIP_POINT) & POSITIVE) != 0;
        }

        public Event tripPoint(int tripPoint, boolean positive) {
            return put(TRIP_POINT, checkCount("trip point", tripPoint, MASK) | (positive ? POSITIVE : 0));
        }
    }
}
