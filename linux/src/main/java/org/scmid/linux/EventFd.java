// The bell between two sides of a ring.
package org.scmid.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An event counter (eventfd): one side signals, the other waits for it in {@link Epoll} and drains it. Signals that are
 * not drained yet add up to one. Never blocks, also when the descriptor of a peer is in blocking mode.
 */
public final class EventFd implements AutoCloseable {
    private static final String KIND = "anon_inode:[eventfd]";

    private final Fd fd;
    private final boolean mayBlock;

    private EventFd(Fd fd, boolean mayBlock) {
        this.fd = fd;
        this.mayBlock = mayBlock;
    }

    /**
     * Makes one, not signalled.
     *
     * @return the counter at 0, non-blocking and close-on-exec
     * @throws LinuxException EMFILE if this process may not open more
     */
    public static EventFd create() throws LinuxException {
        int result = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        if (result < 0) {
            throw new LinuxException("eventfd", -result);
        }
        return new EventFd(Fd.of(result), false);
    }

    /**
     * Takes over one that a peer has sent. Its flags stay as they are: the peer shares them, and may rely on reads that
     * block. For one that blocks, every call asks poll first.
     *
     * @param fd what the peer says is an eventfd, see {@link #isEventFd}; owned by the result
     * @return it
     */
    public static EventFd adopt(Fd fd) {
        int flags = LibC.fcntl(fd.number(), LibC.F_GETFL, 0);
        return new EventFd(fd, flags < 0 || (flags & LibC.O_NONBLOCK) == 0);
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
        if (mayBlock && LibC.poll(number, LibC.POLLOUT, 0) == 0) {
            return;
        }
        int result = LibC.eventWrite(number, 1);
        if (result < 0 && result != -Errno.EAGAIN) {
            throw new LinuxException("write(eventfd)", -result);
        }
    }

    /**
     * Takes the signal: sets the counter to 0.
     *
     * @return whether it was signalled
     * @throws LinuxException if the descriptor is not an eventfd
     */
    public boolean drain() throws LinuxException {
        int number = fd.number();
        if (mayBlock && LibC.poll(number, LibC.POLLIN, 0) == 0) {
            return false;
        }
        int result = LibC.eventRead(number);
        if (result < 0 && result != -Errno.EAGAIN) {
            throw new LinuxException("read(eventfd)", -result);
        }
        return result > 0;
    }

    /** Closes the descriptor; idempotent. */
    @Override
    public void close() {
        fd.close();
    }
}
