// The management API of a real service on a simulated board, over real HTTP.
package org.scmid.server.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.ManagementSpec;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.transport.MalformedInput;

@Timeout(60)
class ManagementServerTest {
    private static final int CLOCK_RATE_GET = 0x5006;
    private static final int POWER_STATE_SET = 0x11 << 10 | 4;
    private static final int RESET = 0x16 << 10 | 4;
    private static final int CLOCK_RATE_SET = 0x5005;
    private static final int CLOCK_CONFIG_SET = 0x5007;
    private static final int UART0 = 0;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

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
                  tools: { transport: socket, socket: tools.sock, clocks: [uart0, osc], power-domains: [gpu-pd], resets: [uart0-rst] }
                  vm: { transport: vhost-user, socket: vm.sock, clocks: all, sensors: all }
                """);
        service = ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
        server = ManagementServer.start("127.0.0.1", 0, service);
    }

    @AfterEach
    void stop() {
        server.close();
        service.close();
        http.shutdownNow();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** One message over the agent's socket; the reply's words from its status on. */
    private static int[] ask(SocketChannel channel, int... words) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(4 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(4 * words.length);
        for (int word : words) {
            frame.putInt(word);
        }
        channel.write(frame.flip());
        ByteBuffer reply = read(channel, read(channel, 4).getInt());
        assertEquals(words[0], reply.getInt());
        int[] payload = new int[reply.remaining() / 4];
        reply.asIntBuffer().get(payload);
        return payload;
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

    private static SocketChannel tools() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(folder.resolve("tools.sock")));
        return channel;
    }

    /** What a client that is no browser can send: any bytes. The first line of the answer. */
    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    @Test
    void sensorsAreReadInTheirUnits() throws Exception {
        HttpResponse<String> answer = get("/api/sensors");
        assertEquals(200, answer.statusCode());
        var sensors = new TreeMap<String, JsonObject>();
        for (Object each : new JsonArray(answer.body())) {
            sensors.put(((JsonObject) each).getString("name"), (JsonObject) each);
        }
        assertEquals(new JsonObject("""
                        { "name": "soc-temp", "unit": "\u00b0C", "value": 42.0, "enabled": true, "interval_s": 1.0,
                          "enabled_by": ["vm"] }"""), sensors.get("soc-temp"));
        assertEquals(1.25, sensor(sensors, "vdd-cpu-current").getDouble("value"));
        JsonArray axes = sensor(sensors, "accel").getJsonArray("axes");
        assertEquals(3, axes.size());
        assertEquals("accel_Z", axes.getJsonObject(2).getString("name"));
        assertTrue(axes.getJsonObject(2).getDouble("value") > 9);
        assertTrue(get("/metrics")
                .body()
                .contains("scmid_sensor_value{axis=\"\",sensor=\"soc-temp\",unit=\"\u00b0C\"} 42.0"));
    }

    @Test
    void theClientReadsSensorsAsTheServiceSaysThem() throws Exception {
        try (var client = new ManagementClient(new ManagementSpec("127.0.0.1", server.port()))) {
            List<SensorSnapshot> asked = client.sensors();
            List<SensorSnapshot> there = service.snapshot().get().sensors();
            assertEquals(there.size(), asked.size());
            for (int i = 0; i < asked.size(); i++) {
                assertEquals(there.get(i).name(), asked.get(i).name());
                assertEquals(there.get(i).intervalNanos(), asked.get(i).intervalNanos());
                assertEquals(there.get(i).values().size(), asked.get(i).values().size());
                if (List.of("soc-temp", "vdd-cpu", "vdd-cpu-current")
                        .contains(asked.get(i).name())) {
                    assertEquals(there.get(i), asked.get(i)); // those that do not move by themselves
                }
            }
        }
    }

    private static JsonObject sensor(Map<String, JsonObject> sensors, String name) {
        return Objects.requireNonNull(sensors.get(name));
    }

    @Test
    void healthNamesTheBoardAndWhoIsConnected() throws Exception {
        try (SocketChannel tools = tools()) {
            ask(tools, CLOCK_RATE_GET, UART0);
            HttpResponse<String> answer = get("/health");
            assertEquals(200, answer.statusCode());
            assertEquals(
                    new JsonObject(
                            "{\"status\":\"up\",\"board\":\"demo\",\"agents\":[{\"id\":1,\"name\":\"tools\",\"connected\":true},"
                                    + "{\"id\":2,\"name\":\"vm\",\"connected\":false}]}"),
                    new JsonObject(answer.body()));
        }
    }

    @Test
    void aLoopThatDoesNotAnswerIsDownAndUpAgainWhenItDoes() throws Exception {
        var goOn = new CountDownLatch(1);
        try {
            blockLoop(goOn);
            for (String path : List.of(
                    "/health", "/metrics", "/api/clocks", "/api/sensors", "/api/power-domains", "/api/resets")) {
                long asked = System.nanoTime();
                HttpResponse<String> answer = get(path);
                assertEquals(503, answer.statusCode(), path);
                assertEquals("{\"status\":\"down\"}", answer.body());
                assertTrue(System.nanoTime() - asked < TimeUnit.SECONDS.toNanos(10));
            }
            try (var client = new ManagementClient(new ManagementSpec("127.0.0.1", server.port()))) {
                assertFalse(client.health().up());
                assertTrue(message(assertThrows(ManagementException.class, client::clocks))
                        .contains("is down"));
            }
        } finally {
            goOn.countDown();
        }
        while (get("/health").statusCode() != 200) {
            Thread.onSpinWait();
        }
    }

    /** Snapshots are completed on the loop's thread: what depends on one and comes early enough runs there. */
    private void blockLoop(CountDownLatch goOn) throws Exception {
        Thread self = Thread.currentThread();
        var blocked = new CountDownLatch(1);
        while (blocked.getCount() > 0) {
            CompletableFuture<Void> done = service.snapshot().thenAccept(snapshot -> {
                if (Thread.currentThread() != self) {
                    blocked.countDown();
                    awaitUninterrupted(goOn);
                }
            });
            while (blocked.getCount() > 0 && !done.isDone()) {
                Thread.onSpinWait();
            }
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    @Test
    void clocksAreWhatTheRegistersSayNow() throws Exception {
        try (SocketChannel tools = tools()) {
            assertEquals(0, ask(tools, CLOCK_RATE_SET, 0, UART0, 100_000_000, 0)[0]);
            assertEquals(0, ask(tools, CLOCK_CONFIG_SET, UART0, 1, 0)[0]);
            JsonArray clocks = new JsonArray(get("/api/clocks").body());
            JsonObject uart0 = clocks.stream()
                    .map(JsonObject.class::cast)
                    .filter(clock -> "uart0".equals(clock.getString("name")))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    new JsonObject("{\"name\":\"uart0\",\"parents\":[\"osc\",\"pll-periph\"],\"parent\":\"pll-periph\","
                            + "\"rate_hz\":100000000,\"enabled\":true,\"votes\":[\"tools\"]}"),
                    uart0);
            try (var client = new ManagementClient(new ManagementSpec("127.0.0.1", server.port()))) {
                assertEquals(service.snapshot().get().clocks(), client.clocks());
                assertEquals("demo", client.health().board());
            }
        }
    }

    @Test
    void powerDomainsAreWhatTheRegistersSayNow() throws Exception {
        try (SocketChannel tools = tools()) {
            assertEquals(named("/api/power-domains", "gpu-pd").getValue("on"), false);
            assertEquals(0, ask(tools, POWER_STATE_SET, 0, 0, 0)[0], "simulated hardware answers by itself");
            assertEquals(
                    new JsonObject("{\"name\":\"gpu-pd\",\"parent\":\"media-pd\",\"on\":true,\"switching\":false,"
                            + "\"votes\":[\"tools\"]}"),
                    named("/api/power-domains", "gpu-pd"));
            assertEquals(
                    new JsonObject("{\"name\":\"media-pd\",\"parent\":null,\"on\":true,\"switching\":false,"
                            + "\"votes\":[]}"),
                    named("/api/power-domains", "media-pd"));
            assertEquals(0, ask(tools, POWER_STATE_SET, 0, 0, 0x4000_0000)[0]);
            assertEquals(named("/api/power-domains", "gpu-pd").getValue("on"), false);
        }
    }

    @Test
    void resetsAreWhatTheRegistersSayNow() throws Exception {
        try (SocketChannel tools = tools()) {
            assertEquals(0, ask(tools, RESET, 0, 2, 0)[0]);
            assertEquals(
                    new JsonObject("{\"name\":\"uart0-rst\",\"asserted\":true,\"busy\":false}"),
                    named("/api/resets", "uart0-rst"));
            assertEquals(0, ask(tools, RESET, 0, 0, 0)[0]);
            assertEquals(
                    new JsonObject("{\"name\":\"uart0-rst\",\"asserted\":false,\"busy\":false}"),
                    named("/api/resets", "uart0-rst"));
        }
    }

    private JsonObject named(String path, String name) throws Exception {
        return new JsonArray(get(path).body())
                .stream()
                        .map(JsonObject.class::cast)
                        .filter(entry -> name.equals(entry.getString("name")))
                        .findFirst()
                        .orElseThrow();
    }

    /** Each sample's value by its name and labels. */
    private Map<String, Double> metrics() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertTrue(answer.headers().firstValue("content-type").orElse("").startsWith("text/plain; version=0.0.4"));
        Map<String, Double> samples = new TreeMap<>();
        for (String line : answer.body().lines().toList()) {
            if (!line.startsWith("#")) {
                assertTrue(line.matches("[a-z_0-9]+(\\{([a-zA-Z_]+=\"[^\"]*\",?)+\\})? \\S+"), line);
                int blank = line.lastIndexOf(' ');
                samples.put(
                        line.substring(0, blank),
                        Double.valueOf(line.substring(blank + 1).replace("+Inf", "Infinity")));
            }
        }
        return samples;
    }

    private static double sum(Map<String, Double> samples, String name, String... labels) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(name + "{")
                        && List.of(labels).stream().allMatch(sample.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    @Test
    void everySeriesThatIsDocumentedAppearsAndCounts() throws Exception {
        try (SocketChannel tools = tools()) {
            for (int i = 0; i < 5; i++) {
                assertEquals(0, ask(tools, CLOCK_RATE_GET, UART0)[0]);
            }
            assertEquals(-4, ask(tools, CLOCK_RATE_GET, 99)[0], "no such clock");
            Map<String, Double> samples = metrics();
            String tool = "agent=\"tools\"";
            assertEquals(6, sum(samples, "scmid_messages_total", tool));
            assertEquals(5, sum(samples, "scmid_messages_total", tool, "status=\"SUCCESS\""));
            assertEquals(
                    1,
                    sum(samples, "scmid_messages_total", tool, "protocol=", "message=", "status=\"NOT_FOUND\""),
                    samples::toString);
            assertEquals(0, sum(samples, "scmid_messages_total", "agent=\"vm\""));
            assertEquals(1, sum(samples, "scmid_agent_connected", tool));
            assertEquals(0, sum(samples, "scmid_agent_connected", "agent=\"vm\""));
            for (MalformedInput reason : MalformedInput.values()) {
                assertEquals(
                        0, samples.get("scmid_malformed_total{agent=\"tools\",reason=\"" + reason.label() + "\"}"));
            }
            assertTrue(
                    samples.keySet().stream().anyMatch(name -> name.startsWith("scmid_events_total{agent=\"tools\"")));
            for (String jvm : List.of("jvm_memory_used_bytes", "process_uptime_seconds", "system_cpu_count")) {
                assertTrue(samples.keySet().stream().anyMatch(name -> name.startsWith(jvm)), jvm);
            }
            checkHistogram(samples, tool);
        }
    }

    private static void checkHistogram(Map<String, Double> samples, String agent) {
        List<double[]> buckets = new ArrayList<>();
        samples.forEach((name, count) -> {
            if (name.startsWith("scmid_message_seconds_bucket{") && name.contains(agent)) {
                String bound = name.replaceFirst(".*le=\"([^\"]+)\".*", "$1").replace("+Inf", "Infinity");
                buckets.add(new double[] {Double.parseDouble(bound), count});
            }
        });
        buckets.sort((a, b) -> Double.compare(a[0], b[0]));
        for (int i = 1; i < buckets.size(); i++) {
            assertTrue(buckets.get(i)[1] >= buckets.get(i - 1)[1], "buckets count what is below them too");
        }
        assertEquals(Double.POSITIVE_INFINITY, buckets.getLast()[0]);
        double count = sum(samples, "scmid_message_seconds_count", agent);
        assertEquals(6, count);
        assertEquals(count, buckets.getLast()[1]);
        assertTrue(sum(samples, "scmid_message_seconds_sum", agent) > 0);
    }

    @Test
    void whatIsNotServedIsSaid() throws Exception {
        HttpResponse<String> unknown = get("/api/clock");
        assertEquals(404, unknown.statusCode());
        assertTrue(new JsonObject(unknown.body()).getString("error").contains("/api/clocks"));
        HttpResponse<String> post = http.send(
                HttpRequest.newBuilder(uri("/api/clocks"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(405, post.statusCode());
        assertEquals("GET, HEAD", post.headers().firstValue("allow").orElse(""));
        HttpResponse<String> head =
                http.send(HttpRequest.newBuilder(uri("/health")).HEAD().build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/metrics",
                "/api/clocks",
                "/api/sensors",
                "/api/power-domains",
                "/api/resets",
                "/none"
            })
    void noAnswerIsKeptOrTakenForAnotherType(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertEquals("no-store", answer.headers().firstValue("cache-control").orElse(""));
        assertEquals(
                "nosniff", answer.headers().firstValue("x-content-type-options").orElse(""));
    }

    @Test
    void aPageThatHasItsNamePointHereIsRefused() throws Exception {
        String request = "GET /api/clocks HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
        for (String host : List.of(
                "evil.example",
                "evil.example:80",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "10.0.0.1",
                "[::2]")) {
            assertEquals("HTTP/1.1 403 Forbidden", raw(request.formatted(host)), host);
        }
        for (String host : List.of("localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3:8080", "[::1]:8080")) {
            assertEquals("HTTP/1.1 200 OK", raw(request.formatted(host)), host);
        }
    }

    @Test
    void aPortInUseIsSaid() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            var failure =
                    assertThrows(ManagementException.class, () -> ManagementServer.start("127.0.0.1", port, service));
            assertTrue(message(failure).contains("127.0.0.1:" + port), message(failure));
            assertTrue(message(failure).contains("uses this port"), message(failure));
            assertTrue(message(failure).contains("management: { listen:"), message(failure));
        }
    }

    @Test
    void oneClientTooManyTakesThePlaceOfTheOneThatHasKeptUsWaitingLongest() throws Exception {
        var held = new ArrayList<Socket>();
        try {
            for (int i = 0; i < ManagementConnections.MOST; i++) {
                held.add(halfRequest(server.port()));
                finishHead(held.getLast()); // answered: it has been taken
            }
            held.add(halfRequest(server.port()));
            assertEquals('H', finishHead(held.getLast()));
            Socket slowest = held.getFirst();
            slowest.setSoTimeout(5_000); // less than a client has
            assertTrue(endsAfterItsAnswer(slowest));
            Socket next = held.get(1);
            next.setSoTimeout(100);
            assertFalse(endsAfterItsAnswer(next));
            try (SocketChannel tools = tools()) {
                assertEquals(0, ask(tools, CLOCK_RATE_GET, UART0)[0]);
            }
        } finally {
            for (Socket each : held) {
                each.close();
            }
        }
    }

    @Test
    void clientsThatSendNothingDoNotKeepOthersOut() throws Exception {
        var held = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 3 * ManagementConnections.MOST; i++) {
                held.add(halfRequest(server.port()));
            }
            for (int i = 0; i < 10; i++) {
                assertEquals(200, get("/health").statusCode());
            }
        } finally {
            for (Socket each : held) {
                each.close();
            }
        }
    }

    @Test
    void whoDoesNotReadItsAnswersIsClosed() throws Exception {
        var process = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (ManagementServer hasty = ManagementServer.start("127.0.0.1", 0, service, Duration.ofMillis(300))) {
            long before = process.getOpenFileDescriptorCount();
            try (SocketChannel deaf =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), hasty.port()))) {
                deaf.configureBlocking(false);
                ByteBuffer requests = ByteBuffer.wrap("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .repeat(20_000)
                        .getBytes(StandardCharsets.US_ASCII));
                assertThrows(IOException.class, () -> {
                    while (!Thread.interrupted()) { // until the other end is closed
                        requests.rewind();
                        deaf.write(requests);
                        Thread.onSpinWait();
                    }
                });
                while (process.getOpenFileDescriptorCount() > before + 1 && !Thread.interrupted()) { // this end
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void agentsHaveTheirDescriptorsBeforeManagementHasIts() {
        assertEquals(64, ManagementConnections.mostBeside(2, 1_048_576, 60));
        assertEquals(64, ManagementConnections.mostBeside(8, 1024, 100));
        assertEquals(10, ManagementConnections.mostBeside(2, 128, 76));
        assertEquals(2, ManagementConnections.mostBeside(2, 64, 40));
        assertEquals(2, ManagementConnections.mostBeside(255, 1024, 400));
    }

    /** Reads what is there of an answer; whether the connection ends behind it. */
    private static boolean endsAfterItsAnswer(Socket socket) throws IOException {
        byte[] piece = new byte[1000];
        try {
            while (socket.getInputStream().read(piece) >= 0) {
                // goes on
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static Socket halfRequest(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write("GET /health HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** The answer's first byte; -1 if the connection ends instead. */
    private static int finishHead(Socket socket) throws IOException {
        socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket.getInputStream().read();
    }

    /** Sends a byte each time that nothing has come for as long as a read may take; whether no answer came. */
    private static boolean isClosedWhileItSends(Socket slow) {
        for (int i = 0; i < 200; i++) {
            try {
                slow.getOutputStream().write('x');
                return slow.getInputStream().read() < 0;
            } catch (SocketTimeoutException e) {
                // goes on
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whoDoesNotCompleteARequestInTimeIsClosedEvenIfItGoesOnSending() throws Exception {
        try (ManagementServer hasty = ManagementServer.start("127.0.0.1", 0, service, Duration.ofMillis(200))) {
            try (Socket silent = halfRequest(hasty.port())) {
                silent.setSoTimeout(5_000);
                assertEquals(-1, silent.getInputStream().read());
            }
            try (Socket slow = halfRequest(hasty.port())) {
                slow.setSoTimeout(20);
                assertTrue(isClosedWhileItSends(slow));
            }
            assertEquals(200, get("/health").statusCode());
        }
    }

    @Test
    void manyRequestsAtOnceAreAnsweredAndAgentsAreServedMeanwhile() throws Exception {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        String[] paths = {"/health", "/metrics", "/api/clocks"};
        for (int i = 0; i < ManagementConnections.MOST; i++) {
            answers.add(http.sendAsync(
                            HttpRequest.newBuilder(uri(paths[i % 3])).build(), HttpResponse.BodyHandlers.ofString())
                    .thenApply(HttpResponse::statusCode));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
        int served = 0;
        try (SocketChannel tools = tools()) {
            do {
                assertEquals(0, ask(tools, CLOCK_RATE_GET, UART0)[0]);
                served++;
            } while (!all.isDone());
        }
        all.get(30, TimeUnit.SECONDS);
        assertTrue(served > 1);
        for (CompletableFuture<Integer> answer : answers) {
            assertEquals(200, answer.get());
        }
    }

    @Test
    void aClientSaysWhoDoesNotAnswerAndWhoIsNoService() throws Exception {
        int closed;
        try (var other = new ServerSocket(0)) {
            closed = other.getLocalPort();
        }
        try (var client = new ManagementClient(new ManagementSpec("127.0.0.1", closed))) {
            assertTrue(message(assertThrows(ManagementException.class, client::health))
                    .contains("no service answers at 127.0.0.1:" + closed));
        }
        try (var other = new ServerSocket(0);
                var client = new ManagementClient(new ManagementSpec("127.0.0.1", other.getLocalPort()))) {
            for (String answer : List.of(
                    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
                    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
                    "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
                    "SSH-2.0-OpenSSH\r\n")) {
                Thread peer = Thread.startVirtualThread(() -> {
                    try (Socket accepted = other.accept()) {
                        accepted.getInputStream().read();
                        accepted.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        // the client will say
                    }
                });
                assertTrue(
                        message(assertThrows(ManagementException.class, client::clocks))
                                .contains("another program may listen there"),
                        answer);
                peer.join();
            }
        }
    }
}
