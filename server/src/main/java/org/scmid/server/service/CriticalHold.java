// What has to be on, whoever wants what.
package org.scmid.server.service;

import java.util.List;
import java.util.Map;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.Origin;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Switch;
import org.scmid.platform.driver.Waiter;

/**
 * The platform's own vote for a resource that the board file calls {@code critical}. It is taken when the service starts, and
 * never given back; so the last vote of an agent stops neither the resource nor what it depends on.
 */
final class CriticalHold implements Waiter {
    private static final System.Logger LOG = System.getLogger(CriticalHold.class.getName());

    private final String what;
    private final Switch hardware;

    private CriticalHold(String what, Switch hardware) {
        this.what = what;
        this.hardware = hardware;
    }

    /** Takes the votes that a board asks for: of critical supplies, power domains and clocks, and of domains that feed such clocks. */
    static void takeAll(Board board, Drivers drivers) {
        int index = 0;
        for (var supply : board.voltageDomains().values()) {
            hold(
                    supply.critical(),
                    ResourceKind.VOLTAGE_DOMAIN,
                    supply.name(),
                    drivers.supplies().get(index++));
        }
        index = 0;
        for (var domain : board.powerDomains().values()) {
            boolean feeds = domain.feeds().stream().anyMatch(fed -> {
                ClockSpec clock = board.clocks().get(fed);
                return clock != null && clock.critical();
            });
            hold(
                    domain.critical() || feeds,
                    ResourceKind.POWER_DOMAIN,
                    domain.name(),
                    drivers.powerDomains().get(index++));
        }
        holdRemote(board, ResourceKind.VOLTAGE_DOMAIN, board.voltageDomains().size(), drivers.supplies());
        holdRemote(board, ResourceKind.POWER_DOMAIN, board.powerDomains().size(), drivers.powerDomains());
        index = 0;
        for (var clock : board.clocks().values()) {
            hold(
                    clock.critical(),
                    ResourceKind.CLOCK,
                    clock.name(),
                    drivers.clocks().get(index++));
        }
    }

    /** Those of other platforms come behind the board's own. */
    private static void holdRemote(Board board, ResourceKind kind, int own, List<? extends Switch> drivers) {
        int index = own;
        for (Map.Entry<String, Origin> each : board.upstreams().origins(kind).entrySet()) {
            hold(each.getValue().critical(), kind, each.getKey(), drivers.get(index++));
        }
    }

    private static void hold(boolean isCritical, ResourceKind kind, String name, Switch hardware) {
        if (isCritical && hardware.isToldAgain()) {
            hardware.adopt(); // it is told as soon as its owner is there
        } else if (isCritical) {
            new CriticalHold(kind.label() + " " + name, hardware).mayAskAgain();
        }
    }

    @Override
    public void mayAskAgain() {
        Outcome outcome;
        try {
            outcome = hardware.acquire(this);
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, what + " is critical, and cannot be reached", failure);
            return;
        }
        if (!outcome.isLater()) {
            ended(outcome);
        }
    }

    @Override
    public void ended(Outcome outcome) {
        if (outcome != Outcome.OK) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    what + " is critical, and could not be switched on"
                            + (outcome == Outcome.OUT_OF_LIMITS ? ": it would run beyond its limits" : ""));
        }
    }
}
