// A window's command queue as its driver keeps it: a pair of descriptors and of slots for each request.
package org.scmid.agent.frontend;

/**
 * Requests in pairs of slots: pair k is descriptor 2k, the request, and 2k + 1, the reply. Descriptors are written once
 * per session; only the request's length changes. What the server returns is checked against what is under way.
 */
final class CommandSlots {
    private final DriverWindow window;
    private final DriverRing ring;
    private final long slots;
    private final int slotSize;

    /** The request in each pair; 0 where there is none. */
    private final long[] tickets;

    private final int[] free;
    private int freeCount;
    private long takenTicket;
    private int takenLength;

    /**
     * @param ring of n entries, n even
     * @param slots offset of n slots in the window
     * @param slotSize bytes
     */
    CommandSlots(DriverWindow window, DriverRing ring, long slots, int slotSize) {
        this.window = window;
        this.ring = ring;
        this.slots = slots;
        this.slotSize = slotSize;
        tickets = new long[ring.size() / 2];
        free = new int[tickets.length];
    }

    DriverRing ring() {
        return ring;
    }

    /** Offset of a descriptor's slot in the window. */
    long slot(int descriptor) {
        return slots + (long) descriptor * slotSize;
    }

    int slotSize() {
        return slotSize;
    }

    /** Begins a session with an empty ring. No request may be under way. */
    void begin() {
        ring.begin();
        for (int pair = 0; pair < tickets.length; pair++) {
            int head = 2 * pair;
            ring.setDescriptor(head, window.address(slot(head)), 0, DriverRing.NEXT, head + 1);
            ring.setDescriptor(head + 1, window.address(slot(head + 1)), slotSize, DriverRing.WRITE, 0);
            free[pair] = tickets.length - 1 - pair;
        }
        freeCount = tickets.length;
    }

    boolean isFull() {
        return freeCount == 0;
    }

    /** How many requests are under way. */
    int underWay() {
        return tickets.length - freeCount;
    }

    /** Makes a request available, to be seen by the server after {@link DriverRing#publish}. Not if it {@link #isFull}. */
    void add(long ticket, byte[] request, int length) {
        freeCount--;
        int pair = free[freeCount];
        tickets[pair] = ticket;
        window.write(slot(2 * pair), request, length);
        ring.setLength(2 * pair, length);
        ring.offer(2 * pair);
    }

    /**
     * Takes the next reply, and copies it.
     *
     * @param waiting what {@link DriverRing#usedWaiting} said before the server was found to be the one of the session
     * @return false if what the server returned cannot be: nothing it says can be believed any more
     */
    boolean take(int waiting, byte[] into) {
        if (waiting > underWay()) {
            return false;
        }
        ring.nextUsed();
        int head = ring.usedId();
        int length = ring.usedLength();
        boolean possible = head >= 0 && head < ring.size() && head % 2 == 0 && tickets[head / 2] != 0;
        if (!possible || length < 0 || length > slotSize) {
            return false;
        }
        window.read(slot(head + 1), into, length);
        takenTicket = tickets[head / 2];
        takenLength = length;
        tickets[head / 2] = 0;
        free[freeCount] = head / 2;
        freeCount++;
        return true;
    }

    /** The request of the reply that was taken last. */
    long takenTicket() {
        return takenTicket;
    }

    /** Its length in bytes. */
    int takenLength() {
        return takenLength;
    }

    /**
     * Gives up one request that is under way, the oldest first.
     *
     * @return its ticket; 0 if none is left
     */
    long giveUp() {
        int oldest = -1;
        for (int pair = 0; pair < tickets.length; pair++) {
            if (tickets[pair] != 0 && (oldest < 0 || tickets[pair] < tickets[oldest])) {
                oldest = pair;
            }
        }
        if (oldest < 0) {
            return 0;
        }
        long ticket = tickets[oldest];
        tickets[oldest] = 0;
        return ticket;
    }
}
