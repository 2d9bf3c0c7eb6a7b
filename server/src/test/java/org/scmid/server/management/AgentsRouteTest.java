// GET /api/agents: who is there, and what the service has mapped of whose memory.
package org.scmid.server.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonArray;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.ManagementSpec;
import org.scmid.linux.LinuxException;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.transport.SharedRegion;
import org.scmid.transport.vhostuser.VhostUser;

@Timeout(60)
class AgentsRouteTest {
    private static final long PROTOCOL_FEATURES =
            VhostUser.PROTOCOL_REPLY_ACK | VhostUser.PROTOCOL_CONFIGURE_MEM_SLOTS | VhostUser.PROTOCOL_MQ;

    private final Path folder;
    private final ScmiService service;
    private final ManagementServer server;

    AgentsRouteTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        Path file = Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents:
                  tools: { transport: socket, socket: tools.sock, clocks: all }
                  vm:
                    transport: vhost-user
                    socket: vm.sock
                    window: { size: 64 KiB, guest-address: 0x50000000 }
                    clocks: all
                """);
        service = ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
        server = ManagementServer.start("127.0.0.1", 0, service);
    }

    @AfterEach
    void stop() {
        server.close();
        service.close();
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

    @Test
    void whatAVmSharesIsListedWhileItShares() throws Exception {
        String nothing = """
                [{ "id": 1, "name": "tools", "connected": false, "events": false, "memory": [] },
                 { "id": 2, "name": "vm", "connected": false, "events": false, "memory": [] }]""";
        assertEquals(new JsonArray(nothing), agents());
        try (VhostUserFrontend vmm = VhostUserFrontend.connect(folder.resolve("vm.sock"));
                DriverMemory memory = new DriverMemory()) {
            vmm.negotiate(0, PROTOCOL_FEATURES);
            DriverMemory.Region window = memory.add(0x5000_0000L, 0x10000, 0);
            vmm.addRegion(window);
            assertEquals(
                    new JsonArray("[{ \"guest_address\": 1342177280, \"size\": 65536 }]"),
                    agents().getJsonObject(1).getJsonArray("memory"));
            try (var client = new ManagementClient(new ManagementSpec("127.0.0.1", server.port()))) {
                assertEquals(
                        List.of(
                                new AgentSnapshot(1, "tools", false, false, List.of()),
                                new AgentSnapshot(
                                        2, "vm", false, false, List.of(new SharedRegion(0x5000_0000L, 0x10000)))),
                        client.agents());
            }
            vmm.removeRegion(window);
            assertEquals(new JsonArray(nothing), agents());
        }
    }

    @Test
    void theServiceFilesWindowBoundsWhatAVmMayShare() throws Exception {
        try (VhostUserFrontend vmm = VhostUserFrontend.connect(folder.resolve("vm.sock"));
                DriverMemory memory = new DriverMemory()) {
            vmm.negotiate(0, PROTOCOL_FEATURES);
            DriverMemory.Region before = memory.add(0x4fff_0000L, 0x10000, 0);
            DriverMemory.Region window = memory.add(0x5000_0000L, 0x10000, 0);
            assertThrows(LinuxException.class, () -> vmm.addRegion(before));
            vmm.addRegion(window);
            assertEquals(1, agents().getJsonObject(1).getJsonArray("memory").size());
        }
    }
}
