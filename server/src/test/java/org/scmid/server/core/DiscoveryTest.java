// What scmid discovers of a platform is what that platform's board file says, in every version and with any messages.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.agent.AgentClient;
import org.scmid.agent.PlatformLink;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.Offered;
import org.scmid.config.offer.OfferedRates;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.config.offer.ResetOffer;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.offer.VoltageDomainOffer;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.config.register.WindowSpec;
import org.scmid.config.reset.ResetSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.config.voltage.VoltageDomainSpec;
import org.scmid.config.voltage.VoltageLevels;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.protocol.sensor.SensorVersion;
import org.scmid.testing.HandLoop;
import org.scmid.upstream.discovery.Discovered;
import org.scmid.upstream.discovery.Discovery;
import org.scmid.upstream.discovery.Limits;

class DiscoveryTest {
    private static final int NEGOTIATE = 0x10;
    private static final long REPLY_NANOS = 50_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    Path folder;

    /** How a discovery ended. */
    static final class End implements Discovery.Listener {
        @Nullable
        Discovered discovered;

        @Nullable
        String failure;

        @Override
        public void began() {}

        @Override
        public void discovered(Discovered all) {
            discovered = all;
        }

        @Override
        public void failed(String why) {
            failure = why;
        }

        boolean isThere() {
            return discovered != null || failure != null;
        }
    }

    /** Discovers what an agent of a core is offered, by messages of so many bytes. */
    static End discover(Bench bench, Bench.Peer peer, int capacity, PortLink.Garbling garbling, long totalNanos) {
        return discover(bench, peer, capacity, garbling, totalNanos, PlatformLink.MAX_MESSAGE);
    }

    private static End discover(
            Bench bench, Bench.Peer peer, int capacity, PortLink.Garbling garbling, long totalNanos, int longestReply) {
        End end = new End();
        HandLoop loop = bench.loop;
        Discovery[] running = new Discovery[1];
        AgentClient client = new AgentClient(loop, 10 * REPLY_NANOS, new AgentClient.Listener() {
            @Override
            public void notified(byte[] message, int length) {}

            @Override
            public void writable() {
                running[0].writable();
            }

            @Override
            public void lost(String why) {}
        });
        client.begin(new PortLink(loop, peer.agent, capacity, garbling, client).losing(longestReply));
        running[0] = new Discovery(loop, client, new Limits(REPLY_NANOS, totalNanos), end);
        running[0].begin();
        loop.settle();
        for (long millis = 0; millis < 2 * totalNanos / 1_000_000 && !end.isThere(); millis += 10) {
            loop.passMillis(10);
        }
        assertTrue(end.isThere(), "the discovery ends in its time");
        client.end();
        return end;
    }

    private static Discovered discovered(Bench bench, Bench.Peer peer, int capacity, PortLink.Garbling garbling) {
        End end = discover(bench, peer, capacity, garbling, Limits.TOTAL_NANOS);
        Discovered all = end.discovered;
        assertNotNull(all, () -> "it failed: " + end.failure);
        return all;
    }

    static Stream<String> boards() {
        return Stream.concat(Stream.of("whole"), ConfigFiles.builtInBoards().stream());
    }

    private Board board(String name) throws Exception {
        return name.equals("whole") ? Bench.board(folder, WholeBoard.YAML) : ConfigFiles.builtInBoard(name);
    }

    /** With the window that a bench wants every board to have. */
    private Board withWindow(Board board) throws Exception {
        Map<String, WindowSpec> windows = new HashMap<>(board("whole").registers());
        windows.keySet().retainAll(List.of("cru"));
        windows.putAll(board.registers());
        return board.withRegisters(windows);
    }

    @ParameterizedTest
    @MethodSource("boards")
    void whatIsDiscoveredIsWhatTheBoardFileSays(String name) throws Exception {
        Board board = withWindow(board(name).simulated());
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        Discovered all = discovered(bench, peer, PlatformLink.MAX_MESSAGE, PortLink.NONE);
        assertEquals(List.of(), all.findings());
        assertEquals("scmid", all.offer().vendor());
        compare(board, all.offer());
    }

