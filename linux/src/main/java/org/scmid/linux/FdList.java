// The descriptors that came with a message.
package org.scmid.linux;

import org.jspecify.annotations.Nullable;

/**
 * File descriptors received with a message, at most {@link #CAPACITY}. {@link UnixSocket#receive} appends to it; what
 * is not taken is closed by {@link #clear}. Meant to be used again: only the {@link Fd} objects are allocated.
 */
public final class FdList implements AutoCloseable {
    /** How many it holds: four times what a vhost-user message may bring. */
    public static final int CAPACITY = 32;

    private final @Nullable Fd[] fds = new Fd[CAPACITY];
    private int count;

    /** Makes an empty list. */
    public FdList() {}

    /**
     * How many arrived since the last {@link #clear}, taken ones included.
     *
     * @return 0 to {@link #CAPACITY}
     */
    public int count() {
        return count;
    }

    /**
     * Hands one over to the caller, who closes it from now on.
     *
     * @param index 0 to {@link #count} - 1, in the order they were sent
     * @return the descriptor
     * @throws IndexOutOfBoundsException if there are fewer
     * @throws IllegalStateException if it was taken before
     */
    public Fd take(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("fd " + index + " of " + count);
        }
        Fd fd = fds[index];
        if (fd == null) {
            throw new IllegalStateException("fd " + index + " was taken before");
        }
        fds[index] = null;
        return fd;
    }

    /** Closes what was not taken and empties the list. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            Fd fd = fds[i];
            if (fd != null) {
                fds[i] = null;
                fd.close();
            }
        }
        count = 0;
    }

    /** The same as {@link #clear}. */
    @Override
    public void close() {
        clear();
    }

    /** How many more can be received. */
    int room() {
        return CAPACITY - count;
    }

    void add(Fd fd) {
        fds[count] = fd;
        count++;
    }
}
