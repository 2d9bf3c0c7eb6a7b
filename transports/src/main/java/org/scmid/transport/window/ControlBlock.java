// The control block of a window: epochs, register writes, event and kick counters.
package org.scmid.transport.window;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;

/**
 * The control block, at 0x200 of a virtio-mmio ring and at 0 of a fat virtqueue. Each field is a little-endian u32, read
 * or written by one access; each line of 64 bytes has one writer.
 *
 * <pre>
 * server's line              driver's line              server's geometry line, fat virtqueue only
 * +0x00 magic                +0x40 driver_epoch         +0x80 entries per queue (n)
 * +0x04 version, 1           +0x44 server_epoch_seen    +0x84 slot size in bytes
 * +0x08 state                +0x48 wt_offset            +0x88 q0 slots offset
 * +0x0c server_epoch         +0x4c wt_value             +0x8c q0 vring offset
 * +0x10 wt_ack               +0x50 wt_seq               +0x90 q1 slots offset
 * +0x14 event0               +0x54 kick0                +0x94 q1 vring offset
 * +0x18 event1               +0x58 kick1                +0x98 offset of used within a vring
 * +0x1c driver_epoch_seen                               +0x9c total size used
 * </pre>
 *
 * <p>The server's lines are kept here in private and only ever written; the guest may scribble on them, and {@link
 * #publish} mends that. Of the driver's line nothing is kept.
 */
final class ControlBlock {
    /** Not served. */
    static final int STATE_DOWN = 0;
    /** Served, once the epochs agree. */
    static final int STATE_READY = 1;
    /** A violation ended the session; only a new driver_epoch is heeded. */
    static final int STATE_BROKEN = 2;

    private static final int VERSION = 1;

    private static final int MAGIC_AT = 0x00;
    private static final int VERSION_AT = 0x04;
    private static final int STATE_AT = 0x08;
    private static final int SERVER_EPOCH_AT = 0x0c;
    private static final int WT_ACK_AT = 0x10;
    private static final int EVENT_AT = 0x14;
    private static final int DRIVER_EPOCH_SEEN_AT = 0x1c;
    private static final int DRIVER_EPOCH_AT = 0x40;
    private static final int SERVER_EPOCH_SEEN_AT = 0x44;
    private static final int WT_OFFSET_AT = 0x48;
    private static final int WT_VALUE_AT = 0x4c;
    private static final int WT_SEQ_AT = 0x50;
    private static final int GEOMETRY_AT = 0x80;

    private final Mapping window;
    private final long at;
    private final int magic;
    private final @Nullable FatGeometry geometry;

    private int state;
    private int serverEpoch;
    private int wtAck;
    private final int[] events = new int[2];
    private int driverEpochSeen;

    /**
     * Makes one; nothing is written yet.
     *
     * @param window the whole window
     * @param at where its control block begins
     * @param magic the first word
     * @param geometry for the geometry line; null if the layout has none
     */
    ControlBlock(Mapping window, long at, int magic, @Nullable FatGeometry geometry) {
        this.window = window;
        this.at = at;
        this.magic = magic;
        this.geometry = geometry;
    }

    /** Four characters as the bytes of a little-endian word, in this order. */
    static int magic(String text) {
        return text.charAt(0) | text.charAt(1) << 8 | text.charAt(2) << 16 | text.charAt(3) << 24;
    }

    // ---- The driver's line, one load each.

    int driverEpoch() {
        return window.getIntAcquire(at + DRIVER_EPOCH_AT);
    }

    int serverEpochSeen() {
        return window.getIntAcquire(at + SERVER_EPOCH_SEEN_AT);
    }

    int wtSeq() {
        return window.getIntAcquire(at + WT_SEQ_AT);
    }

    int wtOffset() {
        return window.getInt(at + WT_OFFSET_AT);
    }

    int wtValue() {
        return window.getInt(at + WT_VALUE_AT);
    }

    // ---- What the server has published.

    int serverEpoch() {
        return serverEpoch;
    }

    int driverEpochSeen() {
        return driverEpochSeen;
    }

    int wtAck() {
        return wtAck;
    }

    boolean isBroken() {
        return state == STATE_BROKEN;
    }

    // ---- What the server does, each a release.

    /** The server's own lines as a predecessor left them: read at its start only. state is 0 from here on. */
    void beginStart(int randomEpoch) {
        driverEpochSeen = window.getInt(at + DRIVER_EPOCH_SEEN_AT);
        events[0] = window.getInt(at + EVENT_AT);
        events[1] = window.getInt(at + EVENT_AT + 4);
        int found = window.getInt(at + SERVER_EPOCH_AT);
        putState(STATE_DOWN);
        serverEpoch = otherThan(randomEpoch, found, serverEpochSeen());
        put(SERVER_EPOCH_AT, serverEpoch);
    }

    /**
     * Ends what {@link #beginStart} began, after the rings were emptied: everything is published, state is 1.
     *
     * @param epoch the driver's, which the server takes over
     */
    void finishStart(int epoch) {
        skipWrites();
        acknowledgeDriver(epoch);
        putGeometry();
        put(VERSION_AT, VERSION);
        put(MAGIC_AT, magic);
        putState(STATE_READY);
    }

    void putState(int value) {
        state = value;
        put(STATE_AT, value);
    }

    /** Takes whatever register write is under way as done, unseen. */
    void skipWrites() {
        acknowledgeWrite(wtSeq());
    }

    void acknowledgeWrite(int seq) {
        wtAck = seq;
        put(WT_ACK_AT, seq);
    }

    /** The last step of a reset: from here on the driver may touch the rings again. */
    void acknowledgeDriver(int epoch) {
        driverEpochSeen = epoch;
        put(DRIVER_EPOCH_SEEN_AT, epoch);
    }

    /** Counts an event of a queue, visibly after all that was written before; it is 0 for the server's line as well. */
    void countEvent(int queue) {
        Mapping.fullFence();
        put(EVENT_AT + 4 * queue, ++events[queue]);
    }

    /** Writes all of the server's lines again. */
    void publish() {
        putGeometry();
        put(VERSION_AT, VERSION);
        put(MAGIC_AT, magic);
        put(SERVER_EPOCH_AT, serverEpoch);
        put(WT_ACK_AT, wtAck);
        put(EVENT_AT, events[0]);
        put(EVENT_AT + 4, events[1]);
        put(DRIVER_EPOCH_SEEN_AT, driverEpochSeen);
        put(STATE_AT, state);
    }

    private void putGeometry() {
        FatGeometry shown = geometry;
        if (shown != null) {
            put(GEOMETRY_AT, shown.entries());
            put(GEOMETRY_AT + 0x04, shown.slotBytes());
            put(GEOMETRY_AT + 0x08, shown.slots(0));
            put(GEOMETRY_AT + 0x0c, shown.vring(0));
            put(GEOMETRY_AT + 0x10, shown.slots(1));
            put(GEOMETRY_AT + 0x14, shown.vring(1));
            put(GEOMETRY_AT + 0x18, shown.usedOffset());
            put(GEOMETRY_AT + 0x1c, shown.totalBytes());
        }
    }

    private void put(int field, int value) {
        window.putIntRelease(at + field, value);
    }

    /** A new epoch: the proposed one or the next that is none of 0 and these two. */
    private static int otherThan(int proposed, int found, int seen) {
        int epoch = proposed;
        while (epoch == 0 || epoch == found || epoch == seen) {
            epoch++;
        }
        return epoch;
    }
}
