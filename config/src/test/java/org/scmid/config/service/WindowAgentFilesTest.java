// Agents in windows of shared memory in a service file: what may be written, and what is said of the rest.
package org.scmid.config.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.Marked;
import org.scmid.config.RobustnessTest;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problem;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.config.window.SlotsSpec;

public class WindowAgentFilesTest {
    /** Every key that only such agents have, in every way that it can be written. */
    public static final String SERVICE = """
            board: demo
            agents:
              zephyr:
                transport: virtio-mmio
                region: { file: /dev/shm/zephyr, size: 64 KiB, offset: 4 KiB, guest-address: 0x4800_0000 }
                notify: { poll: 2 ms }
                clocks: all
              rtos:
                transport: fat-virtqueue
                region: { file: rtos.shm, size: 1 MiB }
                notify: { ivshmem: rtos-bell.sock }
                socket-mode: "0660"
                socket-group: kvm
                entries: 64
                slot-size: 256
                clocks: [uart0]
              core:
                transport: fat-virtqueue
                region: { uio: mailbox, map: 1, size: 64 KiB }
                notify: poll
                clocks: []
              outer:
                transport: virtio-mmio
                region: { pci: "0000:00:02.0", size: 64 KiB, offset: 64 KiB }
                clocks: []
              dsp:
                transport: virtio-mmio
                region: { physical: 0xffff_f000, size: 8 KiB }
                clocks: []
            """;

    private static final RegionSpec.Location FILE = new RegionSpec.File(Path.of("/dev/shm/a"));
    private static final NotifySpec LOOK = new NotifySpec.Poll(Duration.ofMillis(10));

    private static TransportSpec transportOf(Service service, String agent) {
        return Objects.requireNonNull(service.agents().get(agent)).transport();
    }

    private static TransportSpec transport(String keys) throws ConfigException {
        return transportOf(new Marked("board: demo\nagents: { a: { " + keys + " } }\n").service(), "a");
    }

