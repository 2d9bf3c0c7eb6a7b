/* SENSOR_TRIP_POINT_CONFIG: the value at which an agent wants to be told. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ResourceRequestPayload;

/** SENSOR_TRIP_POINT_CONFIG (0x5). The response is a status only. */
public final class SensorTripPointConfig {
    private SensorTripPointConfig() {}

    /**
     * <pre>
     * event_control
     *   1:0    0 off, 1 when the value crosses in positive direction, 2 negative, 3 both
     *   3:2    reserved
     *   11:4   trip point, 0..n-1
     *   31:12  reserved
     * </pre>
     */
    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = SensorMessage.SENSOR_TRIP_POINT_CONFIG.fromAgent();
        private static final U32 CONTROL = LAYOUT.u32("event_control");
        private static final U64 VALUE = LAYOUT.u64("value");

        public static final int OFF = 0;
        public static final int POSITIVE = 1;
        public static final int NEGATIVE = 2;
        public static final int BOTH = POSITIVE | NEGATIVE;

        /** Must be 0. */
        public static final int RESERVED = 0xFFFF_F00C;

        private static final int TRIP_POINT_SHIFT = 4;
        private static final int MAX_TRIP_POINT = 0xFF;

        public Request() {
            super(SensorMessage.SENSOR_TRIP_POINT_CONFIG);
        }

        /** The whole word, reserved bits included. */
        public int eventControl() {
            return get(CONTROL);
        }

        /** {@link #OFF}, {@link #POSITIVE}, {@link #NEGATIVE} or {@link #BOTH}. */
        public int direction() {
            return get(CONTROL) & BOTH;
        }

        /** 0..255. */
        public int tripPoint() {
            return get(CONTROL) >>> TRIP_POINT_SHIFT & MAX_TRIP_POINT;
        }

        public Request tripPoint(int tripPoint, int direction) {
            return put(
                    CONTROL,
                    checkCount("trip point", tripPoint, MAX_TRIP_POINT) << TRIP_POINT_SHIFT | (direction & BOTH));
        }

        /** The value of the trip point, in the unit of the sensor. */
        public long value() {
            return get(VALUE);
        }

        public Request value(long value) {
            return put(VALUE, value);
        }
    }
}
