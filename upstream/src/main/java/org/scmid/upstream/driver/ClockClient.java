// One clock of a platform.
package org.scmid.upstream.driver;

import org.scmid.config.offer.ClockOffer;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.remote.RemoteClock;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.Status;
import org.scmid.protocol.clock.ClockAttributes;
import org.scmid.protocol.clock.ClockConfigGet;
import org.scmid.protocol.clock.ClockConfigSet;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockParentGet;
import org.scmid.protocol.clock.ClockParentSet;
import org.scmid.protocol.clock.ClockRateGet;
import org.scmid.protocol.clock.ClockRateSet;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.protocol.common.ResourceRequest;

/** One clock of a platform, asked by messages of the Clock protocol, versions 1.0 to 3.0. */
final class ClockClient implements RemoteClock {
    private static final Listener NOBODY = new Listener() {
        @Override
        public void hasRate(long hz) {}

        @Override
        public void hasState(boolean on) {}

        @Override
        public void isBack(boolean apply) {}
    };

    private static final int NONE = -1;

    private final String name;
    private final long timeoutNanos;
    private final int[] parentIds;
    private final Reading.Changes changes = new Reading.Changes();
    private final Rate rate;
    private final State state;
    private final Parent parent;
    private final Change change;
    private Listener listener = NOBODY;
    private int[] positions = new int[0];
    private int id;
    private int version;
    private boolean isThere;
    private boolean isAsynchronous;

    /** What was set last and is set again when the platform is back: the parent, the rate in Hz. */
    private int lastParent = NONE;

    private long lastHz = NONE;
    private Rounding lastRounding = Rounding.NEAREST;

    /** @param parentIds the platform's numbers of the clock's possible parents, in the order of the offer */
    ClockClient(Room room, String name, int[] parentIds) {
        this.name = name;
        this.timeoutNanos = room.timeoutNanos();
        this.parentIds = parentIds.clone();
        rate = new Rate(room);
        state = new State(room);
        parent = new Parent(room);
        change = new Change(room);
    }

    /** The platform's name of it. */
    String name() {
        return name;
    }

    /** The platform is there, and offers the clock like this. */
    void found(ClockOffer offer, int[] ids, int spoken) {
        id = offer.id();
        System.arraycopy(ids, 0, parentIds, 0, Math.min(ids.length, parentIds.length));
        version = spoken;
        isAsynchronous = offer.asynchronous();
        isThere = true;
    }

    /** The platform does not offer it any more. */
    void missed() {
        isThere = false;
    }

    boolean isThere() {
        return isThere;
    }

    int id() {
        return id;
    }

    Listener listener() {
        return listener;
    }

    @Override
    public void listen(Listener told) {
        listener = told;
    }

    @Override
    public void setParents(int[] its) {
        positions = its.clone();
    }

    /** Room is waited for, then the reply, the delayed response, room again, and the reading of what was reached. */
    @Override
    public long longestNanos() {
        return 5 * timeoutNanos + Exchange.DELAYED_NANOS;
    }

    // ---- Reading.

    @Override
    public Outcome readRate(Waiter waiter) {
        return isThere ? rate.read(waiter) : Outcome.FAILED;
    }

    @Override
    public Outcome readState(Waiter waiter) {
        return isThere ? state.read(waiter) : Outcome.FAILED;
    }

    @Override
    public Outcome readParent(Waiter waiter) {
        return isThere ? parent.read(waiter) : Outcome.FAILED;
    }

    private final class Rate extends ResourceReading<ClockRateGet.Reply> {
        Rate(Room room) {
            super(room, changes, ClockMessage.CLOCK_RATE_GET, new ClockRateGet.Reply());
        }

        @Override
        int resource() {
            return id;
        }

        @Override
        boolean take(ClockRateGet.Reply whole) {
            has(whole.rate());
            listener.hasRate(whole.rate());
            return true;
        }
    }

    private final class State extends Reading {
        private final ClockConfigGet.Request asked = new ClockConfigGet.Request();
        private final ClockConfigGet.Reply answer = new ClockConfigGet.Reply();
        private final ResourceRequest askedBefore = new ResourceRequest(ClockMessage.CLOCK_ATTRIBUTES);
        private final ClockAttributes.Reply answerBefore = new ClockAttributes.Reply();
        private boolean isOfNow;

        State(Room room) {
            super(room, changes);
        }

        /** Before version 3.0 the attributes say it. */
        @Override
        RequestPayload<?> write() {
            isOfNow = version >= ClockVersion.V3_0;
            return isOfNow
                    ? asked.begin(request, 0).resource(id).extendedType(0)
                    : askedBefore.begin(request, 0).resource(id);
        }

        @Override
        boolean holds() {
            boolean isWhole = isOfNow
                    ? answer.wrap(reply).isSuccess()
                    : answerBefore.wrap(reply).isSuccess();
            if (!isWhole) {
                return false;
            }
            boolean on =
                    isOfNow ? answer.isEnabled() : (answerBefore.attributes() & ClockAttributes.Reply.ENABLED) != 0;
            has(on ? 1 : 0);
            listener.hasState(on);
            return true;
        }
    }

    private final class Parent extends ResourceReading<ClockParentGet.Reply> {
        Parent(Room room) {
            super(room, changes, ClockMessage.CLOCK_PARENT_GET, new ClockParentGet.Reply());
        }

