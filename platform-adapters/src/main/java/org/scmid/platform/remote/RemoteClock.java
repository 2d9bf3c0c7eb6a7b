// A clock of another platform.
package org.scmid.platform.remote;

import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;

/**
 * A clock of another platform, which is asked by messages. Everything that is asked of it may end later ({@link Outcome}), in
 * a bounded time; while the platform cannot be reached it is {@link Outcome#FAILED}. For the loop's thread.
 */
public interface RemoteClock {
    /** Who is told what the clock does; one at most, from the beginning. */
    void listen(Listener listener);

    /** How long anything that is asked may take to end, in nanoseconds. Always the same. */
    long longestNanos();

    /** Asks for the rate in Hz. The listener is told of it before the waiter. */
    Outcome readRate(Waiter waiter);

    /** Asks whether it is on: 1, else 0. The listener is told of it before the waiter. */
    Outcome readState(Waiter waiter);

    /**
     * Sets the rate. At a good end the listener was told of the rate that was reached.
     *
     * @param hz unsigned
     */
    Outcome setRate(long hz, Rounding rounding, Waiter waiter);

    /** Switches it: says for us that it is needed, or is not any more. */
    Outcome setState(boolean on, Waiter waiter);

    /**
     * Says how its possible parents are called here.
     *
     * @param positions for each, in the order of what the platform offers, its position on the board; -1 if it is not there
     */
    void setParents(int[] positions);

    /** Asks which parent it runs from: its position on the board, or -1. */
    Outcome readParent(Waiter waiter);

    /**
     * Runs it from another parent. At a good end the listener was told of the rate that was reached.
     *
     * @param choice which of its possible parents, in the order of what the platform offers
     */
    Outcome setParent(int choice, Waiter waiter);

    /** Is told what a clock does, on the loop's thread. */
    interface Listener {
        /**
         * It has this rate: it was asked, or the platform tells by itself.
         *
         * @param hz unsigned
         */
        void hasRate(long hz);

        /** It is on or off. */
        void hasState(boolean on);

        /**
         * The platform is there again.
         *
         * @param apply whether it is to be switched as it was; the rate and the parent that were set last have been asked for
         *     then. Else what it is now is to be told
         */
        void isBack(boolean apply);
    }
}
