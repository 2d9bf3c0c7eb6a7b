// The files in which the service remembers its agents and the gates it opened for them.
package org.scmid.server.core.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.BootId;
import org.scmid.linux.Fd;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;

/**
 * Where {@link AgentState}s and the {@link GateState} are kept: a directory with one file for each agent, {@code
 * <agent>.state}, and one for the board, {@code board.gates}, mode 0600, and a lock that one service holds; or memory, for
 * a service whose hardware ends with it.
 */
public final class AgentStateStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AgentStateStore.class.getName());
    private static final String LOCK_FILE = "lock";
    private static final String GATES_FILE = "board.gates";
    private static final String OF_AGENT = ".state";

    /** What is longer was not written by us. */
    private static final long MOST_BYTES = 64 << 20;

    private final @Nullable StateFolder folder;
    private final @Nullable Fd lock;
    private final byte[] bootId;

    private AgentStateStore(@Nullable StateFolder folder, @Nullable Fd lock, String bootId) {
        this.folder = folder;
        this.lock = lock;
        this.bootId = Arrays.copyOf(bootId.getBytes(StandardCharsets.US_ASCII), StateHeader.BOOT_ID_BYTES);
    }

    /** A store that ends with the process. */
    public static AgentStateStore inMemory() {
        return new AgentStateStore(null, null, "");
    }

    /**
     * Opens, and creates if need be, the store of a service and takes its lock.
     *
     * @param directory {@code <runtime directory>/state/<service key>}
     * @throws IOException if another service holds the lock (the message says so), or the directory cannot be used, as
     *     {@link StateFolder} says
     */
    public static AgentStateStore open(Path directory) throws IOException {
        return open(directory, BootId.read());
    }

    /** As {@link #open(Path)}, in a boot of the host that is known. */
    public static AgentStateStore open(Path directory, String bootId) throws IOException {
        StateFolder folder = StateFolder.open(directory);
        Fd lock = folder.openLock(LOCK_FILE);
        boolean locked = false;
        try {
            locked = NativeFile.tryLock(lock);
        } finally {
            if (!locked) {
                lock.close();
            }
        }
        if (!locked) {
            throw new IOException(
                    "this service is running already: another process holds " + directory.resolve(LOCK_FILE)
                            + "; stop it first, or give this one a runtime directory of its own");
        }
        return new AgentStateStore(folder, lock, bootId);
    }

    /** Whether what is stored survives the process. */
    public boolean isPersistent() {
        return folder != null;
    }

    /**
     * The state of an agent: what an earlier process left, if there is anything, else an empty one. What is dropped is
     * logged.
     *
     * @param agent the agent's name
     * @param sections what the protocols remember
     * @param configured the ids that the service file asks for; the state has those that a running guest may have
     *     discovered, and what is new behind them
     */
    public AgentState load(String agent, List<Section> sections, Numbering configured) throws IOException {
        StateFolder its = folder;
        if (its == null) {
            return AgentState.inMemory(sections, configured);
        }
        AgentState earlier = read(its, agent, sections);
        if (earlier == null) {
            return make(its, agent, sections, configured, state -> {});
        }
        Numbering numbering = configured.after(earlier.numbering());
        if (earlier.hasTheForm(sections, numbering)) {
            return earlier;
        }
        try (earlier) {
            return make(its, agent, sections, numbering, state -> state.takeOver(earlier));
        }
    }

    /**
     * The state of an agent whose guest begins anew: with the ids that the service file asks for.
     *
     * @param earlier its state until now, which is closed
     */
    public AgentState renew(String agent, List<Section> sections, Numbering configured, AgentState earlier)
            throws IOException {
        AgentState renewed;
        if (folder == null) {
            renewed = AgentState.inMemory(sections, configured);
            renewed.takeOverWhatStays(earlier);
        } else {
            renewed = make(folder, agent, sections, configured, state -> state.takeOverWhatStays(earlier));
        }
        earlier.close();
        return renewed;
    }

    private @Nullable AgentState read(StateFolder its, String agent, List<Section> sections) throws IOException {
        Consumer<String> complaint = problem -> logDropped("agent " + agent, problem);
        return read(its, fileName(agent), complaint, memory -> AgentState.read(memory, sections, bootId, complaint));
    }

    /** Makes a new file, complete, in the place of an old one. */
    private AgentState make(
            StateFolder its, String agent, List<Section> sections, Numbering numbering, Consumer<AgentState> fill)
            throws IOException {
        return its.replace(fileName(agent), AgentState.length(sections, numbering), memory -> {
            AgentState state = AgentState.anew(memory, sections, numbering, bootId);
            fill.accept(state);
            state.validate(bootId);
            return state;
        });
    }

    /** What a mapped file says; null if there is none, or it is not usable, which is complained of. */
    private static <T> @Nullable T read(
            StateFolder its, String name, Consumer<String> complaint, Function<Mapping, @Nullable T> reading)
            throws IOException {
        try (Fd fd = its.open(name)) {
            long size = fd == null ? 0 : NativeFile.size(fd);
            if (fd == null || size == 0) {
                return null;
            }
            if (size > MOST_BYTES) {
                complaint.accept("it is too long");
                return null;
            }
            Mapping memory = its.map(name, fd, size);
            T read = reading.apply(memory);
            if (read == null) {
                memory.close();
            }
            return read;
        }
    }

    /**
     * The gates that the service has opened: what an earlier process noted of clocks that the board has, else none.
     *
     * @param clocks names of the board's clocks, in its order
     */
    public GateState loadGates(List<String> clocks) throws IOException {
        if (folder == null) {
            return GateState.inMemory(clocks);
        }
        Consumer<String> complaint = problem -> logDropped("the board's gates", problem);
        GateState earlier = read(folder, GATES_FILE, complaint, memory -> GateState.read(memory, bootId, complaint));
        if (earlier != null && earlier.isOf(clocks)) {
            return earlier;
        }
        try (earlier) { // which may be null
            return folder.replace(GATES_FILE, GateState.length(clocks), memory -> {
                GateState state = GateState.anew(memory, clocks);
                if (earlier != null) {
                    state.takeOver(earlier);
                }
                state.validate(bootId);
                return state;
            });
        }
    }

    private static void logDropped(String what, String problem) {
        LOG.log(System.Logger.Level.INFO, what + ": what was stored is dropped: " + problem);
    }

    /** Removes what is remembered of an agent that has left for good. */
    public void forget(String agent) {
        if (folder != null) {
            folder.forget(fileName(agent));
        }
    }

    /** Removes the files of agents that the service does not have any more. What else is there stays: it is not ours. */
    public void retain(Set<String> agents) {
        if (folder != null) {
            Set<String> names = new HashSet<>();
            agents.forEach(agent -> names.add(fileName(agent)));
            folder.retain(OF_AGENT, names);
        }
    }

    /** An agent's name may hold any printable character, a slash or a dot too. */
    static String fileName(String agent) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < agent.length(); i++) {
            char c = agent.charAt(i);
            boolean plain = (c < 0x80 && Character.isLetterOrDigit(c)) || c == '-' || c == '_';
            name.append(plain ? Character.toString(c) : "%%%02X".formatted((int) c));
        }
        return name.append(OF_AGENT).toString();
    }

    /** Gives the lock back. States that were loaded are closed by who loaded them. */
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
    }
}
