// Exact rates: numbers like 24 MHz * 4096 / 28672 that must not be rounded on the way.
package org.scmid.platform.clock;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * A fraction, not negative, that is changed in place. Numerator and denominator are kept reduced in two longs, which
 * costs no allocation; only if one of them does not fit 63 bits (several fractional dividers in a row) it is carried on
 * in {@link BigInteger}, exact as well. Denominator 0 is "without bound": above every number.
 */
final class Ratio {
    private long numerator;
    private long denominator = 1;
    private @Nullable BigInteger bigNumerator;
    private @Nullable BigInteger bigDenominator;

    /** Makes it {@code numerator / denominator}. */
    Ratio set(long numerator, long denominator) {
        this.numerator = numerator;
        this.denominator = denominator;
        bigNumerator = null;
        bigDenominator = null;
        return this;
    }

    Ratio set(Ratio other) {
        numerator = other.numerator;
        denominator = other.denominator;
        bigNumerator = other.bigNumerator;
        bigDenominator = other.bigDenominator;
        return this;
    }

    /** Greater than every number. */
    Ratio setUnbounded() {
        return set(1, 0);
    }

    boolean isZero() {
        return bigNumerator == null && numerator == 0;
    }

    /** Multiplies by {@code multiply / divide}, neither negative. */
    Ratio scale(long multiply, long divide) {
        if (bigNumerator != null) {
            return scaleBig(BigInteger.valueOf(multiply), BigInteger.valueOf(divide));
        }
        long n = numerator;
        long d = denominator;
        long m = multiply;
        long v = divide;
        if (v != 1) {
            long common = gcd(n, v);
            if (common > 1) {
                n /= common;
                v /= common;
            }
        }
        if (m != 1) {
            long common = gcd(m, d);
            if (common > 1) {
                m /= common;
                d /= common;
            }
        }
        if (fits(n, m) && fits(d, v)) {
            numerator = n * m;
            denominator = d * v;
            return this;
        }
        return scaleBig(BigInteger.valueOf(multiply), BigInteger.valueOf(divide));
    }

    Ratio times(Ratio other) {
        return other.bigNumerator == null
                ? scale(other.numerator, other.denominator)
                : scaleBig(other.bigNumerator(), other.bigDenominator());
    }

    Ratio over(Ratio other) {
        return other.bigNumerator == null
                ? scale(other.denominator, other.numerator)
                : scaleBig(other.bigDenominator(), other.bigNumerator());
    }

    /** The largest whole number that is not above it; {@link Long#MAX_VALUE} if that is larger still. */
    long floor() {
        if (bigNumerator == null) {
            return denominator == 0 ? Long.MAX_VALUE : numerator / denominator;
        }
        if (bigDenominator().signum() == 0) {
            return Long.MAX_VALUE;
        }
        BigInteger whole = bigNumerator().divide(bigDenominator());
        return whole.bitLength() > 63 ? Long.MAX_VALUE : whole.longValueExact();
    }

    /** The smallest whole number that is not below it; {@link Long#MAX_VALUE} if that is larger still. */
    long ceiling() {
        long floor = floor();
        return floor == Long.MAX_VALUE || compareTo(floor) <= 0 ? floor : floor + 1;
    }

    /** About the same; infinite if without bound. */
    double toDouble() {
        if (bigNumerator == null) {
            return (double) numerator / denominator;
        }
        return bigDenominator().signum() == 0
                ? Double.POSITIVE_INFINITY
                : new BigDecimal(bigNumerator())
                        .divide(new BigDecimal(bigDenominator()), MathContext.DECIMAL64)
                        .doubleValue();
    }

    private int compareTo(long whole) {
        if (bigNumerator != null) {
            return bigNumerator().compareTo(bigDenominator().multiply(BigInteger.valueOf(whole)));
        }
        long high = Math.multiplyHigh(whole, denominator);
        return high != 0 ? -1 : Long.compareUnsigned(numerator, whole * denominator);
    }

    boolean isBelow(Ratio other) {
        return compareTo(other) < 0;
    }

    boolean isSame(Ratio other) {
        return compareTo(other) == 0;
    }

    private int compareTo(Ratio other) {
        if (bigNumerator != null || other.bigNumerator != null) {
            return bigNumerator()
                    .multiply(other.bigDenominator())
                    .compareTo(other.bigNumerator().multiply(bigDenominator()));
        }
        long leftHigh = Math.multiplyHigh(numerator, other.denominator);
        long rightHigh = Math.multiplyHigh(other.numerator, denominator);
        return leftHigh != rightHigh
                ? Long.compare(leftHigh, rightHigh)
                : Long.compareUnsigned(numerator * other.denominator, other.numerator * denominator);
    }

    /** A number that differs, as good as surely, for different values. */
    long fingerprint() {
        return bigNumerator == null
                ? Fingerprint.mix(Fingerprint.mix(0, numerator), denominator)
                : Fingerprint.mix(
                        Fingerprint.mix(1, bigNumerator().hashCode()),
                        bigDenominator().hashCode());
    }

    @Override
    public String toString() {
        return bigNumerator() + "/" + bigDenominator();
    }

    private BigInteger bigNumerator() {
        return bigNumerator != null ? bigNumerator : BigInteger.valueOf(numerator);
    }

    private BigInteger bigDenominator() {
        return bigDenominator != null ? bigDenominator : BigInteger.valueOf(denominator);
    }

    private Ratio scaleBig(BigInteger multiply, BigInteger divide) {
        BigInteger n = bigNumerator().multiply(multiply);
        BigInteger d = bigDenominator().multiply(divide);
        BigInteger common = n.gcd(d);
        if (common.signum() != 0) {
            n = n.divide(common);
            d = d.divide(common);
        }
        if (n.bitLength() <= 63 && d.bitLength() <= 63) {
            return set(n.longValueExact(), d.longValueExact());
        }
        bigNumerator = n;
        bigDenominator = d;
        return this;
    }

    private static boolean fits(long a, long b) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0;
    }

    private static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }
}
