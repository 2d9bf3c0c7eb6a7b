// A root that is a clock of the host, which agents may set and switch.
package org.scmid.platform.clock;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.host.Complaint;
import org.scmid.platform.host.HostClock;
import org.scmid.platform.host.HostWorkers;

/**
 * A root that is a clock of the host, which agents may set and switch. The kernel is asked by a thread that may wait; the
 * tree waits for it as it does for hardware. What is asked while the thread is busy is done after it, the newest rate and
 * state only.
 *
 * <p>The kernel counts who has enabled a clock. Of these counts one at most is ours, as long as anybody here uses it.
 */
final class HostRoot extends ForeignRoot implements HostWorkers.Work {
    private static final long NOTHING = -1;

    private final Clock root;
    private final @Nullable HostClock clock;
    private final HostWorkers.@Nullable Job job;
    private final @Nullable Complaint complaint;

    // Of the loop's thread.
    private long wantedHz = NOTHING;
    private boolean isRateSet = true;
    private boolean hasRateFailed;
    private boolean isWantedOn;
    private boolean isOn;
    private boolean hasSwitchFailed;
    private boolean runsAnyway = true;
    private int written;

    // Of the thread that may wait while the job is under way, else of the loop's.
    private long jobHz = NOTHING;
    private boolean jobSwitches;
    private boolean jobOn;
    private long reachedHz;
    private @Nullable String rateProblem;
    private @Nullable String switchProblem;

    private final Ready rate;
    private final Ready switched;

    /** @param clock the host's; null if it is simulated, and does at once what it is told */
    HostRoot(Clock root, @Nullable HostClock clock, @Nullable HostWorkers workers, @Nullable Complaint complaint) {
        this.root = root;
        this.clock = clock;
        this.job = workers == null ? null : workers.job(this);
        this.complaint = complaint;
        rate = new Said("the rate of clock " + root.name() + ", which is the host's,", "the kernel") {
            @Override
            boolean says(long value) {
                return isRateSet;
            }

            @Override
            boolean hasFailed() {
                return hasRateFailed;
            }
        };
        switched = new Said("clock " + root.name() + ", which is the host's,", "the kernel") {
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

    // ---- What the tree asks.

    @Override
    long wanted(long hz, Rounding rounding) {
        return Math.max(hz, Math.max(1, root.limits().min()));
    }

    /** It is looked at every second. */
    @Override
    boolean isSure() {
        return true;
    }

    @Override
    void describe(RateDescription draft) {
        draft.makeRange(wanted(0, Rounding.UP), root.limits().max());
    }

    @Override
    void setRate(long hz, Rounding rounding) {
        wantedHz = hz;
        isRateSet = false;
        hasRateFailed = false;
        begin();
    }

    @Override
    Ready rate() {
        return rate;
    }

    /** Has an enable of ours counted. */
    @Override
    void open() {
        if (!isWantedOn) {
            isWantedOn = true;
            hasSwitchFailed = false;
            begin();
        }
    }

    @Override
    Ready switched() {
        return switched;
    }

    /** Takes our enable back; nobody waits for that. */
    @Override
    void close() {
        if (isWantedOn) {
            isWantedOn = false;
            begin();
        }
    }

    /** Whether an enable of ours is counted. */
    @Override
    boolean isOn() {
        return isOn;
    }

    @Override
    boolean runs() {
        return isOn || runsAnyway;
    }

    /** The kernel was seen to say whether anybody has enabled it. */
    void seen(boolean isEnabled) {
        runsAnyway = isEnabled;
    }

    /** Counts what was written; what was read before that is old. */
    int written() {
        return written;
    }

    @Nullable
    HostClock clock() {
        return clock;
    }

    // ---- What the thread does.

    private void begin() {
        HostWorkers.Job its = job;
        if (its == null) {
            simulate();
        } else if (!its.isBusy()) {
            jobHz = wantedHz;
            jobSwitches = isWantedOn != isOn;
            jobOn = isWantedOn;
            wantedHz = NOTHING;
            its.submit();
        }
    }

    private void simulate() {
        isOn = isWantedOn;
        if (wantedHz != NOTHING) {
            root.setRootHz(wantedHz);
            wantedHz = NOTHING;
            isRateSet = true;
        }
    }

    @Override
    public void run() {
        rateProblem = null;
        switchProblem = null;
        HostClock its = clock;
        if (its == null) {
            return;
        }
        if (jobHz != NOTHING) {
            try {
                reachedHz = its.setRate(jobHz);
            } catch (IOException failure) {
                rateProblem = String.valueOf(failure.getMessage());
            }
        }
        if (jobSwitches) {
            try {
                its.setEnabled(jobOn);
            } catch (IOException failure) {
                switchProblem = String.valueOf(failure.getMessage());
            }
        }
    }

    @Override
    public void ended() {
        written++;
        boolean isNewest = wantedHz == NOTHING;
        if (jobHz != NOTHING && rateProblem == null) {
            root.setRootHz(reachedHz);
            isRateSet = isNewest;
        } else if (jobHz != NOTHING) {
            hasRateFailed = isNewest;
        }
        if (jobSwitches && switchProblem == null) {
            isOn = jobOn;
        } else if (jobSwitches) {
            hasSwitchFailed = jobOn;
            isWantedOn = isOn; // until it is asked for again
        }
        complain();
        jobHz = NOTHING;
        if (wantedHz != NOTHING || isWantedOn != isOn) {
            begin();
        }
    }

    private void complain() {
        String problem = rateProblem == null ? switchProblem : rateProblem;
        Complaint its = complaint;
        if (its == null) {
            return;
        }
        if (problem == null) {
            its.succeeded();
        } else {
            its.failed(problem);
        }
    }
}
