// Whatever a platform does, agents get their statuses in time, others do not notice, and it can be of good will again.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.PlatformLink;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.offer.OfferFiles;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.loop.LogBudget;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.server.conformance.Evidence;
import org.scmid.testing.HandLoop;
import org.scmid.upstream.Upstream;
import org.scmid.upstream.driver.Platforms;

/** Seeded; {@code -Dscmid.seed=N} repeats one run, {@code -Dscmid.long=true} makes many more. */
@Tag(Evidence.RANDOM)
class HostilePlatformTest {
    private static final boolean LONG = Boolean.getBoolean("scmid.long");
    private static final int RUNS = LONG ? 5_000 : 60;
    private static final int STEPS = 400;
    private static final int GUESTS = 3;
    private static final int LINES_OF_A_REPORT = 12;
    private static final int[] IDS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private static final int[] ZERO = {0};
    private static final long PIECE_NANOS = 20_000_000;
    private static final long TIMEOUT_NANOS = 50_000_000;
    private static final long RECONNECT_NANOS = 200_000_000;
    private static final long SECOND = 1_000_000_000;

    /** A reply, a delayed response and what is read afterwards, each of them behind those of the others. */
    private static final long LONGEST_COMMAND_NANOS = GUESTS * (5 * TIMEOUT_NANOS + 4 * SECOND);

    private static final long LONGEST_DISCOVERY_NANOS = 130 * SECOND;
    private static final List<MessageTable<?>> TABLES = List.of(
            ClockMessage.TABLE,
            PowerMessage.TABLE,
            SensorMessage.TABLE,
            ResetMessage.TABLE,
            VoltageMessage.TABLE,
            PerformanceMessage.TABLE);
    /** What a platform is asked for, and what may stand in each word; the resource is drawn. */
    private static final Map<Message, int[][]> FORWARDED = Map.ofEntries(
            Map.entry(ClockMessage.CLOCK_RATE_GET, words(IDS)),
            Map.entry(
                    ClockMessage.CLOCK_RATE_SET,
                    words(new int[] {0, 0, 1, 3, 4, 8}, IDS, new int[] {1, 3_000_000, 12_000_000, 24_000_000}, ZERO)),
            Map.entry(ClockMessage.CLOCK_CONFIG_SET, words(IDS, new int[] {0, 1}, ZERO)),
            Map.entry(ClockMessage.CLOCK_CONFIG_GET, words(IDS, ZERO)),
            Map.entry(ClockMessage.CLOCK_PARENT_SET, words(IDS, IDS)),
            Map.entry(ClockMessage.CLOCK_PARENT_GET, words(IDS)),
            Map.entry(PowerMessage.POWER_STATE_SET, words(new int[] {0, 0, 1}, IDS, new int[] {0, 0x4000_0000})),
            Map.entry(PowerMessage.POWER_STATE_GET, words(IDS)),
            Map.entry(SensorMessage.SENSOR_READING_GET, words(IDS, new int[] {0, 1})),
            Map.entry(ResetMessage.RESET, words(IDS, new int[] {0, 1, 2, 5}, ZERO)),
            Map.entry(VoltageMessage.VOLTAGE_CONFIG_SET, words(IDS, new int[] {0, 7})),
            Map.entry(VoltageMessage.VOLTAGE_CONFIG_GET, words(IDS)),
            Map.entry(
                    VoltageMessage.VOLTAGE_LEVEL_SET,
                    words(IDS, new int[] {0, 1}, new int[] {800_000, 1_000_000, 1_800_000, 3_300_000, 5_000_000})),
            Map.entry(VoltageMessage.VOLTAGE_LEVEL_GET, words(IDS)),
            Map.entry(PerformanceMessage.PERFORMANCE_LEVEL_SET, words(IDS, new int[] {1, 2, 3, 100_000, 200_000, 600_000
            })),
            Map.entry(PerformanceMessage.PERFORMANCE_LEVEL_GET, words(IDS)),
            Map.entry(
                    PerformanceMessage.PERFORMANCE_LIMITS_SET,
                    words(IDS, new int[] {2, 3, 300_000, 600_000}, new int[] {1, 2, 100_000, 200_000})));

