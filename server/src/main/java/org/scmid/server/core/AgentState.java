// What the service must remember of one agent, though it be killed.
package org.scmid.server.core;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.PeerIdentity;

/**
 * What is remembered of one agent: its votes and subscriptions, the versions it negotiated, its asynchronous commands
 * that are not finished, and who its peer is. A running guest never sends these again, so they live in a mapped file
 * that a killed service leaves behind complete ({@link AgentStateStore}); or, for a simulation, in anonymous memory.
 *
 * <pre>
 * 0    {@link StateHeader}; its hash is that of the agent's view: names and permissions of its clocks, in order
 * 64   u32     peer: 0 never seen, 1 gone, 2 connected
 * 68   i32     peer's process id
 * 72   u64     peer's start time, in clock ticks since the boot
 * 80   u64     when the peer went, in milliseconds since 1970
 * 88   u32     Base: 1 if errors are to be notified
 * 92   u32     sequence number of the last asynchronous command
 * 96   u32[16] negotiated versions of protocols 0x10..0x1F, 0: not negotiated
 * 160  8 asynchronous commands, 40 bytes each
 *        0   u32  state: 0 free, 1 accepted, 2 carried out
 *        4   u32  the command's header
 *        8   u32  clock id
 *        12  u32  flags of the command
 *        16  u64  rate wanted, in Hz
 *        24  u64  rate reached, in Hz
 *        32  i32  status of the delayed response
 *        36  u32  sequence number
 * 480  u8[32]  reserved
 * 512  u8[]    one byte for each clock: bit 0 vote, bit 1 rate-changed, bit 2 rate-change-requested notifications
 * </pre>
 *
 * <p>It is written in place, each change by one aligned store that makes the change true by itself: a byte for a clock,
 * a word for a version, and for an asynchronous command its state, after the rest of it. So SIGKILL between any two
 * instructions leaves a state in which each change either happened or did not; and since a command that was not answered
 * comes again after a restart, whatever had not happened will. The page cache outlives the process, so nothing needs to
 * be synchronised; after a power cut the boot id is another one, and the file is dropped.
 */
public final class AgentState implements AutoCloseable {
    /** Asynchronous commands that may be unfinished at a time. */
    static final int MAX_PENDING = 8;

    private static final StateHeader HEADER = new StateHeader(0x4153_4353, 1); // "SCSA"

    static final int VOTE = 1;
    static final int RATE_CHANGED = 1 << 1;
    static final int RATE_CHANGE_REQUESTED = 1 << 2;
    private static final int CLOCK_BITS = VOTE | RATE_CHANGED | RATE_CHANGE_REQUESTED;

    /** No asynchronous command. */
    static final int NONE = -1;

    private static final int AT_PEER = 64;
    private static final int AT_PEER_PID = 68;
    private static final int AT_PEER_START = 72;
    private static final int AT_PEER_LEFT = 80;
    private static final int AT_NOTIFY_ERRORS = 88;
    private static final int AT_SEQUENCE = 92;
    private static final int AT_VERSIONS = 96;
    private static final int AT_PENDING = 160;
    private static final int AT_CLOCKS = 512;

    private static final int FIRST_PROTOCOL = 0x10;
    private static final int PROTOCOLS = 16;

    private static final int PENDING_BYTES = 40;
    private static final int PENDING_STATE = 0;
    private static final int PENDING_HEADER = 4;
    private static final int PENDING_CLOCK = 8;
    private static final int PENDING_FLAGS = 12;
    private static final int PENDING_RATE = 16;
    private static final int PENDING_RESULT = 24;
    private static final int PENDING_STATUS = 32;
    private static final int PENDING_SEQUENCE = 36;

    private static final int FREE = 0;
    private static final int ACCEPTED = 1;
    private static final int DONE = 2;

    private static final int PEER_NEVER = 0;
    private static final int PEER_GONE = 1;
    private static final int PEER_CONNECTED = 2;

    private final Mapping memory;
    private final int clocks;

