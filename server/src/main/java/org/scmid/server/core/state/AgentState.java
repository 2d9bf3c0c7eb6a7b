// What the service must remember of one agent, though it be killed.
package org.scmid.server.core.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
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
 * 0    {@link StateHeader}
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
 * 480  u32     where the names begin
 * 484  u32     bytes of the names
 * 488  u32     CRC-32C of the names
 * 492  u8[20]  reserved
 * 512  the {@linkplain Section sections} of the protocols, each at a multiple of 8
 * then the names, UTF-8: a line {@code section PROTOCOL WORDS} for each section, then the lines of the {@link Numbering}
 * </pre>
 *
 * <p>What is remembered of a resource so belongs to its name: when the service file has others, or the same in another
 * order, the file is read by its own names ({@link AgentStateStore}).
 *
 * <p>It is written in place, each change by one aligned store that makes the change true by itself: a word for a
 * resource or a version, and for an asynchronous command its state, after the rest of it. So SIGKILL between any two
 * instructions leaves a state in which each change either happened or did not; and since a command that was not answered
 * comes again after a restart, whatever had not happened will. The page cache outlives the process, so nothing needs to
 * be synchronised; after a power cut the boot id is another one, and the file is dropped.
 */
public final class AgentState implements AutoCloseable {
    /** Asynchronous commands that may be unfinished at a time. */
    public static final int MAX_PENDING = 8;

    private static final StateHeader HEADER = new StateHeader(0x4153_4353, 3); // "SCSA"

    /** No asynchronous command. */
    public static final int NONE = -1;

    private static final int AT_PEER = 64;
    private static final int AT_PEER_PID = 68;
    private static final int AT_PEER_START = 72;
    private static final int AT_PEER_LEFT = 80;
    private static final int AT_NOTIFY_ERRORS = 88;
    private static final int AT_SEQUENCE = 92;
    private static final int AT_VERSIONS = 96;
    private static final int AT_PENDING = 160;
    private static final int AT_NAMES = 480;
    private static final int AT_NAMES_LENGTH = 484;
    private static final int AT_NAMES_CHECK = 488;
    private static final int AT_SECTIONS = 512;

    private static final String SECTION = "section";

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
    private final Numbering numbering;
    private final @Nullable ResourceState[] byProtocol = new ResourceState[PROTOCOLS];
    private final boolean[] started = new boolean[MAX_PENDING]; // of this process: a restart begins them again

    private AgentState(Mapping memory, List<Section> sections, Numbering numbering) {
        this.memory = memory;
        this.sections = List.copyOf(sections);
        this.numbering = numbering;
        long at = AT_SECTIONS;
        for (Section section : sections) {
            byProtocol[section.protocolId() - FIRST_PROTOCOL] =
                    new ResourceState(memory, at, section.entries(numbering), section.words());
            at += section.bytes(numbering);
        }
    }

    /** State that ends with the process. */
    static AgentState inMemory(List<Section> sections, Numbering numbering) throws LinuxException {
        return anew(Mapping.anonymous(length(sections, numbering)), sections, numbering, new byte[0]);
    }

    /**
     * Makes an empty state in memory that is all 0, of {@link #length} bytes. The word that makes it valid comes last.
     *
     * @param bootId 40 bytes; none if it ends with the process
     */
    static AgentState anew(Mapping memory, List<Section> sections, Numbering numbering, byte[] bootId) {
        AgentState state = new AgentState(memory, sections, numbering);
        if (bootId.length > 0) {
            byte[] names = names(sections, numbering);
            long at = endOfSections(sections, numbering);
            memory.putInt(AT_NAMES, (int) at);
            memory.putInt(AT_NAMES_LENGTH, names.length);
            memory.putInt(AT_NAMES_CHECK, check(names));
            memory.write(at, names, 0, names.length);
        }
        return state;
    }

    /** Makes what {@link #anew} made the agent's state: from now on it is valid. */
    void validate(byte[] bootId) {
        HEADER.write(memory, bootId);
    }

    /**
     * What is in this memory, by its own names.
     *
     * @param known the sections that the protocols have now; of others nobody knows what they say
     * @return null if it is not the state of an agent in this boot of the host, or damaged
     */
    static @Nullable AgentState read(Mapping memory, List<Section> known, byte[] bootId, Consumer<String> complaint) {
        String problem = memory.size() < AT_SECTIONS ? "it is too short" : HEADER.whyNotUsable(memory, bootId);
        if (problem == null) {
            try {
                AgentState state = read(memory, known);
                if (state != null && state.isSound()) {
                    return state;
                }
                problem = "it is damaged";
            } catch (IllegalArgumentException e) {
                problem = "its names are damaged";
            }
        }
        complaint.accept(problem);
        return null;
    }