    /** Messages as short as those of a window: every list comes in pages. */
    @ParameterizedTest
    @ValueSource(ints = {96, 128, 192, 1024})
    void shortMessagesSayTheSame(int capacity) throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        Discovered whole = discovered(bench, peer, PlatformLink.MAX_MESSAGE, PortLink.NONE);
        Discovered inPieces = discovered(bench, peer, capacity, PortLink.NONE);
        assertEquals(whole, inPieces);
    }

    private static void compare(Board board, Offer offer) {
        for (ResourceKind kind : ResourceKind.values()) {
            assertEquals(
                    List.copyOf(board.names(kind)),
                    offer.of(kind).stream().map(Offered::name).toList(),
                    kind.label());
            assertEquals(
                    IntStream.range(0, board.names(kind).size()).boxed().toList(),
                    offer.of(kind).stream().map(Offered::id).toList(),
                    kind.label());
        }
        for (ClockOffer clock : offer.clocks()) {
            ClockSpec spec = of(board.clocks(), clock.name());
            assertEquals(spec.parents(), clock.parents(), clock.name());
            assertEquals(spec.enableDelayMicros(), clock.enableDelayMicros(), clock.name());
            assertTrue(clock.asynchronous() && clock.notifiesRate(), clock.name());
            assertEquals(hasChoice(spec), clock.maySetParent(), clock.name());
            assertNotNull(clock.rates(), clock.name());
            if (spec.fixed() != null) {
                assertInstanceOf(OfferedRates.Listed.class, clock.rates(), clock.name());
            }
        }
        for (PowerDomainOffer domain : offer.powerDomains()) {
            assertTrue(domain.notifies() && !domain.asynchronous(), domain.name());
        }
        for (SensorOffer sensor : offer.sensors()) {
            SensorSpec spec = of(board.sensors(), sensor.name());
            assertEquals(spec.hasAxes(), sensor.hasAxes(), sensor.name());
            assertEquals(spec.asynchronous(), sensor.asynchronous(), sensor.name());
            assertEquals(
                    spec.channels().stream()
                            .map(it -> new SensorOffer.Channel(
                                    it.name(),
                                    it.unit().code(),
                                    it.scale(),
                                    it.resolution(),
                                    it.resolutionScale(),
                                    it.min(),
                                    it.max()))
                            .toList(),
                    sensor.channels());
        }
        for (ResetOffer reset : offer.resets()) {
            ResetSpec spec = of(board.resets(), reset.name());
            assertEquals(new ResetOffer(reset.id(), spec.name(), spec.latencyMicros(), spec.asynchronous()), reset);
        }
        for (VoltageDomainOffer supply : offer.voltageDomains()) {
            VoltageDomainSpec spec = of(board.voltageDomains(), supply.name());
            boolean isRange = supply.step() != 0;
            assertEquals(spec.levels().lowest(), supply.levels().getFirst(), supply.name());
            assertEquals(spec.levels().highest(), supply.levels().getLast(), supply.name());
            assertEquals(isRange, spec.levels() instanceof VoltageLevels.Range, supply.name());
            assertEquals(isRange ? 2 : spec.levels().count(), supply.levels().size(), supply.name());
            assertEquals(spec.asynchronous(), supply.asynchronous(), supply.name());
        }
        for (PerformanceDomainOffer domain : offer.performanceDomains()) {
            PerformanceDomainSpec spec = of(board.performanceDomains(), domain.name());
            assertEquals(
                    IntStream.range(0, spec.levels().size())
                            .mapToObj(i -> level(spec.levels().get(i), i + 1))
                            .toList(),
                    domain.levels());
            assertEquals(spec.sustained(), domain.sustained(), domain.name());
            assertEquals(spec.levelIndexing(), domain.levelIndexing(), domain.name());
            assertEquals(spec.rateLimitMicros(), domain.rateLimitMicros(), domain.name());
            assertTrue(domain.maySetLevel() && domain.maySetLimits(), domain.name());
            assertTrue(domain.notifiesLevel() && domain.notifiesLimits(), domain.name());
        }
    }

    private static boolean hasChoice(ClockSpec clock) {
        return clock.mux() != null && clock.parents().size() > 1;
    }

    private static PerformanceDomainOffer.Level level(PerformanceLevelSpec spec, int index) {
        return new PerformanceDomainOffer.Level(
                spec.level(), spec.kilohertz(), spec.microwatts(), spec.latencyMicros(), index);
    }

    private static <T> T of(Map<String, T> specs, String name) {
        T spec = specs.get(name);
        assertNotNull(spec, name);
        return spec;
    }

    // ---- what may be done ----

    @Test
    void whatTheAgentMayNotDoIsNotOffered() throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent(
                "a",
                Map.of(
                        ResourceKind.CLOCK,
                        Bench.grants("osc: read", "uart: [rate]", "bus: [state]", "pll"),
                        ResourceKind.PERFORMANCE_DOMAIN,
                        Bench.grants("cpu: read")));
        Offer offer =
                discovered(bench, peer, PlatformLink.MAX_MESSAGE, PortLink.NONE).offer();
        List<String> may = new ArrayList<>();
        for (ClockOffer clock : offer.clocks()) {
            may.add(clock.name() + " " + clock.maySwitch() + " " + clock.maySetRate());
        }
        assertEquals(List.of("osc false false", "uart false true", "bus true false", "pll false true"), may);
        assertFalse(offer.performanceDomains().getFirst().maySetLevel());
        assertEquals(List.of(), offer.powerDomains());
    }

    @Test
    void aParentThatIsNotOfferedIsLeftOutOfTheChoice() throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", Map.of(ResourceKind.CLOCK, Bench.grants("many-rates", "osc", "pll")));
        Discovered all = discovered(bench, peer, PlatformLink.MAX_MESSAGE, PortLink.NONE);
        assertEquals(List.of("osc", "pll"), all.offer().clocks().getFirst().parents());
    }

    @Test
    void theOnlyParentOfAClockIsOfferedAndIsNoChoice() throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", Map.of(ResourceKind.CLOCK, Bench.grants("many-rates", "osc")));
        ClockOffer clock = discovered(bench, peer, PlatformLink.MAX_MESSAGE, PortLink.NONE)
                .offer()
                .clocks()
                .getFirst();
        assertEquals(List.of("osc"), clock.parents());
        assertFalse(clock.maySetParent());
    }

    // ---- older platforms ----

    static Stream<String> olderVersions() {
        List<String> older = new ArrayList<>();
        for (ProtocolId protocol : ProtocolId.values()) {
            for (int version : protocol.versions()) {
                boolean isDiscovered = protocol != ProtocolId.BASE
                        && protocol != ProtocolId.SYSTEM
                        && protocol.id() <= ProtocolId.VOLTAGE.id();
                if (isDiscovered && version != protocol.newestVersion()) {
                    older.add(protocol + " " + version);
                }
            }
        }
        return older.stream();
    }

    @ParameterizedTest
    @MethodSource("olderVersions")
    void anOlderPlatformSaysWhatItsVersionCan(String which) throws Exception {
        ProtocolId protocol = ProtocolId.valueOf(which.split(" ", -1)[0]);
        int version = Integer.parseInt(which.split(" ", -1)[1]);
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        assertEquals(Status.Code.SUCCESS, peer.status(protocol.id(), NEGOTIATE, version));
        Discovered all = discovered(bench, peer, PlatformLink.MAX_MESSAGE, version(protocol, version, version));
        assertEquals(List.of(), all.findings());
        Discovered.Spoken spoken = all.protocol(protocol);
        assertNotNull(spoken);
        assertEquals(version, spoken.version());
        for (ResourceKind kind : ResourceKind.values()) {
            assertEquals(board.names(kind).size(), all.offer().of(kind).size(), kind.label());
        }
        if (protocol == ProtocolId.CLOCK && version == ClockVersion.V1_0) {
            ClockOffer uart = clock(all.offer(), "uart");
            assertEquals(List.of(), uart.parents());
            assertEquals(0, uart.enableDelayMicros());
            assertFalse(uart.notifiesRate());
            clock(all.offer(), Bench.LONG_NAME.substring(0, 15));
        }
        if (protocol == ProtocolId.SENSOR && version == SensorVersion.V1_0) {
            SensorOffer temp = all.offer().sensors().getFirst();
            assertEquals(
                    new SensorOffer.Channel("temp", 2, -3, 0, 0, Long.MIN_VALUE, Long.MAX_VALUE),
                    temp.channels().getFirst());
        }
        if (protocol == ProtocolId.PERFORMANCE) {
            assertEquals(
                    List.of(100_000L, 200_000L, 600_000L),
                    all.offer().performanceDomains().getLast().levels().stream()
                            .map(PerformanceDomainOffer.Level::kilohertz)
                            .toList());
        }
    }

    private static ClockOffer clock(Offer offer, String name) {
        return offer.clocks().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no clock " + name));
    }

    /** A platform that says that it has a version, and agrees only to some. */
    private static PortLink.Garbling version(ProtocolId protocol, int said, int agreed) {
        return (request, reply) -> {
            MessageBuffer asked = new MessageBuffer().wrap(request);
            int header = asked.getU32(0);
            if (Header.protocolId(header) != protocol.id()) {
                return reply;
            }
            if (Header.messageId(header) == 0) {
                new MessageBuffer().wrap(reply).putU32(8, said);
            } else if (Header.messageId(header) == NEGOTIATE && asked.getU32(4) != agreed) {
                new MessageBuffer().wrap(reply).putU32(4, Status.Code.NOT_SUPPORTED);
            }
            return reply;
        };
    }

    // ---- newer platforms ----

    @Test
    void aNewerPlatformIsAskedToSpeakOurVersion() throws Exception {
        Discovered all = discoverPretending(ProtocolVersion.of(9, 0), ClockVersion.V3_0);
        Discovered.Spoken clock = all.protocol(ProtocolId.CLOCK);
        assertNotNull(clock);
        assertEquals("clock 9.0 (3.0 is spoken)", clock.shown());
        assertEquals(List.of(), all.findings());
        assertFalse(all.offer().clocks().isEmpty());
    }

    @Test
    void aNewerPlatformThatDoesNotAgreeIsLeftOutWithoutHarmToOtherProtocols() throws Exception {
        Discovered all = discoverPretending(ProtocolVersion.of(9, 0), ClockVersion.V2_0);
        assertEquals(
                List.of("the clock protocol is left out: its version is 9.0, scmid knows 3.0, and"
                        + " NEGOTIATE_PROTOCOL_VERSION was answered with NOT_SUPPORTED"),
                all.findings());
        assertTrue(all.offer().clocks().isEmpty());
        assertFalse(all.offer().powerDomains().isEmpty());
    }

    @Test
    void aPlatformThatIsNewerByItsMinorVersionIsTakenAsOurs() throws Exception {
        Discovered all = discoverPretending(ProtocolVersion.of(3, 7), ClockVersion.V2_0);
        assertFalse(all.offer().clocks().isEmpty());
    }

    private Discovered discoverPretending(int version, int agreed) throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        return discovered(bench, peer, PlatformLink.MAX_MESSAGE, version(ProtocolId.CLOCK, version, agreed));
    }

    // ---- many ----

    @Test
    void thousandsOfClocksAreDiscoveredInABoundedNumberOfMessages() throws Exception {
        StringBuilder yaml = new StringBuilder("board: many\nclocks:\n");
        for (int i = 0; i < 4000; i++) {
            yaml.append("  clock-with-a-long-name-").append(i).append(": { fixed: 24 MHz }\n");
        }
        Board board = withWindow(Bench.board(folder, yaml.toString()));
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent(
                "a",
                Map.of(
                        ResourceKind.CLOCK,
                        board.clocks().keySet().stream()
                                .map(name -> new Grant(name, Permission.READ))
                                .toList()));
        Discovered all = discovered(bench, peer, 192, PortLink.NONE);
        assertEquals(4000, all.offer().clocks().size());
        assertEquals(
                "clock-with-a-long-name-3999", all.offer().clocks().getLast().name());
    }

    // ---- platforms that are wrong ----

    /** A reply's word instead of what it was. */
    private static PortLink.Garbling word(ProtocolId protocol, int message, int resource, int at, int word) {
        return (request, reply) -> {
            MessageBuffer asked = new MessageBuffer().wrap(request);
            int header = asked.getU32(0);
            boolean isMeant = Header.protocolId(header) == protocol.id()
                    && Header.messageId(header) == message
                    && (resource < 0 || (request.length >= 8 && asked.getU32(4) == resource));
            if (isMeant && reply.length >= at + 4) {
                new MessageBuffer().wrap(reply).putU32(at, word);
            }
            return reply;
        };
    }

    private Discovered discoverGarbled(PortLink.Garbling garbling) throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        return discovered(bench, peer, PlatformLink.MAX_MESSAGE, garbling);
    }

    @Test
    void aListWithoutEndIsAFinding() throws Exception {
        Discovered all = discoverGarbled(word(ProtocolId.CLOCK, 4, 2, 8, 0x0010_0000));
        assertEquals(
                List.of("the rates of clock 2 are not known: what is listed is a list without end: 16 items are to"
                        + " come, and none does"),
                all.findings());
        assertEquals(null, all.offer().clocks().get(2).rates());
    }

    @Test
    void aListThatGrowsWhileItIsReadIsAFinding() throws Exception {
        Discovered all = discoverGarbled(word(ProtocolId.CLOCK, 4, 2, 8, 0x0010_0002));
        assertEquals(
                List.of("the rates of clock 2 are not known: what is listed is a list of 18 items that becomes one of"
                        + " 20"),
                all.findings());
    }

    @Test
    void aCountOfClocksThatAreNotThereLeavesThemOut() throws Exception {
        int there = board("whole").clocks().size();
        Discovered all = discoverGarbled(word(ProtocolId.CLOCK, 1, -1, 8, 60_000));
        assertEquals(there, all.offer().clocks().size());
        assertEquals("and " + (60_000 - there - 100) + " more", all.findings().getLast());
        assertEquals(
                "clock " + there + " is left out: CLOCK_ATTRIBUTES was answered with NOT_FOUND",
                all.findings().getFirst());
    }

    @Test
    void aNameThatAnotherOneHasAlreadyLeavesTheClockOut() throws Exception {
        Discovered all = discoverGarbled((request, reply) -> {
            MessageBuffer asked = new MessageBuffer().wrap(request);
            if (Header.protocolId(asked.getU32(0)) == ProtocolId.CLOCK.id()
                    && Header.messageId(asked.getU32(0)) == 3
                    && asked.getU32(4) == 1) {
                System.arraycopy(new byte[] {'o', 's', 'c', 0}, 0, reply, 12, 4);
            }
            return reply;
        });
        assertEquals(
                "clock 1 is left out: it is called `osc`, as clock 0 is",
                all.findings().getFirst());
    }

    @Test
    void aNameOfSixtyFourBytesWithoutEndIsCutAndOneOfNothingIsMade() throws Exception {
        Discovered all = discoverGarbled((request, reply) -> {
            MessageBuffer asked = new MessageBuffer().wrap(request);
            int header = asked.getU32(0);
            if (Header.protocolId(header) == ProtocolId.CLOCK.id() && Header.messageId(header) == 8) {
                Arrays.fill(reply, 12, 76, (byte) 'x');
            }
            if (Header.protocolId(header) == ProtocolId.POWER.id()
                    && Header.messageId(header) == 3
                    && asked.getU32(4) == 1) {
                Arrays.fill(reply, 12, 28, (byte) 0);
            }
            return reply;
        });
        assertEquals("x".repeat(63), all.offer().clocks().get(5).name());
        assertEquals("power-domain-1", all.offer().powerDomains().get(1).name());
    }

    @Test
    void aPlatformThatFallsSilentIsGivenUp() throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        long[] left = {40};
        End end = discover(
                bench,
                peer,
                PlatformLink.MAX_MESSAGE,
                (request, reply) -> left[0]-- > 0 ? reply : null,
                Limits.TOTAL_NANOS);
        assertNotNull(end.failure);
        assertTrue(end.failure.startsWith("it does not answer any more; the last question was "), end.failure);
    }

    /** What a link loses for its length: as raw mode of Linux, which asks by 136 bytes and loses all of more than 132. */
    @ParameterizedTest
    @CsvSource({
        "60, 52, performance domain 0 is left out: PERFORMANCE_DESCRIBE_LEVELS, 10",
        "24, 16, clock 9 is left out: CLOCK_ATTRIBUTES, 0"
    })
    void whatIsLostForItsLengthIsSaidAndAllElseIsThere(int longest, int values, String finding, int clocks)
            throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        Discovered raw =
                Objects.requireNonNull(discover(bench, peer, 136, PortLink.NONE, Limits.TOTAL_NANOS, 132).discovered);
        assertEquals(List.of(), raw.findings());
        compare(board, raw.offer());

        End end = discover(bench, peer, 136, PortLink.NONE, Limits.TOTAL_NANOS, longest);
        Discovered all = end.discovered;
        assertNotNull(all, () -> "it failed: " + end.failure);
        assertEquals("scmid", all.offer().vendor());
        assertEquals(clocks, all.offer().clocks().size());
        String said = finding + " was not answered in time; a reply of more than " + values
                + " bytes of values would have been lost on the way";
        assertTrue(all.findings().contains(said), () -> String.join("\n", all.findings()));
    }

    @Test
    void aSilentPlatformIsGivenUpOnALinkThatLosesLongRepliesToo() throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        long[] left = {40};
        End end = discover(bench, peer, 136, (request, reply) -> left[0]-- > 0 ? reply : null, Limits.TOTAL_NANOS, 132);
        assertNotNull(end.failure);
        assertTrue(end.failure.startsWith("it does not answer any more; the last question was "), end.failure);
    }

    @Test
    void aPlatformThatTakesForEverIsGivenUp() throws Exception {
        Board board = board("whole");
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        End end = discover(
                bench,
                peer,
                PlatformLink.MAX_MESSAGE,
                (request, reply) -> {
                    new MessageBuffer().wrap(reply).putU32(4, Status.Code.BUSY);
                    return reply;
                },
                2_000_000_000L);
        assertNotNull(end.failure);
        assertTrue(end.failure.contains("PROTOCOL_VERSION was answered with BUSY"), end.failure);
    }

    @Test
    void aReplyThatWasLostIsAskedForAgain() throws Exception {
        long[] count = {0};
        Discovered all = discoverGarbled((request, reply) -> count[0]++ % 2 == 0 ? null : reply);
        assertEquals(List.of(), all.findings());
        compare(board("whole"), all.offer());
    }
}
