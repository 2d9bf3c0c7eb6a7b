// The core: the protocols over a board's drivers, and the agents that use them.
package org.scmid.server.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.loop.EventLoop;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.Waiter;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Holders;
import org.scmid.server.core.agent.Renumbering;
import org.scmid.server.core.agent.ResourceViews;
import org.scmid.server.core.base.BaseProtocol;
import org.scmid.server.core.base.Devices;
import org.scmid.server.core.clock.ClockProtocol;
import org.scmid.server.core.performance.PerformanceProtocol;
import org.scmid.server.core.power.PowerProtocol;
import org.scmid.server.core.protocol.Dispatcher;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.reset.ResetProtocol;
import org.scmid.server.core.sensor.SensorProtocol;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.server.core.state.Numbering;
import org.scmid.server.core.state.Section;
import org.scmid.server.core.system.CommandRunner;
import org.scmid.server.core.system.SystemPowerProtocol;
import org.scmid.server.core.voltage.VoltageProtocol;

/**
 * The protocols over a board's drivers, and the agents that use them. Belongs to the service loop's thread, or to the one
 * that puts it together before the loop starts.
 */
public final class Core implements HardwareListener {
    private final Board board;
    private final List<String> deviceNames;
    private final EventLoop loop;
    private final Agents agents;
    private final ClockProtocol clockProtocol;
    private final VoltageProtocol voltageProtocol;
    private final PerformanceProtocol performanceProtocol;
    private final SystemPowerProtocol systemPower;
    private final SensorProtocol sensorProtocol;
    private final PowerProtocol powerProtocol;
    private final Dispatcher dispatcher;

    /**
     * Makes a core without agents. The hardware is to tell it what changes.
     *
     * @param board what there is
     * @param devices what of it belongs together
     * @param arbitration how wishes of several agents for one resource become one
     * @param systemPower what agents' requests for system power states do, by the agents' names
     * @param commands starts commands of the host
     * @param drivers what realises the resources
     * @param loop gives time to agents
     */
    public Core(
            Board board,
            List<DeviceSpec> devices,
            ArbitrationSpec arbitration,
            Map<String, SystemPowerSpec> systemPower,
            CommandRunner commands,
            Drivers drivers,
            EventLoop loop) {
        this.board = board;
        this.deviceNames = devices.stream().map(DeviceSpec::name).toList();
        this.loop = loop;
        agents = new Agents(loop);
        clockProtocol = new ClockProtocol(drivers.clocks(), names(ResourceKind.CLOCK), arbitration, agents);
        voltageProtocol =
                new VoltageProtocol(drivers.supplies(), names(ResourceKind.VOLTAGE_DOMAIN), arbitration, agents);
        performanceProtocol = new PerformanceProtocol(
                drivers.performanceDomains(), names(ResourceKind.PERFORMANCE_DOMAIN), arbitration, agents);
        this.systemPower = new SystemPowerProtocol(systemPower, commands, agents);
        sensorProtocol = new SensorProtocol(drivers.sensors(), agents);
        powerProtocol = new PowerProtocol(drivers.powerDomains(), agents);
        List<Protocol> protocols = new ArrayList<>(List.of(
                clockProtocol,
                voltageProtocol,
                performanceProtocol,
                this.systemPower,
                sensorProtocol,
                powerProtocol,
                new ResetProtocol(drivers.resets(), agents)));
        protocols.sort(Comparator.comparingInt(protocol -> protocol.id().id()));
        Devices deniable = new Devices(devices, board, List.copyOf(protocols));
        BaseProtocol base = new BaseProtocol(agents, protocols, deniable, board.name());
        protocols.addFirst(base);
        dispatcher = new Dispatcher(protocols, base::reportError);
    }

    private List<String> names(ResourceKind kind) {
        return List.copyOf(board.names(kind));
    }

    // ---- What hardware tells.

    @Override
    public void rateChanged(int clock, long hz, @Nullable Waiter cause) {
        Agent before = agents.act(causerOf(cause));
        try {
            clockProtocol.rateChanged(clock, hz);
        } finally {
            agents.act(before);
        }
    }

    @Override
    public void levelChanged(int domain, int level, @Nullable Waiter cause) {
        Agent before = agents.act(causerOf(cause));
        try {
            performanceProtocol.levelChanged(domain, level);
        } finally {
            agents.act(before);
        }
    }