    AgentState(Mapping memory, int clocks) {
        this.memory = memory;
        this.clocks = clocks;
    }

    /**
     * State that ends with the process.
     *
     * @param clocks how many clocks the agent sees
     */
    static AgentState inMemory(int clocks) throws LinuxException {
        return new AgentState(Mapping.anonymous(length(clocks)), clocks);
    }

    /** Bytes for an agent with so many clocks. */
    static long length(int clocks) {
        return (long) AT_CLOCKS + Math.max(1, clocks);
    }

    // ---- Clocks.

    boolean is(int bit, int clock) {
        return (memory.getByte(AT_CLOCKS + clock) & bit) != 0;
    }

    void set(int bit, int clock, boolean on) {
        int old = memory.getByte(AT_CLOCKS + clock);
        memory.putByte(AT_CLOCKS + clock, (byte) (on ? old | bit : old & ~bit));
    }

    // ---- Protocols.

    boolean notifiesErrors() {
        return memory.getInt(AT_NOTIFY_ERRORS) != 0;
    }

    void notifyErrors(boolean on) {
        memory.putInt(AT_NOTIFY_ERRORS, on ? 1 : 0);
    }

    /** The version that the agent negotiated, 0 if none. */
    int negotiated(int protocolId) {
        return memory.getInt(AT_VERSIONS + 4L * (protocolId - FIRST_PROTOCOL));
    }

    void negotiate(int protocolId, int version) {
        memory.putInt(AT_VERSIONS + 4L * (protocolId - FIRST_PROTOCOL), version);
    }

    // ---- Asynchronous rate changes, by slot.

    /** Accepts an asynchronous command; false if {@link #MAX_PENDING} are unfinished. */
    boolean accept(int header, int clock, int flags, long rate) {
        int slot = slotIn(FREE);
        if (slot == NONE) {
            return false;
        }
        int sequence = memory.getInt(AT_SEQUENCE) + 1;
        long at = at(slot);
        memory.putInt(at + PENDING_HEADER, header);
        memory.putInt(at + PENDING_CLOCK, clock);
        memory.putInt(at + PENDING_FLAGS, flags);
        memory.putLong(at + PENDING_RATE, rate);
        memory.putInt(at + PENDING_SEQUENCE, sequence);
        memory.putInt(AT_SEQUENCE, sequence);
        memory.putIntRelease(at + PENDING_STATE, ACCEPTED);
        return true;
    }

