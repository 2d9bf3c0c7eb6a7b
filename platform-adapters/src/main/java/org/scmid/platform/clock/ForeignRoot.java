// A root that is somebody else's clock, which agents may set and switch.
package org.scmid.platform.clock;

import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;

/**
 * A root that is somebody else's clock, the host's or another platform's, which agents may set and switch. Who owns it is
 * asked, and makes of a rate what he can; the tree waits for that as it does for hardware. What is wanted while he is asked
 * is asked after it, the newest rate and state only.
 *
 * <p>The owner knows of one user at most: as long as anybody here uses the clock.
 */
abstract class ForeignRoot {
    /** What {@link #wanted} says if no rate fits. */
    static final long NONE = -1;

    /** No rate is to be set. */
    static final long NOTHING = -1;

    private static final long INTERVAL_NANOS = 500_000;

    final Clock root;
    private final boolean isSimulated;
    private final Ready rate;
    private final Ready switched;

    /** The rate that is to be set, {@link #NOTHING} if none is. */
    long wantedHz = NOTHING;

    /** What is taken if it cannot be made exactly. */
    Rounding wantedRounding = Rounding.NEAREST;

    /** Whether somebody here needs it. */
    boolean isWantedOn;

    /** Whether the owner knows that. */
    boolean isOn;

    /** Whether it runs for others, as far as is known. */
    boolean runsAnyway = true;

    private boolean isRateSet = true;
    private Outcome rateFailure = Outcome.OK;
    private Outcome switchFailure = Outcome.OK;

    /**
     * @param what the clock is called in the log
     * @param owner who is asked, for the log
     * @param longestNanos how long he may take to set or switch it, in nanoseconds; he says earlier that it has failed
     * @param isSimulated whether nobody is: it does at once what it is told
     */
    ForeignRoot(Clock root, String what, String owner, long longestNanos, boolean isSimulated) {
        this.root = root;
        this.isSimulated = isSimulated;
        rate = new Said("the rate of " + what, owner, longestNanos) {
            @Override
            boolean says(long value) {
                return isRateSet;
            }

            @Override
            boolean hasFailed() {
                return rateFailure != Outcome.OK;
            }

            @Override
            Outcome failure() {
                return rateFailure;
            }
        };
        switched = new Said(what, owner, longestNanos) {
            @Override
            boolean says(long value) {
                return isOn;
            }

            @Override
            boolean hasFailed() {
                return switchFailure != Outcome.OK;
            }

            @Override
            Outcome failure() {
                return switchFailure;
            }
        };
    }

    /** What is waited for after the owner was asked. */
    private abstract static class Said extends Ready {
        private final String owner;

        Said(String what, String owner, long longestNanos) {
            super(what, longestNanos, INTERVAL_NANOS);
            this.owner = owner;
        }

        @Override
        String problem(long value) {
            return this + " was not set by " + owner + (hasFailed() ? "" : " in time");
        }
    }

    // ---- Rates.

    /**
     * The rate that its owner is asked for if somebody wants another.
     *
     * @param hz from 0 to the highest that the clock's limits allow
     * @return in Hz, {@link #NONE}
     */
    abstract long wanted(long hz, Rounding rounding);

    /** Whether the rate that it is known to have is the one that it has: nobody else changes it unseen. */
    abstract boolean isSure();

    /** Says which rates can be asked for within the clock's limits; nothing if there is none. */
    abstract void describe(RateDescription draft);

    /** Asks for a rate that {@link #wanted} has found. */
    void setRate(long hz, Rounding rounding) {
        wantedHz = hz;
        wantedRounding = rounding;
        isRateSet = false;
        rateFailure = Outcome.OK;
        begin();
    }

    /** Says whether the rate is set. */
    final Ready rate() {
        return rate;
    }

    /**
     * The owner has set a rate, or could not; unless another one is wanted by now, that is the end of it.
     *
     * @param outcome {@link Outcome#OK}, or why not
     */
    final void rateEnded(Outcome outcome) {
        boolean isNewest = wantedHz == NOTHING;
        isRateSet = isNewest && outcome == Outcome.OK;
        rateFailure = isNewest ? outcome : Outcome.OK;
    }

    // ---- On and off.

    /** Has its owner know that it is needed, also again if he has switched it off by himself. */
    final void open() {
        if (!isWantedOn || !isOn) {
            isWantedOn = true;
            switchFailure = Outcome.OK;
            begin();
        }
    }

    /** Says whether he has seen to it. */
    final Ready switched() {
        return switched;
    }

    /** Has its owner know that it is not needed any more; nobody waits for that. */
    final void close() {
        if (isWantedOn) {
            isWantedOn = false;
            begin();
        }
    }

    /** Whether it is on for us. */
    final boolean isOn() {
        return isOn;
    }

    /** Whether it runs, for us or for others, as far as is known. */
    final boolean runs() {
        return isOn || runsAnyway;
    }

    /** The owner could not switch it on, for this reason, or off: it is not wanted until it is asked for again. */
    final void switchFailed(boolean wasToBeOn, Outcome why) {
        switchFailure = wasToBeOn ? why : Outcome.OK;
        isWantedOn = isOn;
    }

    // ---- Asking.

    /** Whether there is anything that the owner was not asked for yet. */
    final boolean hasMore() {
        return wantedHz != NOTHING || isWantedOn != isOn;
    }

    private void begin() {
        if (isSimulated) {
            isOn = isWantedOn;
            runsAnyway = false;
            if (wantedHz != NOTHING) {
                root.setRootHz(wantedHz);
                wantedHz = NOTHING;
                isRateSet = true;
            }
        } else {
            ask();
        }
    }

    /** Asks the owner for what is wanted, unless he is being asked. */
    abstract void ask();
}
