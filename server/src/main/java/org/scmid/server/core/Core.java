// The core: one board's hardware, the protocols over it, and the agents that use them.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.board.Board;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.loop.EventLoop;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.clock.ClockWaiter;
import org.scmid.platform.clock.HostClocks;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.host.Host;
import org.scmid.platform.performance.PerformanceDomain;
import org.scmid.platform.performance.PerformanceDomains;
import org.scmid.platform.power.PowerDomain;
import org.scmid.platform.power.PowerTree;
import org.scmid.platform.register.Windows;
import org.scmid.platform.reset.ResetLine;
import org.scmid.platform.reset.ResetLines;
import org.scmid.platform.sensor.Sensors;
import org.scmid.platform.voltage.VoltageDomains;

/**
 * One board's hardware, the protocols over it, and the agents that use them. Belongs to the service loop's thread, or to
 * the one that puts it together before the loop starts.
 */
final class Core {
    private final Board board;
    private final EventLoop loop;
    private final Agents agents = new Agents();
    private final ClockTree clocks;
    private final ClockProtocol clockProtocol;
    private final VoltageDomains supplies;
    private final VoltageProtocol voltageProtocol;
    private final PerformanceDomains performances;
    private final PerformanceProtocol performanceProtocol;
    private final SystemPowerProtocol systemPower;
    private final Sensors sensors;
    private final SensorProtocol sensorProtocol;
    private final PowerTree powerDomains;
    private final PowerProtocol powerProtocol;
    private final ResetLines resets;
    private final Dispatcher dispatcher;

    /**
     * Makes a core without agents.
     *
     * @param board what there is
     * @param devices what of it belongs together
     * @param arbitration how wishes of several agents for one resource become one
     * @param systemPower what agents' requests for system power states do, by the agents' names
     * @param commands starts commands of the host
     * @param windows its registers
     * @param opened which gates an earlier process opened
     * @param host reads what the host's kernel measures; null if that is simulated
     * @param loop gives time to hardware and to agents
     */
    Core(
            Board board,
            List<DeviceSpec> devices,
            ArbitrationSpec arbitration,
            Map<String, SystemPowerSpec> systemPower,
            CommandRunner commands,
            Windows windows,
            OpenedGates opened,
            @Nullable Host host,
            EventLoop loop) {
        this.board = board;
        this.loop = loop;
        clocks = new ClockTree(board, windows, opened, loop);
        List<Protocol> protocols = new ArrayList<>();
        clockProtocol = new ClockProtocol(clocks, arbitration, agents);
        protocols.add(clockProtocol);
        supplies = new VoltageDomains(board, windows, loop);
        voltageProtocol = new VoltageProtocol(supplies, arbitration, agents);
        protocols.add(voltageProtocol);
        performances = new PerformanceDomains(board, clocks, supplies);
        performanceProtocol = new PerformanceProtocol(performances, arbitration, agents);
        protocols.add(performanceProtocol);
        this.systemPower = new SystemPowerProtocol(systemPower, commands, agents);
        protocols.add(this.systemPower);
        clocks.setListener(this::rateChanged);
        if (host != null) {
            HostClocks.follow(board, clocks, host, loop);
        } else {
            HostClocks.simulate(board, clocks);
        }
        sensors = new Sensors(board, windows, loop, host);
        sensorProtocol = new SensorProtocol(sensors, agents);
        protocols.add(sensorProtocol);
        powerDomains = new PowerTree(board, windows, clocks, loop);
        powerProtocol = new PowerProtocol(powerDomains, agents);
        protocols.add(powerProtocol);
        resets = new ResetLines(board, windows, loop);
        protocols.add(new ResetProtocol(resets, agents));
        protocols.sort((one, other) -> Integer.compare(one.id().id(), other.id().id()));
        Devices deniable = new Devices(devices, board, protocols);
        dispatcher = new Dispatcher(agents, new BaseProtocol(agents, protocols, deniable, board.name()), protocols);
    }

