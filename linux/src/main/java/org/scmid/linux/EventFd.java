// The bell between two sides of a ring.
package org.scmid.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An event counter (eventfd): one side signals, the other waits for it in {@link Epoll} and drains it. Signals that are
 * not drained yet add up to one.
 *
 * <p>No call ever waits. A counter that a peer has too is <em>shared</em>: all descriptors of it have the same flags, so
 * the peer can make it blocking at any time, and fill it. It is therefore signalled in another way, by {@link
 * AsyncSignal}, where the system permits that; see {@link #neverWaits}.
 */
public final class EventFd implements AutoCloseable {
    private static final long FULL = -2; // 2^64 - 2, the most that can be written
    private static final String KIND = "anon_inode:[eventfd]";

    private final Fd fd;
    private final boolean shared;

    private EventFd(Fd fd, boolean shared) {
        this.fd = fd;
        this.shared = shared;
    }

    /**
     * Makes one for this process, or for peers that are trusted; not signalled.
     *
     * @return the counter at 0, non-blocking and close-on-exec
     * @throws LinuxException EMFILE if this process may not open more
     */
    public static EventFd create() throws LinuxException {
        return create(false);
    }

    /**
     * Makes one that a peer will be given, who is not trusted; not signalled.
     *
     * @return the counter at 0, non-blocking and close-on-exec
     * @throws LinuxException EMFILE if this process may not open more
     */
    public static EventFd createShared() throws LinuxException {
        return create(true);
    }

    private static EventFd create(boolean shared) throws LinuxException {
        int result = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        if (result < 0) {
            throw new LinuxException("eventfd", -result);
        }
        return new EventFd(Fd.of(result), shared);
    }

    /**
     * Takes over one that a peer has sent. Its flags stay as they are: the peer shares them, and may rely on reads that
     * block.
     *
     * @param fd what the peer says is an eventfd, see {@link #isEventFd}; owned by the result
     * @return it
     */
    public static EventFd adopt(Fd fd) {
        return new EventFd(fd, true);
    }

    /**
     * Whether the system permits to signal a shared counter so that no peer can make us wait. Where it does not, every
     * call asks poll first, and a peer that fills a blocking counter between the two stops the calling thread.
     *
     * @return false if there are no asynchronous operations (io_setup) in this kernel, container or limit
     */
    public static boolean neverWaits() {
        return AsyncSignal.available();
    }

    /**
     * Whether a descriptor of a peer is an eventfd. Another kind, a file or a socket, may block or stay readable for
     * ever; refuse it.
     *
     * @param fd any descriptor
     * @return false if it is something else, or if /proc is not mounted
     */
    public static boolean isEventFd(Fd fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd.number()))
                    .toString()
                    .equals(KIND);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The descriptor, to be waited for or sent to a peer; still owned by this object.
     *
     * @return the descriptor
     */
    public Fd fd() {
        return fd;
    }

    /**
     * Rings: adds 1. A counter that is full is signalled already, so nothing more is done then.
     *
     * @throws LinuxException if the descriptor is not an eventfd
     */
    public void signal() throws LinuxException {
        int number = fd.number();
        int result = shared ? signalShared(number) : LibC.eventWrite(number, 1);
        if (result < 0 && result != -Errno.EAGAIN) {
            throw new LinuxException("write(eventfd)", -result);
        }
    }

    private static int signalShared(int number) {
        if (AsyncSignal.available()) {
            int result = AsyncSignal.signal(number);
            if (result != -Errno.EAGAIN) {
                return result;
            }
        }
        return LibC.poll(number, LibC.POLLOUT, 0) == 0 ? -Errno.EAGAIN : LibC.eventWrite(number, 1);
    }

    /**
     * Takes the signal: sets the counter to 0.
     *
     * @return whether it was signalled
     * @throws LinuxException if the descriptor is not an eventfd
     */
    public boolean drain() throws LinuxException {
        int number = fd.number();
        int result = shared ? readShared(number) : LibC.eventRead(number);
        if (result < 0 && result != -Errno.EAGAIN) {
            throw new LinuxException("read(eventfd)", -result);
        }
        return result > 0;
    }

    private static int readShared(int number) {
        int result = LibC.eventReadNoWait(number);
        if (result != -Errno.EOPNOTSUPP) {
            return result;
        }
        return LibC.poll(number, LibC.POLLIN, 0) == 0 ? -Errno.EAGAIN : LibC.eventRead(number);
    }

    /**
     * Does the worst that a peer can do: makes the counter blocking and fills it, so that a write to it waits. For tests
     * of the other side.
     *
     * @throws LinuxException if the descriptor is not an eventfd, EAGAIN if it is not drained
     */
    public void jam() throws LinuxException {
        int result = LibC.eventWrite(fd.number(), FULL);
        if (result >= 0) {
            result = LibC.fcntl(fd.number(), LibC.F_SETFL, 0);
        }
        if (result < 0) {
            throw new LinuxException("jam(eventfd)", -result);
        }
    }

    /** Closes the descriptor; idempotent. */
    @Override
    public void close() {
        fd.close();
    }
}
