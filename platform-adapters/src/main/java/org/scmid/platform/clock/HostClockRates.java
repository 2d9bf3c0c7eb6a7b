// Follows the rates of those roots that are clocks of the host.
package org.scmid.platform.clock;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.Board;
import org.scmid.config.ClockSpec;
import org.scmid.config.FixedRate;
import org.scmid.platform.Scheduler;
import org.scmid.platform.host.Complaint;
import org.scmid.platform.host.Host;
import org.scmid.platform.host.HostQuantity;
import org.scmid.platform.host.HostWorkers;

/**
 * Follows the rates of those roots that are clocks of the host: they are read at the start and a second after each
 * reading, all by one thread that may wait, and the tree is told of what it was given. A clock that cannot be read keeps
 * the rate that it had last.
 */
public final class HostClockRates implements HostWorkers.Work {
    static final long EVERY_NANOS = 1_000_000_000;

    private final ClockTree tree;
    private final List<Followed> followed = new ArrayList<>();
    private final HostWorkers.Job job;
    private final Scheduler.Timer next;

    /** One clock; what was read is of the thread that reads while the job is under way, else of the loop's. */
    private static final class Followed {
        private final Clock clock;
        private final HostQuantity quantity;
        private final Complaint complaint;
        private long hz;
        private @Nullable String problem;

        Followed(Clock clock, HostQuantity quantity, Complaint complaint) {
            this.clock = clock;
            this.quantity = quantity;
            this.complaint = complaint;
        }

        void read() {
            try {
                BigDecimal rate = quantity.read();
                hz = rate.longValueExact();
                problem = hz < 0 ? quantity + " is " + hz : null;
            } catch (IOException | ArithmeticException failure) {
                problem = String.valueOf(failure.getMessage());
            }
        }
    }

    private HostClockRates(ClockTree tree, Host host, Scheduler scheduler) {
        this.tree = tree;
        this.job = host.workers().job(this);
        this.next = scheduler.timer(job::submit);
    }

    /**
     * Follows the rates of a board's clocks from now on, if any of them are the host's.
     *
     * @param board the board
     * @param tree its clocks
     * @param host whose clocks they are
     * @param scheduler the loop's clock and timers
     */
    public static void follow(Board board, ClockTree tree, Host host, Scheduler scheduler) {
        HostClockRates rates = new HostClockRates(tree, host, scheduler);
        for (ClockSpec spec : board.clocks().values()) {
            FixedRate root = spec.fixed();
            if (root != null && root.hostClock() != null) {
                rates.followed.add(new Followed(
                        tree.get(spec.name()),
                        host.clockRate(root.hostClock()),
                        new Complaint("clock " + spec.name(), scheduler)));
            }
        }
        if (!rates.followed.isEmpty()) {
            rates.job.submit();
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < followed.size(); i++) {
            followed.get(i).read();
        }
    }

    @Override
    public void ended() {
        for (int i = 0; i < followed.size(); i++) {
            Followed one = followed.get(i);
            String why = one.problem;
            if (why == null) {
                one.complaint.succeeded();
                tree.rootHasRate(one.clock, one.hz);
            } else {
                one.complaint.failed(why);
            }
        }
        next.arm(EVERY_NANOS);
    }
}
