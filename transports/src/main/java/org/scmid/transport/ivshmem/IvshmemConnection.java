// One ivshmem peer from its connection to its end: its socket and the eventfds of both sides.
package org.scmid.transport.ivshmem;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * Serves one peer. All eventfds are made for it alone and end with it: what an earlier peer kept rings nobody. Whatever
 * goes wrong ends at {@link Owner#ended}, after which nothing of it is left open.
 */
final class IvshmemConnection implements AutoCloseable {
    /** Who is told. */
    interface Owner {
        /** The peer was sent all: it can ring, and be rung. */
        void ready();

        /** The peer has rung. */
        void rung();

        /** The connection is closed, for this reason. */
        void ended(String reason);
    }

    private final UnixSocket socket;
    private final Owner owner;
    private final EventFd[] ours = new EventFd[Ivshmem.VECTORS];
    private final EventFd[] theirs = new EventFd[Ivshmem.VECTORS];
    private final EventLoop.@Nullable Registration[] watches = new EventLoop.Registration[1 + Ivshmem.VECTORS];
    private final byte[] scratch = new byte[Ivshmem.MESSAGE_BYTES];
    private @Nullable Handshake handshake;
    private boolean closed;

    /**
     * Begins to serve; {@link #proceed} sends the handshake.
     *
     * @param socket owned by the connection from now on, also if this throws
     * @throws LinuxException EMFILE, if this process may not open as many descriptors
     */
    IvshmemConnection(EventLoop loop, UnixSocket socket, int id, Fd memory, Owner owner) throws LinuxException {
        this.socket = socket;
        this.owner = owner;
        boolean done = false;
        try {
            handshake = new Handshake(id, memory, open(ours), open(theirs));
            watches[0] = loop.watch(socket.fd(), Epoll.IN | Epoll.RDHUP | Epoll.OUT, this::socketReady);
            for (int vector = 0; vector < Ivshmem.VECTORS; vector++) {
                // By edge, so that the counter never has to be read: the peer may do anything to it.
                watches[1 + vector] = loop.watch(ours[vector].fd(), Epoll.IN | Epoll.EDGE, this::rung);
            }
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private static Fd[] open(EventFd[] into) throws LinuxException {
        Fd[] fds = new Fd[into.length];
        for (int i = 0; i < into.length; i++) {
            into[i] = EventFd.createShared();
            fds[i] = into[i].fd();
        }
        return fds;
    }

    /** Whether the peer was sent all that it needs. */
    boolean ready() {
        return handshake == null && !closed;
    }

    /** Looks at the socket now: sends what it takes, and notices whether the peer is gone. */
    void proceed() {
        socketReady(0);
    }

    /** Rings the peer; never waits. */
    void ring(int vector) {
        try {
            theirs[vector].signal();
        } catch (LinuxException e) {
            // It is an eventfd of ours, and a full one is signalled already.
        }
    }

    /** Tells the peer that nobody will answer any more, if it can be told at once. */
    void sayGoodbye() {
        if (!ready()) {
            return;
        }
        LittleEndian.putLong(scratch, 0, Ivshmem.SERVER_ID);
        try {
            socket.send(scratch, 0, scratch.length);
        } catch (LinuxException e) {
            // It is gone already.
        }
    }

    /** Ends it, and says why to the owner. */
    void end(String reason) {
        if (!closed) {
            close();
            owner.ended(reason);
        }
    }

    /** Gives back everything; the owner is not told. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        handshake = null;
        for (EventLoop.Registration watch : watches) {
            if (watch != null) {
                watch.cancel();
            }
        }
        close(ours);
        close(theirs);
        socket.close();
    }

    /** The last of them are missing if they could not be opened. */
    private static void close(@Nullable EventFd[] bells) {
        for (EventFd bell : bells) {
            if (bell != null) {
                bell.close();
            }
        }
    }

    private void socketReady(int epollEvents) {
        try {
            receive();
            if (!closed) {
                sendOn();
            }
        } catch (LinuxException e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    private void receive() throws LinuxException {
        int count = socket.receive(scratch, 0, scratch.length, null);
        if (count == UnixSocket.CLOSED) {
            end("it closed the connection");
        } else if (count != UnixSocket.WOULD_BLOCK) {
            end("it sent data, which an ivshmem client never does");
        }
    }

    private void sendOn() throws LinuxException {
        Handshake unfinished = handshake;
        EventLoop.Registration watch = watches[0];
        if (unfinished == null || watch == null || !unfinished.send(socket)) {
            return;
        }
        handshake = null;
        watch.change(Epoll.IN | Epoll.RDHUP);
        owner.ready();
    }

    private void rung(int epollEvents) {
        owner.rung();
    }
}
