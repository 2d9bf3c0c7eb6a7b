// What a board file takes from other platforms, and what is said of mistakes in it.
package org.scmid.config.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.Marked;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.OfferedRates;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sensor.SensorSource;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.sensor.SensorUnit;
import org.scmid.config.serial.SerialSpec;
import org.scmid.config.upstream.UpstreamSpec.WhenBack;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.config.window.SlotsSpec;

class UpstreamFilesTest {
    private static final Offer OFFER = new Offer(
            "acme",
            "mcu",
            1,
            List.of(
                    clock(0, "gpu-core", new OfferedRates.Listed(List.of(100_000_000L, 200_000_000L))),
                    clock(1, "uart", new OfferedRates.Range(1000, 48_000_000, 1)),
                    clock(2, "rtc", null)),
            List.of(new PowerDomainOffer(0, "gpu", false, true), new PowerDomainOffer(1, "dsp", false, true)),
            List.of(new SensorOffer(
                    4, "temp", false, List.of(new SensorOffer.Channel("temp", 2, -3, 1, -3, -40_000, 125_000)), false)),
            List.of(),
            List.of(),
            List.of());

    private static final Offers KNOWN = (upstream, problems) -> OFFER;

    private static ClockOffer clock(int id, String name, @Nullable OfferedRates rates) {
        return new ClockOffer(id, name, rates, List.of(), 20, true, true, true, false, true);
    }

    private static final String HEAD = """
            board: test
            upstreams:
              mcu: { transport: socket, socket: mcu.sock }
            """;

    private static Board board(String text, Offers offers) throws ConfigException {
        return Marked.board(text.getBytes(StandardCharsets.UTF_8), offers);
    }

    private static Board known(String rest) throws ConfigException {
        return board(HEAD + rest, KNOWN);
    }

    private static UpstreamSpec.Way way(Board board, String name) {
        return Objects.requireNonNull(board.upstreams().specs().get(name)).way();
    }

    @Test
    void everyWayToReachAPlatformIsRead() throws ConfigException {
        Board board = board("""
                board: test
                upstreams:
                  mcu: { transport: serial, port: /dev/ttyUSB0, baud: 921600, timeout: 200 ms, reconnect: 2 s, when-back: report }
                  cpu1: { transport: fat-virtqueue, region: { file: /dev/shm/cpu1, size: 64 KiB }, slot-size: 256 }
                  cpu2: { transport: virtio-mmio, region: { file: /dev/shm/cpu2, size: 24 KiB }, notify: { poll: 1 ms } }
                  other: { transport: socket, socket: /run/other/scmi.sock }
                  back: { transport: vhost-user, socket: /run/back.sock }
                  host: { transport: device, path: /dev/scmid-host }
                  raw: { transport: kernel }
                  second: { transport: kernel, instance: 1, path: /debug }
                clocks: {}
                """, Offers.NONE);
        UpstreamSpec mcu = Objects.requireNonNull(board.upstreams().specs().get("mcu"));
        SerialSpec line = assertInstanceOf(UpstreamSpec.Serial.class, mcu.way()).line();
        assertEquals(Path.of("/dev/ttyUSB0"), line.port());
        assertEquals(921_600, line.baud());
        assertEquals(8, line.eid());
        assertEquals(Duration.ofMillis(200), mcu.timeout());
        assertEquals(Duration.ofSeconds(2), mcu.reconnect());
        assertEquals(WhenBack.REPORT, mcu.whenBack());
        RegionSpec first = new RegionSpec(new RegionSpec.File(Path.of("/dev/shm/cpu1")), 0, 0x10000, 0);
        NotifySpec.Poll usual = new NotifySpec.Poll(Duration.ofMillis(10));
        assertEquals(new UpstreamSpec.FatVirtqueue(first, usual, new SlotsSpec(32, 256)), way(board, "cpu1"));
        RegionSpec second = new RegionSpec(new RegionSpec.File(Path.of("/dev/shm/cpu2")), 0, 0x6000, 0);
        assertEquals(
                new UpstreamSpec.VirtioMmio(second, new NotifySpec.Poll(Duration.ofMillis(1))), way(board, "cpu2"));
        assertEquals(new UpstreamSpec.Socket(Path.of("/run/other/scmi.sock")), way(board, "other"));
        assertEquals(new UpstreamSpec.VhostUser(Path.of("/run/back.sock")), way(board, "back"));
        assertEquals(new UpstreamSpec.Device(Path.of("/dev/scmid-host")), way(board, "host"));
        assertEquals(new UpstreamSpec.Kernel(Path.of("/sys/kernel/debug"), 0), way(board, "raw"));
        assertEquals(new UpstreamSpec.Kernel(Path.of("/debug"), 1), way(board, "second"));
        assertEquals(
                List.of("mcu", "cpu1", "cpu2", "other", "back", "host", "raw", "second"),
                List.copyOf(board.upstreams().specs().keySet()));
    }

