// All performance domains of a board.
package org.scmid.platform.performance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.driver.PerformanceDriver;
import org.scmid.platform.driver.PerformanceListener;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.voltage.VoltageDomains;

/** The performance domains of a board. They belong to one thread; in the steady state they allocate nothing. */
public final class PerformanceDomains {
    private final List<PerformanceDomain> domains;
    private final Map<String, PerformanceDomain> byName = new HashMap<>();
    private final @Nullable PerformanceDomain[] byClock;

    /**
     * Makes the performance domains of a board; reads and writes no register.
     *
     * @param board a checked board
     * @param tree its clocks
     * @param supplies its voltage domains
     */
    public PerformanceDomains(Board board, ClockTree tree, VoltageDomains supplies) {
        List<PerformanceDomain> made = new ArrayList<>();
        byClock = new PerformanceDomain[tree.size()];
        for (PerformanceDomainSpec spec : board.performanceDomains().values()) {
            String supply = spec.voltageDomain();
            PerformanceDomain domain =
                    new PerformanceDomain(made.size(), spec, tree, supply == null ? null : supplies.get(supply));
            made.add(domain);
            byName.put(spec.name(), domain);
            byClock[domain.clock().index()] = domain;
        }
        domains = Collections.unmodifiableList(made);
    }

    /** Every performance domain, in the board file's order. */
    public List<PerformanceDomain> domains() {
        return domains;
    }

    /** What the Performance protocol uses, in the board file's order. */
    public List<PerformanceDriver> drivers() {
        return Collections.unmodifiableList(domains);
    }

    /**
     * The performance domain of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public PerformanceDomain get(String name) {
        PerformanceDomain domain = byName.get(name);
        if (domain == null) {
            throw new IllegalArgumentException("no performance domain " + name);
        }
        return domain;
    }

    /** The performance domain that sets this clock; null if none does. */
    public @Nullable PerformanceDomain ofClock(Clock clock) {
        return byClock[clock.index()];
    }

    /** Says who is told of changed levels; null for nobody. */
    public void setListener(@Nullable PerformanceListener listener) {
        domains.forEach(domain -> domain.setListener(listener));
    }

    /**
     * A clock has another rate, whoever changed it: to be called for every change of every clock.
     *
     * @param before the rate that it had, in Hz
     * @param rate the rate that it has, in Hz
     * @param cause who asked for it, if that had to wait; null for who acts at the moment, or nobody
     */
    public void rateChanged(Clock clock, long before, long rate, @Nullable Waiter cause) {
        PerformanceDomain domain = ofClock(clock);
        if (domain != null) {
            domain.clockChanged(before, cause);
        }
    }
}
