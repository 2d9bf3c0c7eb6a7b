// GET /api/agents for agents in windows: the window is what is shared, and a session makes the agent connected.
package org.scmid.server.management;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.config.ConfigFiles;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;

@Timeout(60)
class WindowAgentsRouteTest {
    private final Path folder;
    private final ScmiService service;
    private final ManagementServer server;

    WindowAgentsRouteTest() throws Exception {
        // A window is a file in memory.
        folder = Files.createTempDirectory(Path.of("/dev/shm"), "scmid-agents-");
        Path file = Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents:
                  ring:
                    transport: virtio-mmio
                    region: { file: ring, size: 64 KiB, guest-address: 0x48000000 }
                    notify: { poll: 1 ms }
                    clocks: all
                  fat:
                    transport: fat-virtqueue
                    region: { file: fat, size: 36 KiB }
                    notify: { poll: 1 ms }
                    clocks: all
                """);
        service = ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
        server = ManagementServer.start("127.0.0.1", 0, service);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        service.close();
        for (String name : new String[] {"service.yaml", "ring", "fat"}) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
    }

    private JsonArray agents() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/agents");
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            return new JsonArray(answer.body());
        }
    }

    private static String listed(boolean ring, boolean fat) {
        return """
                [{ "id": 1, "name": "ring", "connected": %1$b, "events": %1$b,
                   "memory": [{ "guest_address": 1207959552, "size": 65536 }] },
                 { "id": 2, "name": "fat", "connected": %2$b, "events": %2$b,
                   "memory": [{ "guest_address": 0, "size": 36864 }] }]""".formatted(ring, fat);
    }

    /** Drives it until it can send, and until the service has seen that. */
    private void awaitConnected(WindowDriver driver, int agent) throws Exception {
        while (driver.phase() != WindowDriver.Phase.READY
                || !agents().getJsonObject(agent).getBoolean("connected")) {
            driver.step();
        }
    }

    @Test
    void aWindowIsSharedFromTheStartAndItsAgentIsConnectedBySessions() throws Exception {
        assertEquals(new JsonArray(listed(false, false)), agents());
        try (DriverWindow memory = DriverWindow.open(folder.resolve("fat"), 0, 36 << 10, 0)) {
            awaitConnected(WindowDriver.fat(memory, DriverControl.NO_BELL), 1);
            assertEquals(new JsonArray(listed(false, true)), agents());
        }
        try (DriverWindow memory = DriverWindow.open(folder.resolve("ring"), 0, 64 << 10, 0x4800_0000L)) {
            awaitConnected(WindowDriver.mmio(memory, WindowDriver.MmioPlan.USUAL, DriverControl.NO_BELL), 0);
            assertEquals(new JsonArray(listed(true, true)), agents());
        }
    }
}
