// The files in which the service remembers its agents and the gates it opened for them.
package org.scmid.server.core.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.BootId;
import org.scmid.linux.Fd;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;

/**
 * Where {@link AgentState}s and the {@link GateState} are kept: a directory with one file for each agent, {@code
 * <agent>.state}, and one for the board, {@code board.gates}, mode 0600, and a lock that one service holds; or memory, for
 * a service whose hardware ends with it.
 */
public final class AgentStateStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AgentStateStore.class.getName());
    private static final int DIRECTORY_MODE = 0700;
    private static final String LOCK_FILE = "lock";
    private static final String GATES_FILE = "board.gates";

    /** What a file is called until it is complete. */
    private static final String NEW = ".new";

    private final @Nullable Path directory;
    private final @Nullable Fd lock;
    private final byte[] bootId;

    private AgentStateStore(@Nullable Path directory, @Nullable Fd lock, String bootId) {
        this.directory = directory;
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
     * @throws IOException if another service holds the lock (the message says so), or the directory cannot be used
     */
    public static AgentStateStore open(Path directory) throws IOException {
        return open(directory, BootId.read());
    }

    /** As {@link #open(Path)}, in a boot of the host that is known. */
    public static AgentStateStore open(Path directory, String bootId) throws IOException {
        boolean isNew = Files.notExists(directory);
        Files.createDirectories(directory);
        if (isNew) {
            NativeFile.chmod(directory, DIRECTORY_MODE);
        }
        Fd lock = NativeFile.open(directory.resolve(LOCK_FILE), OpenMode.READ_WRITE, true, false);
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
        return new AgentStateStore(directory, lock, bootId);
    }

    /** Whether what is stored survives the process. */
    public boolean isPersistent() {
        return directory != null;
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
        if (directory == null) {
            return AgentState.inMemory(sections, configured);
        }
        AgentState earlier = read(agent, sections);
        if (earlier == null) {
            return make(agent, sections, configured, state -> {});
        }
        Numbering numbering = configured.after(earlier.numbering());
        if (earlier.hasTheForm(sections, numbering)) {
            return earlier;
        }
        try (earlier) {
            return make(agent, sections, numbering, state -> state.takeOver(earlier));
        }
    }

    /**
     * The state of an agent whose guest begins anew: with the ids that the service file asks for.
     *
     * @param earlier its state until now, which is closed
     */
    public AgentState renew(String agent, List<Section> sections, Numbering configured, AgentState earlier)
            throws IOException {
        AgentState renewed = directory == null
                ? AgentState.inMemory(sections, configured)
                : make(agent, sections, configured, state -> state.takeOverWhatStays(earlier));
        if (directory == null) {
            renewed.takeOverWhatStays(earlier);
        }
        earlier.close();
        return renewed;
    }

    private @Nullable AgentState read(String agent, List<Section> sections) throws IOException {
        Path file = inDirectory(fileName(agent));
        try (Fd fd = NativeFile.open(file, OpenMode.READ_WRITE, true, false)) {
            long size = NativeFile.size(fd);
            if (size == 0) {
                return null;
            }
            Mapping memory = Mapping.map(fd, 0, size, true);
            AgentState state =
                    AgentState.read(memory, sections, bootId, problem -> logDropped("agent " + agent, problem));
            if (state == null) {
                memory.close();
            }
            return state;
        }
    }

    /** Makes a new file, complete, in the place of an old one. */
    private AgentState make(String agent, List<Section> sections, Numbering numbering, Consumer<AgentState> fill)
            throws IOException {
        Path file = inDirectory(fileName(agent));
        Path beside = inDirectory(fileName(agent) + NEW);
        try (Fd fd = NativeFile.open(beside, OpenMode.READ_WRITE, true, false)) {
            Mapping memory = mapAnew(fd, AgentState.length(sections, numbering));
            AgentState state = AgentState.anew(memory, sections, numbering, bootId);
            fill.accept(state);
            state.validate(bootId);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return state;
        }
    }

    private Path inDirectory(String name) {
        Path its = directory;
        if (its == null) {
            throw new IllegalStateException("the store is in memory");
        }
        return its.resolve(name);
    }

    /**
     * The gates that the service has opened: what an earlier process noted of clocks that the board has, else none.
     *
     * @param clocks names of the board's clocks, in its order
     */
    public GateState loadGates(List<String> clocks) throws IOException {
        if (directory == null) {
            return GateState.inMemory(clocks);
        }
        Path file = inDirectory(GATES_FILE);
        GateState earlier = readGates(file);
        if (earlier != null && earlier.isOf(clocks)) {
            return earlier;
        }
        Path beside = inDirectory(GATES_FILE + NEW);
        try (Fd fd = NativeFile.open(beside, OpenMode.READ_WRITE, true, false)) {
            GateState state = GateState.anew(mapAnew(fd, GateState.length(clocks)), clocks);
            if (earlier != null) {
                state.takeOver(earlier);
                earlier.close();
            }
            state.validate(bootId);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return state;
        }
    }

    private @Nullable GateState readGates(Path file) throws IOException {
        try (Fd fd = NativeFile.open(file, OpenMode.READ_WRITE, true, false)) {
            long size = NativeFile.size(fd);
            if (size == 0) {
                return null;
            }
            Mapping memory = Mapping.map(fd, 0, size, true);
            GateState state = GateState.read(memory, bootId, problem -> logDropped("the board's gates", problem));
            if (state == null) {
                memory.close();
            }
            return state;
        }
    }

    private static Mapping mapAnew(Fd fd, long length) throws IOException {
        NativeFile.truncate(fd, 0);
        NativeFile.truncate(fd, length);
        return Mapping.map(fd, 0, length, true);
    }

    private static void logDropped(String what, String problem) {
        LOG.log(System.Logger.Level.INFO, what + ": what was stored is dropped: " + problem);
    }

    /** Removes what is remembered of an agent that has left for good. */
    public void forget(String agent) {
        if (directory != null) {
            try {
                Files.deleteIfExists(directory.resolve(fileName(agent)));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot clean " + directory + ": " + e.getMessage());
            }
        }
    }

    /** Removes the files of agents that the service does not have any more. What else is there stays: it is not ours. */
    public void retain(Set<String> agents) {
        if (directory == null) {
            return;
        }
        Set<String> names = new HashSet<>();
        agents.forEach(agent -> names.add(fileName(agent)));
        try (var files = Files.newDirectoryStream(directory, "*.state")) {
            for (Path file : files) {
                boolean ours = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                if (ours && !names.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot clean " + directory + ": " + e.getMessage());
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
        return name.append(".state").toString();
    }

    /** Gives the lock back. States that were loaded are closed by who loaded them. */
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
    }
}
