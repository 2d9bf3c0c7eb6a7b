// The ivshmem server of one agent's window: how its peer comes and goes, and how both ring.
package org.scmid.transport.ivshmem;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.NativeFile;
import org.scmid.linux.PeerIdentity;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.AgentLog;
import org.scmid.transport.window.PeerBell;

/**
 * Plays the ivshmem server for exactly one window: one socket, one memory, {@value Ivshmem#VECTORS} vectors in each
 * direction, and one peer (a QEMU with {@code -device ivshmem-doorbell}) at a time; another one is refused while one is
 * connected. This program is peer {@value Ivshmem#SERVER_ID} itself. Each peer that comes gets an id that the one before
 * did not have, from 1 on.
 *
 * <p>For the loop's thread only. Nothing here waits, whatever a peer does: it is never read from, what it is sent fits
 * into its socket or is sent later, and it is rung so that its eventfds' flags do not matter.
 *
 * <p>A peer is not trusted. One that sends anything, or does not take the handshake within {@value
 * #HANDSHAKE_SECONDS} seconds, is sent away. That it rings is a hint and says nothing of the memory. It can keep the
 * place as long as it likes: the socket's permissions say who may come.
 *
 * <p>QEMU connects once, when it starts: to a server that was restarted it does not come back, and both sides go on
 * without bells until QEMU itself is restarted.
 */
public final class IvshmemServer implements PeerBell {
    private static final int HANDSHAKE_SECONDS = 5;
    private static final long HANDSHAKE_NANOS = HANDSHAKE_SECONDS * 1_000_000_000L;
    private static final long ACCEPT_AGAIN_NANOS = 1_000_000_000;
    private static final long PAGE = 4096;

    private final EventLoop loop;
    private final AgentLog log;
    private final Path path;
    private final int mode;
    private final int groupId;
    private final Listener listener;
    private final Scheduler.Timer acceptAgain;
    private final Scheduler.Timer patience;

    private @Nullable Fd memory;
    private @Nullable UnixListener socket;
    private EventLoop.@Nullable Registration socketWatch;
    private @Nullable Peer peer;
    private int lastId;

    /**
     * A server that does not listen yet.
     *
     * @param log the agent's
     * @param socket the socket's file; a stale one is replaced
     * @param mode its permission bits, such as 0660
     * @param groupIdOrMinus1 its group; -1 leaves it
     */
    public IvshmemServer(EventLoop loop, AgentLog log, Path socket, int mode, int groupIdOrMinus1, Listener listener) {
        this.loop = loop;
        this.log = log;
        this.path = socket;
        this.mode = mode;
        this.groupId = groupIdOrMinus1;
        this.listener = listener;
        this.acceptAgain = loop.timer(this::watchSocket);
        this.patience = loop.timer(this::loseHope);
    }

    /**
     * Begins to listen.
     *
     * @param region the file that each peer is given, and maps as a whole; still the caller's, who closes it after {@link
     *     #close}
     * @param size bytes of the window: all of the file, since a peer can use all of it
     * @throws LinuxException EINVAL if the file has another size, or if it is not a power of two from 4 KiB, as that of a PCI BAR must be:
     *     QEMU would abort; or as {@link UnixListener#bind}
     */
    @Override
    public void start(Fd region, long size) throws LinuxException {
        checkSize(NativeFile.size(region), size);
        memory = region;
        UnixListener bound = UnixListener.bind(path, mode, groupId);
        socket = bound;
        socketWatch = loop.watch(bound.fd(), Epoll.IN, this::accept);
        if (log.mayReport()) {
            log.info("ivshmem server listening for a VMM on " + path);
        }
    }

    private void checkSize(long fileSize, long size) throws LinuxException {
        if (fileSize != size) {
            throw new LinuxException(
                    "ivshmem(" + path + ")",
                    Errno.EINVAL,
                    "the window's file has " + fileSize + " bytes where exactly " + size
                            + " are needed, since the VMM is"
                            + " given the whole file; remove it while nobody uses it");
        }
        if (size < PAGE || Long.bitCount(size) != 1) {
            throw new LinuxException(
                    "ivshmem(" + path + ")",
                    Errno.EINVAL,
                    "the window's file has " + size + " bytes; as an ivshmem device it needs a power of two, from "
                            + PAGE);
        }
    }

    @Override
    public boolean connected() {
        Peer current = peer;
        return current != null && current.connection().ready();
    }

