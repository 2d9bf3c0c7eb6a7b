// How the service loop waits.
package org.scmid.loop;

/**
 * How the service loop waits.
 *
 * @param spinNanos how long it goes on looking after the last work before it sleeps, in nanoseconds; 0: sleeps at once
 */
public record LoopOptions(long spinNanos) {
    private static final long SHORT_SPIN_NANOS = 20_000;

    /** Refuses a negative time. */
    public LoopOptions {
        if (spinNanos < 0) {
            throw new IllegalArgumentException("spinNanos is " + spinNanos + ", must be at least 0");
        }
    }

    /** A short spin right after traffic: a peer's next message often follows within microseconds. */
    public static LoopOptions standard() {
        return new LoopOptions(SHORT_SPIN_NANOS);
    }

    /** No spin: least CPU time, a wake-up for every message. */
    public static LoopOptions noSpin() {
        return new LoopOptions(0);
    }
}
