// What a service looks like now.
package org.scmid.server.service;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.power.PowerDomain;
import org.scmid.platform.reset.ResetLine;
import org.scmid.platform.sensor.Sensor;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.clock.ClockProtocol;
import org.scmid.server.core.power.PowerProtocol;
import org.scmid.server.core.voltage.VoltageProtocol;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;
import org.scmid.server.service.ServiceSnapshot.PerformanceDomainSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.VoltageDomainSnapshot;
import org.scmid.transport.SharedRegion;

/** Looks at a service's hardware, and at who holds what of it, on the loop's thread. */
final class Snapshots {
    private final Hardware hardware;
    private final Core core;

    Snapshots(Hardware hardware, Core core) {
        this.hardware = hardware;
        this.core = core;
    }

    /**
     * What everything looks like now.
     *
     * @param board the board's name
     * @param memoryOf what is mapped of an agent's memory
     */
    ServiceSnapshot take(String board, Function<Agent, List<SharedRegion>> memoryOf) {
        List<AgentSnapshot> agents = core.agents().stream()
                .map(agent -> new AgentSnapshot(
                        agent.id(), agent.name(), agent.isAttached(), agent.hasEvents(), memoryOf.apply(agent)))
                .toList();
        return new ServiceSnapshot(
                board, clocks(), powerDomains(), sensors(), resets(), voltageDomains(), performanceDomains(), agents);
    }

    private List<ClockSnapshot> clocks() {
        List<ClockSnapshot> clocks = new ArrayList<>(hardware.clocks().size());
        for (Clock clock : hardware.clocks().clocks()) {
            clocks.add(ClockSnapshot.of(clock, core.holders(core.clockProtocol(), ClockProtocol.VOTE, clock.index())));
        }
        return clocks;
    }

    /** A register that cannot be reached says nothing. */
    private List<PowerDomainSnapshot> powerDomains() {
        List<PowerDomainSnapshot> snapshots = new ArrayList<>();
        for (PowerDomain domain : hardware.powerDomains().domains()) {
            PowerDomain parent = domain.parent();
            snapshots.add(new PowerDomainSnapshot(
                    domain.name(),
                    parent == null ? null : parent.name(),
                    ask(domain::isOn),
                    domain.isSwitching(),
                    core.holders(core.powerProtocol(), PowerProtocol.VOTE, domain.index())));
        }
        return snapshots;
    }

    private List<SensorSnapshot> sensors() {
        List<SensorSnapshot> sensors = new ArrayList<>();
        for (Sensor sensor : hardware.sensors().all()) {
            List<String> enabledBy = core.agents().stream()
                    .filter(agent -> core.sensorProtocol().keepsOn(agent, sensor.index()))
                    .map(Agent::name)
                    .toList();
            sensors.add(SensorSnapshot.of(sensor, enabledBy));
        }
        return sensors;
    }

    /** A register that cannot be reached says nothing. */
    private List<ResetSnapshot> resets() {
        List<ResetSnapshot> snapshots = new ArrayList<>();
        for (ResetLine line : hardware.resets().lines()) {
            snapshots.add(
                    new ResetSnapshot(line.name(), line.hasState() ? ask(line::isAsserted) : null, line.isBusy()));
        }
        return snapshots;
    }

    private static @Nullable Boolean ask(BooleanSupplier register) {
        try {
            boolean said = register.getAsBoolean();
            Mapping.raiseFault();
            return said;
        } catch (RuntimeException | InternalError failure) {
            return null;
        }
    }

    private List<VoltageDomainSnapshot> voltageDomains() {
        return hardware.supplies().domains().stream()
                .map(domain -> VoltageDomainSnapshot.of(
                        domain, core.holders(core.voltageProtocol(), VoltageProtocol.VOTE, domain.index())))
                .toList();
    }

    private List<PerformanceDomainSnapshot> performanceDomains() {
        return hardware.performanceDomains().domains().stream()
                .map(PerformanceDomainSnapshot::of)
                .toList();
    }
}
