// Percentiles against sorted times.
package org.scmid.server.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.scmid.server.conformance.Evidence;

@Tag(Evidence.RANDOM)
class LatencyHistogramTest {
    private final LatencyHistogram times = new LatencyHistogram();

    @Test
    void smallTimesAreExact() {
        for (int i = 1; i <= 100; i++) {
            times.record(i);
        }
        assertEquals(100, times.count());
        assertEquals(50, times.percentile(0.5));
        assertEquals(90, times.percentile(0.9));
        assertEquals(99, times.percentile(0.99));
        assertEquals(100, times.percentile(0.999));
        assertEquals(100, times.percentile(1));
        assertEquals(100, times.longest());
    }

    @Test
    void everyPercentileIsAtMostAHundredthAboveTheTrueOne() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long[] all = new long[10_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = random.nextLong() >>> (1 + random.nextInt(62));
            times.record(all[i]);
        }
        Arrays.sort(all);
        for (double part : new double[] {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1}) {
            long exact = all[(int) Math.ceil(part * all.length) - 1];
            long said = times.percentile(part);
            assertTrue(said >= exact && said - exact <= exact / 100, part + ": " + said + ", " + exact + ", " + seed);
        }
        assertEquals(all[all.length - 1], times.longest());
        assertEquals(all[all.length - 1], times.percentile(1));
    }

    @Test
    void theExtremesFit() {
        times.record(-5);
        assertEquals(0, times.percentile(0.5));
        times.record(Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE, times.percentile(1));
        assertEquals(Long.MAX_VALUE, times.longest());
    }

    @Test
    void withoutTimesEverythingIsZero() {
        times.record(7);
        times.clear();
        assertEquals(0, times.count());
        assertEquals(0, times.percentile(0.5));
        assertEquals(0, times.longest());
    }
}
