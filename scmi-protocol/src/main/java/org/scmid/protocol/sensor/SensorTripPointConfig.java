/* SENSOR_TRIP_POINT_CONFIG: the value at which an agent wants to be told. */
package org.scmid.protocol.sensor;

/** SENSOR_TRIP_POINT_CONFIG (0x5). The response is a status only. */
public final class SensorTripPointConfig {
    private SensorTripPointConfig() {}

    /**
     * <pre>
     * 0  u32  sensor id
     * 4  u32  event_control
     *           1:0    0 off, 1 when the value crosses in positive direction, 2 negative, 3 both
     *           3:2    reserved
     *           11:4   trip point, 0..n-1
     *           31:12  reserved
     * 8  i64  value of the trip point, low word first
     * </pre>
     */
    public static final class Request extends SensorRequest<Request> {
        public static final int LENGTH = 16;
        public static final int OFF = 0;
        public static final int POSITIVE = 1;
        public static final int NEGATIVE = 2;
        public static final int BOTH = POSITIVE | NEGATIVE;

        /** Must be 0. */
        public static final int RESERVED = 0xFFFF_F00C;

        private static final int CONTROL = 4;
        private static final int VALUE = 8;
        private static final int TRIP_POINT_SHIFT = 4;
        private static final int MAX_TRIP_POINT = 0xFF;

        public Request() {
            super(SensorMessage.SENSOR_TRIP_POINT_CONFIG, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int eventControl() {
            return u32(CONTROL);
        }

        /** {@link #OFF}, {@link #POSITIVE}, {@link #NEGATIVE} or {@link #BOTH}. */
        public int direction() {
            return u32(CONTROL) & BOTH;
        }

        /** 0..255. */
        public int tripPoint() {
            return u32(CONTROL) >>> TRIP_POINT_SHIFT & MAX_TRIP_POINT;
        }

        public Request tripPoint(int tripPoint, int direction) {
            return putU32(
                    CONTROL,
                    checkCount("trip point", tripPoint, MAX_TRIP_POINT) << TRIP_POINT_SHIFT | (direction & BOTH));
        }

        public long value() {
            return u64(VALUE);
        }

        public Request value(long value) {
            return putU64(VALUE, value);
        }
    }
}
