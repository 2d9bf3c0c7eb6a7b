// How long messages took: counts in buckets, in memory of a fixed size.
package org.scmid.server.bench;

import java.util.Arrays;

/**
 * Counts times by their size. A time falls into a bucket whose bounds are less than 0.8 % apart, so that is how exact the
 * percentiles are; the longest time is kept as it is. Recording allocates nothing. For one thread.
 */
public final class LatencyHistogram {
    /** Each power of two is divided into so many buckets. */
    private static final int PER_POWER = 128;

    private static final int SHIFT = 7; // log2 of PER_POWER

    private final long[] buckets = new long[(Long.SIZE - SHIFT) * PER_POWER];
    private long count;
    private long longest;

    /** Makes one without times. */
    public LatencyHistogram() {}

    /** Forgets all times. */
    public void clear() {
        Arrays.fill(buckets, 0);
        count = 0;
        longest = 0;
    }

    /**
     * Counts one time.
     *
     * @param nanos in nanoseconds; a negative one counts as 0
     */
    public void record(long nanos) {
        long time = Math.max(nanos, 0);
        buckets[bucket(time)]++;
        count++;
        longest = Math.max(longest, time);
    }

    /** How many times were counted. */
    public long count() {
        return count;
    }

    /** The longest of them, in nanoseconds; 0 if there is none. */
    public long longest() {
        return longest;
    }

    /**
     * The time that a part of all messages took at most, in nanoseconds: the upper end of its bucket.
     *
     * @param part of all, above 0 and up to 1; 0.5 is the median
     * @return 0 if nothing was counted
     */
    public long percentile(double part) {
        long rank = Math.max(1, (long) Math.ceil(part * count));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return Math.min(last(i), longest);
            }
        }
        return longest;
    }

    /** Times below {@link #PER_POWER} have a bucket each; above, the bits after the first choose it. */
    private static int bucket(long time) {
        if (time < PER_POWER) {
            return (int) time;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(time);
        int below = (int) (time >>> (power - SHIFT)) - PER_POWER;
        return (power - SHIFT + 1) * PER_POWER + below;
    }

    /** The longest time of a bucket. */
    private static long last(int bucket) {
        if (bucket < PER_POWER) {
            return bucket;
        }
        int shift = bucket / PER_POWER - 1;
        long first = (long) (PER_POWER + bucket % PER_POWER) << shift;
        return first + (1L << shift) - 1;
    }
}
