// A window's event queue as its driver keeps it: one descriptor and one slot for each event.
package org.scmid.agent.frontend;

/** Buffers for events: descriptor k is slot k, written once per session; the server fills them, and they are posted again. */
final class EventSlots {
    private final DriverWindow window;
    private final DriverRing ring;
    private final long slots;
    private final int slotSize;
    private final boolean[] posted;
    private int postedCount;
    private int takenLength;

    /**
     * @param ring of n entries
     * @param slots offset of n slots in the window
     * @param slotSize bytes
     */
    EventSlots(DriverWindow window, DriverRing ring, long slots, int slotSize) {
        this.window = window;
        this.ring = ring;
        this.slots = slots;
        this.slotSize = slotSize;
        posted = new boolean[ring.size()];
    }

    DriverRing ring() {
        return ring;
    }

    /** Offset of a descriptor's slot in the window. */
    long slot(int descriptor) {
        return slots + (long) descriptor * slotSize;
    }

    /** Begins a session with an empty ring. */
    void begin() {
        ring.begin();
        for (int i = 0; i < posted.length; i++) {
            ring.setDescriptor(i, window.address(slot(i)), slotSize, DriverRing.WRITE, 0);
            posted[i] = false;
        }
        postedCount = 0;
    }

    /** Posts all buffers that are not; false if there is none. */
    boolean post() {
        if (postedCount == posted.length) {
            return false;
        }
        for (int i = 0; i < posted.length; i++) {
            if (!posted[i]) {
                posted[i] = true;
                ring.offer(i);
            }
        }
        postedCount = posted.length;
        ring.publish();
        return true;
    }

    /** Takes the next event, and copies it; as {@link CommandSlots#take}. */
    boolean take(int waiting, byte[] into) {
        if (waiting > postedCount) {
            return false;
        }
        ring.nextUsed();
        int id = ring.usedId();
        int length = ring.usedLength();
        boolean possible = id >= 0 && id < posted.length && posted[id];
        if (!possible || length < 0 || length > slotSize) {
            return false;
        }
        window.read(slot(id), into, length);
        takenLength = length;
        posted[id] = false;
        postedCount--;
        return true;
    }

    /** The length in bytes of the event that was taken last. */
    int takenLength() {
        return takenLength;
    }
}