    private static @Nullable AgentState read(Mapping memory, List<Section> known) {
        long at = Integer.toUnsignedLong(memory.getInt(AT_NAMES));
        int length = memory.getInt(AT_NAMES_LENGTH);
        if (at < AT_SECTIONS || length <= 0 || at + length > memory.size()) {
            return null;
        }
        byte[] bytes = new byte[length];
        memory.read(at, bytes, 0, length);
        if (check(bytes) != memory.getInt(AT_NAMES_CHECK)) {
            return null;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<Section> sections = new ArrayList<>();
        while (text.startsWith(SECTION)) {
            int end = text.indexOf('\n');
            String[] words = text.substring(0, Math.max(end, 0)).split(" ", -1);
            Section section = words.length == 3
                    ? section(known, Integer.parseInt(words[1], 16), Integer.parseInt(words[2]))
                    : null;
            if (section == null) {
                return null;
            }
            sections.add(section);
            text = text.substring(end + 1);
        }
        Numbering numbering = Numbering.parse(text);
        return endOfSections(sections, numbering) == at ? new AgentState(memory, sections, numbering) : null;
    }

    private static int check(byte[] names) {
        CRC32C check = new CRC32C();
        check.update(names);
        return (int) check.getValue();
    }

    private static @Nullable Section section(List<Section> known, int protocolId, int words) {
        for (Section section : known) {
            if (section.protocolId() == protocolId && words > 0) {
                return new Section(protocolId, section.key(), words, section.flags());
            }
        }
        return null;
    }

    private static byte[] names(List<Section> sections, Numbering numbering) {
        StringBuilder text = new StringBuilder();
        for (Section section : sections) {
            text.append("%s %x %d\n".formatted(SECTION, section.protocolId(), section.words()));
        }
        return text.append(numbering.text()).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long endOfSections(List<Section> sections, Numbering numbering) {
        long end = AT_SECTIONS;
        for (Section section : sections) {
            end += section.bytes(numbering);
        }
        return end;
    }

    /** Bytes for an agent with these sections. */
    static long length(List<Section> sections, Numbering numbering) {
        return endOfSections(sections, numbering) + names(sections, numbering).length;
    }

    /** Which resource each id means in here. */
    public Numbering numbering() {
        return numbering;
    }

    boolean hasTheForm(List<Section> wanted, Numbering itsNumbering) {
        return sections.equals(wanted) && numbering.equals(itsNumbering);
    }

    /**
     * Takes over what an earlier state says: all that is of the agent as a whole, and what is of resources that are in
     * both, by their names. What a protocol remembers in another form now is left behind.
     */
    void takeOver(AgentState earlier) {
        for (long at = AT_PEER; at < AT_NAMES; at += Integer.BYTES) {
            memory.putInt(at, earlier.memory.getInt(at));
        }
        for (Section section : sections) {
            takeOver(earlier, section);
        }
    }

    private void takeOver(AgentState earlier, Section section) {
        ResourceState from = earlier.byProtocol[section.protocolId() - FIRST_PROTOCOL];
        if (from == null || !earlier.sections.contains(section)) {
            return;
        }
        ResourceState to = of(section);
        if (section.key() == null) {
            to.copy(from, 0, 0);
            return;
        }
        Map<String, Integer> ids = numbering.ids(section.key());
        List<String> names = earlier.numbering.of(section.key());
        for (int id = 0; id < names.size(); id++) {
            Integer now = ids.get(names.get(id));
            if (now != null) {
                to.copy(from, id, now);
            }
        }
    }

    /** Takes over only what is of the agent as a whole, and nothing of resources: for an agent that begins anew. */
    void takeOverWhatStays(AgentState earlier) {
        for (long at = AT_PEER; at < AT_VERSIONS; at += Integer.BYTES) {
            memory.putInt(at, earlier.memory.getInt(at));
        }
        for (Section section : sections) {
            if (Numbering.DEVICES.equals(section.key())) {
                takeOver(earlier, section);
            }
        }
    }

    /** What a protocol remembers of each of the agent's resources. */
    public ResourceState of(ProtocolId protocol) {
        ResourceState state = byProtocol[protocol.id() - FIRST_PROTOCOL];
        if (state == null) {
            throw new IllegalArgumentException("protocol " + protocol + " remembers nothing of resources");
        }
        return state;
    }

    // ---- Protocols.

    public boolean notifiesErrors() {
        return memory.getInt(AT_NOTIFY_ERRORS) != 0;
    }

    public void notifyErrors(boolean on) {
        memory.putInt(AT_NOTIFY_ERRORS, on ? 1 : 0);
    }

    /** The version that the agent negotiated, 0 if none. */
    public int negotiated(int protocolId) {
        return memory.getInt(AT_VERSIONS + 4L * (protocolId - FIRST_PROTOCOL));
    }

    public void negotiate(int protocolId, int version) {
        memory.putInt(AT_VERSIONS + 4L * (protocolId - FIRST_PROTOCOL), version);
    }

    // ---- Asynchronous commands, by slot.

    /** Accepts an asynchronous command; false if {@link #MAX_PENDING} are unfinished. */
    public boolean accept(int header, int resource, int flags, long wanted) {
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
    public boolean isAccepted(int header, int resource, int flags, long wanted) {
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
    public int oldestAccepted() {
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
    public int oldestDone() {
        return slotIn(DONE);
    }

    /** The next younger command than that in a slot whose delayed response is not sent, {@link #NONE} if there is none. */
    public int nextDone(int slot) {
        int found = NONE;
        for (int other = 0; other < MAX_PENDING; other++) {
            boolean isYounger = sequence(other) - sequence(slot) > 0;
            boolean isOlder = found == NONE || sequence(other) - sequence(found) < 0;
            if (isYounger && isOlder && memory.getInt(at(other) + PENDING_STATE) == DONE) {
                found = other;
            }
        }
        return found;
    }

    /** An accepted command is begun: it is not found by {@link #oldestAccepted} any more in this process. */
    public void begin(int slot) {
        started[slot] = true;
    }

    /** The slot of a command that was begun and is not finished, by its {@link #sequence}; {@link #NONE} if it is gone. */
    public int begun(int sequence) {
        for (int slot = 0; slot < MAX_PENDING; slot++) {
            if (started[slot] && sequence(slot) == sequence && memory.getInt(at(slot) + PENDING_STATE) == ACCEPTED) {
                return slot;
            }
        }
        return NONE;
    }

    public void carriedOut(int slot, int status, long result) {
        long at = at(slot);
        memory.putInt(at + PENDING_STATUS, status);
        memory.putLong(at + PENDING_RESULT, result);
        memory.putIntRelease(at + PENDING_STATE, DONE);
    }

    /** Whether a slot has no command. */
    public boolean isFree(int slot) {
        return memory.getInt(at(slot) + PENDING_STATE) == FREE;
    }

    public void free(int slot) {
        memory.putIntRelease(at(slot) + PENDING_STATE, FREE);
    }

    public int pendingHeader(int slot) {
        return memory.getInt(at(slot) + PENDING_HEADER);
    }

    public int pendingResource(int slot) {
        return memory.getInt(at(slot) + PENDING_RESOURCE);
    }

    public int pendingFlags(int slot) {
        return memory.getInt(at(slot) + PENDING_FLAGS);
    }

    public long pendingWanted(int slot) {
        return memory.getLong(at(slot) + PENDING_WANTED);
    }

    public long pendingResult(int slot) {
        return memory.getLong(at(slot) + PENDING_RESULT);
    }

    public int pendingStatus(int slot) {
        return memory.getInt(at(slot) + PENDING_STATUS);
    }

    /** Frees the commands of one protocol. */
    public void clearPending(ProtocolId protocol) {
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
    public int sequence(int slot) {
        return memory.getInt(at(slot) + PENDING_SEQUENCE);
    }

    private static long at(int slot) {
        return AT_PENDING + (long) slot * PENDING_BYTES;
    }

    // ---- The peer.

    public void peerConnected(PeerIdentity peer) {
        memory.putInt(AT_PEER, PEER_NEVER); // never half of one peer and half of another
        memory.putInt(AT_PEER_PID, peer.pid());
        memory.putLong(AT_PEER_START, peer.startTicks());
        memory.putIntRelease(AT_PEER, PEER_CONNECTED);
    }

    public void peerGone(long millis) {
        if (memory.getInt(AT_PEER) == PEER_CONNECTED) {
            memory.putLong(AT_PEER_LEFT, millis);
            memory.putIntRelease(AT_PEER, PEER_GONE);
        }
    }

    /** The peer that was connected last, null if none ever was. Its user and group are not remembered. */
    @Nullable
    public PeerIdentity lastPeer() {
        return memory.getInt(AT_PEER) == PEER_NEVER
                ? null
                : new PeerIdentity(memory.getInt(AT_PEER_PID), memory.getLong(AT_PEER_START), -1, -1);
    }

    /**
     * Since when the peer is away, in milliseconds since 1970; {@code now} if it was still there when the service ended,
     * or if the clock was set back since.
     */
    public long peerAwaySince(long now) {
        return memory.getInt(AT_PEER) == PEER_GONE ? Math.min(now, memory.getLong(AT_PEER_LEFT)) : now;
    }

    // ---- All of it.

    /** Whether anything is remembered that a guest would miss. */
    public boolean hasContent() {
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
        return Objects.requireNonNull(byProtocol[section.protocolId() - FIRST_PROTOCOL]);
    }

    public void clearVersions() {
        for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
            memory.putInt(AT_VERSIONS + 4L * protocol, 0);
        }
    }

    private boolean isSound() {
        for (Section section : sections) {
            if (!of(section).hasOnly(section.flags())) {
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
            if (section.protocolId() - FIRST_PROTOCOL == protocol) {
                return Integer.compareUnsigned(pendingResource(slot), section.entries(numbering)) < 0;
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
