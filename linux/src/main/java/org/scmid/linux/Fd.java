// A file descriptor that has an owner.
package org.scmid.linux;

/**
 * An owned file descriptor. Whoever holds the object closes it; a garbage collection does not. Closing is idempotent,
 * and safe from any thread.
 */
public final class Fd implements AutoCloseable {
    private static final int CLOSED = -1;

    private volatile int number;

    private Fd(int number) {
        this.number = number;
    }

    /** Takes ownership of a descriptor that a system call has just returned. */
    static Fd of(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a file descriptor: " + number);
        }
        return new Fd(number);
    }

    /**
     * The descriptor, for as long as this object is open: a closed number may already be another file's.
     *
     * @return its number, from 0
     * @throws IllegalStateException if it is closed
     */
    public int number() {
        int open = number;
        if (open == CLOSED) {
            throw new IllegalStateException("the file descriptor is closed");
        }
        return open;
    }

    /**
     * Whether it is still ours.
     *
     * @return false once {@link #close} was called
     */
    public boolean isOpen() {
        return number != CLOSED;
    }

    /**
     * Another descriptor of the same open file: it shares offset, flags and locks, and is closed separately.
     *
     * @return the new one, close-on-exec
     * @throws LinuxException EMFILE if this process may not open more
     */
    public Fd duplicate() throws LinuxException {
        int result = LibC.fcntl(number(), LibC.F_DUPFD_CLOEXEC, 0);
        if (result < 0) {
            throw new LinuxException("fcntl(F_DUPFD_CLOEXEC)", -result);
        }
        return new Fd(result);
    }

    /** Gives the descriptor back; further calls do nothing. */
    @Override
    public synchronized void close() {
        int open = number;
        if (open != CLOSED) {
            number = CLOSED;
            // No error is of use here: Linux has freed the number even when it reports EINTR or EIO.
            LibC.close(open);
        }
    }

    @Override
    public String toString() {
        int open = number;
        return open == CLOSED ? "fd (closed)" : "fd " + open;
    }
}
