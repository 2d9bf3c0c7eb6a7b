// Notifications that wait for the agent's buffers.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;

/**
 * Notifications to one agent, of all protocols, in order, in a ring that is made once. An agent that gives no buffers
 * cannot make it grow: when it is full, a newer state of a resource replaces an older one of the same kind, so that the
 * newest one arrives; else the oldest notification is lost. virtio-scmi allows both.
 *
 * <p>What is queued is numbers; its protocol makes the message when there is a buffer ({@link Events#render}).
 */
public final class NotificationQueue {
    public static final int CAPACITY = 64;

    /** One notification. The objects belong to the queue and are used again. */
    @SuppressWarnings("ReferenceEquality") // there is one object for each protocol
    public static final class Entry {
        private @Nullable Events source;
        private int kind;
        private boolean isState;
        private int resource;
        private int causer;
        private long first;
        private long second;

        /** Whose notification it is. */
        Events source() {
            Events its = source;
            if (its == null) {
                throw new IllegalStateException("the notification was removed");
            }
            return its;
        }

        /** Its message id. */
        public int kind() {
            return kind;
        }

        /** The receiver's id of the resource. */
        public int resource() {
            return resource;
        }

        /** The agent that caused it, 0 for the platform. */
        public int causer() {
            return causer;
        }

        /** The protocol's own number, such as a rate. */
        public long first() {
            return first;
        }

        /** The protocol's other number. */
        public long second() {
            return second;
        }

        private boolean isOf(Events other) {
            return source == other;
        }

        private boolean isSameState(Events other, int otherKind, int otherResource) {
            return isState && isOf(other) && kind == otherKind && resource == otherResource;
        }

        private void set(
                Events newSource,
                int newKind,
                boolean newIsState,
                int newResource,
                int newCauser,
                long newFirst,
                long newSecond) {
            source = newSource;
            kind = newKind;
            isState = newIsState;
            resource = newResource;
            causer = newCauser;
            first = newFirst;
            second = newSecond;
        }
    }

    private final Entry[] entries = new Entry[CAPACITY];
    private int first;
    private int count;

    NotificationQueue() {
        for (int i = 0; i < CAPACITY; i++) {
            entries[i] = new Entry();
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** How many wait. */
    public int count() {
        return count;
    }

    /**
     * Adds one.
     *
     * @param source makes the message later
     * @param kind the notification's message id
     * @param isState whether a later one of the same kind and resource says all that this one says
     * @param resource the receiver's id of the resource
     * @param causer the agent that caused it, 0 for the platform
     * @param a a number for the protocol
     * @param b another one
     * @return false if an older notification was lost for it
     */
    public boolean add(Events source, int kind, boolean isState, int resource, int causer, long a, long b) {
        boolean full = count == CAPACITY;
        if (full) {
            remove(isState ? Math.max(find(source, kind, resource), 0) : 0);
        }
        entries[place(count++)].set(source, kind, isState, resource, causer, a, b);
        return !full;
    }

    /** Whether one of this kind waits for a resource already: for those that are read when they are sent. */
    public boolean contains(Events source, int kind, int resource) {
        return find(source, kind, resource) >= 0;
    }

    /** The oldest. */
    Entry head() {
        return entries[first];
    }

    /** Takes the oldest out. */
    void removeFirst() {
        entries[first].source = null;
        first = place(1);
        count--;
    }

    public void clear() {
        while (count > 0) {
            removeFirst();
        }
    }

    private int find(Events source, int kind, int resource) {
        for (int i = 0; i < count; i++) {
            if (entries[place(i)].isSameState(source, kind, resource)) {
                return i;
            }
        }
        return -1;
    }

    private void remove(int position) {
        Entry removed = entries[place(position)];
        for (int i = position; i > 0; i--) {
            entries[place(i)] = entries[place(i - 1)];
        }
        entries[first] = removed;
        removeFirst();
    }

    private int place(int position) {
        return (first + position) % CAPACITY;
    }
}
