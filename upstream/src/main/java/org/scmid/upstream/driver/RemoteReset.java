// A reset of another platform.
package org.scmid.upstream.driver;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.ResetOffer;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.ResetAction;
import org.scmid.platform.driver.ResetDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;
import org.scmid.protocol.reset.ResetCommand;

/**
 * A reset of another platform, asked by messages of the Reset protocol, versions 1.0 to 3.1: one message after the other, in
 * the order of asking. What was under way when the platform is lost has failed; nothing of it is done again.
 */
public final class RemoteReset implements ResetDriver {
    private static final int MOST_WAITING = 64;

    private final ResetOffer offer;
    private final Room room;
    private final Requests requests;
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(MOST_WAITING);
    private final ArrayDeque<ResetAction> actions = new ArrayDeque<>(MOST_WAITING);
    private boolean isThere;
    private int id;

    RemoteReset(Room room, ResetOffer offer) {
        this.offer = offer;
        this.room = room;
        requests = new Requests(room);
    }

    String name() {
        return offer.name();
    }

    /** The platform is there; what it offers by this name, null if it does not. */
    void found(@Nullable ResetOffer now) {
        isThere = now != null;
        id = now == null ? id : now.id();
    }

    /** Whether the platform is being asked for something. */
    public boolean isBusy() {
        return !waiters.isEmpty();
    }

    @Override
    public long latencyMicros() {
        return offer.latencyMicros();
    }

    @Override
    public boolean isAsynchronous() {
        return offer.asynchronous();
    }

    /** The platform does not say what it can do; what it cannot it refuses. */
    @Override
    public boolean supports(ResetAction action) {
        return true;
    }

    @Override
    public Outcome perform(ResetAction action, Waiter waiter) {
        if (!isThere || !room.upstream().isUp()) {
            return Outcome.FAILED;
        }
        if (waiters.size() == MOST_WAITING) {
            return Outcome.NOT_NOW;
        }
        waiters.add(waiter);
        actions.add(action);
        if (waiters.size() == 1) {
            Outcome outcome = requests.sendFirst();
            if (!outcome.isLater()) {
                waiters.remove();
                actions.remove();
                return outcome;
            }
        }
        return Outcome.STARTED;
    }

    private final class Requests extends Exchange implements Waiter {
        private final ResetCommand.Request asked = new ResetCommand.Request();

        Requests(Room room) {
            super(room);
        }

        Outcome sendFirst() {
            ResetAction action = actions.element();
            boolean isAsynchronous = offer.asynchronous() && action == ResetAction.RESET;
            int flags = switch (action) {
                case ASSERT -> ResetCommand.Request.FLAG_ASSERT;
                case DEASSERT -> 0;
                case RESET -> ResetCommand.Request.FLAG_AUTONOMOUS;
            };
            asked.begin(request, 0)
                    .resource(id)
                    .flags(flags | (isAsynchronous ? ResetCommand.Request.FLAG_ASYNC : 0))
                    .resetState(ResetCommand.Request.COLD_RESET);
            return send(asked.messageLength(), isAsynchronous, this);
        }

        @Override
        public void mayAskAgain() {
            goOn();
        }

        @Override
        public void ended(Outcome outcome) {
            endFirst(outcome);
            goOn();
        }

        private void endFirst(Outcome outcome) {
            actions.remove();
            Waiters.tell(waiters.remove(), outcome);
        }

        private void goOn() {
            while (!waiters.isEmpty() && !isUnderWay()) {
                Outcome outcome = sendFirst();
                if (outcome.isLater()) {
                    return;
                }
                endFirst(outcome);
            }
        }

        @Override
        Outcome ended() {
            return Outcome.OK;
        }
    }
}
