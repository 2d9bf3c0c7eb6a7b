// Who wants to know of changed rates.
package org.scmid.platform.clock;

/** Is told of rates that an operation changed. */
@FunctionalInterface
public interface RateListener {
    /**
     * The reported rate of a clock has changed. Called after the hardware has changed, once for every clock whose rate
     * in whole Hz is another than before the operation: the one that was asked to change, those that changed with it,
     * and all that run from them. Must not change the tree.
     *
     * @param clock the clock
     * @param newRate its rate now, in Hz
     */
    void rateChanged(Clock clock, long newRate);

    /**
     * As {@link #rateChanged(Clock, long)}, which it calls, for who wants to know the rate before, too.
     *
     * @param clock the clock
     * @param before its rate before, in Hz
     * @param newRate its rate now, in Hz
     */
    default void rateChanged(Clock clock, long before, long newRate) {
        rateChanged(clock, newRate);
    }
}