    @Test
    void everyKeyIsReadAsWritten() throws ConfigException {
        Service service = new Marked(SERVICE).service();

        assertEquals(
                new TransportSpec.VirtioMmio(
                        new RegionSpec(new RegionSpec.File(Path.of("/dev/shm/zephyr")), 0x1000, 0x10000, 0x4800_0000L),
                        new NotifySpec.Poll(Duration.ofMillis(2))),
                transportOf(service, "zephyr"));
        assertEquals(
                new TransportSpec.FatVirtqueue(
                        new RegionSpec(new RegionSpec.File(Path.of("/services/rtos.shm")), 0, 1 << 20, 0),
                        new NotifySpec.Ivshmem(Path.of("/services/rtos-bell.sock"), 0660, "kvm"),
                        new SlotsSpec(64, 256)),
                transportOf(service, "rtos"));
        assertEquals(
                new TransportSpec.FatVirtqueue(
                        new RegionSpec(new RegionSpec.Uio("mailbox", 1), 0, 0x10000, 0), LOOK, SlotsSpec.DEFAULT),
                transportOf(service, "core"));
        assertEquals(
                new TransportSpec.VirtioMmio(
                        new RegionSpec(new RegionSpec.Pci("0000:00:02.0"), 0x10000, 0x10000, 0), LOOK),
                transportOf(service, "outer"));
        assertEquals(
                new TransportSpec.VirtioMmio(new RegionSpec(new RegionSpec.Physical(0xffff_f000L), 0, 0x2000, 0), LOOK),
                transportOf(service, "dsp"));
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws ConfigException {
        assertEquals(
                new TransportSpec.VirtioMmio(new RegionSpec(FILE, 0, 0x2000, 0), LOOK),
                transport("transport: virtio-mmio, region: { file: /dev/shm/a, size: 8 KiB }"));
        assertEquals(
                new TransportSpec.FatVirtqueue(new RegionSpec(FILE, 0, 0x9000, 0), LOOK, SlotsSpec.DEFAULT),
                transport("transport: fat-virtqueue, region: { file: /dev/shm/a, size: 36 KiB }"));
        assertEquals(
                new TransportSpec.FatVirtqueue(
                        new RegionSpec(FILE, 0, 0x10000, 0),
                        new NotifySpec.Ivshmem(Path.of("/run/bell"), 0600, null),
                        SlotsSpec.DEFAULT),
                transport("transport: fat-virtqueue, region: { file: /dev/shm/a, size: 64 KiB },"
                        + " notify: { ivshmem: /run/bell }"));
        assertEquals(
                new TransportSpec.VirtioMmio(new RegionSpec(new RegionSpec.Uio("u", 0), 0, 0x2000, 0), LOOK),
                transport("transport: virtio-mmio, region: { uio: u, size: 8 KiB }"));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void theBoundsThemselvesAreAllowed(String keys) throws ConfigException {
        transport(keys);
    }

    static Stream<String> bounds() {
        return Stream.of(
                "transport: virtio-mmio, region: { file: f, size: 8 KiB }, notify: { poll: 1 ms }",
                "transport: virtio-mmio, region: { file: f, size: 8 KiB }, notify: { poll: 1 s }",
                "transport: virtio-mmio, region: { physical: 0x7fffffffffffc000, size: 8 KiB }",
                "transport: virtio-mmio, region: { file: f, size: 8 KiB, guest-address: 0x7fffffffffffd000 }",
                "transport: fat-virtqueue, region: { file: f, size: 28 KiB }, entries: 2, slot-size: 128",
                "transport: fat-virtqueue, region: { file: f, size: 2076 KiB }, entries: 256, slot-size: 4096");
    }

    private static Arguments mmio(String title, String keys, String... words) {
        return Arguments.of(title, "transport: virtio-mmio, " + keys, List.of(words));
    }

    private static Arguments fat(String title, String keys, String... words) {
        return Arguments.of(title, "transport: fat-virtqueue, " + keys, List.of(words));
    }

    private static Arguments region(String title, String region, String... words) {
        return mmio(title, "region: { " + region + " }", words);
    }

    private static Arguments notified(String title, String notify, String... words) {
        return mmio(title, "region: { file: f, size: 64 KiB }, " + notify, words);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                // The region
                Arguments.of(
                        "no region",
                        "§transport: virtio-mmio",
                        List.of(
                                "agent `a`",
                                "lacks `region`",
                                "as in `region: { file: /dev/shm/rtos-scmi, size: 64 KiB }`")),
                Arguments.of("no region, fat", "§transport: fat-virtqueue", List.of("agent `a`", "lacks `region`")),
                mmio("a region that is a path", "region: §/dev/shm/a", "must be a mapping"),
                mmio("nowhere", "§region: { size: 8 KiB }", "lacks `file`, `uio`, `pci` or `physical`"),
                region("at two places", "file: f, §uio: u, size: 8 KiB", "`file` and `uio`", "only one", "remove"),
                mmio("no size", "§region: { file: f }", "`region` of agent `a`", "lacks the key `size`"),
                region("an unknown key", "file: f, size: 8 KiB, §adress: 0", "unknown key `adress`", "`guest-address`"),
                region("nothing", "file: f, size: §0", "`size`", "is 0", "write", "`64 KiB`"),
                region("half a page", "file: f, size: §10000", "10000", "no multiple of 4 KiB"),
                region("an odd offset", "file: f, size: 8 KiB, offset: §0x800", "`offset`", "0x800", "4 KiB"),
                region("an odd guest address", "file: f, size: 8 KiB, guest-address: §1", "`guest-address`", "4 KiB"),
                region("an odd physical address", "physical: §0x80, size: 8 KiB", "`physical`", "0x80", "4 KiB"),
                region("an empty path", "file: §'', size: 8 KiB", "not a path", "empty"),
                region("a short PCI address", "pci: §'00:02.0', size: 8 KiB", "in full", "`0000:00:02.0`", "lspci -D"),
                region("a PCI address in capitals", "pci: §'0000:0A:02.0', size: 8 KiB", "small letters"),
                region("a map of a file", "file: f, §map: 1, size: 8 KiB", "`map`", "only with `uio`", "remove it"),
                region("a map that cannot be", "uio: u, map: §5, size: 8 KiB", "too large; the largest is 4"),
                region(
                        "an offset in a UIO device",
                        "uio: u, size: 8 KiB, §offset: 4 KiB",
                        "`offset` of `region` of agent `a`",
                        "does not go with `uio`",
                        "remove it"),
                mmio(
                        "beyond all memory",
                        "§region: { physical: 0x7fffffffffffe000, size: 8 KiB }",
                        "ends beyond 0x7fffffffffffffff"),
                mmio(
                        "beyond all files",
                        "§region: { file: f, offset: 9223372036854771712, size: 8 KiB }",
                        "ends beyond 0x7fffffffffffffff"),
                mmio("above all memory", "§region: { physical: 0xfffffffffffff000, size: 8 KiB }", "ends beyond"),
                region(
                        "beyond all that a guest can count",
                        "file: f, size: 8 KiB, guest-address: §0x7fffffffffffe000",
                        "`guest-address`",
                        "ends beyond 0x7fffffffffffffff"),
                region("above the middle", "file: f, size: 8 KiB, guest-address: §0xfffffffffffff000", "ends beyond"),
                // Its size
                region("too small for a ring", "file: f, size: §4 KiB", "4096", "8192", "write at least `8 KiB`"),
                fat("too small for slots", "region: { file: f, size: §32 KiB }", "32768", "36864", "at least `36 KiB`"),
                fat(
                        "too small for many slots",
                        "region: { file: f, size: §64 KiB }, entries: 256",
                        "65536",
                        "at least `124 KiB`"),
                fat(
                        "too small for large slots",
                        "region: { file: f, size: §64 KiB }, slot-size: 4096",
                        "at least `276 KiB`"),
                // Slots
                fat("no power of two", "region: { file: f, size: 1 MiB }, entries: §33", "`entries`", "33", "`64`"),
                fat("one entry", "region: { file: f, size: 1 MiB }, entries: §1", "from 2 to 256", "write `2`"),
                fat("no entry", "region: { file: f, size: 1 MiB }, entries: §0", "from 2 to 256", "write `2`"),
                fat("many entries", "region: { file: f, size: 4 KiB }, entries: §512", "`512`", "the largest is 256"),
                fat("uneven slots", "region: { file: f, size: 1 MiB }, slot-size: §200", "200", "write `256`"),
                fat("small slots", "region: { file: f, size: 1 MiB }, slot-size: §64", "from 128", "write `128`"),
                fat("large slots", "region: { file: f, size: 4 KiB }, slot-size: §8192", "the largest is 4096"),
                // How they tell each other
                notified("an unknown way", "notify: §bell", "`poll`", "`{ ivshmem: SOCKET }`", "`bell`"),
                notified("no way", "notify: §[poll]", "must be `poll`", "a list"),
                notified("an empty way", "§notify: {}", "lacks `poll` or `ivshmem`"),
                notified("two ways", "notify: { poll: 1 ms, §ivshmem: s }", "`poll` and `ivshmem`", "only one"),
                notified("no unit", "notify: { poll: §10 }", "`10`", "unit", "`ms`"),
                notified("too often", "notify: { poll: §999 us }", "999 us", "1 ms to 1 s"),
                notified("too seldom", "notify: { poll: §1001 ms }", "1001 ms", "1 ms to 1 s"),
                notified(
                        "a long socket",
                        "notify: { ivshmem: §/" + "x".repeat(107) + " }",
                        "`ivshmem` of `notify`",
                        "108 bytes"),
                notified("a mode of no socket", "§socket-mode: '0660'", "`socket-mode`", "no other socket", "remove"),
                notified("a group of no socket", "notify: poll, §socket-group: kvm", "`socket-group`", "remove"),
                // A BAR
                mmio(
                        "a UIO device for a VMM",
                        "§region: { uio: u, size: 8 KiB }, notify: { ivshmem: s }",
                        "must be a `file`",
                        "`notify: poll`"),
                mmio(
                        "a part of a file for a VMM",
                        "region: { file: f, size: 8 KiB, offset: §4 KiB }, notify: { ivshmem: s }",
                        "`offset`",
                        "the whole file",
                        "remove it"),
                mmio(
                        "a guest address of a BAR",
                        "region: { file: f, size: 8 KiB, guest-address: §0x1000 }, notify: { ivshmem: s }",
                        "`guest-address`",
                        "counts from 0",
                        "remove it"),
                mmio(
                        "a BAR that is no power of two",
                        "region: { file: f, size: §36 KiB }, notify: { ivshmem: s }",
                        "36864",
                        "no power of two",
                        "write `64 KiB`"),
                fat(
                        "a BAR that is too small",
                        "region: { file: f, size: §12 KiB }, notify: { ivshmem: s }",
                        "36864 are needed",
                        "at least `64 KiB`"),
                // Keys of other transports
                notified("a socket", "§socket: s", "`socket`", "`transport: vhost-user` or `transport: socket`"),
                notified("a mode", "§mode: listen", "`mode`", "`transport: vhost-user`"),
                notified("grace", "§grace: 1 s", "`grace`", "`transport: vhost-user`"),
                notified("a window of vhost-user", "§window: 4 MiB", "`window`", "`transport: vhost-user`"),
                notified("entries of a ring", "§entries: 64", "`entries`", "`transport: fat-virtqueue`"),
                notified("slots of a ring", "§slot-size: 192", "`slot-size`", "`transport: fat-virtqueue`"),
                Arguments.of(
                        "a region of a socket",
                        "transport: socket, §region: { file: f, size: 8 KiB }",
                        List.of("`region`", "`transport: virtio-mmio` or `transport: fat-virtqueue`")),
                Arguments.of(
                        "notify of vhost-user",
                        "transport: vhost-user, §notify: poll",
                        List.of("`notify`", "`transport: virtio-mmio` or `transport: fat-virtqueue`")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsReportedAtItsPlaceWithTheRemedy(String title, String keys, List<String> words) {
        assertReported(new Marked("board: demo\nagents: { a: { " + keys + " } }\n"), words);
    }

    private static void assertReported(Marked marked, List<String> words) {
        List<Problem> problems =
                assertThrows(ConfigException.class, marked::service).problems();
        assertEquals(marked.places, problems.stream().map(Problem::place).toList(), () -> "the places of " + problems);
        String message = problems.getFirst().message();
        for (String word : words) {
            assertTrue(message.contains(word), () -> word + " is in: " + message);
        }
    }

    @Test
    void allMistakesAreReportedAtOnce() {
        Marked marked = new Marked("""
                board: demo
                agents:
                  a:
                    transport: fat-virtqueue
                    region: { file: f, size: §5000, offset: §1 }
                    notify: §loud
                    entries: §3
                    slot-size: §100
                    clocks: all
                  b: { transport: virtio-mmio, region: { file: f, size: §4 KiB }, clocks: all }
                """);
        List<Problem> problems =
                assertThrows(ConfigException.class, marked::service).problems();
        assertEquals(
                marked.places,
                problems.stream()
                        .map(Problem::place)
                        .sorted(Comparator.comparingInt(Place::line).thenComparingInt(Place::column))
                        .toList(),
                problems::toString);
    }

    private static Marked two(String first, String second) {
        return new Marked("""
                board: demo
                agents:
                  one: { transport: fat-virtqueue, clocks: [], %s }
                  two: { transport: virtio-mmio, clocks: [], %s }
                """.formatted(first, second));
    }

    static Stream<Arguments> overlaps() {
        return Stream.of(
                Arguments.of(
                        "region: { file: /dev/shm/a, size: 64 KiB }",
                        "§region: { file: /dev/shm/x/../a, size: 64 KiB }",
                        "/dev/shm/x/../a"),
                Arguments.of(
                        "region: { file: /dev/shm/a, size: 64 KiB }",
                        "§region: { file: /dev/shm/a, size: 64 KiB, offset: 60 KiB }",
                        "/dev/shm/a"),
                Arguments.of(
                        "region: { file: a, size: 64 KiB, offset: 4 KiB }",
                        "§region: { file: /services/a, size: 8 KiB }",
                        "/services/a"),
                Arguments.of(
                        "region: { physical: 0x10000, size: 64 KiB }",
                        "§region: { physical: 0, size: 8 KiB, offset: 0x1f000 }",
                        "physical memory from 0x0"),
                Arguments.of(
                        "region: { uio: u, map: 2, size: 64 KiB }",
                        "§region: { uio: u, map: 2, size: 8 KiB }",
                        "map 2 of the UIO device u"),
                Arguments.of(
                        "region: { pci: '0000:00:01.0', size: 64 KiB }",
                        "§region: { pci: '0000:00:01.0', size: 8 KiB }",
                        "the PCI device 0000:00:01.0"));
    }

    @ParameterizedTest
    @MethodSource("overlaps")
    void noByteBelongsToTwoAgents(String first, String second, String shown) {
        assertReported(
                two(first, second),
                List.of("`region` of agent `two` overlaps with that of agent `one` in " + shown, "memory of its own"));
    }

    @Test
    void aFileThatAVmmIsGivenHasOneWindow() {
        String rings = "region: { file: a, size: 64 KiB }, notify: { ivshmem: bell }";
        String looks = "region: { file: /services/a, size: 64 KiB, offset: 64 KiB }";
        List<String> said = List.of(
                "`region` of agent `two` is in the file of that of agent `one`, /services/a", "a file of its own");
        assertReported(two(rings, "§" + looks), said);
        assertReported(two(looks, "§" + rings), said);
    }

    @Test
    void windowsSideBySideDoNotOverlap() throws ConfigException {
        for (String[] pair : new String[][] {
            {"region: { file: a, size: 64 KiB }", "region: { file: a, size: 64 KiB, offset: 64 KiB }"},
            {"region: { file: a, size: 64 KiB, offset: 8 KiB }", "region: { file: a, size: 8 KiB }"},
            {"region: { physical: 0x10000, size: 64 KiB }", "region: { physical: 0x20000, size: 8 KiB }"},
            {"region: { uio: u, size: 64 KiB }", "region: { uio: u, map: 1, size: 64 KiB }"},
            {"region: { file: a, size: 64 KiB }", "region: { uio: a, size: 64 KiB }"}
        }) {
            two(pair[0], pair[1]).service();
        }
    }

    @Test
    void everyBellNeedsASocketOfItsOwn() {
        String region = "region: { file: %s, size: 64 KiB }, notify: { ivshmem: %s }";
        assertReported(
                two(region.formatted("a", "/run/bell"), region.formatted("b", "§/run/./bell")),
                List.of("`ivshmem` of `notify` of agent `two`", "already that of agent `one`", "its own"));
        assertReported(new Marked("""
                        board: demo
                        agents:
                          vm: { transport: vhost-user, clocks: [] }
                          rtos:
                            transport: fat-virtqueue
                            region: { file: a, size: 64 KiB }
                            notify: { ivshmem: §/run/scmid/vm.sock }
                            clocks: []
                        """), List.of("already that of agent `vm`"));
        assertReported(new Marked("""
                        board: demo
                        agents:
                          rtos:
                            transport: fat-virtqueue
                            region: { file: a, size: 64 KiB }
                            notify: { ivshmem: bell.sock }
                            clocks: []
                          tools: { transport: socket, socket: §bell.sock, clocks: all }
                        """), List.of("`socket` of agent `tools`", "already that of agent `rtos`"));
    }

    @Test
    void aDamagedFileIsReadOrRefusedInOurWords() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("WindowAgentFilesTest seed " + seed);
        Random random = new Random(seed);
        byte[] original = SERVICE.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        int mutations = Integer.getInteger("mutations", 4000) / 2;
        for (int i = 0; i < mutations; i++) {
            byte[] file = RobustnessTest.mutated(original, random);
            try {
                Marked.service(file);
            } catch (ConfigException expected) {
                refused++;
                RobustnessTest.assertOurs(expected, file);
            } catch (RuntimeException e) {
                fail("seed " + seed + ": " + new String(file, StandardCharsets.UTF_8), e);
            }
        }
        assertTrue(refused > mutations / 10, "too few mutations did harm");
    }
}