    /**
     * Rings the peer, if there is one. Never waits, allocates nothing.
     *
     * @param vector 0 for q0, 1 for q1
     * @throws IndexOutOfBoundsException for another vector
     */
    @Override
    public void ring(int vector) {
        Objects.checkIndex(vector, Ivshmem.VECTORS);
        Peer current = peer;
        if (current != null) {
            current.connection().ring(vector);
        }
    }

    /** Ends it, idempotently: the peer is told and sent away, the socket's file is removed. */
    @Override
    public void close() {
        acceptAgain.disarm();
        unwatchSocket();
        UnixListener bound = socket;
        socket = null;
        if (bound != null) {
            bound.close();
        }
        Peer current = peer;
        if (current != null) {
            current.connection().sayGoodbye();
            current.leave();
        }
    }

    // ---- peers come

    private void accept(int epollEvents) {
        UnixListener bound = socket;
        if (bound == null) {
            return;
        }
        try {
            UnixSocket accepted = bound.accept();
            if (accepted != null) {
                welcome(accepted);
            }
        } catch (LinuxException e) {
            // Out of descriptors: the peer still waits, and the listener stays ready. Not to spin, look again later.
            if (log.mayReport()) {
                log.warning("cannot accept an ivshmem peer: " + e.getMessage());
            }
            unwatchSocket();
            acceptAgain.arm(ACCEPT_AGAIN_NANOS);
        }
    }

    private void unwatchSocket() {
        EventLoop.Registration watch = socketWatch;
        socketWatch = null;
        if (watch != null) {
            watch.cancel();
        }
    }

    private void watchSocket() {
        UnixListener bound = socket;
        if (bound != null && socketWatch == null) {
            try {
                socketWatch = loop.watch(bound.fd(), Epoll.IN, this::accept);
            } catch (LinuxException e) {
                acceptAgain.arm(ACCEPT_AGAIN_NANOS);
            }
        }
    }

    private void welcome(UnixSocket accepted) throws LinuxException {
        Peer current = peer;
        if (current != null) {
            // A VMM that was restarted may be here before its predecessor's end was noticed.
            current.connection().proceed();
        }
        if (peer != null) {
            accepted.close();
            if (log.mayReport()) {
                log.warning("a second ivshmem peer on " + path + " was refused: one is connected already");
            }
            return;
        }
        open(accepted);
    }

    private void open(UnixSocket accepted) throws LinuxException {
        Fd region = memory;
        if (region == null || socket == null) {
            accepted.close(); // closed by the listener meanwhile
            return;
        }
        PeerIdentity identity;
        try {
            identity = accepted.peer();
        } catch (LinuxException e) {
            accepted.close();
            throw e;
        }
        lastId = idAfter(lastId);
        Peer fresh = new Peer(identity, accepted, lastId, region);
        peer = fresh;
        patience.arm(HANDSHAKE_NANOS);
        fresh.connection().proceed();
    }

    static int idAfter(int last) {
        return last == Ivshmem.LAST_ID ? 1 : last + 1;
    }

    private void loseHope() {
        Peer current = peer;
        if (current != null && !current.connection().ready()) {
            current.connection().end("it did not take the handshake within " + HANDSHAKE_SECONDS + " s");
        }
    }

    /** The peer of now. */
    private final class Peer implements IvshmemConnection.Owner {
        private final PeerIdentity identity;
        private final int id;
        private final IvshmemConnection connection;
        private boolean announced;

        Peer(PeerIdentity identity, UnixSocket accepted, int id, Fd region) throws LinuxException {
            this.identity = identity;
            this.id = id;
            this.connection = new IvshmemConnection(loop, accepted, id, region, this);
        }

        IvshmemConnection connection() {
            return connection;
        }

        @Override
        public void ready() {
            patience.disarm();
            announced = true;
            if (log.mayReport()) {
                log.info("ivshmem peer " + id + " connected (process " + identity.pid() + ")");
            }
            listener.peerConnected(identity);
        }

        @Override
        public void rung() {
            if (announced) {
                listener.rung();
            }
        }

        @Override
        public void ended(String reason) {
            if (log.mayReport()) {
                log.info("ivshmem peer " + id + " is gone: " + reason);
            }
            leave();
        }

        void leave() {
            connection.close();
            peer = null;
            patience.disarm();
            if (announced) {
                announced = false;
                listener.peerGone();
            }
        }
    }
}
