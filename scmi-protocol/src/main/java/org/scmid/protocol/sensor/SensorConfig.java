/* The word that configures a sensor. */
package org.scmid.protocol.sensor;

/**
 * The sensor_config word of SENSOR_CONFIG_GET and SENSOR_CONFIG_SET.
 *
 * <pre>
 * 31:16  update interval: seconds; in a set with 0, the interval stays as it is
 * 15:11  and exponent, signed; the interval is seconds x 10^exponent
 * 10:9   rounding of an interval that the sensor does not have: 0 down, 1 up, 2 and 3 to the nearest; only in a set
 * 8:2    reserved
 * 1      timestamps
 * 0      enabled
 * </pre>
 */
public final class SensorConfig {
    public static final int ENABLED = 1;
    public static final int TIMESTAMPS = 1 << 1;

    /** Must be 0 in a set. */
    public static final int RESERVED = 0x1FC;

    public static final int ROUND_DOWN = 0;
    public static final int ROUND_UP = 1;
    public static final int ROUND_NEAREST = 2;

    private static final int SECONDS_SHIFT = 16;
    private static final int SECONDS = 0xFFFF;
    private static final int EXPONENT_SHIFT = 11;
    private static final int ROUNDING_SHIFT = 9;
    private static final int ROUNDING = 3;

    private SensorConfig() {}

    /** The word with an interval, see {@link UpdateInterval}, and flags. */
    public static int of(int interval, int flags) {
        return UpdateInterval.seconds(interval) << SECONDS_SHIFT
                | SignedBits.put(UpdateInterval.exponent(interval), EXPONENT_SHIFT)
                | (flags & (ENABLED | TIMESTAMPS));
    }

    /** The word with a rounding of 0..3. */
    public static int withRounding(int config, int rounding) {
        return (config & ~(ROUNDING << ROUNDING_SHIFT)) | (rounding & ROUNDING) << ROUNDING_SHIFT;
    }

    /** Seconds of the interval before the exponent is applied; 0 if the interval shall stay. */
    public static int seconds(int config) {
        return config >>> SECONDS_SHIFT & SECONDS;
    }

    /** Power of ten, -16..15. */
    public static int exponent(int config) {
        return SignedBits.get(config, EXPONENT_SHIFT);
    }

    /** The interval in nanoseconds, at most {@link Long#MAX_VALUE}. */
    public static long intervalNanos(int config) {
        return UpdateInterval.nanos(seconds(config), exponent(config));
    }

    /** 0..3. */
    public static int rounding(int config) {
        return config >>> ROUNDING_SHIFT & ROUNDING;
    }

    public static boolean isEnabled(int config) {
        return (config & ENABLED) != 0;
    }

    public static boolean hasTimestamps(int config) {
        return (config & TIMESTAMPS) != 0;
    }
}
