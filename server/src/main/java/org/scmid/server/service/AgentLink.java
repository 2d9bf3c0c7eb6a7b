// The transport of one agent, and what is done when it breaks.
package org.scmid.server.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.MemoryWindow;
import org.scmid.config.service.TransportSpec;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.linux.NativeFile;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.loop.ServiceLoop;
import org.scmid.platform.register.RegionPlace;
import org.scmid.server.core.agent.Agent;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentTransport;
import org.scmid.transport.PollPacing;
import org.scmid.transport.SharedRegion;
import org.scmid.transport.ivshmem.IvshmemServer;
import org.scmid.transport.serial.SerialTransport;
import org.scmid.transport.socket.SocketTransport;
import org.scmid.transport.vhostuser.MemoryLimit;
import org.scmid.transport.vhostuser.VhostUserBackend;
import org.scmid.transport.window.FatGeometry;
import org.scmid.transport.window.WindowFile;
import org.scmid.transport.window.WindowTransport;
import org.scmid.upstream.SerialLines;

/**
 * Holds the transport of one agent. If it throws into the loop, only this agent is concerned: its transport is closed, and
 * made anew a little later.
 */
final class AgentLink {
    private static final System.Logger LOG = System.getLogger(AgentLink.class.getName());
    private static final long AGAIN_NANOS = 1_000_000_000;
    private static final int ANY_GROUP = -1;
    /** How often a window with doorbells is looked at while nobody is there to ring. */
    private static final long LONGEST_PAUSE_WITHOUT_PEER_NANOS = 10_000_000;

    private final PollPacing pacing;
    private final Agent agent;
    private final TransportSpec spec;
    private final EventLoop scope;
    private final Scheduler.Timer again;
    private final int groupId;
    private @Nullable AgentTransport transport;
    private String lastFailure = "";

    /** @param pacing the loop's */
    AgentLink(ServiceLoop loop, PollPacing pacing, Agent agent, TransportSpec spec) throws IOException {
        this.pacing = pacing;
        this.agent = agent;
        this.spec = spec;
        this.groupId = groupIdOf(agent, spec);
        this.scope = loop.scope(this::broke);
        this.again = loop.timer(this::startAgain);
    }

    /** Whether the agent's peer comes to us, so that {@link #start} can fail. */
    boolean listens() {
        return !(spec instanceof TransportSpec.VhostUser it) || it.mode() == TransportSpec.Mode.LISTEN;
    }

    /**
     * Begins to serve the agent. A window that cannot be had is tried again and again, and concerns only its agent: others
     * than the service write to its memory too, and must not be able to keep the service from starting.
     *
     * @throws IOException if the agent's socket cannot be listened on
     */
    void start() throws IOException {
        try {
            startNow();
        } catch (IOException e) {
            if (!(spec instanceof TransportSpec.Window)) {
                throw e;
            }
            tryAgainLater(e);
        }
    }

    private void startNow() throws IOException {
        AgentTransport made = switch (spec) {
            case TransportSpec.VhostUser it -> vhostUser(it);
            case TransportSpec.VirtioMmio it ->
                WindowTransport.mmio(
                        scope, agent, windowOf(it.region()), it.region().guestAddress(), attention(it.notification()));
            case TransportSpec.FatVirtqueue it ->
                WindowTransport.fat(
                        scope,
                        agent,
                        windowOf(it.region()),
                        it.region().guestAddress(),
                        new FatGeometry(it.slots().entries(), it.slots().size()),
                        attention(it.notification()));
            case TransportSpec.Socket it ->
                SocketTransport.listening(scope, agent, withDirectory(it.socket()), it.socketMode(), groupId);
            case TransportSpec.Serial it ->
                SerialTransport.onPort(
                        scope,
                        agent,
                        SerialLines.settingsOf(it.line()),
                        it.line().reconnect().toNanos());
        };
        boolean started = false;
        try {
            made.start();
            started = true;
        } finally {
            if (!started) {
                made.close();
            }
        }
        transport = made;
    }

