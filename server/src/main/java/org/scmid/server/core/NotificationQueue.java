// Notifications that wait for the agent's buffers.
package org.scmid.server.core;

/**
 * Notifications to one agent, in order, in a ring that is made once. An agent that gives no buffers cannot make it grow:
 * when it is full, a changed rate replaces an older change of the same clock, so that the newest one arrives; else the
 * oldest notification is lost. virtio-scmi allows both.
 */
final class NotificationQueue {
    static final int CAPACITY = 64;

    /** What a notification is about; decides its message. */
    enum Kind {
        RATE_CHANGED,
        RATE_CHANGE_REQUESTED
    }

    private final Kind[] kinds = new Kind[CAPACITY];
    private final int[] clocks = new int[CAPACITY];
    private final int[] causers = new int[CAPACITY];
    private final long[] rates = new long[CAPACITY];
    private int first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** How many wait. */
    int count() {
        return count;
    }

    /**
     * Adds one.
     *
     * @param clock the receiver's id of the clock
     * @param causer the agent that caused it, 0 for the platform
     * @param rate in Hz
     * @return false if an older notification was lost for it
     */
    boolean add(Kind kind, int clock, int causer, long rate) {
        boolean full = count == CAPACITY;
        if (full) {
            int same = kind == Kind.RATE_CHANGED ? findChange(clock) : -1;
            remove(Math.max(same, 0));
        }
        int at = place(count++);
        kinds[at] = kind;
        clocks[at] = clock;
        causers[at] = causer;
        rates[at] = rate;
        return !full;
    }

    Kind kind() {
        return kinds[first];
    }

    int clock() {
        return clocks[first];
    }

    int causer() {
        return causers[first];
    }

    long rate() {
        return rates[first];
    }

    /** Takes the oldest out. */
    void removeFirst() {
        first = place(1);
        count--;
    }

    void clear() {
        count = 0;
    }

    private int findChange(int clock) {
        for (int i = 0; i < count; i++) {
            int at = place(i);
            if (kinds[at] == Kind.RATE_CHANGED && clocks[at] == clock) {
                return i;
            }
        }
        return -1;
    }

    private void remove(int position) {
        for (int i = position; i > 0; i--) {
            int to = place(i);
            int from = place(i - 1);
            kinds[to] = kinds[from];
            clocks[to] = clocks[from];
            causers[to] = causers[from];
            rates[to] = rates[from];
        }
        removeFirst();
    }

    private int place(int position) {
        return (first + position) % CAPACITY;
    }
}
