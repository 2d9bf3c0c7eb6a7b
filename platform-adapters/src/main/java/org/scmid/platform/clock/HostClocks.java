// Follows the rates of those roots that are clocks of the host, and lets those be set that may be.
package org.scmid.platform.clock;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.FixedRate;
import org.scmid.loop.Scheduler;
import org.scmid.platform.host.Complaint;
import org.scmid.platform.host.Host;
import org.scmid.platform.host.HostClock;
import org.scmid.platform.host.HostQuantity;
import org.scmid.platform.host.HostWorkers;

/**
 * Follows the rates of those roots that are clocks of the host: they are read at the start and a second after each
 * reading, all by one thread that may wait, and the tree is told of what it was given. A clock that cannot be read keeps
 * the rate that it had last. Those that agents may set and switch get a {@link HostRoot}.
 */
public final class HostClocks implements HostWorkers.Work {
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
        private final @Nullable HostRoot root;
        private final @Nullable HostClock switched;
        private int writtenBefore;
        private long hz;
        private boolean isEnabled = true;
        private @Nullable String problem;

        Followed(Clock clock, HostQuantity quantity, Complaint complaint, @Nullable HostRoot root) {
            this.clock = clock;
            this.quantity = quantity;
            this.complaint = complaint;
            this.root = root;
            this.switched = root == null ? null : root.clock();
        }

        /** What is read from here on was not written before. */
        void begin() {
            writtenBefore = root == null ? 0 : root.written();
        }

        boolean isOld() {
            return root != null && root.written() != writtenBefore;
        }

        void read() {
            try {
                BigDecimal rate = quantity.read();
                hz = rate.longValueExact();
                problem = hz < 0 ? quantity + " is " + hz : null;
                isEnabled = switched == null || switched.isEnabled();
            } catch (IOException | ArithmeticException failure) {
                problem = String.valueOf(failure.getMessage());
            }
        }
    }

    private HostClocks(ClockTree tree, Host host, Scheduler scheduler) {
        this.tree = tree;
        this.job = host.workers().job(this);
        this.next = scheduler.timer(this::begin);
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
        HostClocks rates = new HostClocks(tree, host, scheduler);
        for (ClockSpec spec : board.clocks().values()) {
            FixedRate root = spec.fixed();
            if (root != null && root.hostClock() != null) {
                Clock clock = tree.get(spec.name());
                rates.followed.add(new Followed(
                        clock,
                        host.clockRate(root.hostClock()),
                        new Complaint("clock " + spec.name(), scheduler),
                        root.isWritable() ? writable(clock, host, root.hostClock(), scheduler) : null));
            }
        }
        if (!rates.followed.isEmpty()) {
            rates.begin();
        }
    }

    private static HostRoot writable(Clock clock, Host host, String name, Scheduler scheduler) {
        HostRoot root = new HostRoot(
                clock, host.clock(name), host.workers(), new Complaint("clock " + clock.name(), "set", scheduler));
        clock.setForeign(root);
        return root;
    }

    /** Lets a simulated board's clocks of the host be set that may be; they do at once what they are told. */
    public static void simulate(Board board, ClockTree tree) {
        for (ClockSpec spec : board.clocks().values()) {
            if (spec.fixed() != null && spec.fixed().isWritable()) {
                Clock clock = tree.get(spec.name());
                clock.setForeign(new HostRoot(clock, null, null, null));
            }
        }
    }

    private void begin() {
        for (int i = 0; i < followed.size(); i++) {
            followed.get(i).begin();
        }
        job.submit();
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
                HostRoot root = one.root;
                if (root != null && !one.isOld()) {
                    root.seen(one.isEnabled);
                }
                if (!one.isOld()) {
                    tree.rootHasRate(one.clock, one.hz);
                }
            } else {
                one.complaint.failed(why);
            }
        }
        next.arm(EVERY_NANOS);
    }
}