    private WindowFile windowOf(RegionSpec region) throws IOException {
        RegionPlace place = RegionPlace.of("agent " + agent.name(), region);
        return new WindowFile(
                place.path(),
                place.offset(),
                place.size(),
                place.isDevice() ? WindowFile.Kind.DEVICE : WindowFile.Kind.MEMORY_FILE);
    }

    private AgentTransport vhostUser(TransportSpec.VhostUser it) throws IOException {
        return it.mode() == TransportSpec.Mode.CONNECT
                ? VhostUserBackend.connecting(scope, agent, it.socket(), limitOf(it.window()))
                : VhostUserBackend.listening(
                        scope, agent, withDirectory(it.socket()), it.socketMode(), groupId, limitOf(it.window()));
    }

    private WindowTransport.Attention attention(NotifySpec notification) throws IOException {
        return switch (notification) {
            case NotifySpec.Poll it ->
                new WindowTransport.Attention(pacing, it.longestPause().toNanos(), null);
            case NotifySpec.Ivshmem it -> {
                Path socket = withDirectory(it.socket());
                AgentLog log = new AgentLog(IvshmemServer.class, scope, agent.name());
                yield new WindowTransport.Attention(
                        pacing,
                        LONGEST_PAUSE_WITHOUT_PEER_NANOS,
                        listener -> new IvshmemServer(scope, log, socket, it.socketMode(), groupId, listener));
            }
        };
    }

    private static MemoryLimit limitOf(@Nullable MemoryWindow window) {
        if (window == null) {
            return MemoryLimit.UNLIMITED;
        }
        Long address = window.guestAddress();
        return new MemoryLimit(window.size(), address == null ? MemoryLimit.ANYWHERE : address);
    }

    /** What of its peer's memory is mapped at present. */
    List<SharedRegion> sharedMemory() {
        AgentTransport current = transport;
        return current == null ? List.of() : current.sharedMemory();
    }

    /** Ends the transport for good. */
    void close() {
        again.disarm();
        closeTransport();
    }

    private void closeTransport() {
        AgentTransport closing = transport;
        transport = null;
        if (closing != null) {
            closing.close();
        }
    }

    private void broke(Throwable failure) {
        if (transport == null) {
            return; // closed meanwhile, or it broke twice in one turn
        }
        LOG.log(
                System.Logger.Level.ERROR,
                "agent " + agent.name() + ": its transport failed and is made anew: " + failure);
        again.arm(AGAIN_NANOS);
        closeTransport();
    }

    /** Begins to serve the agent some time after the start: what goes wrong is tried again. */
    void startLate() {
        startAgain();
    }

    private void startAgain() {
        try {
            startNow();
            lastFailure = "";
        } catch (IOException e) {
            tryAgainLater(e);
        }
    }

    private void tryAgainLater(IOException e) {
        String failure = String.valueOf(e.getMessage());
        if (!failure.equals(lastFailure)) {
            lastFailure = failure;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "agent " + agent.name() + " is not served, and tried again: " + failure);
        }
        again.arm(AGAIN_NANOS);
    }

    private static Path withDirectory(Path socket) throws IOException {
        Path directory = socket.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        return socket;
    }

    private static @Nullable String groupOf(NotifySpec notification) {
        return notification instanceof NotifySpec.Ivshmem it ? it.socketGroup() : null;
    }

    private static int groupIdOf(Agent agent, TransportSpec spec) throws IOException {
        String group = switch (spec) {
            case TransportSpec.VhostUser it -> it.socketGroup();
            case TransportSpec.Socket it -> it.socketGroup();
            case TransportSpec.VirtioMmio it -> groupOf(it.notification());
            case TransportSpec.FatVirtqueue it -> groupOf(it.notification());
            case TransportSpec.Serial it -> null;
        };
        if (group == null) {
            return ANY_GROUP;
        }
        int id = NativeFile.groupId(group);
        if (id == ANY_GROUP) {
            throw new IOException("agent " + agent.name() + ": socket-group " + group
                    + " is not a group of this host; name one of /etc/group, or give a number");
        }
        return id;
    }
}
