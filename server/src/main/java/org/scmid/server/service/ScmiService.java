// A whole service: a board, its agents, and the loop that runs them.
package org.scmid.server.service;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.offer.Offer;
import org.scmid.config.register.Access;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Service;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.config.service.TransportSpec;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.loop.ServiceLoop;
import org.scmid.platform.host.Host;
import org.scmid.platform.register.Windows;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.server.core.state.GateState;
import org.scmid.server.core.system.SystemPowerOutcome;
import org.scmid.transport.PollPacing;
import org.scmid.transport.SharedRegion;

/**
 * A whole service: a board's registers and clocks, the agents with their transports, and the loop that runs all of it.
 * The methods here may be called from any thread but the loop's.
 */
public final class ScmiService implements AutoCloseable {
    /** How long the peer of a listening agent may take to come back after the service was restarted. */
    private static final Duration GRACE_AFTER_RESTART = Duration.ofSeconds(10);

    /** How long the end waits for a change of clocks that is under way. */
    private static final Duration LONGEST_SETTLING = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(ScmiService.class.getName());

    private final Service service;
    private final AgentStateStore store;
    private final GateState gates;
    private final Windows windows;
    private final ServiceLoop loop;
    private final @Nullable Host host;
    private final PollPacing pacing;
    private final ServiceUpstreams upstreams;
    private final Hardware hardware;
    private final Core core;
    private final Snapshots snapshots;
    private final Map<String, AgentLink> links = new LinkedHashMap<>();
    private boolean closed;

    private ScmiService(
            Service service,
            AgentStateStore store,
            GateState gates,
            Windows windows,
            ServiceLoop loop,
            boolean isSimulated,
            BiConsumer<UpstreamSpec, Offer> discovered) {
        this.service = service;
        this.store = store;
        this.gates = gates;
        this.windows = windows;
        this.loop = loop;
        this.host = isSimulated ? null : new Host(Host.SYS, loop::post, loop);
        this.pacing = new PollPacing(loop);
        this.upstreams = new ServiceUpstreams(loop, pacing, service.board().board(), isSimulated, discovered);
        this.hardware = new Hardware(service.board().board(), windows, gates, host, upstreams.platforms(), loop);
        this.core = new Core(
                service.board().board(),
                List.copyOf(service.devices().values()),
                service.arbitration(),
                systemPowerOf(service),
                new HostCommands(),
                hardware.drivers(),
                loop);
        hardware.tell(core);
        hardware.govern(core.clockAuthority());
        this.snapshots = new Snapshots(service.board().board(), hardware, core, upstreams, this::memoryOf, loop);
    }

    /**
     * Starts a service. Writes no register, but for what the board calls critical; and if the board is simulated
     * and an earlier process left votes.
     *
     * @throws IOException if the same service runs already, or a register window, a socket or the state directory cannot
     *     be used; the message says which and why. Nothing is left behind then
     */
    public static ScmiService start(Service service, ServiceOptions options) throws IOException {
        Board board = service.board().board();
        AgentStateStore store = options.stateDirectory() == null
                ? AgentStateStore.inMemory()
                : AgentStateStore.open(options.stateDirectory());
        GateState gates = null;
        Windows windows = null;
        ServiceLoop loop = null;
        ScmiService started = null;
        try {
            gates = store.loadGates(List.copyOf(board.clocks().keySet()));
            windows = Windows.open(board, options.simulate());
            loop = new ServiceLoop(options.loop());
            started = new ScmiService(service, store, gates, windows, loop, options.simulate(), options.discovered());
            started.assemble(options.simulate() || isSimulated(board));
            loop.start();
            return started;
        } catch (IOException | RuntimeException | Error failure) {
            if (started != null) {
                started.closeAgents();
            }
            closeAll(loop, started == null ? null : started.host, windows, gates, store);
            throw failure;
        }
    }

    private static boolean isSimulated(Board board) {
        return board.registers().values().stream().allMatch(window -> window.access() instanceof Access.Simulated);
    }

    private static Map<String, SystemPowerSpec> systemPowerOf(Service service) {
        Map<String, SystemPowerSpec> specs = new HashMap<>();
        service.agents().forEach((name, agent) -> {
            SystemPowerSpec spec = agent.systemPower();
            if (spec != null) {
                specs.put(name, spec);
            }
        });
        return specs;
    }

    private void assemble(boolean isSimulated) throws IOException {
        for (AgentSpec spec : service.agents().values()) {
            core.join(spec.name(), spec.trusted(), presenceOf(spec.transport()), spec.grants(), store);
        }
        store.retain(service.agents().keySet());
        CriticalHold.takeAll(service.board().board(), hardware.drivers());
        core.resume(isSimulated);
        for (Agent agent : core.agents()) {
            AgentSpec spec = service.agents().get(agent.name());
            if (spec != null) {
                links.put(agent.name(), new AgentLink(loop, pacing, agent, spec.transport()));
            }
        }
        // What can fail comes first: a VMM that was joined and left again at once may not survive it.
        for (boolean listening : List.of(true, false)) {
            for (Map.Entry<String, AgentLink> link : links.entrySet()) {
                if (link.getValue().listens() == listening) {
                    startOrWait(link.getKey(), link.getValue());
                }
            }
        }
        loop.post(upstreams::start);
    }

