// Three agents over hardware that ends late, is busy, or fails: everybody is answered, and nothing is counted wrongly.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.Grant;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.power.PowerDomain;
import org.scmid.platform.register.Windows;
import org.scmid.platform.voltage.VoltageDomain;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.LateDrivers.Fate;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.clock.ClockProtocol;
import org.scmid.server.core.power.PowerProtocol;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.voltage.VoltageProtocol;

@Tag(Evidence.RANDOM)
class FailingHardwareTest {
    private static final int SEQUENCES = Boolean.getBoolean("scmid.long") ? 5_000 : 200;
    private static final int STEPS = 300;
    private static final int AGENTS = 3;
    private static final int POWER = 0x11;
    private static final int CLOCK = 0x14;
    private static final int SENSOR = 0x15;
    private static final int RESET = 0x16;
    private static final int VOLTAGE = 0x17;

    private static final Fate[] FATES = {
        Fate.AT_ONCE, Fate.LATE, Fate.LATE, Fate.BUSY_AND_LATE, Fate.FAILED, Fate.FAILED_LATE
    };

    private static final String SENSORS = """
            sensors:
              die: { unit: °C, source: { register: cru+0x200, bits: 7..0 }, asynchronous: true }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final Logger log = Logger.getLogger("org.scmid");

    @BeforeEach
    void quiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        log.setLevel(null);
    }

    /** One agent's side: what it has asked, and whether it was answered. */
    private static final class Side {
        final Bench.Peer peer;
        boolean isWaiting;

        Side(Bench.Peer peer) {
            this.peer = peer;
        }
    }

    @Test
    void everybodyIsAnsweredAndNothingIsCountedWronglyWhateverHardwareDoes() throws Exception {
        Board board = Bench.board(
                directory, Bench.BOARD + PowerModel.BOARD + ResetModel.BOARD + VoltageModel.BOARD + SENSORS);
        Long only = Long.getLong("scmid.seed");
        long first = only != null ? only : Boolean.getBoolean("scmid.long") ? System.nanoTime() : 1;
        System.out.println(
                "FailingHardwareTest: " + SEQUENCES + " sequences of " + STEPS + " steps, -Dscmid.seed=" + first);
        for (long seed = first; seed < first + SEQUENCES; seed++) {
            try (Windows windows = Windows.open(board, true)) {
                new Run(board, windows, seed).run();
            }
        }
    }

    /** One sequence. */
    private static final class Run {
        private final Random random;
        private final String seed;
        private final LateDrivers late;
        private final Bench bench;
        private final List<Side> sides = new ArrayList<>();

        Run(Board board, Windows windows, long seed) throws Exception {
            random = new Random(seed);
            this.seed = "-Dscmid.seed=" + seed;
            late = new LateDrivers(() -> FATES[random.nextInt(FATES.length)]);
            bench = new Bench(board, List.of(), ArbitrationSpec.NONE, windows, OpenedGates.inMemory(), late);
            for (int i = 0; i < AGENTS; i++) {
                Bench.Peer peer = bench.agent(i == 0 ? "trusted" : "agent" + i, everything(board));
                sides.add(new Side(peer.withEvents()));
            }
        }

        private static Map<ResourceKind, List<Grant>> everything(Board board) {
            Map<ResourceKind, List<Grant>> grants = new java.util.EnumMap<>(ResourceKind.class);
            for (ResourceKind kind : ResourceKind.values()) {
                grants.put(kind, Bench.grants(board.names(kind).toArray(String[]::new)));
            }
            return grants;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                Side side = sides.get(random.nextInt(AGENTS));
                switch (random.nextInt(16)) {
                    case 0 -> bench.loop.passMillis(random.nextInt(50));
                    case 1, 2, 3 -> late.run();
                    case 4 -> restart(side);
                    case 5 -> {
                        settle();
                        checkCounts();
                    }
                    default -> command(side);
                }
                bench.loop.settle();
            }
            settle();
            sides.forEach(this::restart);
            settle();
            checkCounts();
            checkThatNothingIsHeld();
        }

        /** A guest that is reset; some detach before. */
        private void restart(Side side) {
            side.peer.agent.detached();
            side.isWaiting = false;
            side.peer.deferredReply();
            side.peer.agent.guestReset();
            side.peer.withEvents();
        }

        private void command(Side side) {
            if (side.isWaiting) {
                return;
            }
            int id = random.nextInt(4);
            int on = random.nextInt(2);
            int[] reply = switch (random.nextInt(12)) {
                case 0, 1 -> side.peer.call(CLOCK, 7, id, on, 0);
                case 2 -> side.peer.call(CLOCK, 5, random.nextInt(2), id, 6_000_000 * (1 + random.nextInt(4)), 0);
                case 3 -> side.peer.call(CLOCK, 6, id);
                case 4 -> side.peer.call(CLOCK, random.nextInt(2) == 0 ? 0xB : 0xE, id, 0);
                case 5, 6 -> side.peer.call(POWER, 4, random.nextInt(2), id, on == 0 ? 0x4000_0000 : 0);
                case 7 -> side.peer.call(RESET, 4, id, 1, 0);
                case 8, 9 -> side.peer.call(VOLTAGE, 5, id, on == 0 ? 0 : 7);
                case 10 -> side.peer.call(SENSOR, 6, 0, random.nextInt(2));
                default ->
                    random.nextInt(8) == 0 && side == sides.getFirst()
                            ? side.peer.call(0x10, 0xB, 1 + random.nextInt(AGENTS), 0)
                            : side.peer.call(VOLTAGE, 8, id);
            };
            side.isWaiting = reply.length == 0 && side.peer.deferredReply() == null;
        }

        /** Everything that was asked ends within a bounded time. */
        private void settle() {
            for (int i = 0; i < 20; i++) {
                late.run();
                bench.loop.passMillis(100);
            }
            for (Side side : sides) {
                if (side.isWaiting) {
                    assertNotNull(
                            side.peer.deferredReply(), () -> side.peer.agent.name() + " is not answered, " + seed);
                    side.isWaiting = false;
                }
                for (int slot = 0; slot < 8; slot++) {
                    assertEquals(-1, side.peer.agent.state().oldestAccepted(), () -> "a command is not begun, " + seed);
                }
            }
        }

        private void checkCounts() {
            for (VoltageDomain supply : bench.hardware.supplies().domains()) {
                assertEquals(
                        counted(bench.core.voltageProtocol(), VoltageProtocol.VOTE, supply.index()),
                        supply.users(),
                        () -> "users of supply " + supply.name() + ", " + seed);
            }
            for (PowerDomain domain : bench.hardware.powerDomains().domains()) {
                assertEquals(
                        counted(bench.core.powerProtocol(), PowerProtocol.VOTE, domain.index()),
                        domain.votes(),
                        () -> "votes for power domain " + domain.name() + ", " + seed);
            }
            for (Clock clock : bench.tree.clocks()) {
                counted(bench.core.clockProtocol(), ClockProtocol.VOTE, clock.index());
            }
        }

        /** How many agents' votes are counted; each that is noted is, and no other. */
        private long counted(Protocol protocol, int vote, int index) {
            long counted = 0;
            for (Agent agent : bench.core.agents()) {
                AgentResource its = protocol.view(agent).of(index);
                if (its != null) {
                    boolean votes = protocol.state(agent).is(vote, its.id());
                    assertEquals(votes, its.isCounted(), () -> agent.name() + " and " + its.name() + ", " + seed);
                    counted += votes ? 1 : 0;
                }
            }
            return counted;
        }

        private void checkThatNothingIsHeld() {
            for (Clock clock : bench.tree.clocks()) {
                assertEquals(0, clock.users(), () -> "users of clock " + clock + ", " + seed);
            }
            for (PowerDomain domain : bench.hardware.powerDomains().domains()) {
                assertEquals(0, domain.votes(), () -> "votes for " + domain + ", " + seed);
            }
        }
    }
}