    /** A clock has another rate: what its own subscribers are told of, and those of the performance domain it is in. */
    private void rateChanged(Clock clock, long rate) {
        Agent before = agents.act(causerOf(clock));
        try {
            clockProtocol.rateChanged(clock, rate);
            performanceProtocol.rateChanged(clock);
        } finally {
            agents.act(before);
        }
    }

    /** Who causes what a clock's change brings; one that had to wait belongs to who asked for it. */
    private @Nullable Agent causerOf(Clock clock) {
        ClockWaiter ending = clocks.ending();
        if (ending instanceof ClockRequest request) {
            return request.agent();
        }
        return ending instanceof PerformanceDomain domain
                ? performanceProtocol.causerOf(domain)
                : performanceProtocol.causerOf(clock);
    }

    /**
     * Adds an agent; its id is one more than how many there were.
     *
     * @param name its name
     * @param trusted whether it may change other agents' permissions
     * @param presence what it means that its peer is gone
     * @param grants what it is given of each kind
     * @param store where its state is, or will be
     */
    Agent join(
            String name,
            boolean trusted,
            Agent.Presence presence,
            Map<ResourceKind, List<Grant>> grants,
            AgentStateStore store)
            throws LinuxException {
        ResourceViews views = new ResourceViews(board, grants);
        List<AgentState.Section> sections = Protocol.sections(dispatcher.protocols(), views);
        AgentState state = store.load(name, sections, ViewHash.of(ViewHash.EMPTY, grants));
        Agent agent = new Agent(agents.count() + 1, name, trusted, presence, views, state, dispatcher, loop);
        agents.add(agent);
        return agent;
    }

    /**
     * Takes up what an earlier process left in the agents' states.
     *
     * @param apply whether to do again what hardware does not show, see {@link Protocol#restore}
     */
    void resume(boolean apply) {
        for (Agent agent : agents.all()) {
            for (Protocol protocol : dispatcher.protocols()) {
                protocol.restore(agent, apply);
            }
            agent.resume();
        }
    }

    /** The agents, that with id 1 first. */
    List<Agent> agents() {
        return Collections.unmodifiableList(agents.all());
    }

    List<Protocol> protocols() {
        return dispatcher.protocols();
    }

    ClockProtocol clockProtocol() {
        return clockProtocol;
    }

    SensorProtocol sensorProtocol() {
        return sensorProtocol;
    }

    Sensors sensors() {
        return sensors;
    }

    ClockTree clocks() {
        return clocks;
    }

    PowerTree powerDomains() {
        return powerDomains;
    }

    ResetLines resets() {
        return resets;
    }

    /** What the power domains look like now; a register that cannot be reached says nothing. */
    List<PowerDomainSnapshot> powerSnapshots() {
        List<PowerDomainSnapshot> snapshots = new ArrayList<>();
        for (PowerDomain domain : powerDomains.domains()) {
            PowerDomain parent = domain.parent();
            snapshots.add(new PowerDomainSnapshot(
                    domain.name(),
                    parent == null ? null : parent.name(),
                    ask(domain::isOn),
                    domain.isSwitching(),
                    holders(powerProtocol, PowerProtocol.VOTE, domain.index())));
        }
        return snapshots;
    }

    /** What the resets look like now; a register that cannot be reached says nothing. */
    List<ResetSnapshot> resetSnapshots() {
        List<ResetSnapshot> snapshots = new ArrayList<>();
        for (ResetLine line : resets.lines()) {
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

    VoltageDomains supplies() {
        return supplies;
    }

    VoltageProtocol voltageProtocol() {
        return voltageProtocol;
    }

    PerformanceDomains performances() {
        return performances;
    }

    SystemPowerProtocol systemPower() {
        return systemPower;
    }

    /** Names of the agents that hold a flag of a resource, such as a vote. */
    List<String> holders(Protocol protocol, int flag, int index) {
        List<String> holders = new ArrayList<>();
        for (Agent agent : agents.all()) {
            AgentResource its = protocol.view(agent).of(index);
            if (its != null && protocol.state(agent).is(flag, its.id())) {
                holders.add(agent.name());
            }
        }
        return holders;
    }
}