    /** An agent that depends on platforms which were not found yet is served when they are. */
    private void startOrWait(String agent, AgentLink link) throws IOException {
        AgentSpec spec = service.agents().get(agent);
        Set<String> needed = spec == null ? Set.of() : service.upstreamsOf(spec);
        if (upstreams.areFound(needed)) {
            link.start();
            return;
        }
        LOG.log(
                System.Logger.Level.INFO,
                "agent {0} is served as soon as it is known what is offered by upstream {1}",
                agent,
                String.join(", ", needed));
        upstreams.whenFound(needed, link::startLate);
    }

    private static Agent.Presence presenceOf(TransportSpec transport) {
        return switch (transport) {
            case TransportSpec.VhostUser it ->
                new Agent.Presence(
                        it.mode() == TransportSpec.Mode.LISTEN, it.grace().toMillis());
            case TransportSpec.Socket it -> new Agent.Presence(true, GRACE_AFTER_RESTART.toMillis());
            case TransportSpec.Serial it -> new Agent.Presence(false, it.grace().toMillis());
            // Whether a guest is behind a window only its next session tells, unless it is connected to the bell.
            case TransportSpec.VirtioMmio it -> new Agent.Presence(true, Agent.Presence.FOR_EVER);
            case TransportSpec.FatVirtqueue it -> new Agent.Presence(true, Agent.Presence.FOR_EVER);
        };
    }

    /** The service file that is served. */
    public Service service() {
        return service;
    }

    /** What runs it; for tests of how it waits. */
    ServiceLoop loop() {
        return loop;
    }

    /** Completes with what ended the service, if it ends by a fault of its own and not by {@link #close}. */
    public CompletableFuture<Throwable> fault() {
        return loop.fault();
    }

    /** The agents, that with id 1 first; of each, id, name and metrics may be asked. */
    public List<Agent> agents() {
        return core.agents();
    }

    /** What the service looks like: taken on the loop from now on, in pieces between the agents' turns. */
    public CompletableFuture<ServiceSnapshot> snapshot() {
        CompletableFuture<ServiceSnapshot> answer = new CompletableFuture<>();
        try {
            loop.post(() -> snapshots.ask(answer));
        } catch (RejectedExecutionException ended) {
            answer.completeExceptionally(ended);
        }
        return answer;
    }

    /** Whom the service speaks to, and who is there: this reads no register, and tells that the loop answers. */
    public CompletableFuture<ServiceSnapshot.Peers> peersNow() {
        return loop.ask(snapshots::peers);
    }

    /**
     * Asks an agent to shut down, reset or suspend: it is sent SYSTEM_POWER_STATE_NOTIFIER.
     *
     * @param name the agent's name
     * @param graceful whether the agent is to end its work before; Linux heeds only such requests
     * @param timeout how long a graceful shutdown may take, up to 2^31 - 1 ms; zero for no limit, and with all else
     */
    public CompletableFuture<SystemPowerOutcome> requestSystemPower(
            String name, SystemPowerState state, boolean graceful, Duration timeout) {
        int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        return loop.ask(() -> {
            for (Agent agent : core.agents()) {
                if (agent.name().equals(name)) {
                    return core.systemPower().request(agent, state, graceful, millis);
                }
            }
            return SystemPowerOutcome.NO_SUCH_AGENT;
        });
    }

    private List<SharedRegion> memoryOf(Agent agent) {
        AgentLink link = links.get(agent.name());
        return link == null ? List.of() : link.sharedMemory();
    }

    /**
     * Stops the service: sockets are closed and removed, nothing is changed in hardware but for changes of clocks that are
     * under way, which are ended, and what agents hold stays stored for the next start. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        letClocksSettle();
        loop.ask(() -> {
                    closeAgents();
                    return this;
                })
                .exceptionally(ended -> this)
                .join();
        closeAll(loop, host, windows, gates, store);
        core.finish();
    }

    /** A loop that was switched off to be changed is not left so; hardware that does not answer holds nobody up for long. */
    private void letClocksSettle() {
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        loop.ask(() -> {
                    hardware.clocks().finish(() -> settled.complete(true));
                    return true;
                })
                .exceptionally(ended -> settled.complete(false));
        settled.completeOnTimeout(false, LONGEST_SETTLING.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void closeAgents() {
        core.agents().forEach(Agent::freeze); // its peer goes because we do: no reason to drop anything
        snapshots.close();
        upstreams.close();
        links.values().forEach(AgentLink::close);
        core.agents().forEach(Agent::close);
    }

    private static void closeAll(
            @Nullable ServiceLoop loop,
            @Nullable Host host,
            @Nullable Windows windows,
            @Nullable GateState gates,
            AgentStateStore store) {
        if (loop != null) {
            loop.close();
        }
        if (host != null) {
            host.close();
        }
        if (windows != null) {
            windows.close();
        }
        if (gates != null) {
            gates.close();
        }
        store.close();
    }
}
