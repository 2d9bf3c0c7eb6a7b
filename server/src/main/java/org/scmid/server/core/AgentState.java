// What the service must remember of one agent, though it be killed.
package org.scmid.server.core;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.PeerIdentity;
import org.scmid.protocol.Header;
import org.scmid.protocol.ProtocolId;

/**
 * What is remembered of one agent: its votes, subscriptions and wishes, the versions it negotiated, its asynchronous
 * commands that are not finished, and who its peer is. A running guest never sends these again, so they live in a mapped
 * file that a killed service leaves behind complete ({@link AgentStateStore}); or, for a simulation, in anonymous memory.
 *
 * <pre>
 * 0    {@link StateHeader}; its hash is that of the agent's view: names and permissions of all that it sees, in order
 * 64   u32     peer: 0 never seen, 1 gone, 2 connected
 * 68   i32     peer's process id
 * 72   u64     peer's start time, in clock ticks since the boot
 * 80   u64     when the peer went, in milliseconds since 1970
 * 88   u32     Base: 1 if errors are to be notified
 * 92   u32     sequence number of the last asynchronous command
 * 96   u32[16] negotiated versions of protocols 0x10..0x1F, 0: not negotiated
 * 160  8 asynchronous commands of any protocol, 40 bytes each
 *        0   u32  state: 0 free, 1 accepted, 2 carried out
 *        4   u32  the command's header
 *        8   u32  resource id
 *        12  u32  flags of the command
 *        16  u64  what is wanted, such as a rate in Hz
 *        24  u64  what was reached
 *        32  i32  status of the delayed response
 *        36  u32  sequence number
 * 480  u8[32]  reserved
 * 512  the {@linkplain Section sections} of the protocols, each at a multiple of 8
 * </pre>
 *
 * <p>It is written in place, each change by one aligned store that makes the change true by itself: a word for a
 * resource or a version, and for an asynchronous command its state, after the rest of it. So SIGKILL between any two
 * instructions leaves a state in which each change either happened or did not; and since a command that was not answered
 * comes again after a restart, whatever had not happened will. The page cache outlives the process, so nothing needs to
 * be synchronised; after a power cut the boot id is another one, and the file is dropped.
 */
public final class AgentState implements AutoCloseable {
    /** Asynchronous commands that may be unfinished at a time. */
    static final int MAX_PENDING = 8;

    private static final StateHeader HEADER = new StateHeader(0x4153_4353, 2); // "SCSA"

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
    private static final int AT_SECTIONS = 512;

    private static final int FIRST_PROTOCOL = 0x10;
    private static final int PROTOCOLS = 16;

    private static final int PENDING_BYTES = 40;
    private static final int PENDING_STATE = 0;
    private static final int PENDING_HEADER = 4;
    private static final int PENDING_RESOURCE = 8;
    private static final int PENDING_FLAGS = 12;
    private static final int PENDING_WANTED = 16;
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
    private final List<Section> sections;
    private final @Nullable ResourceState[] byProtocol = new ResourceState[PROTOCOLS];
    private final boolean[] started = new boolean[MAX_PENDING]; // of this process: a restart begins them again

    /**
     * What one protocol remembers: so many entries, one for each resource of the agent, of so many words.
     *
     * @param protocolId 0x10..0x1F
     * @param entries how many resources
     * @param words 32-bit words of each; even if any of them holds one half of a 64-bit number
     * @param flags the bits that word 0 of an entry may have; a file with others is damaged
     */
    record Section(int protocolId, int entries, int words, int flags) {
        private long bytes() {
            return ((long) entries * words * Integer.BYTES + Long.BYTES - 1) & -Long.BYTES;
        }
    }

    AgentState(Mapping memory, List<Section> sections) {
        this.memory = memory;
        this.sections = List.copyOf(sections);
        long at = AT_SECTIONS;
        for (Section section : sections) {
            byProtocol[section.protocolId - FIRST_PROTOCOL] =
                    new ResourceState(memory, at, section.entries, section.words);
            at += section.bytes();
        }
    }

    /** State that ends with the process. */
    static AgentState inMemory(List<Section> sections) throws LinuxException {
        return new AgentState(Mapping.anonymous(length(sections)), sections);
    }

    /** Bytes for an agent with these sections. */
    static long length(List<Section> sections) {
        long length = AT_SECTIONS + Long.BYTES;
        for (Section section : sections) {
            length += section.bytes();
        }
        return length;
    }

    /** What a protocol remembers of each of the agent's resources. */
    ResourceState of(ProtocolId protocol) {
        ResourceState state = byProtocol[protocol.id() - FIRST_PROTOCOL];
        if (state == null) {
            throw new IllegalArgumentException("protocol " + protocol + " remembers nothing of resources");
        }
        return state;
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

    // ---- Asynchronous commands, by slot.

    /** Accepts an asynchronous command; false if {@link #MAX_PENDING} are unfinished. */
    boolean accept(int header, int resource, int flags, long wanted) {
        int slot = slotIn(FREE);
        if (slot == NONE) {
            return false;
        }
        int sequence = memory.getInt(AT_SEQUENCE) + 1;
        long at = at(slot);
        memory.putInt(at + PENDING_HEADER, header);
        memory.putInt(at + PENDING_RESOURCE, resource);
        memory.putInt(at + PENDING_FLAGS, flags);
        memory.putLong(at + PENDING_WANTED, wanted);
        memory.putInt(at + PENDING_SEQUENCE, sequence);
        memory.putInt(AT_SEQUENCE, sequence);
        started[slot] = false;
        memory.putIntRelease(at + PENDING_STATE, ACCEPTED);
        return true;
    }

    /** Whether a command is accepted that looks the same in everything, the token included. */
    boolean isAccepted(int header, int resource, int flags, long wanted) {
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            long at = at(slot);
            if (memory.getInt(at + PENDING_STATE) == ACCEPTED
                    && memory.getInt(at + PENDING_HEADER) == header
                    && memory.getInt(at + PENDING_RESOURCE) == resource
                    && memory.getInt(at + PENDING_FLAGS) == flags
                    && memory.getLong(at + PENDING_WANTED) == wanted) {
                return true;
            }
        }
        return false;
    }

