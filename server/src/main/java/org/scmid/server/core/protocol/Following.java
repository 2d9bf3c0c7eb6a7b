// Hardware that follows what agents want, also when one of them is gone.
package org.scmid.server.core.protocol;

import java.util.BitSet;
import org.scmid.config.resource.ResourceKind;
import org.scmid.loop.Scheduler;
import org.scmid.loop.Work;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;

/**
 * Has the resources of a board follow what agents want, on nobody's behalf: after what one of them wanted has gone. Where that
 * is not possible at once, since a change is under way, it is done as soon as it is, with what is wanted by then.
 */
public final class Following implements Waiter {
    private static final System.Logger LOG = System.getLogger(Following.class.getName());

    /** Has hardware follow what agents want of a resource. */
    @FunctionalInterface
    public interface Follower {
        /**
         * Asks for what is wanted now, if anything is.
         *
         * @param index the resource's position on the board
         */
        Outcome follow(int index, Waiter waiter);
    }

    private final ResourceKind kind;
    private final Follower follower;
    private final Work work;
    private final Scheduler.Timer timer;
    private final BitSet late = new BitSet(); // by the resource's position
    private boolean isUnderWay;

    /**
     * @param kind what the resources are, for the log
     * @param scheduler gives time to what does not fit into one turn
     */
    public Following(ResourceKind kind, Follower follower, Scheduler scheduler) {
        this.kind = kind;
        this.follower = follower;
        this.work = scheduler.work();
        this.timer = scheduler.timer(this::goOn);
    }

    /** Has hardware follow what is wanted of a resource, now or as soon as it is possible. */
    public void follow(int index) {
        late.set(index);
        if (!isUnderWay) {
            goOn();
        }
    }

    /** One at a time: what is busy, or takes several turns, is asked again before the next. */
    private void goOn() {
        isUnderWay = true;
        long end = work.endOfSlice();
        for (int index = late.nextSetBit(0); index >= 0; index = late.nextSetBit(0)) {
            if (work.done() >= end) {
                timer.arm(0);
                return;
            }
            work.add(1);
            late.clear(index);
            if (isBusy(index)) {
                late.set(index);
                return;
            }
        }
        isUnderWay = false;
    }

    private boolean isBusy(int index) {
        try {
            return follower.follow(index, this) == Outcome.BUSY;
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "a " + kind.label() + " cannot follow what agents want of it", failure);
            return false;
        }
    }

    @Override
    public void mayAskAgain() {
        goOn();
    }

    @Override
    public void ended(Outcome outcome) {
        if (outcome != Outcome.OK) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what an agent wanted of a " + kind.label() + " before could not be set again");
        }
    }

    /** Whoever wanted it has not caused it now. */
    @Override
    public Waiter cause() {
        return NOBODY;
    }
}