        @Override
        int resource() {
            return id;
        }

        @Override
        boolean take(ClockParentGet.Reply whole) {
            long position = -1;
            for (int i = 0; i < Math.min(parentIds.length, positions.length); i++) {
                if (parentIds[i] == whole.parent()) {
                    position = positions[i];
                }
            }
            has(position);
            return true;
        }
    }

    // ---- Changing.

    @Override
    public Outcome setRate(long hz, Rounding rounding, Waiter waiter) {
        return isThere ? change.rate(hz, rounding, waiter) : Outcome.FAILED;
    }

    @Override
    public Outcome setState(boolean on, Waiter waiter) {
        return isThere ? change.state(on, waiter) : Outcome.FAILED;
    }

    @Override
    public Outcome setParent(int choice, Waiter waiter) {
        return isThere && choice < parentIds.length ? change.parent(choice, waiter) : Outcome.FAILED;
    }

    /** Asks for the parent that was set last. */
    Outcome setParentAgain(Waiter waiter) {
        return lastParent == NONE ? Outcome.OK : setParent(lastParent, waiter);
    }

    /** Asks for the rate that was set last. */
    Outcome setRateAgain(Waiter waiter) {
        return lastHz == NONE ? Outcome.OK : setRate(lastHz, lastRounding, waiter);
    }

    /** What is changed, one after the other; a new rate is read after it was set, since the platform rounds. */
    private final class Change extends Exchange {
        private final ClockRateSet.Request rateAsked = new ClockRateSet.Request();
        private final ClockConfigSet.Request stateAsked = new ClockConfigSet.Request();
        private final ClockParentSet.Request parentAsked = new ClockParentSet.Request();
        private boolean changesRate;
        private boolean isReading;
        private int askedParent = NONE;
        private long askedHz = NONE;
        private Rounding askedRounding = Rounding.NEAREST;
        private final Waiter reached = new Waiter() {
            @Override
            public void mayAskAgain() {
                readReached();
            }

            @Override
            public void ended(Outcome outcome) {
                finish(); // it was done, whether the rate could be read or not
            }
        };

        Change(Room room) {
            super(room);
        }

        Outcome rate(long hz, Rounding rounding, Waiter waiter) {
            if (isUnderWay()) {
                return awaitTurn(waiter);
            }
            changesRate = true;
            int flags = (isAsynchronous ? ClockRateSet.Request.FLAG_ASYNC : 0)
                    | switch (rounding) {
                        case DOWN -> 0;
                        case UP -> ClockRateSet.Request.FLAG_ROUND_UP;
                        case NEAREST -> ClockRateSet.Request.FLAG_ROUND_NEAREST;
                    };
            rateAsked.begin(request, 0).flags(flags).resource(id).rate(hz);
            askedParent = NONE;
            askedHz = hz;
            askedRounding = rounding;
            return begin(rateAsked.messageLength(), isAsynchronous, waiter);
        }

        Outcome state(boolean on, Waiter waiter) {
            if (isUnderWay()) {
                return awaitTurn(waiter);
            }
            changesRate = false;
            stateAsked.begin(request, 0).resource(id);
            if (version >= ClockVersion.V3_0) {
                stateAsked.enable(on);
            } else {
                stateAsked.enableV1(on);
            }
            return begin(stateAsked.messageLength(version), false, waiter);
        }

        Outcome parent(int choice, Waiter waiter) {
            if (isUnderWay()) {
                return awaitTurn(waiter);
            }
            changesRate = true;
            askedParent = choice;
            askedHz = NONE;
            parentAsked.begin(request, 0).resource(id).parent(parentIds[choice]);
            return begin(parentAsked.messageLength(), false, waiter);
        }

        private Outcome begin(int length, boolean asynchronously, Waiter waiter) {
            changes.more();
            return send(length, asynchronously, waiter);
        }

        @Override
        boolean isUnderWay() {
            return isReading || super.isUnderWay();
        }

        @Override
        Outcome ended() {
            changes.more();
            if (!changesRate) {
                return Outcome.OK;
            }
            if (askedParent != NONE) {
                lastParent = askedParent;
            } else {
                lastHz = askedHz;
                lastRounding = askedRounding;
            }
            isReading = true;
            return Outcome.STARTED;
        }

        /** A rate that cannot be made is not one that is out of bounds. */
        @Override
        Outcome meaningOf(int status) {
            return changesRate && status == Status.Code.INVALID_PARAMETERS
                    ? Outcome.UNSUPPORTED_RATE
                    : super.meaningOf(status);
        }

        /** Whether it was done is not known, so what is known of the clock is read anew: local clocks may run from it. */
        @Override
        void lost() {
            changes.more();
            if (changesRate) {
                rate.read(Waiter.NOBODY);
            } else {
                state.read(Waiter.NOBODY);
            }
        }

        @Override
        void afterwards() {
            if (isReading) {
                readReached();
            }
        }

        private void readReached() {
            Outcome outcome = rate.read(reached);
            if (!outcome.isLater()) {
                finish();
            }
        }

        private void finish() {
            isReading = false;
            tell(Outcome.OK);
            turnIsOver();
        }
    }
}