    /** The oldest command that is accepted but not begun, {@link #NONE} if there is none. */
    int oldestAccepted() {
        int found = NONE;
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            boolean isOlder = found == NONE || sequence(slot) - sequence(found) < 0;
            if (isOlder && !started[slot] && memory.getInt(at(slot) + PENDING_STATE) == ACCEPTED) {
                found = slot;
            }
        }
        return found;
    }

    /** The oldest command whose delayed response is not sent, {@link #NONE} if there is none. */
    int oldestDone() {
        return slotIn(DONE);
    }

    /** An accepted command is begun: it is not found by {@link #oldestAccepted} any more in this process. */
    void begin(int slot) {
        started[slot] = true;
    }

    /** The slot of a command that was begun and is not finished, by its {@link #sequence}; {@link #NONE} if it is gone. */
    int begun(int sequence) {
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            if (started[slot] && sequence(slot) == sequence && memory.getInt(at(slot) + PENDING_STATE) == ACCEPTED) {
                return slot;
            }
        }
        return NONE;
    }

    void carriedOut(int slot, int status, long result) {
        long at = at(slot);
        memory.putInt(at + PENDING_STATUS, status);
        memory.putLong(at + PENDING_RESULT, result);
        memory.putIntRelease(at + PENDING_STATE, DONE);
    }

    void free(int slot) {
        memory.putIntRelease(at(slot) + PENDING_STATE, FREE);
    }

    int pendingHeader(int slot) {
        return memory.getInt(at(slot) + PENDING_HEADER);
    }

    int pendingResource(int slot) {
        return memory.getInt(at(slot) + PENDING_RESOURCE);
    }

    int pendingFlags(int slot) {
        return memory.getInt(at(slot) + PENDING_FLAGS);
    }

    long pendingWanted(int slot) {
        return memory.getLong(at(slot) + PENDING_WANTED);
    }

    long pendingResult(int slot) {
        return memory.getLong(at(slot) + PENDING_RESULT);
    }

    int pendingStatus(int slot) {
        return memory.getInt(at(slot) + PENDING_STATUS);
    }

    /** Frees the commands of one protocol. */
    void clearPending(ProtocolId protocol) {
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            if (Header.protocolId(pendingHeader(slot)) == protocol.id()) {
                free(slot);
            }
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

    /** A number that no other command of the agent has for a long time. */
    int sequence(int slot) {
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
        for (Section section : sections) {
            if (!of(section).isEmpty()) {
                return true;
            }
        }
        for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
            if (memory.getInt(AT_VERSIONS + 4L * protocol) != 0) {
                return true;
            }
        }
        return notifiesErrors() || slotIn(ACCEPTED) != NONE || oldestDone() != NONE;
    }

    private ResourceState of(Section section) {
        return Objects.requireNonNull(byProtocol[section.protocolId - FIRST_PROTOCOL]);
    }

    void clearVersions() {
        for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
            memory.putInt(AT_VERSIONS + 4L * protocol, 0);
        }
    }

    /** Writes the head of a new file, whose bytes are all 0. */
    void begin(byte[] bootId, long view) {
        HEADER.write(memory, bootId, view, entries());
    }

    /** Why this memory is not the state of this agent in this boot of the host; null if it is. */
    @Nullable
    String whyNotUsable(byte[] bootId, long view) {
        String problem = HEADER.whyNotUsable(memory, bootId, view, entries());
        return problem == null && !isSound() ? "it is damaged" : problem;
    }

    private int entries() {
        int entries = 0;
        for (Section section : sections) {
            entries += section.entries;
        }
        return entries;
    }

    private boolean isSound() {
        for (Section section : sections) {
            if (!of(section).hasOnly(section.flags)) {
                return false;
            }
        }
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            int state = memory.getInt(at(slot) + PENDING_STATE);
            if (state < FREE || state > DONE || (state != FREE && !isOfAResource(slot))) {
                return false;
            }
        }
        int peer = memory.getInt(AT_PEER);
        return peer >= PEER_NEVER && peer <= PEER_CONNECTED;
    }

    private boolean isOfAResource(int slot) {
        int protocol = Header.protocolId(pendingHeader(slot)) - FIRST_PROTOCOL;
        for (Section section : sections) {
            if (section.protocolId - FIRST_PROTOCOL == protocol) {
                return Integer.compareUnsigned(pendingResource(slot), section.entries) < 0;
            }
        }
        return false;
    }

    /** Lets go of the memory; a file keeps what is in it. */
    @Override
    public void close() {
        memory.close();
    }
}
