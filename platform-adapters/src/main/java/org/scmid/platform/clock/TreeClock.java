// One clock of the tree, for the Clock protocol.
package org.scmid.platform.clock;

import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;

/** One clock of a {@link ClockTree}. */
final class TreeClock implements ClockDriver {
    private final ClockTree tree;
    private final Clock clock;

    TreeClock(ClockTree tree, Clock clock) {
        this.tree = tree;
        this.clock = clock;
    }

    @Override
    public long enableDelayMicros() {
        return clock.enableDelayMicros();
    }

    // ---- Rates.

    @Override
    public Outcome readRate(Waiter waiter) {
        waiter.value(clock.rate());
        return Outcome.OK;
    }

    @Override
    public Outcome describeRates(Waiter waiter) {
        return tree.describe(clock, waiter);
    }

    @Override
    public RateDescription rates() {
        return tree.described(clock);
    }

    @Override
    public Outcome setRate(long hz, Rounding rounding, Waiter waiter) {
        return tree.setRate(clock, hz, rounding, waiter);
    }

    @Override
    public Outcome checkRate(long hz, Rounding rounding, Waiter waiter) {
        return tree.checkRate(clock, hz, rounding, waiter);
    }

    // ---- Parents.

    @Override
    public int parents() {
        return clock.parents().size();
    }

    @Override
    public int parent(int position) {
        return clock.parents().get(position).index();
    }

    @Override
    public Outcome readParent(Waiter waiter) {
        Clock parent = clock.parent();
        waiter.value(parent == null ? NO_PARENT : parent.index());
        return Outcome.OK;
    }

    @Override
    public Outcome setParent(int parent, Waiter waiter) {
        return tree.setParent(clock, tree.clock(parent), waiter);
    }

    // ---- On and off.

    @Override
    public boolean isSwitchable() {
        return tree.isStoppable(clock);
    }

    @Override
    public Outcome readState(Waiter waiter) {
        waiter.value(clock.enabled() ? 1 : 0);
        return Outcome.OK;
    }

    @Override
    public Outcome acquire(Waiter waiter) {
        return tree.acquire(clock, waiter);
    }

    @Override
    public Outcome keepOn(Waiter waiter) {
        return tree.keepRunning(clock, waiter);
    }

    @Override
    public Outcome release(Waiter waiter) {
        tree.release(clock, waiter);
        return Outcome.OK;
    }

    @Override
    public Outcome stop(Waiter waiter) {
        if (clock.users() == 0) {
            tree.release(clock, waiter);
        }
        return Outcome.OK;
    }

    @Override
    public void adopt() {
        tree.adopt(clock);
    }

    @Override
    public String toString() {
        return clock.name();
    }
}
