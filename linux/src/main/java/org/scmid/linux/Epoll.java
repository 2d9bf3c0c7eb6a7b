// Waits for many descriptors at once.
package org.scmid.linux;

import java.util.Objects;

/**
 * A set of descriptors to wait for (epoll). Each has a token, which an event brings back. For one thread, but that
 * others may add and remove.
 *
 * <p>Level-triggered unless {@link #EDGE} is given. A descriptor leaves the set when the last duplicate of it is closed,
 * those in other processes included: {@link #remove} one that was shared before closing it. A number that is used again
 * for another file is not in the set until it is added. {@code Thread.interrupt} does not end {@link #await}: keep an
 * {@link EventFd} in the set to wake the thread.
 */
public final class Epoll implements AutoCloseable {
    /** Something can be read, or the end of a stream was reached. */
    public static final int IN = LibC.EPOLLIN;
    /** Something can be written. */
    public static final int OUT = LibC.EPOLLOUT;
    /** The peer will send no more. */
    public static final int RDHUP = LibC.EPOLLRDHUP;
    /** An error is pending; reported without being asked for. */
    public static final int ERR = LibC.EPOLLERR;
    /** The peer is gone; reported without being asked for. */
    public static final int HUP = LibC.EPOLLHUP;
    /** Tell of a change once, not for as long as it lasts. */
    public static final int EDGE = LibC.EPOLLET;
    /** Tell once, then stay silent until {@link #modify}. */
    public static final int ONESHOT = LibC.EPOLLONESHOT;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Whether this kernel has epoll_pwait2; found out by the first that needs it. */
    private static volatile boolean waitsToTheNanosecond = true;

    private final Fd fd;
    private final LibC.EventBuffer buffer;
    private int count;

    private Epoll(Fd fd, int maxEvents) {
        this.fd = fd;
        this.buffer = new LibC.EventBuffer(maxEvents);
    }

    /**
     * Makes an empty set.
     *
     * @param maxEvents how many events one {@link #await} returns at most, from 1; the others come with the next
     * @return the set
     * @throws LinuxException EMFILE if this process may not open more
     */
    public static Epoll create(int maxEvents) throws LinuxException {
        if (maxEvents < 1) {
            throw new IllegalArgumentException("maxEvents is " + maxEvents + ", must be at least 1");
        }
        int result = LibC.epollCreate(LibC.EPOLL_CLOEXEC);
        if (result < 0) {
            throw new LinuxException("epoll_create1", -result);
        }
        return new Epoll(Fd.of(result), maxEvents);
    }

    /**
     * Adds a descriptor.
     *
     * @param fd the descriptor, still the caller's
     * @param events {@link #IN} and the like, or 0 for {@link #ERR} and {@link #HUP} only
     * @param token what {@link #token} returns with its events
     * @throws LinuxException EEXIST if it is in the set, EPERM for a kind of file that cannot be waited for
     */
    public void add(Fd fd, int events, long token) throws LinuxException {
        control(LibC.EPOLL_CTL_ADD, fd, events, token, "EPOLL_CTL_ADD");
    }

    /**
     * Changes what is waited for, and the token. An edge or one-shot descriptor is told of again if it is ready.
     *
     * @param fd a descriptor of the set
     * @param events as for {@link #add}
     * @param token as for {@link #add}
     * @throws LinuxException ENOENT if it is not in the set
     */
    public void modify(Fd fd, int events, long token) throws LinuxException {
        control(LibC.EPOLL_CTL_MOD, fd, events, token, "EPOLL_CTL_MOD");
    }

    /**
     * Takes a descriptor out of the set. Events that {@link #await} has already returned stay.
     *
     * @param fd a descriptor of the set
     * @throws LinuxException ENOENT if it is not in the set
     */
    public void remove(Fd fd) throws LinuxException {
        control(LibC.EPOLL_CTL_DEL, fd, 0, 0, "EPOLL_CTL_DEL");
    }

    private void control(int operation, Fd fd, int events, long token, String name) throws LinuxException {
        int result = LibC.epollControl(this.fd.number(), operation, fd.number(), events, token);
        if (result < 0) {
            throw new LinuxException("epoll_ctl(" + name + ", " + fd + ")", -result);
        }
    }

    /**
     * Waits for events. They are read by {@link #events} and {@link #token} until the next call.
     *
     * @param timeoutMillis how long, in milliseconds; 0 only looks, -1 waits for ever
     * @return how many there are; 0 after the time, or if a signal interrupted the call
     * @throws LinuxException if epoll_wait fails
     */
    public int await(int timeoutMillis) throws LinuxException {
        count = 0;
        return received("epoll_wait", LibC.epollWait(fd.number(), buffer, timeoutMillis));
    }

    /**
     * As {@link #await}, with a time in nanoseconds. Linux may add its timer slack, usually 50 µs. Before Linux 5.11 the
     * time is rounded up to milliseconds.
     *
     * @param nanos how long, in nanoseconds; 0 only looks, a negative time waits for ever
     * @return as {@link #await}; never 0 before the time, but for a signal
     * @throws LinuxException if epoll_pwait2 fails
     */
    public int awaitNanos(long nanos) throws LinuxException {
        if (nanos <= 0) {
            return await(nanos == 0 ? 0 : -1);
        }
        if (waitsToTheNanosecond) {
            count = 0;
            int result = LibC.epollWaitNanos(fd.number(), buffer, nanos);
            if (!isMissing(result)) {
                return received("epoll_pwait2", result);
            }
            waitsToTheNanosecond = false;
        }
        return await(roundedUpToMillis(nanos));
    }

    /** A filter for system calls that is older than this one may say EPERM. */
    private static boolean isMissing(int result) {
        return result == -Errno.ENOSYS || result == -Errno.EPERM;
    }

    static int roundedUpToMillis(long nanos) {
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }

    /** For tests: behave as on a kernel that has, or lacks, epoll_pwait2. */
    static void waitToTheNanosecond(boolean possible) {
        waitsToTheNanosecond = possible;
    }

    private int received(String call, int result) throws LinuxException {
        if (result < 0) {
            if (result == -Errno.EINTR) {
                return 0;
            }
            throw new LinuxException(call, -result);
        }
        count = result;
        return result;
    }

    /**
     * What has happened to a descriptor.
     *
     * @param index the event, 0 to the result of {@link #await} - 1
     * @return {@link #IN} and the like
     * @throws IndexOutOfBoundsException if there was no such event
     */
    public int events(int index) {
        return buffer.events(Objects.checkIndex(index, count));
    }

    /**
     * To which descriptor it has happened.
     *
     * @param index the event, 0 to the result of {@link #await} - 1
     * @return the token it was added with
     * @throws IndexOutOfBoundsException if there was no such event
     */
    public long token(int index) {
        return buffer.token(Objects.checkIndex(index, count));
    }

    /**
     * The set's own descriptor, which can itself be waited for; still owned by this object.
     *
     * @return the descriptor
     */
    public Fd fd() {
        return fd;
    }

    /** Closes the set, not its descriptors; idempotent. Does not wake a thread that waits. */
    @Override
    public void close() {
        fd.close();
    }
}
