// A running service on a generated board, with one agent behind a vhost-user socket.
package org.scmid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scmid.config.ConfigException;
import org.scmid.config.ConfigFiles;
import org.scmid.server.core.ScmiService;
import org.scmid.server.core.ServiceOptions;
import org.scmid.server.loop.LoopOptions;
import org.scmid.transport.AgentPort;

/**
 * A running service, as {@code scmid run} starts it from files, on a simulated board. Its one agent may control every
 * clock, so that a clock's id is its place on the {@link GeneratedBoard}.
 */
final class MeasuredService implements AutoCloseable {
    private static final String SERVICE = """
            board: ./board.yaml
            agents:
              guest:
                transport: vhost-user
                socket: guest.sock
                clocks: all
            """;

    private final Path directory;
    private final ScmiService service;

    private MeasuredService(Path directory, ScmiService service) {
        this.directory = directory;
        this.service = service;
    }

    /**
     * Starts one.
     *
     * @param clocks how many the board has
     * @param loop how its loop waits
     */
    static MeasuredService start(int clocks, LoopOptions loop) throws IOException, ConfigException {
        Path directory = Files.createTempDirectory("scmid-benchmark");
        Path file = Files.writeString(directory.resolve("service.yaml"), SERVICE);
        Files.writeString(directory.resolve("board.yaml"), GeneratedBoard.yaml(clocks));
        ServiceOptions options = new ServiceOptions(null, true, loop);
        return new MeasuredService(
                directory,
                ScmiService.start(ConfigFiles.service(file, directory).simulated(), options));
    }

    /** Where a VMM connects. */
    Path socket() {
        return directory.resolve("guest.sock");
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
        Files.delete(directory.resolve("service.yaml"));
        Files.delete(directory.resolve("board.yaml"));
        Files.delete(directory);
    }
}
