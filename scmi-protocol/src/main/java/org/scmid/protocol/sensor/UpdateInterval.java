/* The time between two values of a sensor, as the Sensor protocol packs it. */
package org.scmid.protocol.sensor;

/**
 * The time between two values of a sensor.
 *
 * <pre>
 * 4:0    exponent, signed
 * 20:5   seconds; the interval is seconds x 10^exponent
 * 31:21  reserved
 * </pre>
 *
 * Conversions go by nanoseconds, 0..{@link Long#MAX_VALUE}.
 */
public final class UpdateInterval {
    /** The largest number of seconds, before the exponent is applied. */
    public static final int MAX_SECONDS = 0xFFFF;

    private static final int EXPONENT_SHIFT = 0;
    private static final int SECONDS_SHIFT = 5;
    private static final int NANOS_EXPONENT = -9;

    /** Of version 1.0: five bits of value. */
    private static final int MAX_VALUE_V1 = 31;

    private UpdateInterval() {}

    /** The word. */
    public static int of(int seconds, int exponent) {
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException("interval of " + seconds + " seconds is not in 0..65535");
        }
        return seconds << SECONDS_SHIFT | SignedBits.put(exponent, EXPONENT_SHIFT);
    }

    /** The word closest to a number of nanoseconds. */
    public static int ofNanos(long nanos) {
        int exponent = exponent(nanos, MAX_SECONDS);
        return of(seconds(nanos, exponent), exponent);
    }

    /** Seconds before the exponent is applied, 0..65535. */
    public static int seconds(int word) {
        return word >>> SECONDS_SHIFT & MAX_SECONDS;
    }

    /** Power of ten, -16..15. */
    public static int exponent(int word) {
        return SignedBits.get(word, EXPONENT_SHIFT);
    }

    /** Nanoseconds, rounded down; {@link Long#MAX_VALUE} if they are more than that. */
    public static long nanos(int word) {
        return nanos(seconds(word), exponent(word));
    }

    /** Nanoseconds of {@code seconds} x 10^{@code exponent}, rounded down, at most {@link Long#MAX_VALUE}. */
    public static long nanos(int seconds, int exponent) {
        long nanos = seconds;
        for (int i = exponent; i > NANOS_EXPONENT; i--) {
            if (nanos > Long.MAX_VALUE / 10) {
                return Long.MAX_VALUE;
            }
            nanos *= 10;
        }
        for (int i = exponent; i < NANOS_EXPONENT; i++) {
            nanos /= 10;
        }
        return nanos;
    }

    /** The exponent that loses least of this time, and then is closest to 0, for a mantissa of limited size. */
    static int exponent(long nanos, int largest) {
        long value = nanos;
        int exponent = NANOS_EXPONENT;
        while (exponent < 0 && value % 10 == 0) {
            value /= 10;
            exponent++;
        }
        while (rounded(nanos, exponent) > largest) {
            exponent++;
        }
        return exponent;
    }

    static int exponentV1(long nanos) {
        return exponent(nanos, MAX_VALUE_V1);
    }

    /** The mantissa for an exponent from {@link #exponent(long, int)}. */
    static int seconds(long nanos, int exponent) {
        return (int) rounded(nanos, exponent);
    }

    private static long rounded(long nanos, int exponent) {
        long unit = 1;
        for (int i = NANOS_EXPONENT; i < exponent; i++) {
            unit *= 10;
        }
        long whole = nanos / unit;
        return nanos % unit >= unit - unit / 2 && unit > 1 ? whole + 1 : whole;
    }
}
