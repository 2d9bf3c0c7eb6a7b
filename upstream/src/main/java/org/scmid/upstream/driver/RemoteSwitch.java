// What is on while anybody here uses it, switched by another platform.
package org.scmid.upstream.driver;

import org.jspecify.annotations.Nullable;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Switch;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.RequestPayload;

/**
 * What is on while anybody here uses it, switched by another platform: to that we are one user, so it is asked with the
 * first user here, and again with the end of the last. One change is under way at a time. Whatever is asked for meanwhile is
 * compared with what was asked of the platform when the change has ended.
 *
 * <p>When an answer does not come it is not known whether the platform has done it. What was to be switched on for somebody
 * who has failed by that is switched off again.
 */
abstract class RemoteSwitch implements Switch {
    final Reading.Changes changes = new Reading.Changes();
    private final Room room;
    private final Change change;
    private final State state;
    private final Waiter quietly = new Waiter() {
        @Override
        public void mayAskAgain() {
            settle();
        }

        @Override
        public void ended(Outcome outcome) {} // settled by the change itself
    };

    private int users;
    private boolean isAskedOn;
    private boolean isKnown;
    private boolean isKnownOn;
    private boolean isThere;

    /** It was asked to be off, and nobody knows whether it is. */
    private boolean isOffOpen;

    /** Users have it on already, whatever becomes of this: it is said until the platform has answered. */
    private boolean isSaidAgain;

    RemoteSwitch(Room room) {
        this.room = room;
        change = new Change(room);
        state = new State(room);
    }

    /** Writes the request that switches it; its length. */
    abstract int writeSwitch(MessageBuffer request, boolean on);

    /** Writes the request that asks whether it is on. */
    abstract RequestPayload<?> writeState(MessageBuffer request);

    /** What the reply says: 1 if it is on, else 0; -1 if it does not hold it. */
    abstract int stateIn(MessageBuffer reply);

    /** It is on or off, and was not before. */
    abstract void changed(boolean on, @Nullable Waiter cause);

    /** The platform is there and offers it, or not. */
    final void isThere(boolean there) {
        isThere = there;
    }

    final boolean isThere() {
        return isThere;
    }

    /**
     * The platform is back.
     *
     * @param apply whether it is asked for what its users want; else it is read, and what has changed is told. What was to be
     *     switched off and nobody knows whether it was is to be off in any case: it may only not have answered
     */
    void isBack(boolean apply) {
        if (!apply && users > 0) {
            state.read(Waiter.NOBODY);
        } else if (users > 0 || isAskedOn || isOffOpen) {
            isAskedOn = users == 0; // whatever the platform was asked before, it is asked again
            isSaidAgain = users > 0;
            settle();
        } else if (!apply) {
            state.read(Waiter.NOBODY);
        }
    }

    /** Hardware says so: it was asked, or tells by itself. */
    final void hasState(boolean on, @Nullable Waiter cause) {
        boolean isNew = isKnown && isKnownOn != on;
        boolean isFirst = !isKnown && cause != null;
        isKnown = true;
        isKnownOn = on;
        if (isNew || isFirst) {
            changed(on, cause);
        }
    }

    // ---- for those who look at it: nobody is asked ----

    /** Whether it was on when the platform said so last; null if it never did. */
    public final @Nullable Boolean knownState() {
        return isKnown ? Boolean.valueOf(isKnownOn) : null;
    }

    /** Whether the platform is being asked to switch it. */
    public final boolean isSwitching() {
        return change.isUnderWay();
    }

    // ---- for those who use it ----

    @Override
    public boolean isSwitchable() {
        return true;
    }

    @Override
    public final boolean isToldAgain() {
        return true;
    }

    @Override
    public final Outcome readState(Waiter waiter) {
        return isThere ? state.read(waiter) : Outcome.FAILED;
    }

    @Override
    public final Outcome acquire(Waiter waiter) {
        if (!isReachable()) {
            return Outcome.FAILED;
        }
        if (change.isUnderWay()) {
            return change.awaitTurn(waiter);
        }
        if (users > 0 && isAskedOn) {
            users++;
            return Outcome.OK;
        }
        Outcome outcome = change.begin(true, waiter);
        if (outcome == Outcome.STARTED) {
            users++;
            change.isFor(waiter.cause());
        }
        return outcome;
    }

    @Override
    public final Outcome keepOn(Waiter waiter) {
        if (!isThere) {
            return Outcome.FAILED;
        }
        return change.isUnderWay() ? change.awaitTurn(waiter) : change.begin(true, waiter);
    }

    @Override
    public final Outcome release(Waiter waiter) {
        change.isNotFor(waiter.cause());
        users--;
        settle();
        return isReachable() ? Outcome.OK : Outcome.FAILED;
    }

    @Override
    public final Outcome stop(Waiter waiter) {
        if (users == 0) {
            isAskedOn = true; // by somebody before us
            settle();
        }
        return isReachable() ? Outcome.OK : Outcome.FAILED;
    }

    private boolean isReachable() {
        return isThere && room.upstream().isUp();
    }

    @Override
    public final void adopt() {
        users++;
        isAskedOn = true;
    }

    /** Asks the platform for what is wanted, if that is something else than what it was asked for last. */
    private void settle() {
        if (isThere && !change.isUnderWay() && isAskedOn != (users > 0)) {
            change.begin(users > 0, quietly);
        }
    }

    private final class Change extends Exchange {
        private boolean on;
        private boolean isAnswered;
        private @Nullable Waiter cause;
        private @Nullable Waiter acquiring;

        Change(Room room) {
            super(room);
        }

        Outcome begin(boolean wanted, Waiter waiter) {
            changes.more();
            Outcome outcome = send(writeSwitch(request, wanted), false, waiter);
            if (outcome == Outcome.STARTED) {
                on = wanted;
                isAskedOn = wanted;
                isAnswered = true;
                cause = waiter.equals(quietly) ? null : waiter.cause();
            }
            return outcome;
        }

        /** The user who is counted already, and is not if it fails. */
        void isFor(Waiter who) {
            acquiring = who;
        }

        /** He has let go of it before it was on. */
        void isNotFor(Waiter who) {
            if (who.equals(acquiring)) {
                acquiring = null;
            }
        }

        @Override
        Outcome ended() {
            return Outcome.OK;
        }

        @Override
        void lost() {
            isAnswered = false;
        }

        @Override
        void tell(Outcome outcome) {
            changes.more();
            Waiter who = cause;
            cause = null;
            isOffOpen = !on && !isAnswered;
            isSaidAgain &= on && users > 0 && !isAnswered;
            if (outcome == Outcome.OK) {
                hasState(on, who);
            } else if (isSaidAgain) {
                isAskedOn = false;
            } else {
                if (acquiring != null) {
                    users--;
                }
                // What was refused was not done; what was not answered may have been.
                isAskedOn = isAnswered ? !on : isAskedOn;
            }
            acquiring = null;
            super.tell(outcome);
            // After a failure only off is asked for by itself: nobody waits for on any more.
            if (outcome == Outcome.OK || isSaidAgain || (!isAnswered && users == 0 && on)) {
                settle();
            }
        }
    }

    private final class State extends Reading {
        State(Room room) {
            super(room, changes);
        }

        @Override
        RequestPayload<?> write() {
            return writeState(request);
        }

        @Override
        boolean holds() {
            int said = stateIn(reply);
            if (said < 0) {
                return false;
            }
            has(said);
            hasState(said != 0, null);
            return true;
        }
    }
}