    @Test
    void aClockOfAPlatformIsARootThatLocalClocksRunFrom() throws ConfigException {
        Board board = known("""
                clocks:
                  osc: { fixed: 24 MHz }
                  gpu: { from: mcu/gpu-core, rates: { max: 150 MHz }, critical: true }
                  half: { parent: gpu, factor: { divide: 2 } }
                """);
        ClockSpec gpu = Objects.requireNonNull(board.clocks().get("gpu"));
        assertEquals(List.of(), gpu.parents());
        assertEquals(new RateLimits(0, 150_000_000), gpu.rates());
        assertTrue(gpu.critical());
        assertEquals(20, gpu.enableDelayMicros());
        Origin origin = Objects.requireNonNull(
                board.upstreams().origins(ResourceKind.CLOCK).get("gpu"));
        assertEquals(new From("mcu", "gpu-core"), origin.from());
        assertEquals(OFFER.clocks().getFirst(), origin.offer());
        assertEquals(origin, Objects.requireNonNull(gpu.fixed()).origin());
        assertEquals(200_000_000, gpu.fixed().hz());
        assertEquals(Set.of(), board.upstreams().unknown());
    }

    @Test
    void allElseOfAPlatformIsTakenByItsNames() throws ConfigException {
        Board board = known("""
                clocks:
                  gpu: { from: mcu/gpu-core }
                  all-of: mcu
                power-domains:
                  all-of: [mcu]
                """);
        assertEquals(List.of("gpu", "uart", "rtc"), List.copyOf(board.names(ResourceKind.CLOCK)));
        assertEquals(List.of("gpu", "dsp"), List.copyOf(board.names(ResourceKind.POWER_DOMAIN)));
        assertTrue(board.powerDomains().isEmpty());
    }

    @Test
    void aSensorOfAPlatformHasWhatThePlatformSaysOfIt() throws ConfigException {
        Board board = known("""
                clocks: {}
                sensors:
                  soc: { from: mcu/temp, trip-points: 2, intervals: [100 ms, 1 s] }
                """);
        SensorSpec soc = Objects.requireNonNull(board.sensors().get("soc"));
        SensorSpec.Channel value = soc.channels().getFirst();
        assertEquals(SensorUnit.DEGREES_CELSIUS, value.unit());
        assertEquals(-3, value.scale());
        assertEquals(-40_000, value.min());
        assertEquals(2, soc.tripPoints());
        SensorSource.Remote source = assertInstanceOf(SensorSource.Remote.class, value.source());
        assertEquals(new From("mcu", "temp"), source.origin().from());
    }

    @Test
    void whatIsNotKnownYetIsThereByName() throws ConfigException {
        Board board = board(HEAD + """
                clocks:
                  gpu: { from: mcu/gpu-core }
                  all-of: mcu
                sensors:
                  soc: { from: mcu/temp }
                """, Offers.NONE);
        assertEquals(List.of("gpu"), List.copyOf(board.names(ResourceKind.CLOCK)));
        assertNull(Objects.requireNonNull(
                        board.upstreams().origins(ResourceKind.CLOCK).get("gpu"))
                .offer());
        assertEquals(Set.of("mcu"), board.upstreams().unknown());
        assertTrue(board.mayHave(ResourceKind.CLOCK, "uart"));
        assertTrue(board.sensors().containsKey("soc"));
        assertEquals(Set.of("mcu"), board.upstreams().openEnded(ResourceKind.CLOCK));
        assertEquals(Set.of(), board.upstreams().openEnded(ResourceKind.SENSOR));
    }

