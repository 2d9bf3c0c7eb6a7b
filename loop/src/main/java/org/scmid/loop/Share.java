// What one callback of the loop may take of its time.
package org.scmid.loop;

/**
 * One owner's share of the loop's time, by deficit round robin: each time its turn comes it is given {@value
 * #QUANTUM_NANOS} ns, never more in store than that; what it overruns is owed, and turns pass until that is given back.
 * So whatever one owner's work costs, others wait for about one quantum of it, and for the rest only once. An owner that is
 * alone loses nothing: its turns come all the faster.
 */
final class Share {
    /** A quantum in nanoseconds: some hundred messages, and not much more than a wake-up costs. */
    static final long QUANTUM_NANOS = 50_000;

    private long credit;

    /**
     * Its turn has come.
     *
     * @return whether it may do something; false: it still owes time
     */
    boolean begin() {
        credit = Math.min(credit + QUANTUM_NANOS, QUANTUM_NANOS);
        return credit > 0;
    }

    /** What it may take now, in nanoseconds; more than 0 after a {@link #begin} that returned true. */
    long left() {
        return credit;
    }

    /** It has taken so many nanoseconds. */
    void end(long nanos) {
        credit -= nanos;
    }
}
