// A connection over which descriptors can be sent.
package org.scmid.linux;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connected Unix stream socket, non-blocking and close-on-exec. For one thread. */
public final class UnixSocket implements AutoCloseable {
    /** Nothing can be received or sent now: wait for {@link Epoll#IN} or {@link Epoll#OUT}. */
    public static final int WOULD_BLOCK = -1;

    /** The peer will send no more. */
    public static final int CLOSED = 0;

    private final Fd fd;

    private UnixSocket(Fd fd) {
        this.fd = fd;
    }

    static UnixSocket of(Fd fd) {
        return new UnixSocket(fd);
    }

    /**
     * Connects to a listening socket.
     *
     * @param path its file
     * @return the connection
     * @throws LinuxException ENOENT if there is no file, ECONNREFUSED if nobody listens, EACCES, EAGAIN if too many
     *     wait to be accepted, ENAMETOOLONG above 107 bytes
     */
    public static UnixSocket connect(Path path) throws LinuxException {
        int socket = LibC.socket();
        if (socket < 0) {
            throw new LinuxException("socket", -socket);
        }
        Fd fd = Fd.of(socket);
        int result = LibC.connect(socket, path.toString());
        if (result < 0) {
            fd.close();
            throw UnixListener.failure("connect", path, -result);
        }
        return new UnixSocket(fd);
    }

    /**
     * Makes two that are connected to each other.
     *
     * @return both
     * @throws LinuxException EMFILE if this process may not open more
     */
    public static UnixSocket[] pair() throws LinuxException {
        int[] numbers = new int[2];
        int result = LibC.socketPair(LibC.SOCK_STREAM, numbers);
        if (result < 0) {
            throw new LinuxException("socketpair", -result);
        }
        return new UnixSocket[] {new UnixSocket(Fd.of(numbers[0])), new UnixSocket(Fd.of(numbers[1]))};
    }

    /**
     * The descriptor, to be waited for; still owned by this object.
     *
     * @return the descriptor
     */
    public Fd fd() {
        return fd;
    }

    /**
     * Receives what is there. Bytes of two messages may come at once, and those of one in pieces; its descriptors come
     * with the first piece.
     *
     * @param into where the bytes go
     * @param offset from which index
     * @param length how many at most, from 1; one call brings 32 KiB at most
     * @param fds where descriptors are appended, close-on-exec; if null, the kernel closes those that come along
     * @return the number of bytes, {@link #CLOSED} if the peer has closed (also if it did so without reading what we
     *     sent, ECONNRESET), {@link #WOULD_BLOCK} if there is nothing yet
     * @throws LinuxException EMSGSIZE if descriptors were lost (MSG_CTRUNC): more came than the list has room for, or
     *     this process may not open more; the bytes are lost too, so give up the connection
     * @throws IndexOutOfBoundsException if the bytes would not fit the array
     */
    public int receive(byte[] into, int offset, int length, @Nullable FdList fds) throws LinuxException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            // A read of nothing returns 0, which would be taken for the end of the stream.
            throw new IllegalArgumentException("no room to receive into");
        }
        int result = fds == null
                ? LibC.receive(fd.number(), into, offset, length)
                : LibC.receive(fd.number(), into, offset, length, fds);
        if (result >= 0) {
            return result;
        }
        return switch (-result) {
            case Errno.EAGAIN -> WOULD_BLOCK;
            case Errno.ECONNRESET -> CLOSED;
            case Errno.EMSGSIZE ->
                throw new LinuxException(
                        "recvmsg",
                        Errno.EMSGSIZE,
                        "descriptors were lost (MSG_CTRUNC): more than " + FdList.CAPACITY
                                + " came, or the limit of open files is reached");
            default -> throw new LinuxException("recvmsg", -result);
        };
    }

    /**
     * Sends what the socket takes.
     *
     * @param from where the bytes are
     * @param offset from which index
     * @param length how many; one call takes 32 KiB at most
     * @return how many were sent, perhaps fewer; {@link #WOULD_BLOCK} if none
     * @throws LinuxException EPIPE or ECONNRESET if the peer has closed
     * @throws IndexOutOfBoundsException if the array has fewer
     */
    public int send(byte[] from, int offset, int length) throws LinuxException {
        Objects.checkFromIndexSize(offset, length, from.length);
        return sent("send", LibC.send(fd.number(), from, offset, length));
    }

    /**
     * Sends bytes with descriptors. If fewer bytes are sent than were given, the descriptors went with them: send the
     * rest by {@link #send}.
     *
     * @param from where the bytes are
     * @param offset from which index
     * @param length how many, from 1: descriptors need a byte to go with
     * @param fds 1 to {@link FdList#CAPACITY}; still the caller's
     * @return how many bytes were sent; {@link #WOULD_BLOCK} if none, and no descriptors
     * @throws LinuxException EPIPE or ECONNRESET if the peer has closed, ETOOMANYREFS if too many are on their way
     * @throws IndexOutOfBoundsException if the array has fewer bytes
     */
    public int sendWithFds(byte[] from, int offset, int length, Fd... fds) throws LinuxException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (length == 0) {
            throw new IllegalArgumentException("descriptors need a byte to go with");
        }
        if (fds.length == 0) {
            return send(from, offset, length);
        }
        if (fds.length > FdList.CAPACITY) {
            throw new IllegalArgumentException(fds.length + " descriptors, " + FdList.CAPACITY + " can be sent");
        }
        return sent("sendmsg", LibC.send(fd.number(), from, offset, length, fds));
    }

    private static int sent(String call, int result) throws LinuxException {
        if (result >= 0) {
            return result;
        }
        if (result == -Errno.EAGAIN) {
            return WOULD_BLOCK;
        }
        throw new LinuxException(call, -result);
    }

    /**
     * Waits until something can be received, or the peer has closed. For the one who has nothing else to do until then; a
     * loop that serves many uses {@link Epoll}.
     *
     * @param timeoutMillis how long at most, in milliseconds; 0 only looks
     * @return false after the time
     * @throws LinuxException if poll fails
     */
    public boolean awaitInput(int timeoutMillis) throws LinuxException {
        return await(LibC.POLLIN, timeoutMillis);
    }

    /**
     * Waits until something can be sent, or the peer has closed; as {@link #awaitInput}.
     *
     * @param timeoutMillis how long at most, in milliseconds; 0 only looks
     * @return false after the time
     * @throws LinuxException if poll fails
     */
    public boolean awaitRoom(int timeoutMillis) throws LinuxException {
        return await(LibC.POLLOUT, timeoutMillis);
    }

    private boolean await(int events, int timeoutMillis) throws LinuxException {
        if (timeoutMillis < 0) {
            throw new IllegalArgumentException("a time-out of " + timeoutMillis + " ms");
        }
        int result = LibC.poll(fd.number(), events, timeoutMillis);
        if (result < 0) {
            throw new LinuxException("poll", -result);
        }
        return result > 0;
    }

    /**
     * Who is on the other side.
     *
     * @return the process that connected to us, or that listens
     * @throws LinuxException if the socket does not tell
     */
    public PeerIdentity peer() throws LinuxException {
        int[] credentials = new int[3];
        int result = LibC.peerCredentials(fd.number(), credentials);
        if (result < 0) {
            throw new LinuxException("getsockopt(SO_PEERCRED)", -result);
        }
        return PeerIdentity.of(credentials[0], credentials[1], credentials[2]);
    }

    /** Closes the connection; idempotent. */
    @Override
    public void close() {
        fd.close();
    }
}
