// Asking agents to shut down, over real HTTP, of a real service on a simulated board.
package org.scmid.server.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.ManagementSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.server.core.LogRecords;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;

@Timeout(60)
class SystemPowerRouteTest {
    private static final int STATE_SET = 0x4803;
    private static final int STATE_NOTIFY = 0x4805;
    private static final int NOTIFIER = 0x4B00;

    /** The beginning of a request's head. */
    private static final String POST = head("POST /api/agents/my%20tools/system-power HTTP/1.1", "Host: localhost")
            + head("Content-Type: application/json");

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
    void aTimeoutIsSentWithAGracefulShutdownOnly() throws Exception {
        try (SocketChannel tools = tools()) {
            subscribe(tools);
            for (SystemPowerState state : SystemPowerState.values()) {
                for (boolean graceful : new boolean[] {true, false}) {
                    service.requestSystemPower("my tools", state, graceful, Duration.ofSeconds(10))
                            .get();
                    int expected = graceful && state == SystemPowerState.SHUTDOWN ? 10_000 : 0;
                    assertEquals(expected, receive(tools)[4], state + " " + graceful);
                }
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
                "{\"state\": \"shutdown\", \"timeout\": \"10\"} | needs a unit",
                "{\"state\": \"suspend\", \"force\": true}   | `force` is not known",
                "{\"state\": \"shutdown\", \"graceful\": false, \"timeout\": \"1 s\"} | a graceful shutdown only",
                "{\"state\": \"cold-reset\", \"timeout\": \"1 s\"} | a graceful shutdown only",
                "{\"state\": \"suspend\", \"timeout\": \"1 s\"} | a graceful shutdown only"
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
        assertEquals(413, post("my%20tools", " ".repeat(500_000)).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost, 404",
        "http://127.0.0.1:8080, 404",
        "https://[::1]:3000, 404",
        "http://evil.example, 403",
        "http://localhost.evil.example, 403",
        "http://evil.example@10.0.0.1, 403",
        "null, 403",
        "localhost, 403",
        "http://, 403",
        "'', 403"
    })
    void onlyAPageOfThisHostMayAsk(String origin, int status) throws Exception {
        String request = "POST /api/agents/nobody/system-power HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: 21\r\n%sOrigin: " + origin
                + "\r\n\r\n{\"state\": \"shutdown\"}";
        assertStatus(status, raw(request.formatted("")));
        assertStatus(403, raw(request.formatted("Origin: http://evil.example\r\n")));
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static void assertStatus(int status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    /** What a client that is no browser can send: any bytes. All that is answered until the connection ends. */
    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aClientThatClosesInTheMiddleOfABodyIsNothingForTheLog() throws Exception {
        try (var log = new LogRecords()) {
            for (boolean resets : new boolean[] {false, true}) {
                for (String begun : new String[] {
                    POST.substring(0, 30),
                    POST + "Content-Length: 4000\r\n\r\n{",
                    POST + "Content-Length: 4000\r\nExpect: 100-continue\r\n\r\n",
                    POST + "Transfer-Encoding: chunked\r\n\r\n2\r\n{"
                }) {
                    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                        socket.setSoLinger(resets, 0);
                        socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
                        get("/health"); // by then the server has read it
                    }
                    get("/health");
                }
            }
            assertEquals("", log.text());
        }
    }

    @Test
    void aRequestThatIsNoneIsNothingForTheLog() throws Exception {
        try (var log = new LogRecords()) {
            for (String request : new String[] {
                "\0hello\r\n\r\n",
                "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /health?%zz=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: [::\r\nConnection: close\r\n\r\n",
                "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n",
                "BREW /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                POST.replace("my%20tools", "%ff%zz") + "Connection: close\r\nContent-Length: 2\r\n\r\n{}",
                POST + "Connection: close\r\nContent-Length: -1\r\n\r\n{}",
                POST + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
                POST.replace("json", "json; charset=none") + "Connection: close\r\nContent-Length: 2\r\n\r\n\u00ff{",
            }) {
                try {
                    String answer = raw(request);
                    assertFalse(answer.startsWith("HTTP/1.1 5"), request + answer);
                } catch (SocketException e) {
                    // an end without an answer is allowed too
                }
            }
            assertEquals("", log.text());
        }
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
