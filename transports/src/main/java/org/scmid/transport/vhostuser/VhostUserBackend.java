// The vhost-user transport of one agent: how front ends come and go.
package org.scmid.transport.vhostuser;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.LinuxException;
import org.scmid.linux.PeerIdentity;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.AgentTransport;
import org.scmid.transport.SharedRegion;

/**
 * Serves one agent over vhost-user. Either it listens and VMMs connect, one at a time: another one is refused while one
 * is connected. Or the VMM listens and this connects, and comes back by itself whenever the connection ends.
 *
 * <p>When a connection ends, for whatever reason, the guest's memory is unmapped and every descriptor of the VMM is
 * closed before the next one begins.
 */
public final class VhostUserBackend implements AgentTransport {
    private static final long FIRST_RETRY_NANOS = 50_000_000;
    private static final long LAST_RETRY_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final AgentPort port;
    private final Path path;
    private final boolean listening;
    private final int mode;
    private final int groupId;
    private final MemoryLimit limit;
    private final AgentLog log;
    private final Scheduler.Timer retry;

    private @Nullable UnixListener listener;
    private EventLoop.@Nullable Registration listenerWatch;
    private @Nullable VhostUserConnection connection;
    private long retryNanos = FIRST_RETRY_NANOS;
    private String lastFailure = "";
    private boolean closed;

    private VhostUserBackend(
            EventLoop loop, AgentPort port, Path path, boolean listening, int mode, int groupId, MemoryLimit limit) {
        this.loop = loop;
        this.port = port;
        this.path = path;
        this.listening = listening;
        this.mode = mode;
        this.groupId = groupId;
        this.limit = limit;
        this.log = new AgentLog(VhostUserBackend.class, loop, port.name());
        this.retry = loop.timer(listening ? this::watchListener : this::connect);
    }

    /**
     * A back end that VMMs connect to.
     *
     * @param socket the socket's file; a stale one is replaced
     * @param mode its permission bits, such as 0660
     * @param groupIdOrMinus1 its group; -1 leaves it
     */
    public static VhostUserBackend listening(
            EventLoop loop, AgentPort port, Path socket, int mode, int groupIdOrMinus1) {
        return listening(loop, port, socket, mode, groupIdOrMinus1, MemoryLimit.UNLIMITED);
    }

    /** As {@link #listening(EventLoop, AgentPort, Path, int, int)}, for VMMs that may share only so much memory. */
    public static VhostUserBackend listening(
            EventLoop loop, AgentPort port, Path socket, int mode, int groupIdOrMinus1, MemoryLimit limit) {
        return new VhostUserBackend(loop, port, socket, true, mode, groupIdOrMinus1, limit);
    }

    /**
     * A back end that connects to a VMM: at once, and while that fails, or after the connection ended, again after 50 ms,
     * 100 ms ... up to every second.
     *
     * @param socket where the VMM listens
     */
    public static VhostUserBackend connecting(EventLoop loop, AgentPort port, Path socket) {
        return connecting(loop, port, socket, MemoryLimit.UNLIMITED);
    }

    /** As {@link #connecting(EventLoop, AgentPort, Path)}, to a VMM that may share only so much memory. */
    public static VhostUserBackend connecting(EventLoop loop, AgentPort port, Path socket, MemoryLimit limit) {
        return new VhostUserBackend(loop, port, socket, false, 0, -1, limit);
    }

    @Override
    public void start() throws LinuxException {
        if (listening) {
            UnixListener bound = UnixListener.bind(path, mode, groupId);
            listener = bound;
            listenerWatch = loop.watch(bound.fd(), Epoll.IN, this::accept);
            log.info("listening for a VMM on " + path);
        } else {
            connect();
        }
    }

    @Override
    public List<SharedRegion> sharedMemory() {
        VhostUserConnection current = connection;
        return current == null ? List.of() : current.sharedMemory();
    }

    @Override
    public void close() {
        closed = true;
        retry.disarm();
        VhostUserConnection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
        unwatchListener();
        UnixListener bound = listener;
        listener = null;
        if (bound != null) {
            bound.close();
        }
    }

    private void accept(int epollEvents) {
        UnixListener bound = listener;
        if (bound == null) {
            return;
        }
        try {
            UnixSocket socket = bound.accept();
            if (socket != null) {
                welcome(socket);
            }
        } catch (LinuxException e) {
            // Out of descriptors: the peer still waits, and the listener stays ready. Not to spin, look again later.
            if (log.mayReport()) {
                log.warning("cannot accept a connection: " + e.getMessage());
            }
            unwatchListener();
            retry.arm(LAST_RETRY_NANOS);
        }
    }

    private void unwatchListener() {
        EventLoop.Registration watch = listenerWatch;
        listenerWatch = null;
        if (watch != null) {
            watch.cancel();
        }
    }

    private void watchListener() {
        UnixListener bound = listener;
        if (bound != null && listenerWatch == null) {
            try {
                listenerWatch = loop.watch(bound.fd(), Epoll.IN, this::accept);
            } catch (LinuxException e) {
                retry.arm(LAST_RETRY_NANOS);
            }
        }
    }

    private void welcome(UnixSocket socket) throws LinuxException {
        VhostUserConnection current = connection;
        if (current != null) {
            // A VMM that was restarted may be here before its predecessor's end was noticed.
            current.checkPeer();
        }
        if (connection != null) {
            socket.close();
            if (log.mayReport()) {
                log.warning("a second connection to " + path + " was refused: one VMM is connected already");
            }
            return;
        }
        open(socket);
    }

    private void connect() {
        try {
            open(UnixSocket.connect(path));
        } catch (LinuxException e) {
            String failure = String.valueOf(e.getMessage());
            if (!lastFailure.equals(failure)) {
                lastFailure = failure;
                log.info("waiting for the VMM: " + failure);
            }
            retryLater();
        }
    }

    private void retryLater() {
        retry.arm(retryNanos);
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    }

    private void open(UnixSocket socket) throws LinuxException {
        PeerIdentity peer;
        try {
            peer = socket.peer();
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
        port.peerConnected(peer);
        try {
            connection = new VhostUserConnection(loop, port, log, socket, limit, !listening, this::ended);
        } catch (LinuxException e) {
            port.peerGone();
            throw e;
        }
        lastFailure = "";
        if (log.mayReport()) {
            log.info("VMM connected (process " + peer.pid() + ")");
        }
    }

    private void ended(String reason) {
        VhostUserConnection ended = connection;
        connection = null;
        if (log.mayReport()) {
            log.info("the connection to the VMM ended: " + reason);
        }
        if (!listening && !closed) {
            if (ended != null && ended.understood()) {
                retryNanos = FIRST_RETRY_NANOS;
            }
            retryLater();
        }
    }
}
