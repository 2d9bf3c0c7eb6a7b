// Nothing that agents send makes one turn of the loop long, whatever there are many of on the board.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.loop.Work;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.testing.HandLoop;

/**
 * Agents send every message of every protocol on random boards. What one message, and one turn of the loop, costs is counted:
 * in {@link Work}, and in accesses to registers, which nobody can forget to count. Time is not measured.
 */
@Tag(Evidence.RANDOM)
class LongestTurnTest {
    private static final boolean IS_LONG = Boolean.getBoolean("scmid.long");
    private static final int BOARDS = Integer.getInteger("scmid.boards", IS_LONG ? 1000 : 2);
    private static final int MESSAGES = 200;

    /** More than a turn may look at. */
    private static final int MOST_CLOCKS = 5 * Work.SLICE;

    /**
     * What one turn has to do at most: a slice each of what an agent gives up, of its question, of clocks that are told of, of
     * clocks that are stopped and of domains that are switched; each ends after its last piece.
     */
    private static final int MOST_WORK = 5 * Work.SLICE;

    /** A clock is read with those above it, of which there are few here. */
    private static final int MOST_ACCESSES = 6 * Work.SLICE;

    private static final int MOST_TURNS = 100_000;
    private static final long NANOS_OF_A_TURN = 20_000;
    private static final List<String> NAMES = List.of("trusted-a", "b", "c");

    private final Logger log = Logger.getLogger("org.scmid");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private long accesses;
    private long longestWork;
    private long longestAccesses;

