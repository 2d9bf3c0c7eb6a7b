// Who wants to know of changed rates.
package org.scmid.platform.driver;

import org.jspecify.annotations.Nullable;

/** Is told of clocks whose rates have changed. */
@FunctionalInterface
public interface ClockListener {
    /**
     * A clock has another rate.
     *
     * @param clock its position on the board
     * @param hz the rate that it has now
     * @param cause who asked for it, if that had to wait; null for who acts at the moment, or nobody
     */
    void rateChanged(int clock, long hz, @Nullable Waiter cause);
}
