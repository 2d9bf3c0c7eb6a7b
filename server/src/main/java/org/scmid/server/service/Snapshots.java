// What a service looks like now, looked at piece by piece.
package org.scmid.server.service;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.linux.Mapping;
import org.scmid.loop.EventLoop;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockReading;
import org.scmid.platform.power.PowerDomain;
import org.scmid.platform.reset.ResetLine;
import org.scmid.platform.sensor.Sensor;
import org.scmid.platform.voltage.VoltageDomain;
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
import org.scmid.upstream.driver.RemotePowerDomain;

/**
 * Looks at a service's hardware, and at who holds what of it, on the loop's thread: behind all agents, a piece at a time as
 * far as there is time, so that no agent waits for a board to be read. One snapshot is taken at a time; who asks meanwhile
 * shares the next one.
 */
final class Snapshots implements EventLoop.Poller {
    private final Board board;
    private final Hardware hardware;
    private final Core core;
    private final ServiceUpstreams upstreams;
    private final Function<Agent, List<SharedRegion>> memoryOf;
    private final EventLoop loop;
    private final EventLoop.Polling polling;
    private List<CompletableFuture<ServiceSnapshot>> waiting = new ArrayList<>();
    private List<CompletableFuture<ServiceSnapshot>> served = List.of();
    private @Nullable Taking taking;

    /**
     * @param board the board
     * @param memoryOf what is mapped of an agent's memory
     */
    Snapshots(
            Board board,
            Hardware hardware,
            Core core,
            ServiceUpstreams upstreams,
            Function<Agent, List<SharedRegion>> memoryOf,
            EventLoop loop) {
        this.board = board;
        this.hardware = hardware;
        this.core = core;
        this.upstreams = upstreams;
        this.memoryOf = memoryOf;
        this.loop = loop;
        this.polling = loop.pollBehind(this);
    }

    /** Completes an answer with what everything looks like from now on. */
    void ask(CompletableFuture<ServiceSnapshot> answer) {
        waiting.add(answer);
        polling.ready();
    }

    /** Whom the service speaks to: no register is read for that, and no platform asked. */
    ServiceSnapshot.Peers peers() {
        return new ServiceSnapshot.Peers(core.agents().stream().map(this::agent).toList(), upstreams.snapshots());
    }

    private AgentSnapshot agent(Agent agent) {
        return new AgentSnapshot(
                agent.id(), agent.name(), agent.isAttached(), agent.hasEvents(), memoryOf.apply(agent));
    }

    @Override
    public boolean poll() {
        Taking current = taking;
        if (current == null) {
            if (waiting.isEmpty()) {
                return false;
            }
            served = waiting;
            waiting = new ArrayList<>();
            current = new Taking();
            taking = current;
        }
        try {
            boolean more = true;
            do {
                more = current.takePiece();
            } while (more && loop.hasTime());
            Mapping.raiseFault(); // see Commands.execute
            if (!more) {
                ServiceSnapshot snapshot = current.complete();
                end(answer -> answer.complete(snapshot));
            }
        } catch (RuntimeException | InternalError failure) {
            end(answer -> answer.completeExceptionally(failure));
        }
        return true;
    }

    @Override
    public boolean prepareToWait() {
        return taking != null || !waiting.isEmpty();
    }

    private void end(Consumer<CompletableFuture<ServiceSnapshot>> how) {
        List<CompletableFuture<ServiceSnapshot>> ended = served;
        served = List.of();
        taking = null;
        ended.forEach(how);
    }

    /** The service ends: nobody is answered any more. */
    void close() {
        polling.cancel();
        List<CompletableFuture<ServiceSnapshot>> late = waiting;
        waiting = new ArrayList<>();
        end(answer -> answer.completeExceptionally(new CancellationException("the service has ended")));
        late.forEach(answer -> answer.completeExceptionally(new CancellationException("the service has ended")));
    }

    /** A snapshot under way. */
    private final class Taking {
        private final ClockReading reading = new ClockReading(hardware.clocks().clocks());
        private final List<ClockSnapshot> clocks =
                new ArrayList<>(hardware.clocks().size());
        private final List<PowerDomainSnapshot> powerDomains = new ArrayList<>();
        private final List<SensorSnapshot> sensors = new ArrayList<>();
        private final List<ResetSnapshot> resets = new ArrayList<>();
        private final List<VoltageDomainSnapshot> voltageDomains = new ArrayList<>();
        private final List<PerformanceDomainSnapshot> performanceDomains = new ArrayList<>();
        private final Map<ResourceKind, List<String>> remoteNames = new EnumMap<>(ResourceKind.class);
        private boolean clocksAreRead;
        private final List<Kind> kinds = List.of(
                new Kind(hardware.clocks().size(), this::addClock),
                new Kind(hardware.powerDomains().domains().size(), this::addPowerDomain),
                new Kind(hardware.sensors().all().size(), this::addSensor),
                new Kind(hardware.resets().lines().size(), this::addReset),
                new Kind(hardware.supplies().domains().size(), this::addVoltageDomain),
                new Kind(hardware.performanceDomains().domains().size(), this::addPerformanceDomain),
                // Of other platforms what is known of them: nobody is asked.
                new Kind(hardware.remotePowerDomains().size(), this::addRemotePowerDomain),
                new Kind(hardware.remoteResets().size(), this::addRemoteReset),
                new Kind(hardware.remoteSupplies().size(), this::addRemoteSupply),
                new Kind(hardware.remotePerformanceDomains().size(), this::addRemotePerformanceDomain));
        private int kind;
        private int index;