    private static final List<Message> FORWARDED_IN_ORDER = FORWARDED.keySet().stream()
            .sorted(Comparator.comparing(Message::name))
            .toList();
    private static final int NEGOTIATE = 0x10;
    private static final int[] WORDS = {0, 0, 1, 1, 2, 3, 8, 100, 12_000_000, 24_000_000, 1_800_000, 0x4000_0000, -1};
    private static final int RATE_SET = 5;
    private static final int RATE_GET = 6;

    private static final String BRIDGE = """
            board: bridge
            registers:
              cru: { at: 0x1000, size: 4 KiB, width: 32, access: simulated, initial: { 0x0: 0 } }
            upstreams:
              mcu: { transport: socket, socket: /run/mcu.sock, timeout: 50 ms, reconnect: 200 ms, when-back: BACK }
            clocks:
              quartz: { fixed: 24 MHz }
              lamp: { parent: quartz, divider: { register: cru+0x0, bits: 3..0, kind: linear } }
              half: { parent: bus, factor: { divide: 2 } }
              third: { parent: uart, divider: { register: cru+0x4, bits: 3..0, kind: linear }, gate: { register: cru+0x8, bit: 0 } }
              all-of: mcu
            power-domains: { all-of: mcu }
            sensors: { all-of: mcu }
            resets: { all-of: mcu }
            voltage-domains: { all-of: mcu }
            performance-domains: { all-of: mcu }
            """;

