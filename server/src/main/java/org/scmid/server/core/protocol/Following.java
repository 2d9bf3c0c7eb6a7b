// Hardware that follows what agents want, also when one of them is gone.
package org.scmid.server.core.protocol;

import java.util.BitSet;
import org.scmid.config.resource.ResourceKind;
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
    private final BitSet late = new BitSet(); // by the resource's position

    /** @param kind what the resources are, for the log */
    public Following(ResourceKind kind, Follower follower) {
        this.kind = kind;
        this.follower = follower;
    }

    /** Has hardware follow what is wanted of a resource, now or as soon as it is possible. */
    public void follow(int index) {
        if (follower.follow(index, this) == Outcome.BUSY) {
            late.set(index);
        }
    }

    @Override
    public void mayAskAgain() {
        for (int index = late.nextSetBit(0); index >= 0; index = late.nextSetBit(index + 1)) {
            late.clear(index);
            follow(index);
        }
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
