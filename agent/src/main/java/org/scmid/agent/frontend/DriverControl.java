// The control block of a window: the server's lines to be read, the driver's line to be written.
package org.scmid.agent.frontend;

import org.scmid.linux.Mapping;

/**
 * The agent's view of a control block, whose lines of 64 bytes have one writer each. All fields are 32 bits wide,
 * little-endian; constants are offsets in the block.
 *
 * <pre>
 * server's line     +0x00 magic  +0x04 version  +0x08 state  +0x0c server_epoch  +0x10 wt_ack
 *                   +0x14 event0  +0x18 event1  +0x1c driver_epoch_seen
 * driver's line     +0x40 driver_epoch  +0x44 server_epoch_seen  +0x48 wt_offset  +0x4c wt_value  +0x50 wt_seq
 *                   +0x54 kick0  +0x58 kick1
 * geometry (fat)    +0x80 entries  +0x84 slot size  +0x88 q0 slots  +0x8c q0 vring  +0x90 q1 slots  +0x94 q1 vring
 *                   +0x98 offset of used in a vring  +0x9c total size
 * </pre>
 *
 * <p>What this side wrote last it keeps in private: its own line is read only when a session begins, to find values that
 * nobody has used.
 */
public final class DriverControl {
    public static final int MAGIC = 0x00;
    public static final int VERSION = 0x04;
    public static final int STATE = 0x08;
    public static final int SERVER_EPOCH = 0x0c;
    public static final int WT_ACK = 0x10;
    public static final int EVENT0 = 0x14;
    public static final int EVENT1 = 0x18;
    public static final int DRIVER_EPOCH_SEEN = 0x1c;

    public static final int DRIVER_EPOCH = 0x40;
    public static final int SERVER_EPOCH_SEEN = 0x44;
    public static final int WT_OFFSET = 0x48;
    public static final int WT_VALUE = 0x4c;
    public static final int WT_SEQ = 0x50;
    public static final int KICK0 = 0x54;
    public static final int KICK1 = 0x58;

    public static final int ENTRIES = 0x80;
    public static final int SLOT_SIZE = 0x84;
    public static final int Q0_SLOTS = 0x88;
    public static final int Q0_VRING = 0x8c;
    public static final int Q1_SLOTS = 0x90;
    public static final int Q1_VRING = 0x94;
    public static final int USED_OFFSET = 0x98;
    public static final int TOTAL_SIZE = 0x9c;

    /** Nobody serves the window. */
    public static final int STATE_DOWN = 0;
    /** It is served. */
    public static final int STATE_READY = 1;
    /** It was served until the agent broke the contract; a new driver epoch is waited for. */
    public static final int STATE_BROKEN = 2;

    /** "SCMB" as bytes: a virtio-mmio ring. */
    public static final int MAGIC_MMIO = 0x424d4353;
    /** "SCFV" as bytes: a fat virtqueue. */
    public static final int MAGIC_FAT = 0x56464353;

    /** The version of the layout that is spoken here. */
    public static final int LAYOUT_VERSION = 1;

    /** Rings a doorbell of the server, if there is one. */
    @FunctionalInterface
    public interface Bell {
        /** @param queue 0 for commands and changes of the driver's line, 1 for events */
        void ring(int queue);
    }

    /** For a server that polls. */
    public static final Bell NO_BELL = queue -> {};

    private final DriverWindow window;
    private final long at;
    private final Bell bell;
    private final int[] kicks = new int[2];
    private int driverEpoch;
    private int serverEpoch;
    private int writeSequence;

    /**
     * The control block of a window. Nothing is read or written yet.
     *
     * @param window where
     * @param at its offset, 0x200 of a virtio-mmio ring, 0 of a fat virtqueue
     * @param bell is rung after each kick counter was changed
     */
    public DriverControl(DriverWindow window, long at, Bell bell) {
        this.window = window;
        this.at = at;
        this.bell = bell;
    }

    /** Reads any field, before everything that follows. */
    public int load(int field) {
        return window.load(at + field);
    }

    /** Writes any field, after everything before: also those that no driver may write. */
    public void store(int field, int value) {
        window.store(at + field, value);
    }

    /** The value of driver_epoch that this side wrote last. */
    public int driverEpoch() {
        return driverEpoch;
    }

    /** The server_epoch of the session, after {@link #go}. */
    public int serverEpoch() {
        return serverEpoch;
    }

    /** Whether there is a server of this layout, be the window broken or not. */
    public boolean hasServer(int magic) {
        return load(MAGIC) == magic && load(VERSION) == LAYOUT_VERSION && load(STATE) != STATE_DOWN;
    }

    /** Asks for a reset by a driver_epoch that nobody has used lately. */
    public void beginEpoch() {
        int found = load(DRIVER_EPOCH);
        int seen = load(DRIVER_EPOCH_SEEN);
        int fresh = found + 1;
        if (fresh == seen) {
            fresh++;
        }
        kicks[0] = load(KICK0);
        kicks[1] = load(KICK1);
        store(SERVER_EPOCH_SEEN, 0);
        store(DRIVER_EPOCH, fresh);
        driverEpoch = fresh;
        kick(0);
    }

    /** Whether the server has carried the reset out. */
    public boolean isEpochSeen() {
        return load(DRIVER_EPOCH_SEEN) == driverEpoch;
    }

    /** Takes the register-write sequence over from the server, so that nothing is under way. */
    public void settleWrites() {
        writeSequence = load(WT_ACK);
        store(WT_SEQ, writeSequence);
    }

    /** Notes whose session it is, for {@link #isSessionAlive}. */
    void expect(int epoch) {
        serverEpoch = epoch;
    }

    /**
     * Lets the server serve.
     *
     * @param epoch the server_epoch that the session is with
     */
    public void go(int epoch) {
        expect(epoch);
        store(SERVER_EPOCH_SEEN, epoch);
        kick(0);
    }

    /** Whether the server of the session still serves it: asked before anything it announces is believed. */
    public boolean isSessionAlive() {
        return load(STATE) == STATE_READY && load(SERVER_EPOCH) == serverEpoch;
    }

    /** Begins to write a register. One write at a time. */
    public void beginWrite(int register, int value) {
        store(WT_OFFSET, register);
        store(WT_VALUE, value);
        writeSequence++;
        store(WT_SEQ, writeSequence);
        kick(0);
    }

    /** Whether the write that was begun last is acknowledged; believe it only if {@link #isSessionAlive} afterwards. */
    public boolean isWriteAcknowledged() {
        return load(WT_ACK) == writeSequence;
    }

    /** Counts a kick of a queue, and rings its bell. */
    public void kick(int queue) {
        Mapping.fullFence(); // what the kick is for is visible before it
        kicks[queue]++;
        store(queue == 0 ? KICK0 : KICK1, kicks[queue]);
        bell.ring(queue);
    }
}
