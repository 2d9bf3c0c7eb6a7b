// A service whose agent is at the other end of a serial line: real ports, made of pseudo-terminals.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.AgentClient;
import org.scmid.agent.Command;
import org.scmid.agent.SerialLink;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.Service;
import org.scmid.linux.LinuxException;
import org.scmid.server.core.Bench;
import org.scmid.testing.Pty;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.serial.SerialSettings;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(120)
class SerialAgentTest {
    private static final int UART = 0;
    private static final long SECOND = 1_000_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final RunningLoop loop = new RunningLoop();
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AgentClient client = new AgentClient(loop, SECOND, new AgentClient.Listener() {
        @Override
        public void notified(byte[] message, int length) {
            told.add("notified " + words(message, length));
        }

        @Override
        public void writable() {
            told.add("writable");
        }

        @Override
        public void lost(String why) {
            told.add("lost");
        }
    });

    SerialAgentTest() throws LinuxException {}

    @AfterEach
    void close() {
        loop.close();
    }

    private static String words(byte[] message, int length) {
        StringBuilder text = new StringBuilder();
        for (int at = 4; at < length; at += 4) {
            text.append(at == 4 ? "" : " ").append(LittleEndian.getInt(message, at));
        }
        return text.toString();
    }

    /** A cable between two ports; closing it is pulling it out. */
    private final class Cable implements AutoCloseable {
        private final Pty service = new Pty();
        private final Pty agent = new Pty();
        private final List<Thread> threads;
        private volatile boolean isOut;

        Cable() throws Exception {
            Files.deleteIfExists(directory.resolve("mcu"));
            threads = List.of(relay(service, agent), relay(agent, service));
            Files.createSymbolicLink(directory.resolve("mcu"), service.port());
        }

        private Thread relay(Pty from, Pty to) {
            return Thread.ofPlatform().daemon().start(() -> {
                byte[] bytes = new byte[512];
                while (!isOut) {
                    int count = from.read(bytes, 50);
                    if (count > 0) {
                        to.write(Arrays.copyOf(bytes, count));
                    }
                }
            });
        }

        @Override
        public void close() {
            isOut = true;
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    Thread.onSpinWait(); // it looks each 50 ms
                }
            }
            service.close();
            agent.close();
        }
    }

    private Service service() throws Exception {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD);
        Path file = directory.resolve("service.yaml");
        Files.writeString(file, """
                board: board.yaml
                agents:
                  mcu: { transport: serial, port: mcu, reconnect: 100 ms, grace: 60 s, clocks: [uart, bus] }
                  other: { transport: socket, socket: DIR/other.sock, clocks: [bus] }
                """.replace("DIR", directory.toString()));
        return ConfigFiles.service(file);
    }

    private void connect(Cable cable, boolean keep) throws Exception {
        SerialSettings settings = new SerialSettings(cable.agent.port(), 115_200, false, 8, 9, 32_473);
        String next = "lost";
        while (next.equals("lost")) { // the port's threads may not have let go of the one before yet
            loop.call(() -> {
                client.begin(SerialLink.onPort(loop, settings, keep, client));
                return true;
            });
            next = String.valueOf(told.poll(20, TimeUnit.SECONDS));
        }
        assertEquals("writable", next);
    }

    private void disconnect() throws Exception {
        loop.call(() -> {
            client.end();
            return true;
        });
    }

    private void expectTold(String expected) throws InterruptedException {
        assertEquals(expected, told.poll(20, TimeUnit.SECONDS));
    }

    private String ask(int... words) throws Exception {
        byte[] request = new byte[4 * words.length];
        for (int i = 0; i < words.length; i++) {
            LittleEndian.putInt(request, 4 * i, words[i]);
        }
        LinkedBlockingQueue<String> answer = new LinkedBlockingQueue<>();
        boolean sent = loop.call(() -> client.command(new Command.Listener() {
                    @Override
                    public void replied(byte[] message, int length) {
                        answer.add(words(message, length));
                    }

                    @Override
                    public void delayed(byte[] message, int length) {
                        answer.add("delayed");
                    }

                    @Override
                    public void failed(Command.Failure why) {
                        answer.add(why.toString());
                    }
                })
                .send(request, request.length, 10 * SECOND));
        assertTrue(sent);
        return String.valueOf(answer.poll(20, TimeUnit.SECONDS));
    }

    private static boolean holds(ScmiService service) throws Exception {
        return service.snapshot().get(20, TimeUnit.SECONDS).clocks().stream()
                .anyMatch(clock -> clock.name().equals("uart") && clock.enabled());
    }

    private static void await(ScmiService service, boolean enabled) throws Exception {
        while (holds(service) != enabled) {
            Thread.onSpinWait();
        }
    }

    @Test
    void clocksAreReadAndSetOnALineThatIsPulledOutAndPutInAgain() throws Exception {
        try (ScmiService service = ScmiService.start(service(), ServiceOptions.simulated())) {
            // It waits for a port that is not there yet.
            try (Cable cable = new Cable()) {
                connect(cable, true);
                assertEquals("0 24000000 0", ask(0x5006, UART));
                assertEquals("0", ask(0x5007, UART, 1, 0));
                assertEquals("0", ask(0x5005, 0, UART, 12_000_000, 0));
                assertEquals("0 12000000 0", ask(0x5006, UART));
                assertEquals("0", ask(0x5009, UART, 1));
                assertEquals("0", ask(0x5005, 0, UART, 6_000_000, 0));
                expectTold("notified 1 0 6000000 0");
                assertTrue(holds(service));
            }
            expectTold("lost");
            assertTrue(holds(service));
            try (Cable cable = new Cable()) {
                connect(cable, true);
                assertTrue(holds(service));
                // The new session is not subscribed to anything.
                assertEquals("0", ask(0x5005, 0, UART, 12_000_000, 0));
                assertEquals("0 12000000 0", ask(0x5006, UART));
                assertEquals(null, told.poll());
                disconnect();
                connect(cable, false);
                await(service, false);
                assertEquals("0 12000000 0", ask(0x5006, UART));
                disconnect();
            }
        }
    }
}
