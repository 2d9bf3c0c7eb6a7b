// A bound on what somebody else can have written into the log.
package org.scmid.loop;

import java.util.function.LongSupplier;

/**
 * How much may be logged about somebody who can cause as much as he likes: {@value #BURST} reports in
 * {@value #PERIOD_SECONDS} seconds. What is left out is counted. For one thread.
 */
public final class LogBudget {
    /** Reports in a period. */
    public static final int BURST = 5;

    /** How long a period is. */
    public static final int PERIOD_SECONDS = 10;

    private static final long PERIOD_NANOS = PERIOD_SECONDS * 1_000_000_000L;

    private final LongSupplier nanoTime;
    private long periodBegin;
    private int reported;
    private long leftOut;
    private long leftOutBefore;

    /** @param nanoTime the clock, in nanoseconds */
    public LogBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.periodBegin = nanoTime.getAsLong() - PERIOD_NANOS;
    }

    /** Whether one more report may be made. Ask before it is put together, and make it if the answer is true. */
    public boolean mayReport() {
        long now = nanoTime.getAsLong();
        if (now - periodBegin >= PERIOD_NANOS) {
            periodBegin = now;
            reported = 0;
            leftOutBefore = leftOut;
            leftOut = 0;
        }
        if (reported == BURST) {
            leftOut++;
            return false;
        }
        reported++;
        return true;
    }

    /** How many reports were left out before the one that {@link #mayReport} has just allowed; each is told once. */
    public long takeLeftOut() {
        long taken = leftOutBefore;
        leftOutBefore = 0;
        return taken;
    }
}
