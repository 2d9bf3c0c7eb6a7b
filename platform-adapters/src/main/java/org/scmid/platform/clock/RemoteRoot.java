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
    private static final long NOTHING = -1;

    private final ClockTree tree;
    private final Clock root;
    private final @Nullable RemoteClock clock;
    private final long[] listed;
    private final long lowest;
    private final long highest;

    private long wantedHz = NOTHING;
    private Rounding wantedRounding = Rounding.NEAREST;
    private long lastHz = NOTHING; // that was set, and is set again when the platform is back
    private Rounding lastRounding = Rounding.NEAREST;
    private boolean isRateSet = true;
    private boolean hasRateFailed;
    private boolean isWantedOn;
    private boolean isOn;
    private boolean hasSwitchFailed;
    private boolean runsAnyway = true;
    private boolean isAsked;

    private final Ready rate;
    private final Ready switched;
    private final Asking rateAsked = new Asking() {
        @Override
        void hasEnded(Outcome outcome) {
            boolean isNewest = wantedHz == NOTHING;
            isRateSet = isNewest && outcome == Outcome.OK;
            hasRateFailed = isNewest && outcome != Outcome.OK;
        }
    };
    private final Asking onAsked = new Asking() {
        @Override
        void hasEnded(Outcome outcome) {
            isOn = outcome == Outcome.OK;
            hasSwitchFailed = outcome != Outcome.OK;
            isWantedOn &= isOn; // until it is asked for again
        }
    };
    private final Asking offAsked = new Asking() {
        @Override
        void hasEnded(Outcome outcome) {
            // Who lets go does not come again: when the platform is back it has nothing of us on.
            isOn = false;
            runsAnyway = outcome != Outcome.OK;
        }
    };

    /**
     * @param clock who asks the platform; null if it is simulated, and does at once what it is told
     * @param rates what the platform says that it can be given; null if it did not say
     */
    RemoteRoot(ClockTree tree, Clock root, @Nullable RemoteClock clock, @Nullable OfferedRates rates, String owner) {
        this.tree = tree;
        this.root = root;
        this.clock = clock;
        listed = rates instanceof OfferedRates.Listed some
                ? some.hz().stream()
                        .mapToLong(Long::longValue)
                        .filter(hz -> hz >= 0)
                        .toArray()
                : new long[0];
        lowest = rates instanceof OfferedRates.Range range ? range.lowest() : 0;
        highest = rates instanceof OfferedRates.Range range && range.highest() >= 0 ? range.highest() : Long.MAX_VALUE;
        rate = new Said("the rate of clock " + root.name(), owner) {
            @Override
            boolean says(long value) {
                return isRateSet;
            }

            @Override
            boolean hasFailed() {
                return hasRateFailed;
            }
        };
        switched = new Said("clock " + root.name(), owner) {
            @Override
            boolean says(long value) {
                return isOn;
            }

            @Override
            boolean hasFailed() {
                return hasSwitchFailed;
            }
        };
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

    @Override
    void setRate(long hz, Rounding rounding) {
        wantedHz = hz;
        wantedRounding = rounding;
        lastHz = hz;
        lastRounding = rounding;
        isRateSet = false;
        hasRateFailed = false;
        ask();
    }

    @Override
    Ready rate() {
        return rate;
    }

    // ---- On and off.

    @Override
    void open() {
        if (!isWantedOn) {
            isWantedOn = true;
            hasSwitchFailed = false;
            ask();
        }
    }

    @Override
    Ready switched() {
        return switched;
    }

    @Override
    void close() {
        if (isWantedOn) {
            isWantedOn = false;
            ask();
        }
    }

    @Override
    boolean isOn() {
        return isOn;
    }

    @Override
    boolean runs() {
        return isOn || runsAnyway;
    }

    // ---- Asking.

    private abstract class Asking implements Waiter {
        private boolean isUnderWay;

        final void begin(Outcome outcome) {
            isUnderWay = outcome.isLater();
            isAsked = isUnderWay;
            if (!isUnderWay) {
                hasEnded(outcome);
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
                hasEnded(outcome);
                ask();
            }
        }

        abstract void hasEnded(Outcome outcome);
    }

    private void ask() {
        RemoteClock its = clock;
        if (its == null) {
            simulate();
            return;
        }
        while (!isAsked && (wantedHz != NOTHING || isWantedOn != isOn)) {
            if (wantedHz != NOTHING) {
                long hz = wantedHz;
                wantedHz = NOTHING;
                Outcome outcome = its.setRate(hz, wantedRounding, rateAsked);
                if (outcome == Outcome.BUSY && wantedHz == NOTHING) {
                    wantedHz = hz;
                }
                rateAsked.begin(outcome);
            } else if (isWantedOn) {
                onAsked.begin(its.setState(true, onAsked));
            } else {
                offAsked.begin(its.setState(false, offAsked));
            }
        }
    }

    private void simulate() {
        isOn = isWantedOn;
        runsAnyway = false;
        if (wantedHz != NOTHING) {
            root.setRootHz(wantedHz);
            wantedHz = NOTHING;
            isRateSet = true;
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
        }
    }

    @Override
    public void isBack(boolean apply) {
        RemoteClock its = clock;
        if (its == null || isAsked) {
            return; // what is under way ends, and says how it is
        }
        if (!apply) {
            its.readRate(Waiter.NOBODY);
            its.readState(Waiter.NOBODY);
            return;
        }
        isOn = false;
        if (lastHz != NOTHING) {
            wantedHz = lastHz;
            wantedRounding = lastRounding;
        } else {
            its.readRate(Waiter.NOBODY);
        }
        ask();
    }
}
