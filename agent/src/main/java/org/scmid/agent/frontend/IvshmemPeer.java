// An ivshmem peer: what a VMM does with an ivshmem server, and its guest with the device.
package org.scmid.agent.frontend;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.FdList;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.UnixSocket;
import org.scmid.transport.ivshmem.Ivshmem;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * A connection to an ivshmem server that is peer 0 itself and the only one: the mapped memory, and bells both ways. For
 * one thread. A server that does not speak the protocol, or not within {@value #PATIENCE_SECONDS} seconds, is a {@link
 * LinuxException}.
 */
public final class IvshmemPeer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final int SOCKET = Ivshmem.VECTORS;

    private final UnixSocket socket;
    private final Epoll epoll;
    private final FdList fds = new FdList();
    private final byte[] in = new byte[Ivshmem.MESSAGE_BYTES];
    private final @Nullable EventFd[] server = new EventFd[Ivshmem.VECTORS];
    private final @Nullable EventFd[] own = new EventFd[Ivshmem.VECTORS];
    private final boolean[] rung = new boolean[Ivshmem.VECTORS];
    private @Nullable Mapping memory;
    private int id;
    private boolean gone;

    private IvshmemPeer(UnixSocket socket) throws LinuxException {
        this.socket = socket;
        epoll = Epoll.create(1 + Ivshmem.VECTORS);
    }

    /**
     * Connects, and takes all that the server has to give.
     *
     * @throws LinuxException ECONNRESET if the server refuses the connection; EPROTO if it sends something else than it
     *     should
     */
    public static IvshmemPeer connect(Path path) throws LinuxException {
        IvshmemPeer peer = new IvshmemPeer(UnixSocket.connect(path));
        boolean done = false;
        try {
            peer.takeHandshake();
            done = true;
            return peer;
        } finally {
            if (!done) {
                peer.close();
            }
        }
    }

    private void takeHandshake() throws LinuxException {
        epoll.add(socket.fd(), Epoll.IN, SOCKET);
        expect(Ivshmem.VERSION, false);
        id = (int) receive();
        check(fds.count() == 0 && id != Ivshmem.SERVER_ID && (id & ~0xffff) == 0, "id " + id);
        expect(Ivshmem.MEMORY, true);
        try (Fd file = fds.take(0)) {
            memory = Mapping.map(file, 0, NativeFile.size(file), true);
        }
        for (int vector = 0; vector < Ivshmem.VECTORS; vector++) {
            expect(Ivshmem.SERVER_ID, true);
            server[vector] = EventFd.adopt(fds.take(0));
        }
        for (int vector = 0; vector < Ivshmem.VECTORS; vector++) {
            expect(id, true);
            EventFd bell = EventFd.adopt(fds.take(0));
            own[vector] = bell;
            epoll.add(bell.fd(), Epoll.IN, vector);
        }
    }

    private void expect(long number, boolean withFd) throws LinuxException {
        long received = receive();
        check(
                received == number && fds.count() == (withFd ? 1 : 0),
                received + " with " + fds.count() + " descriptors where " + number + " was expected");
    }

    private static void check(boolean right, String what) throws LinuxException {
        if (!right) {
            throw new LinuxException("recvmsg", Errno.EPROTO, "the ivshmem server sent " + what);
        }
    }

    private long receive() throws LinuxException {
        fds.clear();
        int done = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (done < in.length) {
            int count = socket.receive(in, done, in.length - done, fds);
            if (count == UnixSocket.CLOSED) {
                throw new LinuxException("recvmsg", Errno.ECONNRESET, "the ivshmem server closed the connection");
            }
            if (count != UnixSocket.WOULD_BLOCK) {
                done += count;
            } else if (System.nanoTime() - deadline >= 0) {
                throw new LinuxException("recvmsg", Errno.ETIMEDOUT, "the ivshmem server sends nothing");
            } else {
                epoll.awaitNanos(Math.max(1, deadline - System.nanoTime()));
            }
        }
        return LittleEndian.getLong(in, 0);
    }

    /** Its id, 1..65535. */
    public int id() {
        return id;
    }

    /** The window: all of the file. */
    public Mapping memory() {
        return required(memory);
    }

    /** Rings the server, as a write of the vector to the Doorbell register does. */
    public void ring(int vector) throws LinuxException {
        required(server[vector]).signal();
    }

    /**
     * Waits until the server rings, and takes that ring.
     *
     * @param vector 0 or 1
     * @param nanos how long, in nanoseconds; 0 only looks
     * @return whether it has rung since the last call for this vector
     */
    public boolean awaitRing(int vector, long nanos) throws LinuxException {
        long deadline = System.nanoTime() + nanos;
        look(0);
        while (!rung[vector] && !gone) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            look(left);
        }
        boolean result = rung[vector];
        rung[vector] = false;
        return result;
    }

    /**
     * Waits until the server has said that it leaves, or is gone.
     *
     * @param nanos how long, in nanoseconds; 0 only looks
     */
    public boolean awaitGone(long nanos) throws LinuxException {
        long deadline = System.nanoTime() + nanos;
        look(0);
        while (!gone && deadline - System.nanoTime() > 0) {
            look(Math.max(1, deadline - System.nanoTime()));
        }
        return gone;
    }

    private void look(long nanos) throws LinuxException {
        int count = epoll.awaitNanos(nanos);
        for (int i = 0; i < count; i++) {
            int which = (int) epoll.token(i);
            if (which == SOCKET) {
                // Nothing else than its leave can come.
                gone = true;
                epoll.remove(socket.fd());
            } else {
                rung[which] |= required(own[which]).drain();
            }
        }
    }

    /** The connection itself, to send what a peer should not. */
    public UnixSocket socket() {
        return socket;
    }

    /**
     * The bells as the server sees them, to do what a peer should not.
     *
     * @param vector 0 or 1
     * @return by which the server rings this peer
     */
    public EventFd bell(int vector) {
        return required(own[vector]);
    }

    /** Closes all, as a VMM that ends. */
    @Override
    public void close() {
        fds.clear();
        close(server);
        close(own);
        Mapping mapped = memory;
        memory = null;
        if (mapped != null) {
            mapped.close();
        }
        epoll.close();
        socket.close();
    }

    private static void close(@Nullable EventFd[] bells) {
        for (EventFd bell : bells) {
            if (bell != null) {
                bell.close();
            }
        }
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the handshake was not completed, or the peer is closed");
        }
        return value;
    }
}
