/* Exponents of ten as the Sensor protocol packs them. */
package org.scmid.protocol.sensor;

/** Exponents of ten: signed, five bits, -16..15. */
final class SignedBits {
    static final int LOWEST = -16;
    static final int HIGHEST = 15;
    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;

    private SignedBits() {}

    /** The exponent whose lowest bit is {@code shift}. */
    static int get(int word, int shift) {
        return word << (Integer.SIZE - BITS - shift) >> (Integer.SIZE - BITS);
    }

    /** The exponent, moved to where its lowest bit is {@code shift}. */
    static int put(int exponent, int shift) {
        if (exponent < LOWEST || exponent > HIGHEST) {
            throw new IllegalArgumentException("exponent " + exponent + " is not in -16..15");
        }
        return (exponent & MASK) << shift;
    }
}
