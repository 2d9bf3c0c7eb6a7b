// What an idle service costs: how often its loop wakes, with few agents and with as many as there can be.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.service.Service;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.ServiceLoop;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.server.core.Bench;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(120)
class IdleServiceTest {
    private static final int MOST_AGENTS = 255;

    /** Long enough for everything that happens once a second. */
    private static final Duration STRETCH = Duration.ofMillis(2_500);

    /** The question, the timer that ends the stretch, and a wake-up a little before its time. */
    private static final long BY_MEASURING = 4;

    private final List<Path> windows = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @AfterEach
    void removeWindows() throws IOException {
        for (Path window : windows) {
            Files.deleteIfExists(window);
        }
    }

    private Service service(int agents, String agent) throws IOException, ConfigException {
        Files.writeString(folder.resolve("board.yaml"), Bench.BOARD);
        String all = IntStream.range(0, agents)
                .mapToObj(i -> "  a" + i + ": " + agent.replace("NAME", "a" + i) + "\n")
                .collect(Collectors.joining());
        return ConfigFiles.service(
                Files.writeString(folder.resolve("service.yaml"), "board: board.yaml\nagents:\n" + all));
    }

    /** How often the loop slept while nobody did anything for so long, which a timer of its own tells. */
    private static long waitsIn(ServiceLoop loop, Duration stretch) throws Exception {
        CompletableFuture<Long> end = new CompletableFuture<>();
        long begin = loop.ask(() -> {
                    loop.timer(() -> end.complete(loop.waits())).arm(stretch.toNanos());
                    return loop.waits();
                })
                .get(20, TimeUnit.SECONDS);
        return end.get(60, TimeUnit.SECONDS) - begin;
    }

    private static void exchange(UnixSocket client) throws IOException {
        byte[] frame = new byte[8];
        LittleEndian.putInt(frame, 0, 4);
        LittleEndian.putInt(frame, 4, Header.encode(0, MessageType.COMMAND, 0x10, 0));
        assertEquals(frame.length, client.send(frame, 0, frame.length));
        byte[] reply = new byte[16];
        int got = 0;
        while (got < reply.length) {
            assertTrue(client.awaitInput(20_000));
            int more = client.receive(reply, got, reply.length - got, null);
            assertTrue(more > 0);
            got += more;
        }
        assertEquals(0, LittleEndian.getInt(reply, 8), "the status");
    }

    private long waitsWithClients(int agents) throws Exception {
        List<UnixSocket> clients = new ArrayList<>();
        Service file = service(agents, "{ transport: socket, socket: %s/NAME.sock, clocks: all }".formatted(folder));
        try (ScmiService service = ScmiService.start(file, ServiceOptions.simulated())) {
            for (int i = 0; i < agents; i++) {
                UnixSocket client = UnixSocket.connect(folder.resolve("a" + i + ".sock"));
                clients.add(client);
                exchange(client);
            }
            return waitsIn(service.loop(), STRETCH);
        } finally {
            clients.forEach(UnixSocket::close);
        }
    }

    @Test
    void aServiceWithAsManyAgentsAsThereCanBeWakesNoMoreThanOneWithOne() throws Exception {
        long one = waitsWithClients(1);
        long most = waitsWithClients(MOST_AGENTS);
        assertTrue(one <= BY_MEASURING, one + " times with one agent");
        assertTrue(most <= BY_MEASURING, most + " times with " + MOST_AGENTS + ", " + one + " with one");
    }

    private long waitsWithPolledWindows(int agents, String notify) throws Exception {
        String name = "/dev/shm/scmid-idle-test-" + ProcessHandle.current().pid() + "-";
        for (int i = 0; i < agents; i++) {
            windows.add(Path.of(name + "a" + i));
        }
        String agent = "{ transport: fat-virtqueue, region: { file: %sNAME, size: 36 KiB }, notify: %s, clocks: all }"
                .formatted(name, notify);
        try (ScmiService service = ScmiService.start(service(agents, agent), ServiceOptions.simulated())) {
            waitsIn(
                    service.loop(),
                    Duration.ofSeconds(1)); // looks are close to each other after the start, until 4 pauses passed
            return waitsIn(service.loop(), STRETCH);
        }
    }

    private void expectPaced(String notify, Duration longestPause) throws Exception {
        // A look each, and once a second all windows are written anew.
        long documented = STRETCH.dividedBy(longestPause) + STRETCH.toSeconds() + 1 + BY_MEASURING;
        long one = waitsWithPolledWindows(1, notify);
        long many = waitsWithPolledWindows(64, notify);
        assertTrue(one <= documented, one + " times with one window, not " + documented);
        assertTrue(many <= documented, many + " times with 64 windows, " + one + " with one, not " + documented);
    }

    @Test
    void polledWindowsAreLookedAtTogetherAsOftenAsDocumented() throws Exception {
        expectPaced("poll", Duration.ofMillis(10));
        expectPaced("{ poll: 200 ms }", Duration.ofMillis(200));
    }
}
