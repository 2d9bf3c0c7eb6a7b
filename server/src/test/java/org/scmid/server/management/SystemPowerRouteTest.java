// Asking agents to shut down, over real HTTP, of a real service on a simulated board.
package org.scmid.server.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.ManagementSpec;
import org.scmid.server.core.ScmiService;
import org.scmid.server.core.ServiceOptions;

@Timeout(60)
class SystemPowerRouteTest {
    private static final int STATE_SET = 0x4803;
    private static final int STATE_NOTIFY = 0x4805;
    private static final int NOTIFIER = 0x4B00;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ScmiService service;

    @SuppressWarnings("NullAway.Init")
    private ManagementServer server;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws Exception {
        Path file = folder.resolve("service.yaml");
        Files.writeString(file, """
                board: demo
                agents:
                  my tools:
                    transport: socket
                    socket: tools.sock
                    clocks: []
                    system-power: { shutdown: { run: [./mark, "two words; $HOME"] } }
                  vm: { transport: vhost-user, socket: vm.sock, clocks: all, performance-domains: all }
                """);
        Path mark = folder.resolve("mark");
        Files.writeString(mark, "#!/bin/sh\nprintf '%s' \"$1\" > \"$0.new\" && mv \"$0.new\" \"$0.done\"\n");
        mark.toFile().setExecutable(true);
        service = ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
        server = ManagementServer.start("127.0.0.1", 0, service);
    }

    @AfterEach
    void stop() {
        server.close();
        service.close();
        http.shutdownNow();
    }

    private HttpResponse<String> post(String agent, String body) throws Exception {
        return post(agent, "application/json", body);
    }

    private HttpResponse<String> post(String agent, String type, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri("/api/agents/" + agent + "/system-power"))
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static String error(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getString("error");
    }

