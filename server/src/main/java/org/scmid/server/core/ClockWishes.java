// The rates that agents asked for before, where the highest of their wishes counts.
package org.scmid.server.core;

import java.util.BitSet;
import org.scmid.platform.clock.ClockWaiter;
import org.scmid.platform.clock.Outcome;

/**
 * Sets clocks to the highest rate that an agent wishes, after another wish has gone. Where that is not possible at once,
 * since a change is under way, it is done later, with what is wished by then.
 */
final class ClockWishes implements ClockWaiter {
    /** Follows the wishes for a clock. */
    @FunctionalInterface
    interface Follower {
        /**
         * Asks the tree for the highest rate that is wished, if any.
         *
         * @param waiter for the tree
         */
        Outcome follow(int clock, ClockWaiter waiter);
    }

    private static final System.Logger LOG = System.getLogger(ClockWishes.class.getName());

    private final Follower follower;
    private final BitSet late = new BitSet();

    ClockWishes(Follower follower) {
        this.follower = follower;
    }

    /** Follows the wishes for a clock, now or as soon as it is possible. */
    void follow(int clock) {
        if (follower.follow(clock, this) == Outcome.BUSY) {
            late.set(clock);
        }
    }

    @Override
    public void mayAskAgain() {
        for (int clock = late.nextSetBit(0); clock >= 0; clock = late.nextSetBit(clock + 1)) {
            late.clear(clock);
            follow(clock);
        }
    }

    @Override
    public void ended(boolean ok) {
        if (!ok) {
            LOG.log(System.Logger.Level.WARNING, "the rate that an agent asked for before could not be set again");
        }
    }
}
