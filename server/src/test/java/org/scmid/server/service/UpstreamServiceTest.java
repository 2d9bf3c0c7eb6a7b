// A service that takes a board from another service: what its agents ask, the other platform does.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
import org.scmid.config.service.ManagementSpec;
import org.scmid.config.service.Service;
import org.scmid.server.core.Bench;
import org.scmid.server.management.ManagementClient;
import org.scmid.server.management.ManagementServer;
import org.scmid.upstream.Upstream;

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

    private SocketClient client(String agent) throws IOException {
        return new SocketClient(directory.resolve(agent + ".sock"));
    }

    private static ServiceSnapshot.ClockSnapshot clock(ScmiService service, String name) throws Exception {
        return service.snapshot().get(20, TimeUnit.SECONDS).clocks().stream()
                .filter(clock -> clock.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatAGuestAsksOfAPlatformsClockThePlatformDoes() throws Exception {
        try (ScmiService platform = platform();
                ScmiService bridge = bridge();
                SocketClient guest = client("guest")) {
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
                SocketClient guest = client("guest");
                SocketClient peer = client("peer")) {
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
                SocketClient peer = client("peer");
                SocketClient other = client("other")) {
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
                SocketClient guest = client("guest");
                SocketClient other = client("other")) {
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
                SocketClient guest = client("guest")) {
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
    void whatAgentsHeldBeforeARestartOfTheServiceThePlatformIsToldAgain() throws Exception {
        try (ScmiService platform = platform()) {
            SocketClient guest;
            try (ScmiService bridge = bridge()) {
                assertNotNull(bridge);
                guest = client("guest");
                guest.ask(CONFIG_SET, 0, 1, 0); // bus, the platform's
                guest.ask(CONFIG_SET, 1, 1, 0); // half, which runs from it
                assertEquals(List.of("bridge"), clock(platform, "bus").votes());
            }
            guest.close();
            awaitHolders(platform, List.of());
            KeptOffers kept = new KeptOffers(directory.resolve("state"));
            try (ScmiService again = start(bridge(kept))) {
                awaitHolders(platform, List.of("bridge"));
                assertEquals(List.of("guest"), clock(again, "bus").votes());
                try (SocketClient other = client("peer")) {
                    other.ask(CONFIG_SET, 1, 1, 0);
                    other.ask(CONFIG_SET, 1, 0, 0);
                }
                assertEquals(List.of("bridge"), clock(platform, "bus").votes(), "the guest's vote counts as it did");
            }
        }
    }

    @Test
    void whatIsCriticalHereThePlatformIsToldWhateverAgentsDo() throws Exception {
        try (ScmiService platform = demoPlatform()) {
            Path file = demoBridge("""
                    clocks: { gpu: { from: mcu/gpu, critical: true } }
                    power-domains: { gpu-pd: { from: mcu/gpu-pd, critical: true }, media-pd: { from: mcu/media-pd } }
                    voltage-domains: { sd: { from: mcu/vdd-sd, critical: true } }
                    """);
            KeptOffers kept = new KeptOffers(directory.resolve("state"));
            try (ScmiService first = start(ConfigFiles.service(file, directory, kept))) {
                assertNotNull(first);
                kept.keep("mcu", take());
            }
            try (ScmiService bridge = start(ConfigFiles.service(file, directory, kept));
                    SocketClient guest = client("guest")) {
                assertNotNull(bridge);
                assertArrayEquals(new int[] {0x4404, 0}, guest.ask(0x4404, 0, 0, 0)); // POWER_STATE_SET, on
                guest.ask(0x4404, 0, 0, 0x40000000); // off
                ServiceSnapshot seen = platform.snapshot().get(20, TimeUnit.SECONDS);
                assertEquals(List.of("bridge"), clock(platform, "gpu").votes());
                assertEquals(
                        List.of("gpu-pd"),
                        seen.powerDomains().stream()
                                .filter(domain -> domain.votes().contains("bridge"))
                                .map(PowerDomainSnapshot::name)
                                .toList());
                assertEquals(
                        List.of("vdd-sd"),
                        seen.voltageDomains().stream()
                                .filter(supply -> supply.votes().contains("bridge"))
                                .map(ServiceSnapshot.VoltageDomainSnapshot::name)
                                .toList());
            }
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
                SocketClient guest = client("guest")) {
            assertNotNull(platform);
            assertNotNull(bridge);
            assertArrayEquals(new int[] {RATE_SET, DENIED}, guest.ask(RATE_SET, NEAREST, 0, 24_000_000, 0));
            assertArrayEquals(new int[] {CONFIG_SET, DENIED}, guest.ask(CONFIG_SET, 0, 1, 0));
            assertArrayEquals(new int[] {RATE_GET, 0, 12_000_000, 0}, guest.ask(RATE_GET, 0));
            assertArrayEquals(new int[] {CONFIG_SET, 0}, guest.ask(CONFIG_SET, 2, 1, 0));
        }
    }

    @Test
    void whatTheBoardDoesNotAllowNobodyIsGivenAndEachIsToldSo() throws Exception {
        Path file = demoBridge("""
                clocks:
                  uart: { from: mcu/uart0, permissions: [state] }
                  gpu: { from: mcu/gpu, permissions: [] }
                power-domains: { gpu-pd: { from: mcu/gpu-pd, permissions: [] } }
                resets: { usb: { from: mcu/gpu-rst, permissions: [] } }
                voltage-domains: { sd: { from: mcu/vdd-sd, permissions: [state] } }
                performance-domains: { cpu: { from: mcu/cpu, permissions: [limits] } }
                """);
        KeptOffers kept = new KeptOffers(directory.resolve("state"));
        try (ScmiService platform = demoPlatform()) {
            assertNotNull(platform);
            try (ScmiService first = start(ConfigFiles.service(file, directory, kept))) {
                assertNotNull(first);
                kept.keep("mcu", take());
            }
            try (ScmiService bridge = start(ConfigFiles.service(file, directory, kept));
                    SocketClient guest = client("guest")) {
                assertNotNull(bridge);
                assertArrayEquals(new int[] {CONFIG_SET, 0}, guest.ask(CONFIG_SET, 0, 1, 0));
                assertArrayEquals(new int[] {RATE_SET, DENIED}, guest.ask(RATE_SET, NEAREST, 0, 12_000_000, 0));
                assertArrayEquals(new int[] {CONFIG_SET, DENIED}, guest.ask(CONFIG_SET, 1, 1, 0));
                int state = 1 << 31;
                assertArrayEquals(new int[] {0x500F, 0, state}, guest.ask(0x500F, 0)); // CLOCK_GET_PERMISSIONS
                assertArrayEquals(new int[] {0x500F, 0, 0}, guest.ask(0x500F, 1));
                assertArrayEquals(new int[] {0x4404, DENIED}, guest.ask(0x4404, 0, 0, 0)); // POWER_STATE_SET
                assertArrayEquals(new int[] {0x5804, DENIED}, guest.ask(0x5804, 0, 1, 0)); // RESET
                assertArrayEquals(new int[] {0x5C05, 0}, guest.ask(0x5C05, 0, 7)); // VOLTAGE_CONFIG_SET
                assertArrayEquals(new int[] {0x5C07, DENIED}, guest.ask(0x5C07, 0, 0, 1_800_000)); // VOLTAGE_LEVEL_SET
                assertArrayEquals(new int[] {0x4C07, DENIED}, guest.ask(0x4C07, 0, 600_000)); // PERFORMANCE_LEVEL_SET
                int[] performance = guest.ask(0x4C03, 0); // its attributes say so
                assertEquals(0, performance[2] & (1 << 30), "may set the level");
            }
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

    private ScmiService demoPlatform() throws IOException, ConfigException {
        Path file = directory.resolve("demo.yaml");
        Files.writeString(file, """
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
        return ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
    }

    /** A service on a board that takes this of the platform; its agent is given everything. */
    private Path demoBridge(String taken) throws IOException {
        Files.writeString(directory.resolve("bridge-board.yaml"), """
                board: bridge
                upstreams:
                  mcu: { transport: socket, socket: DIR/platform.sock, timeout: 2 s, reconnect: 100 ms }
                """.replace("DIR", directory.toString()) + taken);
        Path file = directory.resolve("bridge.yaml");
        Files.writeString(file, """
                board: bridge-board.yaml
                agents:
                  guest: { transport: socket, socket: DIR/guest.sock }
                """.replace("DIR", directory.toString()));
        return file;
    }

    @Test
    void whatElseAPlatformHasItsBridgeHasToo() throws Exception {
        Path bridgeFile = demoBridge("""
                clocks: { all-of: mcu }
                power-domains: { all-of: mcu }
                resets: { all-of: mcu }
                sensors: { all-of: mcu }
                voltage-domains: { all-of: mcu }
                performance-domains: { all-of: mcu }
                """);
        KeptOffers kept = new KeptOffers(directory.resolve("state"));
        try (ScmiService platform = demoPlatform()) {
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
                    SocketClient guest = client("guest")) {
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
                whatIsKnownOfThePlatformIsShown(bridge);
                int[] sensor = guest.ask(0x5406, 0, 0); // SENSOR_READING_GET
                assertEquals(List.of(0x5406, 0), List.of(sensor[0], sensor[1]));
                int[] level = guest.ask(0x4C08, 0); // PERFORMANCE_LEVEL_GET
                assertEquals(List.of(0x4C08, 0), List.of(level[0], level[1]));
                int[] volts = guest.ask(0x5C08, 0); // VOLTAGE_LEVEL_GET
                assertEquals(List.of(0x5C08, 0), List.of(volts[0], volts[1]));
                ServiceSnapshot now = bridge.snapshot().get(20, TimeUnit.SECONDS);
                assertEquals(volts[2], now.voltageDomains().getFirst().microvolts());
                assertEquals(
                        level[2],
                        Math.toIntExact(Objects.requireNonNull(
                                now.performanceDomains().getFirst().level())));
            }
        }
    }

    @Test
    void whatIsKnownOfAPlatformIsSimulatedWithoutIt() throws Exception {
        Path file = demoBridge("""
                clocks: { all-of: mcu }
                power-domains: { gpu-pd: { from: mcu/gpu-pd, critical: true }, all-of: mcu }
                resets: { all-of: mcu }
                sensors: { all-of: mcu }
                voltage-domains: { all-of: mcu }
                performance-domains: { all-of: mcu }
                """);
        KeptOffers kept = new KeptOffers(directory.resolve("state"));
        try (ScmiService platform = demoPlatform();
                ScmiService first = start(ConfigFiles.service(file, directory, kept))) {
            assertNotNull(platform);
            assertNotNull(first);
            kept.keep("mcu", take());
        }
        Service known = ConfigFiles.service(file, directory, kept).simulated();
        try (ScmiService simulated = ScmiService.start(known, ServiceOptions.simulated());
                SocketClient guest = client("guest")) {
            assertEquals(
                    List.of(),
                    simulated.snapshot().get(20, TimeUnit.SECONDS).peers().upstreams());
            assertArrayEquals(new int[] {0x4405, 0, 0}, guest.ask(0x4405, 0)); // POWER_STATE_GET: on, as it is critical
            assertArrayEquals(new int[] {0x4405, 0, 1 << 30}, guest.ask(0x4405, 1));
            assertArrayEquals(new int[] {0x4404, 0}, guest.ask(0x4404, 0, 1, 0));
            assertArrayEquals(new int[] {0x4405, 0, 0}, guest.ask(0x4405, 1));
            assertArrayEquals(new int[] {0x4404, 0}, guest.ask(0x4404, 0, 1, 1 << 30));
            assertArrayEquals(new int[] {0x4405, 0, 1 << 30}, guest.ask(0x4405, 1));
            for (int reset = 0; reset < 4; reset++) {
                assertArrayEquals(new int[] {0x5804, 0}, guest.ask(0x5804, reset, 1, 0));
            }
            assertArrayEquals(new int[] {0x5C05, 0}, guest.ask(0x5C05, 0, 7)); // VOLTAGE_CONFIG_SET
            assertArrayEquals(new int[] {0x5C06, 0, 7}, guest.ask(0x5C06, 0));
            assertArrayEquals(new int[] {0x5C07, 0}, guest.ask(0x5C07, 0, 0, 3_300_000)); // VOLTAGE_LEVEL_SET
            assertArrayEquals(new int[] {0x5C08, 0, 3_300_000}, guest.ask(0x5C08, 0));
            assertArrayEquals(new int[] {0x4C07, 0}, guest.ask(0x4C07, 0, 600_000)); // PERFORMANCE_LEVEL_SET
            assertArrayEquals(new int[] {0x4C08, 0, 600_000}, guest.ask(0x4C08, 0));
        }
    }

    /** What was switched through here is known, and what nobody has asked for is not. */
    private static void whatIsKnownOfThePlatformIsShown(ScmiService bridge) throws Exception {
        ServiceSnapshot known = bridge.snapshot().get(20, TimeUnit.SECONDS);
        assertEquals(
                List.of(true, true, true),
                known.powerDomains().stream()
                        .limit(3)
                        .map(PowerDomainSnapshot::on)
                        .toList());
        assertEquals(List.of("guest"), known.powerDomains().getFirst().votes());
        assertEquals(
                List.copyOf(ConfigFiles.builtInBoard("demo").names(ResourceKind.RESET)),
                known.resets().stream().map(ResetSnapshot::name).toList());
        assertNull(known.voltageDomains().getFirst().microvolts());
        assertNull(known.performanceDomains().getFirst().level());
        try (ManagementServer server = ManagementServer.start("127.0.0.1", 0, bridge);
                ManagementClient client = new ManagementClient(new ManagementSpec("127.0.0.1", server.port()));
                HttpClient http = HttpClient.newHttpClient()) {
            Upstream.Snapshot upstream = client.upstreams().getFirst();
            assertEquals(
                    List.of("mcu", Upstream.State.UP, ""), List.of(upstream.name(), upstream.state(), upstream.why()));
            for (String kind :
                    List.of("clocks", "power-domains", "voltage-domains", "performance-domains", "resets", "sensors")) {
                URI address = URI.create("http://127.0.0.1:" + server.port() + "/api/" + kind);
                String said = http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                        .body();
                assertTrue(said.contains("\"upstream\":\"mcu\""), said);
            }
        }
    }
}