    @BeforeEach
    void quiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        log.setLevel(null);
    }

    @Test
    void noMessageMakesATurnOfTheLoopLongWhateverThereIsManyOf() throws Exception {
        long first = Long.getLong("scmid.seed", IS_LONG ? System.nanoTime() : 1);
        System.out.println("LongestTurnTest: " + BOARDS + " boards, -Dscmid.seed=" + first);
        for (long seed = first; seed < first + BOARDS; seed++) {
            new Run(seed).run();
        }
        System.out.println("LongestTurnTest: at most " + longestWork + " units of work and " + longestAccesses
                + " accesses in a turn");
        assertTrue(longestWork > Work.SLICE / 2, "there was much to do");
    }

    /** One board. */
    private final class Run {
        private final long seed;
        private final Random random;
        private final HandLoop loop = new HandLoop();
        private final Bench bench;
        private final List<Bench.Peer> peers = new ArrayList<>();
        private final List<Message> commands = new ArrayList<>();
        private final Map<Message, Protocol> protocols = new HashMap<>();
        private long work;
        private long accessesBefore;

        Run(long seed) throws Exception {
            this.seed = seed;
            random = new Random(seed);
            WideBoard wide = new WideBoard(random, seed % 4 == 1 ? MOST_CLOCKS : MOST_CLOCKS / 8, directory, NAMES);
            bench = new Bench(
                    wide.board,
                    wide.devices,
                    wide.arbitration,
                    WholeBoard.systemPower(NAMES.toArray(String[]::new)),
                    counting(wide),
                    loop);
            for (String name : NAMES) {
                peers.add(bench.agent(name, wide.grants()).withEvents());
            }
            for (Protocol protocol : bench.core.protocols()) {
                for (Message message : protocol.table().messages()) {
                    if (message.type() == MessageType.COMMAND && protocol.implementsCommand(message)) {
                        commands.add(message);
                        protocols.put(message, protocol);
                    }
                }
            }
        }

        private Windows counting(WideBoard wide) throws Exception {
            Windows windows = Windows.open(wide.board, true, loop::nanoTime);
            return Windows.of(wide.board, Map.of("cru", new CountingWindow(windows.window("cru"))));
        }

        void run() {
            peers.forEach(this::holdMuch);
            for (int i = 0; i < MESSAGES; i++) {
                Bench.Peer peer = peers.get(random.nextInt(peers.size()));
                switch (random.nextInt(40)) {
                    case 0 -> {
                        measure("a guest's reset", () -> peer.agent.guestReset());
                        turnUntilQuiet("a guest's reset");
                        holdMuch(peer);
                    }
                    default -> send(peer, random.nextInt(3) == 0 ? weighty() : any());
                }
            }
        }

        /** The agent holds votes for most clocks, or for few, and hears of some. */
        private void holdMuch(Bench.Peer peer) {
            int share = random.nextInt(3) == 0 ? 1 : 8;
            for (int clock = 0; clock < bench.tree.size(); clock++) {
                if (random.nextInt(share) == 0) {
                    send(peer, Requests.of(ClockMessage.CLOCK_CONFIG_SET, clock, 1, 0));
                }
                if (random.nextInt(2 * share) == 0) {
                    send(peer, Requests.of(ClockMessage.CLOCK_RATE_NOTIFY, clock, 1));
                }
            }
        }

        /** What moves or switches much. */
        private byte[] weighty() {
            int clock = random.nextInt(8) == 0 ? random.nextInt(bench.tree.size()) : 1 + random.nextInt(3);
            return switch (random.nextInt(9)) {
                case 0, 1, 2 ->
                    Requests.of(
                            ClockMessage.CLOCK_RATE_SET,
                            random.nextInt(4) << 2,
                            clock,
                            1 + random.nextInt(30_000_000),
                            0);
                case 3 -> Requests.of(ClockMessage.CLOCK_CONFIG_SET, clock, random.nextInt(2), 0);
                case 4 -> Requests.of(ClockMessage.CLOCK_PARENT_SET, clock, random.nextInt(3));
                case 5 -> Requests.of(PowerMessage.POWER_STATE_SET, 0, random.nextInt(3), random.nextInt(2) << 30);
                case 6 ->
                    Requests.of(
                            PerformanceMessage.PERFORMANCE_LEVEL_SET,
                            random.nextInt(bench.hardware
                                    .performanceDomains()
                                    .domains()
                                    .size()),
                            new int[] {6_000, 12_000, 24_000}[random.nextInt(3)]);
                case 7 ->
                    Requests.of(BaseMessage.BASE_SET_DEVICE_PERMISSIONS, 1 + random.nextInt(3), 0, random.nextInt(2));
                default ->
                    Requests.of(BaseMessage.BASE_RESET_AGENT_CONFIGURATION, 1 + random.nextInt(3), random.nextInt(2));
            };
        }

        /** Any message, with small numbers or any in it. */
        private byte[] any() {
            Message command = commands.get(random.nextInt(commands.size()));
            int length = command.description().fromAgent().minimumLength(newest(command));
            int[] payload = new int[length / Integer.BYTES];
            for (int i = 0; i < payload.length; i++) {
                payload[i] = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3);
            }
            int offset = command.description().fromAgent().resourceOffset();
            if (offset != Layout.NO_RESOURCE) {
                payload[offset / Integer.BYTES] = random.nextInt(Math.max(
                        1, protocolOf(command).view(peers.getFirst().agent).size()));
            }
            return Requests.of(command, payload);
        }

        private Protocol protocolOf(Message command) {
            return Objects.requireNonNull(protocols.get(command));
        }

        private int newest(Message command) {
            return protocolOf(command).versionFor(peers.getFirst().agent);
        }

        private void send(Bench.Peer peer, byte[] request) {
            String what = peer.agent.name() + " sent " + HexFormat.of().formatHex(request);
            measure(what, () -> peer.exchange(request, 4096));
            measure(what, peer.agent::flushEvents);
            turnUntilAnswered(what, peer);
        }

        private void turnUntilAnswered(String what, Bench.Peer peer) {
            for (int turn = 0; peer.isWaiting(); turn++) {
                if (turn == MOST_TURNS) {
                    fail(said(what) + ": no answer");
                }
                turn(what);
            }
            turn(what);
        }

        private void turnUntilQuiet(String what) {
            for (int turn = 0; turn < 200; turn++) {
                turn(what);
            }
        }

        private void turn(String what) {
            loop.take(NANOS_OF_A_TURN);
            measure(what, loop::turn);
        }

        private String said(String what) {
            return "-Dscmid.seed=" + seed + ": " + what;
        }

        private void measure(String what, Runnable piece) {
            work = loop.work().done();
            accessesBefore = accesses;
            piece.run();
            long did = loop.work().done() - work;
            long accessed = accesses - accessesBefore;
            longestWork = Math.max(longestWork, did);
            longestAccesses = Math.max(longestAccesses, accessed);
            if (did > MOST_WORK || accessed > MOST_ACCESSES) {
                fail(said(what) + ": " + did + " units of work and " + accessed + " accesses in a turn");
            }
        }
    }

    /** Registers, whose accesses are counted. */
    private final class CountingWindow implements RegisterWindow {
        private final RegisterWindow window;

        CountingWindow(RegisterWindow window) {
            this.window = window;
        }

        @Override
        public String name() {
            return window.name();
        }

        @Override
        public long size() {
            return window.size();
        }

        @Override
        public int width() {
            return window.width();
        }

        @Override
        public long read(long offset) {
            accesses++;
            return window.read(offset);
        }

        @Override
        public void write(long offset, long value) {
            accesses++;
            window.write(offset, value);
        }

        @Override
        public void close() {
            window.close();
        }
    }
}
