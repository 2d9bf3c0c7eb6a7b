// The rates that can be asked of a clock, as they are described to agents.
package org.scmid.platform.driver;

import java.util.Arrays;

/**
 * The rates that can be asked of a clock now: a list, ascending and without repetition, or a range. Every rate of a
 * list can be set and is read back as it is; in a range any number may be asked for, and the rounding decides.
 *
 * <p>There is one object for each clock, which its driver brings up to date.
 */
public final class RateDescription {
    private long[] rates = new long[4];
    private int count;
    private boolean range;
    private long fingerprint;
    private boolean made;

    /** Whether it is a range, else it is a list. */
    public boolean isRange() {
        return range;
    }

    /** How many rates a list has, from 0; 3 for a range: lowest, highest, step. */
    public int count() {
        return range ? 3 : count;
    }

    /**
     * One rate of a list in ascending order, or the lowest, the highest and the step of a range.
     *
     * @param position from 0 to {@link #count} - 1
     * @return Hz
     */
    public long rate(int position) {
        if (position < 0 || position >= count()) {
            throw new IndexOutOfBoundsException("rate " + position + " of " + count());
        }
        return range && position == 2 ? 1 : rates[position];
    }

    /** The lowest rate in Hz; 0 if there is none. */
    public long lowest() {
        return count == 0 ? 0 : rates[0];
    }

    /** The highest rate in Hz; 0 if there is none. */
    public long highest() {
        return count == 0 ? 0 : rates[count - 1];
    }

    @Override
    public String toString() {
        return range ? lowest() + ".." + highest() : Arrays.toString(Arrays.copyOf(rates, count));
    }

    // ---- For drivers.

    /** Whether it follows from this source, a number that changes with all that it depends on. */
    public boolean isMadeFrom(long source) {
        return made && fingerprint == source;
    }

    /** Begins an empty list that follows from a source. */
    public void begin(long source) {
        made = true;
        fingerprint = source;
        range = false;
        count = 0;
    }

    /** For a list that does not follow from the source alone. */
    public void forgetSource() {
        made = false;
    }

    /** Adds a rate to a list, higher than those before. */
    public void add(long rate) {
        if (count == rates.length) {
            rates = Arrays.copyOf(rates, 2 * count);
        }
        rates[count++] = rate;
    }

    /** Makes it a range. */
    public void makeRange(long lowest, long highest) {
        range = true;
        rates[0] = lowest;
        rates[1] = highest;
        count = 2;
    }
}