    private SocketChannel tools() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(folder.resolve("tools.sock")));
        return channel;
    }

    private static void send(SocketChannel channel, int... words) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(4 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(4 * words.length);
        for (int word : words) {
            frame.putInt(word);
        }
        channel.write(frame.flip());
    }

    private static int[] receive(SocketChannel channel) throws IOException {
        ByteBuffer message = read(channel, read(channel, 4).getInt());
        int[] words = new int[message.remaining() / 4];
        message.asIntBuffer().get(words);
        return words;
    }

    private static ByteBuffer read(SocketChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("closed");
            }
        }
        return buffer.flip();
    }

    private static void subscribe(SocketChannel tools) throws IOException {
        send(tools, STATE_NOTIFY, 1);
        assertEquals("[" + STATE_NOTIFY + ", 0]", Arrays.toString(receive(tools)));
    }

    @Test
    void aSubscriberIsAskedToShutDown() throws Exception {
        try (SocketChannel tools = tools()) {
            subscribe(tools);
            HttpResponse<String> answer =
                    post("my%20tools", "{\"state\": \"shutdown\", \"graceful\": true, \"timeout\": \"10 s\"}");
            assertEquals(202, answer.statusCode(), answer.body());
            assertEquals("[" + NOTIFIER + ", 0, 1, 0, 10000]", Arrays.toString(receive(tools)));
            post("my%20tools", "{\"state\": \"warm-reset\", \"graceful\": false}");
            assertEquals("[" + NOTIFIER + ", 0, 0, 2, 0]", Arrays.toString(receive(tools)));
            try (var client = new ManagementClient(new ManagementSpec("127.0.0.1", server.port()))) {
                client.requestSystemPower("my tools", "suspend", true, null);
                assertEquals("[" + NOTIFIER + ", 0, 1, 4, 0]", Arrays.toString(receive(tools)));
            }
        }
    }

    @Test
    void whoCannotBeAskedIsSaidWithTheRemedy() throws Exception {
        HttpResponse<String> unknown = post("tols", "{\"state\": \"shutdown\"}");
        assertEquals(404, unknown.statusCode());
        assertEquals("there is no agent tols", error(unknown));
        HttpResponse<String> notOffered = post("vm", "{\"state\": \"shutdown\"}");
        assertEquals(409, notOffered.statusCode());
        assertTrue(error(notOffered).contains("`system-power: {}`"), notOffered.body());
        assertTrue(error(post("my%20tools", "{\"state\": \"shutdown\"}")).contains("not connected"));
        try (SocketChannel tools = tools()) {
            send(tools, STATE_NOTIFY, 0);
            receive(tools);
            HttpResponse<String> silent = post("my%20tools", "{\"state\": \"shutdown\"}");
            assertEquals(409, silent.statusCode());
            assertTrue(error(silent).contains("SYSTEM_POWER_STATE_NOTIFY"), silent.body());
            try (var client = new ManagementClient(new ManagementSpec("127.0.0.1", server.port()))) {
                var failure = assertThrows(
                        ManagementException.class,
                        () -> client.requestSystemPower("my tools", "shutdown", true, "1 s"));
                assertTrue(String.valueOf(failure.getMessage()).contains("has not asked to be told"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                          | is not a JSON object",
                "[]                                          | is not a JSON object",
                "{}                                          | `state` must be",
                "{\"state\": \"off\"}                        | \"cold-reset\"",
                "{\"state\": 1}                              | `state` must be",
                "{\"state\": \"suspend\", \"graceful\": 1}   | `graceful` must be true or false",
                "{\"state\": \"suspend\", \"timeout\": 10}   | `timeout` must be a text",
                "{\"state\": \"suspend\", \"timeout\": \"10\"} | needs a unit",
                "{\"state\": \"suspend\", \"force\": true}   | `force` is not known",
                "{\"state\": \"suspend\", \"graceful\": false, \"timeout\": \"1 s\"} | graceful requests only"
            })
    void aWrongBodyIsRefusedWithWhatWouldBeRight(String body, String words) throws Exception {
        HttpResponse<String> answer = post("my%20tools", body);
        assertEquals(400, answer.statusCode());
        assertTrue(error(answer).contains(words), answer.body());
    }

    @Test
    void whatAWebPageCouldSendIsRefused() throws Exception {
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"}) {
            assertEquals(
                    415, post("my%20tools", type, "{\"state\": \"shutdown\"}").statusCode(), type);
        }
        assertEquals(413, post("my%20tools", " ".repeat(5000)).statusCode());
    }

    @Test
    void thePathTakesPostOnly() throws Exception {
        HttpResponse<String> get = http.send(
                HttpRequest.newBuilder(uri("/api/agents/vm/system-power")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(405, get.statusCode());
        assertEquals("POST", get.headers().firstValue("allow").orElse(""));
    }

    @Test
    void anAgentsOwnRequestStartsItsCommandWithoutAShell() throws Exception {
        try (SocketChannel tools = tools()) {
            send(tools, STATE_SET, 1, 0);
            assertEquals("[" + STATE_SET + ", 0]", Arrays.toString(receive(tools)));
            Path done = folder.resolve("mark.done");
            while (!Files.exists(done)) {
                Thread.onSpinWait();
            }
            assertEquals("two words; $HOME", Files.readString(done));
        }
    }

    @Test
    void domainsAreWhatTheRegistersSayNow() throws Exception {
        JsonArray voltages = new JsonArray(get("/api/voltage-domains"));
        assertEquals(
                new JsonObject("{\"name\":\"vdd-sd\",\"microvolts\":3300000,\"lowest\":1800000,\"highest\":3300000,"
                        + "\"enabled\":false,\"settling\":false,\"votes\":[]}"),
                voltages.getJsonObject(0));
        JsonArray performances = new JsonArray(get("/api/performance-domains"));
        assertEquals(
                new JsonObject("{\"name\":\"cpu\",\"clock\":\"cpu\",\"level\":1200000,\"rate_hz\":1200000000,"
                        + "\"lowest\":300000,\"highest\":1200000,\"changing\":false}"),
                performances.getJsonObject(0));
    }

    private String get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
