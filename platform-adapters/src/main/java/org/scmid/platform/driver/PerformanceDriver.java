// What realises one performance domain.
package org.scmid.platform.driver;

import org.scmid.config.performance.PerformanceDomainSpec;

/** One performance domain, as the Performance protocol uses it. Its levels are named by their position, 0 the slowest. */
public interface PerformanceDriver {
    /** No level was asked for. */
    int NOTHING = -1;

    /** What is said of it. */
    PerformanceDomainSpec spec();

    /** How many levels it has, at least 1. */
    int levels();

    /** Reads the present level, or the one that is being changed to. */
    Outcome readLevel(Waiter waiter);

    /** Finds out the limits that hold; after {@link Outcome#OK} they are in {@link #lowest} and {@link #highest}. */
    Outcome readLimits(Waiter waiter);

    /** The lowest level that the limits allow, as far as is known. */
    int lowest();

    /** The highest level that the limits allow, as far as is known. */
    int highest();

    /** Whether what its levels set may be set on somebody's behalf; to be asked before the others are. */
    boolean maySet(Waiter waiter);

    /**
     * Asks for a level. It is cut to the limits, and asked for again when they change. Whether the change still waits for
     * a supply or a clock is not waited for, so it is never {@link Outcome#BUSY}.
     *
     * @param level 0..{@link #levels} - 1; {@link #NOTHING} to ask for nothing any more, which changes nothing
     * @return {@link Outcome#UNSUPPORTED_RATE} or {@link Outcome#OUT_OF_LIMITS} if the clock cannot take the rate,
     *     {@link Outcome#REFUSED} if it may not, since it would move others
     */
    Outcome setLevel(int level, Waiter waiter);

    /**
     * Sets the limits. A level outside of them is changed to the nearest within.
     *
     * @param lowest 0..{@code highest}
     * @param highest up to {@link #levels} - 1
     * @return as {@link #setLevel}
     */
    Outcome setLimits(int lowest, int highest, Waiter waiter);

    /** Takes over what was asked for before a restart, and changes nothing. */
    void restore(int level, int lowest, int highest);
}
