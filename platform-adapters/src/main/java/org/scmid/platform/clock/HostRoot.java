// A root that is a clock of the host, which agents may set and switch.
package org.scmid.platform.clock;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.scmid.platform.driver.Outcome;
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
    private static final long LONGEST_NANOS = 5_000_000_000L;

    private final @Nullable HostClock clock;
    private final HostWorkers.@Nullable Job job;
    private final @Nullable Complaint complaint;

    // Of the loop's thread.
    private int written;

    // Of the thread that may wait while the job is under way, else of the loop's.
    private long jobHz = NOTHING;
    private boolean jobSwitches;
    private boolean jobOn;
    private long reachedHz;
    private @Nullable String rateProblem;
    private @Nullable String switchProblem;

    /** @param clock the host's; null if it is simulated, and does at once what it is told */
    HostRoot(Clock root, @Nullable HostClock clock, @Nullable HostWorkers workers, @Nullable Complaint complaint) {
        super(root, "clock " + root.name() + ", which is the host's,", "the kernel", LONGEST_NANOS, workers == null);
        this.clock = clock;
        this.job = workers == null ? null : workers.job(this);
        this.complaint = complaint;
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

    @Override
    void ask() {
        HostWorkers.Job its = job;
        if (its != null && !its.isBusy()) {
            jobHz = wantedHz;
            jobSwitches = isWantedOn != isOn;
            jobOn = isWantedOn;
            wantedHz = NOTHING;
            its.submit();
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
        if (jobHz != NOTHING) {
            if (rateProblem == null) {
                root.setRootHz(reachedHz);
            }
            rateEnded(rateProblem == null ? Outcome.OK : Outcome.FAILED);
        }
        if (jobSwitches && switchProblem == null) {
            isOn = jobOn;
        } else if (jobSwitches) {
            switchFailed(jobOn, Outcome.FAILED);
        }
        complain();
        jobHz = NOTHING;
        if (hasMore()) {
            ask();
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
