// One clock of another platform, for the Clock protocol.
package org.scmid.platform.clock;

import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.remote.RemoteClock;

/**
 * One clock of another platform. What is read of it the platform is asked each time; what is changed goes through the tree,
 * where it is a root: local clocks may run from it, whose limits hold.
 */
final class RemoteTreeClock implements ClockDriver {
    private final TreeClock local;
    private final RemoteClock remote;
    private final int[] parents; // positions on the board
    private final int[] choices; // the platform's positions of the same

    /**
     * @param parents those of its possible parents that are on the board: their positions there
     * @param choices their positions among the clock's possible parents
     */
    RemoteTreeClock(TreeClock local, RemoteClock remote, int[] parents, int[] choices) {
        this.local = local;
        this.remote = remote;
        this.parents = parents.clone();
        this.choices = choices.clone();
    }

    @Override
    public long enableDelayMicros() {
        return local.enableDelayMicros();
    }

    // ---- Rates.

    @Override
    public Outcome readRate(Waiter waiter) {
        return remote.readRate(waiter);
    }

    @Override
    public Outcome describeRates(Waiter waiter) {
        return local.describeRates(waiter);
    }

    @Override
    public RateDescription rates() {
        return local.rates();
    }

    @Override
    public Outcome setRate(long hz, Rounding rounding, Waiter waiter) {
        return local.setRate(hz, rounding, waiter);
    }

    @Override
    public Outcome checkRate(long hz, Rounding rounding, Waiter waiter) {
        return local.checkRate(hz, rounding, waiter);
    }

    // ---- Parents.

    @Override
    public int parents() {
        return parents.length;
    }

    @Override
    public int parent(int position) {
        return parents[position];
    }

    @Override
    public Outcome readParent(Waiter waiter) {
        return remote.readParent(waiter);
    }

    @Override
    public Outcome setParent(int clock, Waiter waiter) {
        for (int i = 0; i < parents.length; i++) {
            if (parents[i] == clock) {
                return remote.setParent(choices[i], waiter);
            }
        }
        return Outcome.NOT_A_PARENT;
    }

    // ---- On and off.

    @Override
    public boolean isSwitchable() {
        return local.isSwitchable();
    }

    @Override
    public boolean isToldAgain() {
        return true;
    }

    @Override
    public Outcome readState(Waiter waiter) {
        return remote.readState(waiter);
    }

    @Override
    public Outcome acquire(Waiter waiter) {
        return local.acquire(waiter);
    }

    @Override
    public Outcome keepOn(Waiter waiter) {
        return local.keepOn(waiter);
    }

    @Override
    public Outcome release(Waiter waiter) {
        return local.release(waiter);
    }

    @Override
    public Outcome stop(Waiter waiter) {
        return local.stop(waiter);
    }

    @Override
    public void adopt() {
        local.adopt();
    }

    @Override
    public String toString() {
        return local.toString();
    }
}
