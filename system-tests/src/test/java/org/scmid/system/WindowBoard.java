// A service whose agents are reached by windows, for the tests of windows.
package org.scmid.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The test board with agents at windows; the windows' files are in memory, and gone with the test. */
final class WindowBoard implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    final TestBoard board;
    private final Path windows;

    private WindowBoard(TestBoard board, Path windows) {
        this.board = board;
        this.windows = windows;
    }

    /**
     * Makes one.
     *
     * @param agents the service file's agents; in it, WINDOWS stands for the folder of the windows
     */
    static WindowBoard of(Path folder, String agents) {
        try {
            Path windows = Files.createTempDirectory(MEMORY, "scmid-test-");
            return new WindowBoard(
                    TestBoard.withAgents(folder, agents.replace("WINDOWS", windows.toString())), windows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of a window. */
    Path window(String name) {
        return windows.resolve(name);
    }

    /** QEMU's options for a window agent's guest, as the command prints them. */
    List<String> attach(String agent) {
        return Scmid.words(Scmid.command("guest", "qemu", board.service, agent).ok());
    }

    /** Boots the bare-metal guest of a window agent. */
    BareMetalGuest bareMetal(String agent) {
        return BareMetalGuest.start(agent, attach(agent));
    }

    @Override
    public void close() {
        try (var files = Files.list(windows)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
            Files.delete(windows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
