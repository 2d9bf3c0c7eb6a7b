// The files in which the service remembers its agents and the gates it opened for them.
package org.scmid.server.core;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.BootId;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
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

    static AgentStateStore open(Path directory, String bootId) throws IOException {
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
     * The state of an agent: what an earlier process left, if it fits, else an empty one. What is dropped is logged.
     *
     * @param agent the agent's name
     * @param sections what is remembered of the resources that it sees
     * @param view hash of what it sees
     */
    AgentState load(String agent, List<AgentState.Section> sections, long view) throws LinuxException {
        if (directory == null) {
            return AgentState.inMemory(sections);
        }
        String what = "agent " + agent;
        try (Fd fd = NativeFile.open(directory.resolve(fileName(agent)), OpenMode.READ_WRITE, true, false)) {
            Mapping memory = mapIfLong(fd, AgentState.length(sections), what);
            if (memory != null) {
                AgentState state = new AgentState(memory, sections);
                String problem = state.whyNotUsable(bootId, view);
                if (problem == null) {
                    return state;
                }
                state.close();
                logDropped(what, problem);
            }
            AgentState state = new AgentState(mapAnew(fd, AgentState.length(sections)), sections);
            state.begin(bootId, view);
            return state;
        }
    }

    /**
     * The gates that the service has opened: what an earlier process noted, if it fits, else none.
     *
     * @param clocks how many clocks the board has
     * @param view hash of the board's clocks and of every agent's view: with a changed view an agent's votes are dropped,
     *     and then nobody knows any more whose gates they were
     */
    GateState loadGates(int clocks, long view) throws LinuxException {
        if (directory == null) {
            return GateState.inMemory(clocks);
        }
        try (Fd fd = NativeFile.open(directory.resolve(GATES_FILE), OpenMode.READ_WRITE, true, false)) {
            Mapping memory = mapIfLong(fd, GateState.length(clocks), "the board's gates");
            if (memory != null) {
                GateState state = new GateState(memory, clocks);
                String problem = state.whyNotUsable(bootId, view);
                if (problem == null) {
                    return state;
                }
                state.close();
                logDropped("the board's gates", problem);
            }
            GateState state = new GateState(mapAnew(fd, GateState.length(clocks)), clocks);
            state.begin(bootId, view);
            return state;
        }
    }

    /** Maps a file of this length; null if it has another, which is logged unless it is new. */
    private static @Nullable Mapping mapIfLong(Fd fd, long length, String what) throws LinuxException {
        long found = NativeFile.size(fd);
        if (found == length) {
            return Mapping.map(fd, 0, length, true);
        }
        if (found > 0) {
            logDropped(what, "resources or permissions are others now, or the file is damaged");
        }
        return null;
    }

    private static Mapping mapAnew(Fd fd, long length) throws LinuxException {
        NativeFile.truncate(fd, 0);
        NativeFile.truncate(fd, length);
        return Mapping.map(fd, 0, length, true);
    }

    private static void logDropped(String what, String problem) {
        LOG.log(System.Logger.Level.INFO, what + ": what was stored is dropped: " + problem);
    }

    /** Removes the files of agents that the service does not have any more. What else is there stays: it is not ours. */
    void retain(Set<String> agents) {
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