    /** Whether a command is accepted that looks the same in everything, the token included. */
    boolean isAccepted(int header, int clock, int flags, long rate) {
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            long at = at(slot);
            if (memory.getInt(at + PENDING_STATE) == ACCEPTED
                    && memory.getInt(at + PENDING_HEADER) == header
                    && memory.getInt(at + PENDING_CLOCK) == clock
                    && memory.getInt(at + PENDING_FLAGS) == flags
                    && memory.getLong(at + PENDING_RATE) == rate) {
                return true;
            }
        }
        return false;
    }

    /** The oldest command that is accepted but not carried out, {@link #NONE} if there is none. */
    int oldestAccepted() {
        return slotIn(ACCEPTED);
    }

    /** The oldest command whose delayed response is not sent, {@link #NONE} if there is none. */
    int oldestDone() {
        return slotIn(DONE);
    }

    void carriedOut(int slot, int status, long rate) {
        long at = at(slot);
        memory.putInt(at + PENDING_STATUS, status);
        memory.putLong(at + PENDING_RESULT, rate);
        memory.putIntRelease(at + PENDING_STATE, DONE);
    }

    void free(int slot) {
        memory.putIntRelease(at(slot) + PENDING_STATE, FREE);
    }

    int pendingHeader(int slot) {
        return memory.getInt(at(slot) + PENDING_HEADER);
    }

    int pendingClock(int slot) {
        return memory.getInt(at(slot) + PENDING_CLOCK);
    }

    int pendingFlags(int slot) {
        return memory.getInt(at(slot) + PENDING_FLAGS);
    }

    long pendingRate(int slot) {
        return memory.getLong(at(slot) + PENDING_RATE);
    }

    long pendingResult(int slot) {
        return memory.getLong(at(slot) + PENDING_RESULT);
    }

    int pendingStatus(int slot) {
        return memory.getInt(at(slot) + PENDING_STATUS);
    }

    void clearPending() {
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            free(slot);
        }
    }

    private int slotIn(int state) {
        int found = NONE;
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            boolean isOlder = found == NONE || sequence(slot) - sequence(found) < 0;
            if (isOlder && memory.getInt(at(slot) + PENDING_STATE) == state) {
                found = slot;
            }
        }
        return found;
    }

    private int sequence(int slot) {
        return memory.getInt(at(slot) + PENDING_SEQUENCE);
    }

    private static long at(int slot) {
        return AT_PENDING + (long) slot * PENDING_BYTES;
    }

    // ---- The peer.

    void peerConnected(PeerIdentity peer) {
        memory.putInt(AT_PEER, PEER_NEVER); // never half of one peer and half of another
        memory.putInt(AT_PEER_PID, peer.pid());
        memory.putLong(AT_PEER_START, peer.startTicks());
        memory.putIntRelease(AT_PEER, PEER_CONNECTED);
    }

    void peerGone(long millis) {
        if (memory.getInt(AT_PEER) == PEER_CONNECTED) {
            memory.putLong(AT_PEER_LEFT, millis);
            memory.putIntRelease(AT_PEER, PEER_GONE);
        }
    }

    /** The peer that was connected last, null if none ever was. Its user and group are not remembered. */
    @Nullable
    PeerIdentity lastPeer() {
        return memory.getInt(AT_PEER) == PEER_NEVER
                ? null
                : new PeerIdentity(memory.getInt(AT_PEER_PID), memory.getLong(AT_PEER_START), -1, -1);
    }

    /**
     * Since when the peer is away, in milliseconds since 1970; {@code now} if it was still there when the service ended,
     * or if the clock was set back since.
     */
    long peerAwaySince(long now) {
        return memory.getInt(AT_PEER) == PEER_GONE ? Math.min(now, memory.getLong(AT_PEER_LEFT)) : now;
    }

    // ---- All of it.

    /** Whether anything is remembered that a guest would miss. */
    boolean hasContent() {
        for (int clock = 0; clock < clocks; clock++) {
            if (memory.getByte(AT_CLOCKS + clock) != 0) {
                return true;
            }
        }
        for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
            if (memory.getInt(AT_VERSIONS + 4L * protocol) != 0) {
                return true;
            }
        }
        return notifiesErrors() || oldestAccepted() != NONE || oldestDone() != NONE;
    }

    void clearVersions() {
        for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
            memory.putInt(AT_VERSIONS + 4L * protocol, 0);
        }
    }

    /** Writes the head of a new file, whose bytes are all 0. */
    void begin(byte[] bootId, long view) {
        HEADER.write(memory, bootId, view, clocks);
    }

    /** Why this memory is not the state of this agent in this boot of the host; null if it is. */
    @Nullable
    String whyNotUsable(byte[] bootId, long view) {
        String problem = HEADER.whyNotUsable(memory, bootId, view, clocks);
        return problem == null && !isSound() ? "it is damaged" : problem;
    }

    private boolean isSound() {
        for (int clock = 0; clock < clocks; clock++) {
            if ((memory.getByte(AT_CLOCKS + clock) & ~CLOCK_BITS) != 0) {
                return false;
            }
        }
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            int state = memory.getInt(at(slot) + PENDING_STATE);
            if (state < FREE || state > DONE) {
                return false;
            }
            if (state != FREE && Integer.compareUnsigned(pendingClock(slot), clocks) >= 0) {
                return false;
            }
        }
        int peer = memory.getInt(AT_PEER);
        return peer >= PEER_NEVER && peer <= PEER_CONNECTED;
    }

    /** Lets go of the memory; a file keeps what is in it. */
    @Override
    public void close() {
        memory.close();
    }
}
