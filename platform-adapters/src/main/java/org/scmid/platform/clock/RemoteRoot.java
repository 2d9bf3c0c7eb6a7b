// A root that is a clock of another platform.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.Describe;
import org.scmid.config.offer.OfferedRates;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.remote.RemoteClock;

/**
 * A root that is a clock of another platform, which is asked by messages, one at a time; of what is asked meanwhile the
 * newest rate and state only. What the platform says of the clock the tree is told.
 */
final class RemoteRoot extends ForeignRoot implements RemoteClock.Listener {
    private final ClockTree tree;
    private final @Nullable RemoteClock clock;
    private final long[] listed;
    private final long lowest;
    private final long highest;

    private boolean isAsked;

    /** It was to be switched on, and nobody knows whether it was: unless somebody wants it now, it is to be off. */
    private boolean mayBeLeftOn;

    /** It was to be switched off, and nobody knows whether it was: if the platform only did not answer, it may be on. */
    private boolean isOffOpen;

    /** Users have it on already, whatever becomes of this: it is said until the platform has answered. */
    private boolean isSaidAgain;

    private final Asking rateAsked = new Asking() {
        @Override
        void hasEnded(Outcome outcome, boolean wasSent) {
            rateEnded(outcome);
        }
    };
    private final Asking onAsked = new Asking() {
        @Override
        void hasEnded(Outcome outcome, boolean wasSent) {
            isOn = outcome == Outcome.OK;
            isOffOpen &= !isOn;
            isSaidAgain &= isWantedOn && wasSent && outcome == Outcome.FAILED;
            if (!isOn && !isSaidAgain) {
                switchFailed(/* wasToBeOn= */ true, outcome);
                mayBeLeftOn = outcome == Outcome.FAILED;
            }
        }
    };
    private final Asking offAsked = new Asking() {
        @Override
        void hasEnded(Outcome outcome, boolean wasSent) {
            // Who lets go does not come again: it is asked once, and once more when the platform is back.
            isOn = false;
            mayBeLeftOn = false;
            isOffOpen = outcome == Outcome.FAILED;
            runsAnyway = outcome != Outcome.OK;
        }
    };

    /**
     * @param clock who asks the platform; null if it is simulated, and does at once what it is told
     * @param rates what the platform says that it can be given; null if it did not say
     */
    RemoteRoot(ClockTree tree, Clock root, @Nullable RemoteClock clock, @Nullable OfferedRates rates, String owner) {
        super(root, "clock " + root.name(), owner, clock == null ? 0 : clock.longestNanos(), clock == null);
        this.tree = tree;
        this.clock = clock;
        listed = rates instanceof OfferedRates.Listed some
                ? some.hz().stream()
                        .mapToLong(Long::longValue)
                        .filter(hz -> hz >= 0)
                        .toArray()
                : new long[0];
        lowest = rates instanceof OfferedRates.Range range ? range.lowest() : 0;
        highest = rates instanceof OfferedRates.Range range && range.highest() >= 0 ? range.highest() : Long.MAX_VALUE;
    }

    // ---- Rates.

    @Override
    long wanted(long hz, Rounding rounding) {
        long min = Math.max(lowest, root.limits().min());
        long max = Math.min(highest, root.limits().max());
        return listed.length > 0 ? ofList(hz, rounding, min, max) : ofRange(hz, rounding, min, max);
    }

    private static long ofRange(long hz, Rounding rounding, long min, long max) {
        if (min > max || hz > max || (hz < min && rounding == Rounding.DOWN)) {
            return NONE;
        }
        return Math.max(hz, min);
    }

    private long ofList(long hz, Rounding rounding, long min, long max) {
        long below = NONE;
        long above = NONE;
        for (long each : listed) {
            if (each >= min && each <= max) {
                if (each <= hz) {
                    below = each;
                }
                if (each >= hz && above == NONE) {
                    above = each;
                }
            }
        }
        if (above == NONE && below != hz) {
            return NONE; // above every rate
        }
        return switch (rounding) {
            case DOWN -> below;
            case UP -> above;
            case NEAREST -> below == NONE || (above != NONE && above - hz <= hz - below) ? above : below;
        };
    }

    /** Its platform may change it, and not every one tells. */
    @Override
    boolean isSure() {
        return clock == null;
    }

    @Override
    void describe(RateDescription draft) {
        long min = Math.max(lowest, root.limits().min());
        long max = Math.min(highest, root.limits().max());
        if (listed.length == 0) {
            if (min <= max) {
                draft.makeRange(min, max);
            }
            return;
        }
        for (long each : listed) {
            if (each >= min && each <= max) {
                draft.add(each);
            }
        }
        if (root.describe() == Describe.RANGE && draft.count() > 0) {
            draft.makeRange(draft.lowest(), draft.highest());
        }
    }

    // ---- Asking.

    private abstract class Asking implements Waiter {
        private boolean isUnderWay;

        final void begin(Outcome outcome) {
            isUnderWay = outcome.isLater();
            isAsked = isUnderWay;
            if (!isUnderWay) {
                hasEnded(outcome, /* wasSent= */ false);
            }
        }

        @Override
        public final void mayAskAgain() {
            isUnderWay = false;
            isAsked = false;
            ask();
        }

        @Override
        public final void ended(Outcome outcome) {
            if (isUnderWay) {
                isUnderWay = false;
                isAsked = false;
                hasEnded(outcome, /* wasSent= */ true);
                ask();
            }
        }

        /** @param wasSent whether the platform was asked, and not refused at once as it is not there */
        abstract void hasEnded(Outcome outcome, boolean wasSent);
    }

    @Override
    void ask() {
        RemoteClock its = clock;
        while (its != null && !isAsked && (hasMore() || mayBeLeftOn)) {
            if (wantedHz != NOTHING) {
                long hz = wantedHz;
                wantedHz = NOTHING;
                Outcome outcome = its.setRate(hz, wantedRounding, rateAsked);
                if (outcome == Outcome.BUSY && wantedHz == NOTHING) {
                    wantedHz = hz;
                }
                rateAsked.begin(outcome);
            } else if (isWantedOn) {
                mayBeLeftOn = false;
                onAsked.begin(its.setState(true, onAsked));
            } else {
                offAsked.begin(its.setState(false, offAsked));
            }
        }
    }

    // ---- What the platform says.

    @Override
    public void hasRate(long hz) {
        if (hz < 0) {
            return; // more than can be counted with
        }
        if (root.state.change() == null) {
            tree.rootHasRate(root, hz);
        } else {
            root.setRootHz(hz); // told when the change ends
        }
    }

    @Override
    public void hasState(boolean on) {
        if (!isAsked) {
            runsAnyway = on;
            isOn &= on; // it was started anew, or somebody else has a say
        }
    }

    @Override
    public void isBack(boolean apply) {
        RemoteClock its = clock;
        if (its == null || isAsked) {
            return; // what is under way ends, and says how it is
        }
        isWantedOn |= root.state.inUse(); // by users of an earlier process, too
        isOn = isWantedOn && !apply;
        isSaidAgain = isWantedOn && apply;
        mayBeLeftOn = isOffOpen && !isWantedOn;
        its.readRate(Waiter.NOBODY);
        if (!hasMore() && !mayBeLeftOn) {
            its.readState(Waiter.NOBODY);
        }
        ask();
    }
}
