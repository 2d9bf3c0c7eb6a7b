// A service that takes a board from another service: what its agents ask, the other platform does.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.offer.Offer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Service;
import org.scmid.server.core.Bench;

@Timeout(120)
class UpstreamServiceTest {
    private static final int RATE_SET = 0x5005;
    private static final int RATE_GET = 0x5006;
    private static final int CONFIG_SET = 0x5007;
    private static final int RATE_NOTIFY = 0x5009;
    private static final int CONFIG_GET = 0x500B;
    private static final int DESCRIBE_RATES = 0x5004;
    private static final int RATE_CHANGED = 0x5300;
    private static final int NEAREST = 1 << 3;
    private static final int DENIED = -3;
    private static final int HARDWARE_ERROR = -9;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final BlockingQueue<Offer> offers = new LinkedBlockingQueue<>();

    /** The platform: bus and uart are its own. */
    private ScmiService platform() throws IOException, ConfigException {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD);
        Path file = directory.resolve("platform.yaml");
        Files.writeString(file, """
                board: board.yaml
                agents:
                  bridge: { transport: socket, socket: DIR/platform.sock, clocks: all }
                  other: { transport: socket, socket: DIR/other.sock, clocks: [bus] }
                """.replace("DIR", directory.toString()));
        return ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
    }

    private Path bridgeFile(String extra) throws IOException {
        Files.writeString(directory.resolve("bridge-board.yaml"), """
                board: bridge
                upstreams:
                  mcu: { transport: socket, socket: DIR/platform.sock, timeout: 2 s, reconnect: 100 ms }
                clocks:
                  osc: { fixed: 24 MHz }
                  bus: { from: mcu/bus }
                  half: { parent: bus, factor: { divide: 2 } }
                  all-of: mcu
                """.replace("DIR", directory.toString())
                .replace("  osc: { fixed: 24 MHz }\n", ""));
        Path file = directory.resolve("bridge.yaml");
        Files.writeString(file, """
                board: bridge-board.yaml
                agents:
                  guest: { transport: socket, socket: DIR/guest.sock, clocks: [bus, half, uart] }
                  peer: { transport: socket, socket: DIR/peer.sock, clocks: [bus: notify, half] }
                """.replace("DIR", directory.toString()) + extra);
        return file;
    }

    private Service bridge(KeptOffers kept) throws IOException, ConfigException {
        return ConfigFiles.service(bridgeFile(""), directory, kept);
    }

    private ScmiService start(Service service) throws IOException {
        Path state = directory.resolve("state");
        return ScmiService.start(
                service, ServiceOptions.persistent(state).telling((upstream, offer) -> offers.add(offer)));
    }

    /** A bridge that knows already what the platform offers. */
    private ScmiService bridge() throws Exception {
        KeptOffers kept = new KeptOffers(directory.resolve("state"));
        Service unknown = bridge(kept);
        try (ScmiService first = start(unknown)) {
            assertNotNull(first);
            kept.keep("mcu", take());
        }
        return start(bridge(kept));
    }

    private Offer take() throws InterruptedException {
        Offer offer = offers.poll(60, TimeUnit.SECONDS);
        assertNotNull(offer, "it was not found out what the platform offers");
        return offer;
    }

    private static ServiceSnapshot.ClockSnapshot clock(ScmiService service, String name) throws Exception {
        return service.snapshot().get(20, TimeUnit.SECONDS).clocks().stream()
                .filter(clock -> clock.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A client of the socket transport; its socket may come late. */
    private final class Client implements AutoCloseable {
        private final SocketChannel channel;

        Client(String agent) throws IOException {
            channel = connected(directory.resolve(agent + ".sock"));
        }

        private static SocketChannel connected(Path socket) throws IOException {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (true) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(socket));
                    return channel;
                } catch (IOException e) {
                    channel.close();
                    if (System.nanoTime() > until) {
                        throw e;
                    }
                    Thread.onSpinWait();
                }
            }
        }

        int[] ask(int... words) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(4 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
            frame.putInt(4 * words.length);
            for (int word : words) {
                frame.putInt(word);
            }
            channel.write(frame.flip());
            int[] message = receive();
            while (message[0] != words[0]) { // notifications may come between
                message = receive();
            }
            return message;
        }

        int[] receive() throws IOException {
            int length = read(4).getInt();
            ByteBuffer message = read(length);
            int[] words = new int[length / 4];
            message.asIntBuffer().get(words);
            return words;
        }

        private ByteBuffer read(int bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new IOException("closed");
                }
            }
            return buffer.flip();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void whatAGuestAsksOfAPlatformsClockThePlatformDoes() throws Exception {
        try (ScmiService platform = platform();
                ScmiService bridge = bridge();
                Client guest = new Client("guest")) {
            assertArrayEquals(new int[] {RATE_SET, 0}, guest.ask(RATE_SET, NEAREST, 0, 24_000_000, 0));
            assertArrayEquals(new int[] {RATE_GET, 0, 24_000_000, 0}, guest.ask(RATE_GET, 0));
            assertEquals(24_000_000, clock(platform, "bus").rateHz());
            assertArrayEquals(new int[] {CONFIG_SET, 0}, guest.ask(CONFIG_SET, 0, 1, 0));
            assertEquals(List.of("bridge"), clock(platform, "bus").votes());
            assertArrayEquals(new int[] {CONFIG_GET, 0, 0, 1, 0}, guest.ask(CONFIG_GET, 0, 0));
            assertArrayEquals(new int[] {RATE_GET, 0, 12_000_000, 0}, guest.ask(RATE_GET, 1));
            assertEquals(24_000_000, clock(bridge, "bus").rateHz());
        }
    }

    @Test
    void votesOfAllAgentsCountBeforeThePlatformIsToldThatAClockIsNotNeeded() throws Exception {
        try (ScmiService platform = platform();
                ScmiService bridge = bridge();
                Client guest = new Client("guest");
                Client peer = new Client("peer")) {
            assertNotNull(bridge);
            guest.ask(CONFIG_SET, 0, 1, 0);
            peer.ask(CONFIG_SET, 1, 1, 0); // half, which runs from it
            assertArrayEquals(new int[] {CONFIG_SET, 0}, guest.ask(CONFIG_SET, 0, 0, 0));
            assertEquals(List.of("bridge"), clock(platform, "bus").votes());
            peer.ask(CONFIG_SET, 1, 0, 0);
            awaitHolders(platform, List.of());
        }
    }

    private static void awaitHolders(ScmiService platform, List<String> expected) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!clock(platform, "bus").votes().equals(expected)) {
            assertTrue(
                    System.nanoTime() < until,
                    "held by " + clock(platform, "bus").votes());
        }
    }

    @Test
    void aChangeThatAnotherAgentOfThePlatformMakesIsToldToThoseWhoSubscribed() throws Exception {
        try (ScmiService platform = platform();
                ScmiService bridge = bridge();
                Client peer = new Client("peer");
                Client other = new Client("other")) {
            assertNotNull(platform);
            assertNotNull(bridge);
            peer.ask(RATE_GET, 0);
            peer.ask(RATE_NOTIFY, 0, 1);
            peer.ask(RATE_NOTIFY, 1, 1);
            other.ask(RATE_SET, NEAREST, 0, 24_000_000, 0);
            // The platform, whose id is 0, has changed both: header, agent, clock, rate.
            int[] first = peer.receive();
            int[] second = peer.receive();
            assertEquals(RATE_CHANGED, first[0]);
            assertEquals(Set.of(0, 1), Set.of(first[2], second[2]));
            assertEquals(List.of(0, 0), List.of(first[1], second[1]));
            assertArrayEquals(new int[] {RATE_GET, 0, 12_000_000, 0}, peer.ask(RATE_GET, 1));
        }
    }

    @Test
    void whatIsDescribedIsWhatThePlatformOffers() throws Exception {
        try (ScmiService platform = platform();
                ScmiService bridge = bridge();
                Client guest = new Client("guest");
                Client other = new Client("other")) {
            assertNotNull(platform);
            assertNotNull(bridge);
            assertArrayEquals(other.ask(DESCRIBE_RATES, 0, 0), guest.ask(DESCRIBE_RATES, 0, 0));
            int[] above = {RATE_SET, NEAREST, 0, -1, 0x7fffffff};
            assertArrayEquals(other.ask(above), guest.ask(above));
        }
    }

    @Test
    void aPlatformThatGoesAndComesBackIsAskedAgainForWhatAgentsHold() throws Exception {
        ScmiService platform = platform();
        try (ScmiService bridge = bridge();
                Client guest = new Client("guest")) {
            assertNotNull(bridge);
            guest.ask(RATE_SET, NEAREST, 0, 24_000_000, 0);
            guest.ask(CONFIG_SET, 0, 1, 0);
            platform.close();
            assertArrayEquals(new int[] {RATE_GET, HARDWARE_ERROR}, guest.ask(RATE_GET, 0));
            try (ScmiService again = platform()) {
                awaitHolders(again, List.of("bridge"));
                assertEquals(24_000_000, clock(again, "bus").rateHz());
                assertArrayEquals(new int[] {RATE_GET, 0, 24_000_000, 0}, guest.ask(RATE_GET, 0));
            }
        } finally {
            platform.close();
        }
    }

    @Test
    void whatThePlatformWithholdsNobodyIsGiven() throws Exception {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD);
        Path file = directory.resolve("platform.yaml");
        Files.writeString(file, """
                board: board.yaml
                agents:
                  bridge: { transport: socket, socket: DIR/platform.sock, clocks: [osc, bus: read, uart, pll] }
                """.replace("DIR", directory.toString()));
        try (ScmiService platform = ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
                ScmiService bridge = bridge();
                Client guest = new Client("guest")) {
            assertNotNull(platform);
            assertNotNull(bridge);
            assertArrayEquals(new int[] {RATE_SET, DENIED}, guest.ask(RATE_SET, NEAREST, 0, 24_000_000, 0));
            assertArrayEquals(new int[] {CONFIG_SET, DENIED}, guest.ask(CONFIG_SET, 0, 1, 0));
            assertArrayEquals(new int[] {RATE_GET, 0, 12_000_000, 0}, guest.ask(RATE_GET, 0));
            assertArrayEquals(new int[] {CONFIG_SET, 0}, guest.ask(CONFIG_SET, 2, 1, 0));
        }
    }

    @Test
    void anAgentIsNotServedBeforeItsPlatformWasThere() throws Exception {
        KeptOffers kept = new KeptOffers(directory.resolve("state"));
        Service unknown = bridge(kept);
        assertEquals(Set.of("mcu"), unknown.board().board().upstreams().unknown());
        assertEquals(
                Set.of("mcu"),
                unknown.upstreamsOf(unknown.agents().values().iterator().next()));
        try (ScmiService alone = start(unknown)) {
            assertFalse(Files.exists(directory.resolve("guest.sock")));
            try (ScmiService platform = platform()) {
                assertNotNull(platform);
                Offer offer = take();
                assertEquals(
                        List.of("osc", "pll", "bus"),
                        offer.clocks().stream()
                                .map(clock -> clock.name())
                                .limit(3)
                                .toList());
                kept.keep("mcu", offer);
            }
            assertFalse(
                    Files.exists(directory.resolve("guest.sock")), "its board is not the one that it is to be given");
            assertNotNull(alone);
        }
        Service known = bridge(kept);
        assertEquals(Set.of(), known.board().board().upstreams().unknown());
        assertTrue(known.board().board().names(ResourceKind.CLOCK).containsAll(List.of("bus", "half", "osc", "uart")));
    }

    @Test
    void whatElseAPlatformHasItsBridgeHasToo() throws Exception {
        Path platformFile = directory.resolve("demo.yaml");
        Files.writeString(platformFile, """
                board: demo
                agents:
                  bridge:
                    transport: socket
                    socket: DIR/platform.sock
                    clocks: all
                    power-domains: all
                    resets: all
                    sensors: all
                    voltage-domains: all
                    performance-domains: all
                """.replace("DIR", directory.toString()));
        Files.writeString(directory.resolve("bridge-board.yaml"), """
                board: bridge
                upstreams:
                  mcu: { transport: socket, socket: DIR/platform.sock, timeout: 2 s, reconnect: 100 ms }
                clocks: { all-of: mcu }
                power-domains: { all-of: mcu }
                resets: { all-of: mcu }
                sensors: { all-of: mcu }
                voltage-domains: { all-of: mcu }
                performance-domains: { all-of: mcu }
                """.replace("DIR", directory.toString()));
        Path bridgeFile = directory.resolve("bridge.yaml");
        Files.writeString(bridgeFile, """
                board: bridge-board.yaml
                agents:
                  guest: { transport: socket, socket: DIR/guest.sock }
                """.replace("DIR", directory.toString()));
        KeptOffers kept = new KeptOffers(directory.resolve("state"));
        try (ScmiService platform = ScmiService.start(ConfigFiles.service(platformFile), ServiceOptions.simulated())) {
            try (ScmiService first = start(ConfigFiles.service(bridgeFile, directory, kept))) {
                assertNotNull(first);
                kept.keep("mcu", take());
            }
            Service known = ConfigFiles.service(bridgeFile, directory, kept);
            for (ResourceKind kind : ResourceKind.values()) {
                assertEquals(
                        List.copyOf(ConfigFiles.builtInBoard("demo").names(kind)),
                        List.copyOf(known.board().board().names(kind)));
            }
            try (ScmiService bridge = start(known);
                    Client guest = new Client("guest")) {
                assertNotNull(bridge);
                for (int domain = 0; domain < 3; domain++) {
                    int[] set = {0x4404, 0, domain, 0}; // POWER_STATE_SET, synchronously, on
                    assertArrayEquals(new int[] {0x4404, 0}, guest.ask(set));
                    assertArrayEquals(new int[] {0x4405, 0, 0}, guest.ask(0x4405, domain));
                }
                assertEquals(
                        List.of("bridge"),
                        platform.snapshot()
                                .get(20, TimeUnit.SECONDS)
                                .powerDomains()
                                .getFirst()
                                .votes());
                assertArrayEquals(new int[] {0x5804, 0}, guest.ask(0x5804, 0, 1, 0)); // RESET, the whole of it
                int[] sensor = guest.ask(0x5406, 0, 0); // SENSOR_READING_GET
                assertEquals(List.of(0x5406, 0), List.of(sensor[0], sensor[1]));
                int[] level = guest.ask(0x4C08, 0); // PERFORMANCE_LEVEL_GET
                assertEquals(List.of(0x4C08, 0), List.of(level[0], level[1]));
                int[] volts = guest.ask(0x5C08, 0); // VOLTAGE_LEVEL_GET
                assertEquals(List.of(0x5C08, 0), List.of(volts[0], volts[1]));
            }
        }
    }
}
