/* The smallest step of a sensor's value, as the Sensor protocol packs it. */
package org.scmid.protocol.sensor;

/**
 * The smallest step of a sensor's value.
 *
 * <pre>
 * 26:0   value
 * 31:27  exponent, signed; the step is value x 10^exponent of the unit (not of the scaled unit)
 * </pre>
 */
public final class Resolution {
    public static final int MAX_VALUE = (1 << 27) - 1;
    private static final int EXPONENT_SHIFT = 27;

    private Resolution() {}

    /** The word; 0..134217727 and -16..15. */
    public static int of(int value, int exponent) {
        if (value < 0 || value > MAX_VALUE) {
            throw new IllegalArgumentException("resolution " + value + " is not in 0.." + MAX_VALUE);
        }
        return value | SignedBits.put(exponent, EXPONENT_SHIFT);
    }

    public static int value(int word) {
        return word & MAX_VALUE;
    }

    /** Power of ten, -16..15. */
    public static int exponent(int word) {
        return SignedBits.get(word, EXPONENT_SHIFT);
    }
}