    @Test
    void whatABoardAllowsOfAPlatformsResourceIsReadForEachKind() throws ConfigException {
        Board board = known("""
                clocks:
                  gpu: { from: mcu/gpu-core, permissions: [state, rate] }
                  rtc: { from: mcu/rtc, permissions: [] }
                  all-of: mcu
                power-domains:
                  gpu: { from: mcu/gpu, permissions: [] }
                sensors:
                  soc: { from: mcu/temp, permissions: [config] }
                """);
        assertEquals(Set.of(Control.STATE, Control.RATE), allowed(board, ResourceKind.CLOCK, "gpu"));
        assertEquals(Set.of(), allowed(board, ResourceKind.CLOCK, "rtc"));
        assertEquals(Control.of(ResourceKind.CLOCK), allowed(board, ResourceKind.CLOCK, "uart"));
        assertEquals(Set.of(), allowed(board, ResourceKind.POWER_DOMAIN, "gpu"));
        assertEquals(Set.of(Control.CONFIG), allowed(board, ResourceKind.SENSOR, "soc"));
    }

    private static Set<Control> allowed(Board board, ResourceKind kind, String name) {
        return Objects.requireNonNull(board.upstreams().origins(kind).get(name)).allowed();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsSaidWhereItIs(String text, String message) {
        Marked marked = new Marked(text);
        ConfigException refused = assertThrows(ConfigException.class, () -> board(marked.text, KNOWN));
        assertEquals(1, refused.problems().size(), refused.getMessage());
        Problem problem = refused.problems().getFirst();
        assertEquals(marked.places.getFirst(), problem.place(), problem.message());
        assertTrue(problem.message().contains(message), problem.message());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "clocks: { gpu: { from: §mcu/gpu-cor } }",
                        "offers no clock `gpu-cor`; did you mean `gpu-core`?"),
                mistake("clocks: { gpu: { from: §mcv/gpu-core } }", "unknown upstream `mcv`; did you mean `mcu`?"),
                mistake("clocks: { gpu: { from: §mcu } }", "write both with a slash between them"),
                mistake("clocks: { gpu: { from: mcu/gpu-core, §parent: osc } }", "does not go with `from`"),
                mistake("clocks: { a: { from: mcu/uart }, b: { from: §mcu/uart } }", "can be taken once"),
                mistake("clocks: { gpu: { from: mcu/gpu-core, permissions: [§level] } }", "allowed are"),
                mistake("clocks: { gpu: { from: mcu/gpu-core, permissions: [rate, §rate] } }", "lists `rate` twice"),
                mistake("clocks: { gpu: { from: mcu/gpu-core, permissions: §rate } }", "must be a list"),
                mistake("clocks: { gpu: { fixed: 1 MHz, §permissions: [rate] } }", "`from`"),
                mistake(
                        "clocks: {}\npower-domains: { d: { from: mcu/gpu, permissions: [§rate] } }",
                        "allowed are `state`"),
                mistake("clocks: { all-of: §mcv }", "unknown upstream `mcv`"),
                mistake("clocks: { all-of: §{ a: b } }", "the name of an upstream or a list"),
                mistake("clocks: { uart: { fixed: 1 MHz }, all-of: §mcu }", "take it under another name"),
                mistake("clocks: {}\npower-domains: { d: { from: §mcu/gpv } }", "no power domain `gpv`; did you mean"),
                Arguments.of(
                        "board: test\nupstreams:\n  §a/b: { transport: socket, socket: s }\nclocks: {}\n",
                        "`/` stands between it and the name of a resource"),
                way("{ §transport: serial }", "lacks `port`"),
                way("{ §transport: socket }", "lacks `socket`"),
                way("{ §transport: device }", "lacks `path`"),
                way("{ transport: device, path: /dev/x, §socket: s }", "socket"),
                way("{ transport: device, path: /dev/x, §instance: 1 }", "instance"),
                way("{ transport: kernel, instance: §-1 }", "-1"),
                way("{ transport: kernel, §port: /dev/x }", "port"),
                way("{ transport: socket, socket: s, §path: /dev/x }", "path"),
                way("{ transport: socket, socket: s, §baud: 9600 }", "baud"),
                way("{ transport: socket, socket: s, timeout: §0 ms }", "write 1 ms to 60 s"),
                way("{ transport: socket, socket: s, reconnect: §1 ms }", "write 100 ms to 1 h"),
                way("{ transport: fat-virtqueue, region: { file: f, size: §4 KiB } }", "are needed"),
                way(
                        "{ transport: virtio-mmio, region: { file: f, size: 8 KiB }, notify: { ivshmem: §s } }",
                        "an upstream's window is looked at"));
    }

    private static Arguments mistake(String rest, String message) {
        return Arguments.of(HEAD + rest + "\n", message);
    }

    private static Arguments way(String spec, String message) {
        return Arguments.of("board: test\nupstreams:\n  mcu: " + spec + "\nclocks: {}\n", message);
    }
}
