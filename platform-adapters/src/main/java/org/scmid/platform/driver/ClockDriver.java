// What realises one clock.
package org.scmid.platform.driver;

/**
 * One clock, as the Clock protocol uses it. A clock is named by its position on the board, from 0.
 *
 * <p>Rates are whole Hz. {@link #readState} says whether the clock runs; {@link #acquire} starts what it runs from, too.
 */
public interface ClockDriver extends Switch {
    /** What {@link #readParent} says if the hardware selects none that is known. */
    int NO_PARENT = -1;

    /** The longest time in microseconds that it takes to start; 0 if not known. */
    long enableDelayMicros();

    /** How many possible parents it has. */
    int parents();

    /** One of its possible parents: its position on the board. */
    int parent(int position);

    /** Reads the rate in Hz: the one that it has, or would have if it ran. */
    Outcome readRate(Waiter waiter);

    /** Reads which clock it runs from: its position on the board, or {@link #NO_PARENT}. */
    Outcome readParent(Waiter waiter);

    /** Finds out which rates can be set now; after {@link Outcome#OK} they are in {@link #rates}. */
    Outcome describeRates(Waiter waiter);

    /** What {@link #describeRates} has found; until something else is asked of this clock. */
    RateDescription rates();

    /**
     * Sets the rate.
     *
     * @param hz unsigned; 0 too is a rate like any other
     * @return also {@link Outcome#OUT_OF_LIMITS}, {@link Outcome#UNSUPPORTED_RATE}
     */
    Outcome setRate(long hz, Rounding rounding, Waiter waiter);

    /** What {@link #setRate} would answer, without doing it. */
    Outcome checkRate(long hz, Rounding rounding, Waiter waiter);

    /**
     * Runs it from another of its parents.
     *
     * @param clock the parent's position on the board
     * @return also {@link Outcome#OUT_OF_LIMITS}, {@link Outcome#NOT_A_PARENT}
     */
    Outcome setParent(int clock, Waiter waiter);
}
