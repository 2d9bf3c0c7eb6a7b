// The hardware of a board: the register trees of every kind, and how they hang together.
package org.scmid.server.service;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.loop.Scheduler;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.clock.HostClocks;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.clock.RateListener;
import org.scmid.platform.clock.RemoteClocks;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.host.Host;
import org.scmid.platform.performance.PerformanceDomains;
import org.scmid.platform.power.PowerTree;
import org.scmid.platform.register.Windows;
import org.scmid.platform.remote.RemoteResources;
import org.scmid.platform.reset.ResetLines;
import org.scmid.platform.sensor.Sensors;
import org.scmid.platform.voltage.VoltageDomains;
import org.scmid.upstream.driver.Platforms;
import org.scmid.upstream.driver.RemotePerformanceDomain;
import org.scmid.upstream.driver.RemotePowerDomain;
import org.scmid.upstream.driver.RemoteReset;
import org.scmid.upstream.driver.RemoteSupply;

/** A board's own hardware: what its registers, and the host's kernel, realise. Making it writes nothing. */
public final class Hardware {
    private final ClockTree clocks;
    private final VoltageDomains supplies;
    private final PerformanceDomains performanceDomains;
    private final Sensors sensors;
    private final PowerTree powerDomains;
    private final ResetLines resets;
    private final List<RemotePowerDomain> remotePowerDomains;
    private final List<RemoteReset> remoteResets;
    private final List<RemoteSupply> remoteSupplies;
    private final List<RemotePerformanceDomain> remotePerformanceDomains;
    private @Nullable HardwareListener listener;

    /**
     * @param board what there is
     * @param windows its registers
     * @param opened which gates an earlier process opened
     * @param host reads what the host's kernel measures; null if that is simulated
     * @param platforms asks other platforms, or simulates them; null if the board takes nothing of any
     * @param scheduler gives time to hardware
     */
    public Hardware(
            Board board,
            Windows windows,
            OpenedGates opened,
            @Nullable Host host,
            @Nullable Platforms platforms,
            Scheduler scheduler) {
        clocks = new ClockTree(board, windows, opened, scheduler);
        supplies = new VoltageDomains(board, windows, scheduler);
        performanceDomains = new PerformanceDomains(board, clocks, supplies);
        if (host != null) {
            HostClocks.follow(board, clocks, host, scheduler);
        } else {
            HostClocks.simulate(board, clocks);
        }
        RemoteResources trees = platforms == null ? null : platforms.trees();
        RemoteClocks.connect(board, clocks, trees);
        sensors = new Sensors(board, windows, scheduler, host, trees);
        powerDomains = new PowerTree(board, windows, clocks, scheduler);
        resets = new ResetLines(board, windows, scheduler);
        remotePowerDomains = platforms == null ? List.of() : platforms.powerDomains(this::changed);
        remoteResets = platforms == null ? List.of() : platforms.resets();
        remoteSupplies = platforms == null ? List.of() : platforms.supplies();
        remotePerformanceDomains = platforms == null ? List.of() : platforms.performanceDomains(this::levelChanged);
    }

    private void changed(int domain, boolean on, @Nullable Waiter cause) {
        HardwareListener told = listener;
        if (told != null) {
            told.changed(domain, on, cause);
        }
    }

    private void levelChanged(int domain, int level, @Nullable Waiter cause) {
        HardwareListener told = listener;
        if (told != null) {
            told.levelChanged(domain, level, cause);
        }
    }

    /** Its drivers, and those of other platforms behind them. */
    public Drivers drivers() {
        return new Drivers(
                clocks.drivers(),
                both(powerDomains.drivers(), remotePowerDomains),
                sensors.drivers(),
                both(resets.drivers(), remoteResets),
                both(supplies.drivers(), remoteSupplies),
                both(performanceDomains.drivers(), remotePerformanceDomains));
    }

    private static <T> List<T> both(List<? extends T> own, List<? extends T> remote) {
        List<T> all = new ArrayList<>(own);
        all.addAll(remote);
        return List.copyOf(all);
    }

    /** Says who is told of what changes. Of a clock first, then of the performance domain that it is in. */
    public void tell(HardwareListener listener) {
        this.listener = listener;
        clocks.tell(listener);
        clocks.setListener(new RateListener() {
            @Override
            public void rateChanged(Clock clock, long newRate) {}

            @Override
            public void rateChanged(Clock clock, long before, long rate) {
                performanceDomains.rateChanged(clock, before, rate, causeOf(clocks.ending()));
            }
        });
        powerDomains.setListener(listener);
        sensors.setListener(listener);
        performanceDomains.setListener(listener);
    }

    /** Says what a request for one clock may do to others. */
    public void govern(ClockAuthority authority) {
        clocks.govern(authority);
    }

    private static @Nullable Waiter causeOf(@Nullable Waiter ending) {
        return ending == null || ending.cause().equals(Waiter.NOBODY) ? null : ending.cause();
    }

    /** Its clocks. */
    public ClockTree clocks() {
        return clocks;
    }

    public VoltageDomains supplies() {
        return supplies;
    }

    public PerformanceDomains performanceDomains() {
        return performanceDomains;
    }

    public Sensors sensors() {
        return sensors;
    }

    public PowerTree powerDomains() {
        return powerDomains;
    }

    public ResetLines resets() {
        return resets;
    }

    // ---- Of other platforms, in the board's order.

    public List<RemotePowerDomain> remotePowerDomains() {
        return remotePowerDomains;
    }

    public List<RemoteReset> remoteResets() {
        return remoteResets;
    }

    public List<RemoteSupply> remoteSupplies() {
        return remoteSupplies;
    }

    public List<RemotePerformanceDomain> remotePerformanceDomains() {
        return remotePerformanceDomains;
    }
}
