// All supplies of a board.
package org.scmid.platform.voltage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.voltage.VoltageDomainSpec;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.VoltageDriver;
import org.scmid.platform.register.Windows;

/** The supplies of a board. They belong to one thread; in the steady state their operations allocate nothing. */
public final class VoltageDomains {
    private final List<VoltageDomain> domains;
    private final Map<String, VoltageDomain> byName = new HashMap<>();

    /**
     * Makes the supplies of a board; reads and writes no register.
     *
     * @param board a checked board
     * @param windows its registers
     * @param scheduler what supplies wait with
     */
    public VoltageDomains(Board board, Windows windows, Scheduler scheduler) {
        List<VoltageDomain> made = new ArrayList<>();
        for (VoltageDomainSpec spec : board.voltageDomains().values()) {
            VoltageDomain domain = new VoltageDomain(made.size(), spec, windows, scheduler);
            made.add(domain);
            byName.put(spec.name(), domain);
        }
        domains = Collections.unmodifiableList(made);
    }

    /** Every supply, in the board file's order. */
    public List<VoltageDomain> domains() {
        return domains;
    }

    /** What the Voltage protocol uses, in the board file's order. */
    public List<VoltageDriver> drivers() {
        return Collections.unmodifiableList(domains);
    }

    /** The supply of a name; null if there is none. */
    public @Nullable VoltageDomain find(String name) {
        return byName.get(name);
    }

    /**
     * The supply of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public VoltageDomain get(String name) {
        VoltageDomain domain = byName.get(name);
        if (domain == null) {
            throw new IllegalArgumentException("no voltage domain " + name);
        }
        return domain;
    }
}
