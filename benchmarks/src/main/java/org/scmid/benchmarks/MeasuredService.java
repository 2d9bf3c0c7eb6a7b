// A running service on a generated board, with one agent.
package org.scmid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.loop.LoopOptions;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;
import org.scmid.transport.AgentPort;

/**
 * A running service, as {@code scmid run} starts it from files, on a simulated board. Its one agent may control every
 * clock, so that a clock's id is its place on the {@link GeneratedBoard}.
 */
final class MeasuredService implements AutoCloseable {
    /** The size of {@link #window}. */
    static final long WINDOW_BYTES = 0x10000;

    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final Path window;
    private final ScmiService service;

    private MeasuredService(Path directory, Path window, ScmiService service) {
        this.directory = directory;
        this.window = window;
        this.service = service;
    }

    /**
     * Starts one with an agent behind a vhost-user socket.
     *
     * @param clocks how many the board has
     * @param loop how its loop waits
     */
    static MeasuredService start(int clocks, LoopOptions loop) throws IOException, ConfigException {
        return start(clocks, loop, "vhost-user");
    }

    /**
     * Starts one with an agent behind a vhost-user socket, and others that see the same clocks.
     *
     * @param clocks how many the board has
     * @param loop how its loop waits
     * @param agents how many in all, 1..255
     */
    static MeasuredService start(int clocks, LoopOptions loop, int agents) throws IOException, ConfigException {
        return start(clocks, loop, "vhost-user", agents);
    }

    /**
     * Starts one.
     *
     * @param clocks how many the board has
     * @param loop how its loop waits
     * @param transport how its agent is connected: vhost-user, fat-virtqueue, virtio-mmio
     */
    static MeasuredService start(int clocks, LoopOptions loop, String transport) throws IOException, ConfigException {
        return start(clocks, loop, transport, 1);
    }

    private static MeasuredService start(int clocks, LoopOptions loop, String transport, int agents)
            throws IOException, ConfigException {
        Path directory = Files.createTempDirectory("scmid-benchmark");
        Path window = MEMORY.resolve(directory.getFileName() + ".window");
        String place = switch (transport) {
            case "vhost-user" -> "socket: guest.sock";
            case "fat-virtqueue" -> "entries: 64\n    region: { file: " + window + ", size: 64 KiB }";
            default -> "region: { file: " + window + ", size: 64 KiB }";
        };
        Path file = Files.writeString(directory.resolve("service.yaml"), serviceFile(transport, place, agents));
        Files.writeString(directory.resolve("board.yaml"), GeneratedBoard.yaml(clocks));
        ServiceOptions options = new ServiceOptions(null, true, loop);
        return new MeasuredService(
                directory,
                window,
                ScmiService.start(ConfigFiles.service(file, directory).simulated(), options));
    }

    private static String serviceFile(String transport, String place, int agents) {
        StringBuilder file = new StringBuilder(serviceFile(transport, place));
        for (int i = 1; i < agents; i++) {
            file.append("""
              other%1$d:
                transport: socket
                socket: other%1$d.sock
                clocks: all
            """.formatted(i));
        }
        return file.toString();
    }

    private static String serviceFile(String transport, String place) {
        return """
            board: ./board.yaml
            agents:
              guest:
                transport: %s
                %s
                clocks: all
            """.formatted(transport, place);
    }

    /** Where a VMM connects. */
    Path socket() {
        return directory.resolve("guest.sock");
    }

    /** The file that the agent's window is in, from its first byte on, if its transport has one. */
    Path window() {
        return window;
    }

    /**
     * The core's side of the agent. It belongs to the service's loop: whoever calls it from another thread must see to it
     * that the loop sleeps, as it does while nobody connects.
     */
    AgentPort port() {
        return service.agents().getFirst();
    }

    @Override
    public void close() throws IOException {
        service.close();
        Files.deleteIfExists(window);
        Files.delete(directory.resolve("service.yaml"));
        Files.delete(directory.resolve("board.yaml"));
        Files.delete(directory);
    }
}
