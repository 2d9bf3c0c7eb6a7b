// Exact fractions, compared with BigInteger.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RatioTest {
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    @Test
    void productsAndQuotientsAreExactWhateverTheirSize() {
        long seed = Long.getLong("scmid.seed.ratio", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Ratio ratio = new Ratio().set(1, 1);
            BigInteger numerator = BigInteger.ONE;
            BigInteger denominator = BigInteger.ONE;
            Ratio last = new Ratio().set(1, 1);
            for (int step = 0; step < 6; step++) {
                long up = 1 + (random.nextLong() >>> (1 + random.nextInt(63)));
                long down = 1 + (random.nextLong() >>> (1 + random.nextInt(63)));
                up = Math.max(up, 1); // the addition may overflow
                down = Math.max(down, 1);
                last.set(ratio);
                BigInteger lastNumerator = numerator;
                BigInteger lastDenominator = denominator;
                ratio.scale(up, down);
                numerator = numerator.multiply(BigInteger.valueOf(up));
                denominator = denominator.multiply(BigInteger.valueOf(down));

                assertEquals(numerator.divide(denominator).min(MAX).longValueExact(), ratio.floor(), "seed " + seed);
                boolean below = numerator.multiply(lastDenominator).compareTo(lastNumerator.multiply(denominator)) < 0;
                assertEquals(below, ratio.isBelow(last), "seed " + seed);
            }
            Ratio same = new Ratio().set(ratio);
            assertEquals(1, same.over(ratio).floor(), "seed " + seed);
            assertEquals(ratio.fingerprint(), same.times(ratio).fingerprint(), "seed " + seed);
        }
    }

    @Test
    void unboundedIsAboveEveryNumberAndStaysSo() {
        Ratio unbounded = new Ratio().setUnbounded();

        assertTrue(new Ratio().set(Long.MAX_VALUE, 1).isBelow(unbounded));
        assertFalse(unbounded.isBelow(new Ratio().set(Long.MAX_VALUE, 1)));
        assertFalse(unbounded.isBelow(new Ratio().setUnbounded()));
        unbounded.scale(3, 7);
        assertTrue(new Ratio().set(Long.MAX_VALUE, 1).isBelow(unbounded));
        assertEquals(Long.MAX_VALUE, unbounded.floor());
        assertEquals(0, new Ratio().set(5, 1).over(unbounded).floor());
    }

    @Test
    void fingerprintsOfDifferentRatesDiffer() {
        assertNotEquals(
                new Ratio().set(24, 7).fingerprint(), new Ratio().set(7, 24).fingerprint());
        assertEquals(
                new Ratio().set(24, 7).fingerprint(),
                new Ratio().set(12, 1).scale(2, 7).fingerprint());
    }
}
