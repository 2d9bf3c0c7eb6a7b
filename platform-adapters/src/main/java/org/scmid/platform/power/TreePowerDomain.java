// One power domain of the tree, for the Power domain protocol: who waits for it, and what is counted.
package org.scmid.platform.power;

import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PowerDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;

/**
 * One power domain of a {@link PowerTree}. Who waits for on or off is told how that transition ended. Who still waits when
 * nothing goes on any more asked for what became needless, as somebody else asked for the opposite: that is an end like any
 * other, and who acquired is counted.
 */
final class TreePowerDomain implements PowerDriver {
    // What somebody waits for.
    private static final int ON = 1;
    private static final int ON_AS_USER = 1 << 1; // he is counted, unless it fails
    private static final int OFF = 1 << 2;

    private final PowerTree tree;
    private final PowerDomain domain;

    private final Waiters waiters = new Waiters() {
        @Override
        protected void ending(int kind, Outcome outcome) {
            if (kind == ON_AS_USER && outcome != Outcome.OK) {
                tree.forget(domain);
            }
        }
    };

    TreePowerDomain(PowerTree tree, PowerDomain domain) {
        this.tree = tree;
        this.domain = domain;
    }

    @Override
    public boolean isSwitchable() {
        return true; // a domain is what can be switched
    }

    @Override
    public Outcome readState(Waiter waiter) {
        waiter.value(domain.isOn() ? 1 : 0);
        return Outcome.OK;
    }

    @Override
    public Outcome acquire(Waiter waiter) {
        Outcome outcome;
        try {
            outcome = tree.vote(domain, waiter.cause());
        } catch (RuntimeException | InternalError failure) {
            tree.forget(domain);
            throw failure;
        }
        if (outcome == Outcome.FAILED) {
            tree.forget(domain);
        }
        return later(outcome, waiter, ON_AS_USER);
    }

    @Override
    public Outcome keepOn(Waiter waiter) {
        return later(tree.makeOn(domain, waiter.cause()), waiter, ON);
    }

    @Override
    public Outcome release(Waiter waiter) {
        waiters.turn(waiter.cause(), ON_AS_USER, ON); // it is taken away now, not once more if that fails
        return later(tree.unvote(domain, waiter.cause()), waiter, OFF);
    }

    @Override
    public Outcome stop(Waiter waiter) {
        return later(tree.makeOff(domain, waiter.cause()), waiter, OFF);
    }

    @Override
    public void adopt() {
        tree.restore(domain);
    }

    @Override
    public boolean refusesToGoOff(boolean isCounted) {
        return tree.refusesToGoOff(domain, isCounted);
    }

    private Outcome later(Outcome outcome, Waiter waiter, int kind) {
        if (outcome == Outcome.STARTED) {
            waiters.add(waiter, kind);
        }
        return outcome;
    }

    /** A transition has ended. */
    void finished(boolean on, boolean ok) {
        waiters.end(on ? ON | ON_AS_USER : OFF, ok ? Outcome.OK : Outcome.FAILED);
    }

    /** Nothing goes on any more. */
    void settled() {
        waiters.end(Outcome.OK);
    }

    @Override
    public String toString() {
        return domain.name();
    }
}