    private static int[][] words(int[]... words) {
        return words;
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    Path folder;

    @Test
    void whateverAPlatformDoesCommandsEndInTimeAndOthersDoNotNotice() throws Exception {
        Long only = Long.getLong("scmid.seed");
        long first = only == null ? System.nanoTime() : only;
        System.out.println("HostilePlatformTest: " + RUNS + " runs, -Dscmid.seed=" + first);
        for (long seed = first; seed < first + (only == null ? RUNS : 1); seed++) {
            try (LogRecords log = new LogRecords()) {
                new Run(seed, log).go();
            } catch (Throwable failure) {
                throw new AssertionError("with -Dscmid.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    @Test
    void aPlatformThatFallsSilentAndAnswersAgainInTurnsFillsNoLog() throws Exception {
        try (LogRecords log = new LogRecords()) {
            new Run(1, log).fallSilentInTurns(200);
        }
    }

    /** A guest that has one command under way at a time. */
    private static final class Guest {
        final Bench.Peer peer;
        long sentAt;
        String asked = "";

        Guest(Bench.Peer peer) {
            this.peer = peer;
        }
    }

    private final class Run {
        private final Random random;
        private final LogRecords log;
        private final HandLoop loop = new HandLoop();
        private final Bench honest;
        private final HostilePlatform platform;
        private final Upstream upstream;
        private final Bench bridge;
        private final List<Guest> guests = new ArrayList<>();
        private final Bench.Peer local;
        private final Bench.Peer judge;
        private final List<String> owned;
        private final List<String> taken;
        private long busySince;

        Run(long seed, LogRecords log) throws Exception {
            random = new Random(seed);
            this.log = log;
            Board its = Bench.board(folder, WholeBoard.YAML);
            honest = new Bench(its, List.of(), Map.of(), loop);
            Bench.Peer link = honest.agent("bridge", WholeBoard.everything(its));
            judge = honest.agent("judge", WholeBoard.everything(its));
            owned = List.copyOf(its.names(ResourceKind.CLOCK));
            platform = new HostilePlatform(loop, link.agent, random, TIMEOUT_NANOS);
            Board board = board(link);
            upstream = new Upstream(
                    loop, Objects.requireNonNull(board.upstreams().specs().get("mcu")), platform);
            bridge = new Bench(board, new Platforms(loop, board, List.of(upstream)), loop);
            for (int i = 0; i < GUESTS; i++) {
                guests.add(new Guest(
                        bridge.agent("guest" + i, WholeBoard.everything(board)).withEvents()));
            }
            local = bridge.agent("local", Map.of(ResourceKind.CLOCK, List.of(new Grant("lamp", Permission.CONTROL))));
            taken = List.copyOf(board.names(ResourceKind.CLOCK));
            busySince = loop.nanoTime();
        }

        /** The board as it was when the platform was of good will, or had lied about what it is like. */
        private Board board(Bench.Peer link) throws Exception {
            Path file = folder.resolve("bridge.yaml");
            Files.writeString(file, BRIDGE.replace("BACK", random.nextBoolean() ? "apply" : "report"));
            int liesOneIn = 4 << random.nextInt(4);
            if (random.nextBoolean()) {
                keep(link, (request, reply) -> random.nextInt(liesOneIn) == 0 ? platform.lie(reply) : reply);
                try {
                    return ConfigFiles.board(file);
                } catch (ConfigException doesNotFit) {
                    assertFalse(String.valueOf(doesNotFit.getMessage()).contains("Exception"), "no text for people");
                }
            }
            keep(link, PortLink.NONE);
            return ConfigFiles.board(file);
        }

        private void keep(Bench.Peer link, PortLink.Garbling garbling) throws IOException {
            DiscoveryTest.End end =
                    DiscoveryTest.discover(honest, link, PlatformLink.MAX_MESSAGE, garbling, 30 * SECOND);
            if (end.discovered != null) {
                Files.writeString(
                        OfferFiles.place(folder, "mcu"),
                        Objects.requireNonNull(OfferFiles.text("mcu", end.discovered.offer())));
            }
        }

        void go() throws Exception {
            upstream.start();
            loop.settle();
            assertTrue(upstream.isUp(), "of good will it is there at once");
            platform.beHonest(false);
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            platform.beHonest(true);
            awaitPeace();
            agree();
            calmLog();
        }

        void fallSilentInTurns(int times) {
            upstream.start();
            loop.settle();
            for (int i = 0; i < times; i++) {
                platform.beMute(true);
                awaitState(Upstream.State.SILENT);
                platform.beMute(false);
                awaitState(Upstream.State.UP);
            }
            long said = log.text()
                    .lines()
                    .filter(line -> line.contains("does not answer any more") || line.contains("answers again"))
                    .count();
            long periods = loop.nanoTime() / SECOND / LogBudget.PERIOD_SECONDS + 2;
            assertTrue(said > 0 && said <= periods * LogBudget.BURST, () -> said + " lines in " + periods + " periods");
        }

        /** Waits, while a guest asks for a clock of the platform again and again. */
        private void awaitState(Upstream.State state) {
            Bench.Peer guest = guests.getFirst().peer;
            for (int millis = 0; upstream.state() != state; millis++) {
                assertTrue(millis < 20_000, "it does not become " + state + ", but is " + upstream.state());
                if (!guest.isWaiting()) {
                    guest.call(Bench.CLOCK, RATE_GET, taken.indexOf("bus"));
                }
                loop.passMillis(1);
                guest.deferredReply();
            }
        }

        private void step() {
            for (Guest guest : guests) {
                if (!guest.peer.isWaiting()) {
                    ask(guest);
                }
            }
            long nanos = switch (random.nextInt(8)) {
                case 0, 1 -> 0;
                case 2, 3, 4 -> random.nextLong(SECOND / 1000);
                case 5, 6 -> random.nextLong(2 * TIMEOUT_NANOS);
                default -> random.nextLong(random.nextInt(8) == 0 ? 10 * SECOND : SECOND);
            };
            do {
                long piece = Math.min(nanos, PIECE_NANOS);
                loop.runFor(piece);
                check();
                nanos -= piece;
            } while (nanos > 0);
            int hz = 24_000_000 / (1 + random.nextInt(16));
            assertArrayEquals(new int[] {0}, local.call(Bench.CLOCK, RATE_SET, 0, 0, hz, 0));
            assertArrayEquals(new int[] {0, hz, 0}, local.call(Bench.CLOCK, RATE_GET, 0));
        }

        private void check() {
            long now = loop.nanoTime();
            for (Guest guest : guests) {
                guest.peer.deferredReply();
                guest.peer.events.take();
                assertTrue(
                        !guest.peer.isWaiting() || now - guest.sentAt <= LONGEST_COMMAND_NANOS,
                        () -> guest.asked + " has no status after " + (now - guest.sentAt) / 1_000_000 + " ms");
            }
            busySince = upstream.state() == Upstream.State.DOWN || upstream.isUp() ? now : busySince;
            assertTrue(now - busySince <= LONGEST_DISCOVERY_NANOS, "it is asked what it offers without end");
            assertTrue(loop.armed() < 200, () -> loop.armed() + " timers are armed");
        }

        private void ask(Guest guest) {
            byte[] request;
            Message command;
            if (random.nextInt(8) > 0) {
                command = FORWARDED_IN_ORDER.get(random.nextInt(FORWARDED_IN_ORDER.size()));
                request = Requests.of(
                        command,
                        Arrays.stream(Objects.requireNonNull(FORWARDED.get(command)))
                                .mapToInt(choices -> choices[random.nextInt(choices.length)])
                                .toArray());
            } else {
                command = any();
                int length = command.description()
                        .fromAgent()
                        .minimumLength(command.protocol().newestVersion());
                request = Requests.of(
                        command,
                        random.ints(length / 4, 0, WORDS.length)
                                .map(at -> WORDS[at])
                                .toArray());
            }
            guest.sentAt = loop.nanoTime();
            guest.asked = command.name();
            guest.peer.exchange(request, PlatformLink.MAX_MESSAGE);
            guest.peer.agent.flushEvents();
        }

        /** Any command but that which changes the version. */
        private Message any() {
            MessageTable<?> table = TABLES.get(random.nextInt(TABLES.size()));
            Message command = null;
            while (command == null || command.id() == NEGOTIATE) {
                command = table.command(random.nextInt(table.commandLimit()));
            }
            return command;
        }

        private void awaitPeace() {
            long until = loop.nanoTime() + LONGEST_DISCOVERY_NANOS;
            while (!upstream.isUp() || guests.stream().anyMatch(guest -> guest.peer.isWaiting())) {
                loop.runFor(RECONNECT_NANOS);
                check();
                assertTrue(loop.nanoTime() < until, () -> "it is of good will again, and " + upstream.snapshot());
            }
            loop.runFor(LONGEST_COMMAND_NANOS); // what was asked of it by itself
        }

        /** What guests are answered is what the platform itself says. */
        private void agree() {
            Bench.Peer guest = guests.getFirst().peer;
            for (int id = 0; id < owned.size(); id++) {
                int here = taken.indexOf(owned.get(id));
                if (here < 0) {
                    continue; // it had lied about that one
                }
                int[] said = judge.call(Bench.CLOCK, RATE_GET, id);
                assertArrayEquals(said, late(guest, RATE_GET, here), owned.get(id));
            }
            int uart = taken.indexOf("uart");
            late(guest, RATE_SET, 0, uart, 12_000_000, 0);
            int[] said = judge.call(Bench.CLOCK, RATE_GET, owned.indexOf("uart"));
            assertArrayEquals(said, late(guest, RATE_GET, uart));
        }

        private int[] late(Bench.Peer guest, int message, int... words) {
            int[] reply = guest.call(Bench.CLOCK, message, words);
            for (int millis = 0; guest.isWaiting(); millis++) {
                assertTrue(millis < 20_000, "it is not answered");
                loop.passMillis(1);
            }
            int[] came = guest.deferredReply();
            return came == null ? reply : came;
        }

        private void calmLog() {
            String text = log.text();
            assertFalse(text.contains("Exception") || text.contains("Error"), text);
            long lines = text.lines().count();
            long seconds = loop.nanoTime() / SECOND;
            long periods = seconds / LogBudget.PERIOD_SECONDS + 2;
            // Besides, clocks that were not set are told once a second.
            assertTrue(
                    lines <= periods * LogBudget.BURST * LINES_OF_A_REPORT + seconds,
                    () -> lines + " lines in " + seconds + " s");
        }
    }
}