    /** What had to wait belongs to who asked for it; all else to who acts at the moment. */
    private @Nullable Agent causerOf(@Nullable Waiter cause) {
        return cause == null ? agents.acting() : Agents.of(cause);
    }

    @Override
    public void changed(int domain, boolean on, @Nullable Waiter cause) {
        powerProtocol.changed(domain, on, cause);
    }

    @Override
    public void sampled(int sensor) {
        sensorProtocol.sampled(sensor);
    }

    // ---- Agents.

    /**
     * Adds an agent.
     *
     * @param name its name
     * @param trusted whether it may change other agents' permissions
     * @param presence what it means that its peer is gone
     * @param grants what it is given of each kind
     * @param store where its state is, or will be
     */
    public Agent join(
            String name,
            boolean trusted,
            Agent.Presence presence,
            Map<ResourceKind, List<Grant>> grants,
            AgentStateStore store)
            throws IOException {
        Identities identities = new Identities(grants, store);
        AgentState state = store.load(name, dispatcher.sections(), identities.configured);
        Agent agent = new Agent(
                agents.nextId(),
                name,
                trusted,
                presence,
                identities.views(state),
                state,
                identities,
                agents,
                dispatcher,
                loop);
        agents.add(agent);
        dispatcher.follow(agent);
        return agent;
    }

    /** What one agent's ids mean, and how it gets others. */
    private final class Identities implements Renumbering {
        private final Map<ResourceKind, List<Grant>> grants;
        private final AgentStateStore store;
        private final Numbering configured;
        private final List<Section> sections = dispatcher.sections();

        Identities(Map<ResourceKind, List<Grant>> grants, AgentStateStore store) {
            this.grants = grants;
            this.store = store;
            configured = Numbering.of(grants, deviceNames);
        }

        ResourceViews views(AgentState state) {
            return new ResourceViews(board, state.numbering(), grants);
        }

        @Override
        public Numbering configured() {
            return configured;
        }

        @Override
        public Renumbered renumber(Agent agent) throws IOException {
            AgentState state = store.renew(agent.name(), sections, configured, agent.state());
            return new Renumbered(views(state), state);
        }
    }

    /** Takes an agent out, which gives up everything and is forgotten. Its transport has ended. */
    public void leave(Agent agent, AgentStateStore store) {
        agent.freeze();
        agent.release();
        agents.remove(agent);
        dispatcher.forget(agent);
        agent.close();
        store.forget(agent.name());
    }

    /**
     * Takes up what an earlier process left in the agents' states.
     *
     * @param apply whether to do again what hardware does not show, see {@link Protocol#restore}
     */
    public void resume(boolean apply) {
        for (Agent agent : agents.all()) {
            resume(agent, apply);
        }
        for (Agent agent : agents.all()) {
            dispatcher.protocols().forEach(protocol -> protocol.giveUpWhatIsNotGranted(agent));
        }
    }

    private void resume(Agent agent, boolean apply) {
        for (Protocol protocol : dispatcher.protocols()) {
            protocol.restore(agent, apply);
        }
        agent.resume();
    }

    /** The agents, that with the lowest id first. */
    public List<Agent> agents() {
        return agents.all();
    }

    /** The service has ended: see {@link Agents#finishTrace}. */
    public void finish() {
        agents.finishTrace();
    }

    // ---- What is shown.

    public List<Protocol> protocols() {
        return dispatcher.protocols();
    }

    /** What a request for one clock may do to others. */
    public ClockAuthority clockAuthority() {
        return clockProtocol.authority();
    }

    public ClockProtocol clockProtocol() {
        return clockProtocol;
    }

    public SensorProtocol sensorProtocol() {
        return sensorProtocol;
    }

    public VoltageProtocol voltageProtocol() {
        return voltageProtocol;
    }

    public PowerProtocol powerProtocol() {
        return powerProtocol;
    }

    public SystemPowerProtocol systemPower() {
        return systemPower;
    }

    /** Names of the agents that hold a flag of a resource, such as a vote. */
    public List<String> holders(Protocol protocol, int flag, int index) {
        List<String> names = new ArrayList<>();
        Holders holders = protocol.holders();
        for (int place = holders.next(flag, index, 0);
                place != Holders.NOBODY;
                place = holders.next(flag, index, place + 1)) {
            AgentResource its = protocol.view(agents.get(place)).of(index);
            if (its != null) {
                names.add(agents.get(place).name());
            }
        }
        return names;
    }
}