        private record Kind(int size, IntConsumer add) {}

        /** @return whether there is more to take */
        boolean takePiece() {
            if (!clocksAreRead) {
                clocksAreRead = !reading.readNext();
                return true;
            }
            while (kind < kinds.size() && index == kinds.get(kind).size) {
                kind++;
                index = 0;
            }
            if (kind == kinds.size()) {
                return false;
            }
            kinds.get(kind).add.accept(index++);
            return true;
        }

        ServiceSnapshot complete() {
            return new ServiceSnapshot(
                    board.name(), clocks, powerDomains, sensors, resets, voltageDomains, performanceDomains, peers());
        }

        private void addClock(int at) {
            Clock clock = hardware.clocks().clock(at);
            clocks.add(ClockSnapshot.of(clock, reading, core.holders(core.clockProtocol(), ClockProtocol.VOTE, at)));
        }

        /** A register that cannot be reached says nothing. */
        private void addPowerDomain(int at) {
            PowerDomain domain = hardware.powerDomains().domains().get(at);
            PowerDomain parent = domain.parent();
            powerDomains.add(new PowerDomainSnapshot(
                    domain.name(),
                    parent == null ? null : parent.name(),
                    ask(domain::isOn),
                    domain.isSwitching(),
                    core.holders(core.powerProtocol(), PowerProtocol.VOTE, at)));
        }

        private void addSensor(int at) {
            Sensor sensor = hardware.sensors().all().get(at);
            List<String> enabledBy = core.agents().stream()
                    .filter(agent -> core.sensorProtocol().keepsOn(agent, at))
                    .map(Agent::name)
                    .toList();
            sensors.add(SensorSnapshot.of(sensor, enabledBy));
        }

        /** A register that cannot be reached says nothing. */
        private void addReset(int at) {
            ResetLine line = hardware.resets().lines().get(at);
            resets.add(new ResetSnapshot(line.name(), line.hasState() ? ask(line::isAsserted) : null, line.isBusy()));
        }

        private void addVoltageDomain(int at) {
            VoltageDomain domain = hardware.supplies().domains().get(at);
            voltageDomains.add(
                    VoltageDomainSnapshot.of(domain, core.holders(core.voltageProtocol(), VoltageProtocol.VOTE, at)));
        }

        private void addPerformanceDomain(int at) {
            performanceDomains.add(PerformanceDomainSnapshot.of(
                    hardware.performanceDomains().domains().get(at)));
        }

        private String remoteName(ResourceKind kind, int at) {
            return remoteNames
                    .computeIfAbsent(
                            kind,
                            its -> List.copyOf(board.upstreams().origins(its).keySet()))
                    .get(at);
        }

        private void addRemotePowerDomain(int at) {
            RemotePowerDomain domain = hardware.remotePowerDomains().get(at);
            int position = hardware.powerDomains().domains().size() + at;
            powerDomains.add(new PowerDomainSnapshot(
                    remoteName(ResourceKind.POWER_DOMAIN, at),
                    null,
                    domain.knownState(),
                    domain.isSwitching(),
                    core.holders(core.powerProtocol(), PowerProtocol.VOTE, position)));
        }

        private void addRemoteReset(int at) {
            resets.add(new ResetSnapshot(
                    remoteName(ResourceKind.RESET, at),
                    null,
                    hardware.remoteResets().get(at).isBusy()));
        }

        private void addRemoteSupply(int at) {
            int position = hardware.supplies().domains().size() + at;
            voltageDomains.add(VoltageDomainSnapshot.of(
                    remoteName(ResourceKind.VOLTAGE_DOMAIN, at),
                    hardware.remoteSupplies().get(at),
                    core.holders(core.voltageProtocol(), VoltageProtocol.VOTE, position)));
        }

        private void addRemotePerformanceDomain(int at) {
            performanceDomains.add(PerformanceDomainSnapshot.of(
                    hardware.remotePerformanceDomains().get(at)));
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
    }
}
