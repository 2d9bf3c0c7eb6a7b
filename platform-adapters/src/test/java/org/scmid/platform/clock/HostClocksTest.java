// Roots whose rates are those of clocks of the host.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.platform.Allocation;
import org.scmid.platform.TestBoards;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.host.FakeSys;
import org.scmid.platform.host.Host;
import org.scmid.platform.host.TaskQueue;
import org.scmid.platform.register.Windows;
import org.scmid.testing.HandLoop;

class HostClocksTest {
    private static final String BOARD = """
            board: x
            registers:
              cru: { at: 0x1000, size: 64, access: simulated, initial: { 0x0: 3 } }
            clocks:
              osc:  { fixed: 24 MHz }
              emmc: { fixed: 200 MHz, host-clock: emmc2 }
              bus:  { parent: emmc, divider: { register: cru, bits: 3..0, kind: linear } }
              slow: { parent: osc, divider: { register: cru, bits: 7..4, kind: linear } }
            """;

    private final HandLoop time = new HandLoop();
    private final TaskQueue loop = new TaskQueue();
    private final List<String> heard = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Host host;

    @SuppressWarnings("NullAway.Init") // before each test
    private Board board;

    @SuppressWarnings("NullAway.Init") // before each test
    private ClockTree tree;

    @BeforeEach
    void makeTree() throws IOException, ConfigException {
        board = TestBoards.read(folder, BOARD);
        host = new Host(folder, loop, time);
        tree = new ClockTree(board, Windows.open(board, true));
        tree.setListener((clock, rate) -> heard.add(clock.name() + " " + rate));
    }

    @AfterEach
    void endHost() {
        loop.end();
        host.close();
    }

    private Path hostClock(long hz) throws IOException {
        Path clock = Files.createDirectories(folder.resolve("kernel/debug/clk/emmc2"));
        FakeSys.write(clock, "clk_rate", hz);
        return clock;
    }

    private void follow() {
        HostClocks.follow(board, tree, host, time);
        loop.runOne();
    }

    private void passASecond() {
        time.runFor(HostClocks.EVERY_NANOS);
        loop.runOne();
    }

    @Test
    void theRateOfTheHostIsThatOfTheRootAndOfAllThatRunFromIt() throws IOException {
        hostClock(100_000_000);
        assertEquals(200_000_000, tree.get("emmc").rate(), "until it was read");
        follow();
        assertEquals(100_000_000, tree.get("emmc").rate());
        assertEquals(25_000_000, tree.get("bus").rate());
        assertEquals(List.of("emmc 100000000", "bus 25000000"), heard);
    }

    @Test
    void whatTheHostChangesIsSeenAndToldASecondLater() throws IOException {
        Path clock = hostClock(200_000_000);
        follow();
        passASecond();
        assertEquals(List.of(), heard);
        assertEquals(200_000_000, tree.describe(tree.get("bus")).highest());
        assertEquals(200_000_000, tree.describe(tree.get("emmc")).highest());
        FakeSys.write(clock, "clk_rate", 40_000_000);
        time.runFor(HostClocks.EVERY_NANOS - 1);
        assertEquals(200_000_000, tree.get("emmc").rate());
        time.runFor(1);
        loop.runOne();
        assertEquals(List.of("emmc 40000000", "bus 10000000"), heard);
        assertEquals(40_000_000, tree.describe(tree.get("bus")).highest());
        assertEquals(40_000_000, tree.describe(tree.get("emmc")).highest());
        assertEquals(Outcome.OK, tree.setRate(tree.get("bus"), 20_000_000, Rounding.NEAREST));
        assertEquals(20_000_000, tree.get("bus").rate());
    }

    @Test
    void aClockThatTheHostStopsHasARateOfNothing() throws IOException {
        Path clock = hostClock(1_000_000);
        follow();
        FakeSys.write(clock, "clk_rate", 0);
        passASecond();
        assertEquals(0, tree.get("emmc").rate());
        assertEquals(0, tree.get("bus").rate());
        FakeSys.write(clock, "clk_rate", 8);
        passASecond();
        assertEquals(2, tree.get("bus").rate());
    }

    @Test
    void aClockThatCannotBeReadKeepsItsRateUntilItCan() throws IOException {
        follow();
        assertEquals(200_000_000, tree.get("emmc").rate());
        Path clock = hostClock(100);
        passASecond();
        assertEquals(100, tree.get("emmc").rate());
        for (String wrong : List.of("", "-1", "1.5", "99999999999999999999")) {
            FakeSys.write(clock, "clk_rate", wrong);
            passASecond();
            assertEquals(100, tree.get("emmc").rate(), wrong);
        }
    }

    @Test
    void nobodyCanSetItHere() throws IOException {
        hostClock(1_000_000);
        follow();
        assertEquals(Outcome.OK, tree.setRate(tree.get("emmc"), 1_000_000, Rounding.NEAREST));
        assertEquals(Outcome.UNSUPPORTED_RATE, tree.setRate(tree.get("emmc"), 2_000_000, Rounding.UP));
        assertEquals(1_000_000, tree.get("emmc").rate());
    }

    // ---- Clocks that may be set.

    /** Somebody who asks, and what he was told. */
    private static final class Asker implements Waiter {
        private final List<String> told = new ArrayList<>();

        @Override
        public void mayAskAgain() {
            told.add("again");
        }

        @Override
        public void ended(Outcome outcome) {
            told.add(outcome == Outcome.OK ? "ok" : "failed");
        }
    }

    private final Asker asker = new Asker();

    private Path writableClock() throws Exception {
        board = TestBoards.read(
                folder,
                BOARD.replace(
                        "host-clock: emmc2",
                        "host-clock: emmc2, host-access: write, rates: { min: 1 MHz, max: 300 MHz }"));
        tree = new ClockTree(board, Windows.open(board, true), OpenedGates.inMemory(), time);
        tree.setListener((clock, rate) -> heard.add(clock.name() + " " + rate));
        Path clock = hostClock(200_000_000);
        FakeSys.write(clock, "clk_prepare_enable", "?");
        FakeSys.write(clock, "clk_enable_count", 0);
        follow();
        return clock;
    }

    private static String content(Path clock, String file) throws IOException {
        return Files.readString(clock.resolve(file)).strip();
    }

    /** The thread that may wait has done its work, and the tree looks for it. */
    private void letTheHostAnswer() {
        loop.runOne();
        time.runFor(1_000_000);
    }

    @Test
    void aRateIsWrittenToTheHostAndWhatItSaysThenIsTheRateOfAllThatRunFromIt() throws Exception {
        Path clock = writableClock();
        Clock emmc = tree.get("emmc");
        assertEquals(Outcome.STARTED, tree.setRate(emmc, 100_000_000, Rounding.NEAREST, asker));
        assertEquals(List.of(), heard);
        letTheHostAnswer();
        assertEquals(List.of("ok"), asker.told);
        assertEquals("100000000", content(clock, "clk_rate"));
        assertEquals(List.of("emmc 100000000", "bus 25000000"), heard);
    }

    @Test
    void agentsMayAskForAnyRateWithinItsBounds() throws Exception {
        writableClock();
        Clock emmc = tree.get("emmc");
        assertTrue(tree.describe(emmc).isRange());
        assertEquals(1_000_000, tree.describe(emmc).rate(0));
        assertEquals(300_000_000, tree.describe(emmc).rate(1));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.setRate(emmc, 300_000_001, Rounding.NEAREST, asker));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.setRate(emmc, 999_999, Rounding.DOWN, asker));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.checkRate(emmc, -1, Rounding.UP, asker));
        assertEquals(Outcome.OK, tree.setRate(emmc, 200_000_000, Rounding.NEAREST, asker), "it has this one");
        assertEquals(Outcome.STARTED, tree.setRate(emmc, 5, Rounding.UP, asker));
        letTheHostAnswer();
        assertEquals(1_000_000, emmc.rate());
    }

    @Test
    void aHostThatDoesNotTakeTheRateIsAFailureAndTheRateStays() throws Exception {
        Path clock = writableClock();
        Files.delete(clock.resolve("clk_rate"));
        assertEquals(Outcome.STARTED, tree.setRate(tree.get("emmc"), 100_000_000, Rounding.NEAREST, asker));
        letTheHostAnswer();
        assertEquals(List.of("failed"), asker.told);
        assertEquals(200_000_000, tree.get("emmc").rate());
        assertFalse(Files.exists(clock.resolve("clk_rate")), "nothing is created in the host's files");
    }

    @Test
    void theFirstUserEnablesItOnceAndTheLastTakesThatBack() throws Exception {
        Path clock = writableClock();
        assertFalse(tree.get("emmc").enabled(), "nobody has enabled it");
        assertEquals(Outcome.STARTED, tree.acquire(tree.get("bus"), asker));
        letTheHostAnswer();
        assertEquals(List.of("ok"), asker.told);
        assertEquals("1", content(clock, "clk_prepare_enable"));
        assertTrue(tree.get("bus").enabled());
        FakeSys.write(clock, "clk_prepare_enable", "?");
        assertEquals(Outcome.OK, tree.acquire(tree.get("emmc"), asker));
        tree.release(tree.get("bus"));
        assertEquals("?", content(clock, "clk_prepare_enable"));
        tree.release(tree.get("emmc"));
        loop.runOne();
        assertEquals("0", content(clock, "clk_prepare_enable"));
        assertFalse(tree.get("emmc").enabled());
    }

    @Test
    void anEnableOfSomebodyElseIsNotTakenBack() throws Exception {
        Path clock = writableClock();
        FakeSys.write(clock, "clk_enable_count", 1);
        passASecond();
        assertTrue(tree.get("emmc").enabled());
        tree.release(tree.get("emmc"));
        assertEquals("?", content(clock, "clk_prepare_enable"));
        assertTrue(tree.get("emmc").enabled());
    }

    @Test
    void aClockThatTheHostDoesNotEnableIsAFailureAndMayBeTriedAgain() throws Exception {
        Path clock = writableClock();
        Files.delete(clock.resolve("clk_prepare_enable"));
        assertEquals(Outcome.STARTED, tree.acquire(tree.get("emmc"), asker));
        letTheHostAnswer();
        assertEquals(List.of("failed"), asker.told);
        assertEquals(0, tree.get("emmc").users());
        FakeSys.write(clock, "clk_prepare_enable", "?");
        assertEquals(Outcome.STARTED, tree.acquire(tree.get("emmc"), asker));
        letTheHostAnswer();
        assertEquals(List.of("failed", "ok"), asker.told);
        assertEquals("1", content(clock, "clk_prepare_enable"));
    }

    @Test
    void aRateThatWouldTakeAConsumerOutOfItsLimitsIsNotAskedOfTheHost() throws Exception {
        board = TestBoards.read(
                folder,
                BOARD.replace("host-clock: emmc2", "host-clock: emmc2, host-access: write, rates: { max: 900 MHz }")
                        .replace("kind: linear } }\n  slow", "kind: linear }, rates: { max: 100 MHz } }\n  slow"));
        tree = new ClockTree(board, Windows.open(board, true), OpenedGates.inMemory(), time);
        hostClock(200_000_000);
        follow();
        assertEquals(Outcome.OUT_OF_LIMITS, tree.setRate(tree.get("emmc"), 401_000_000, Rounding.NEAREST, asker));
        assertEquals(Outcome.STARTED, tree.setRate(tree.get("emmc"), 400_000_000, Rounding.NEAREST, asker));
    }

    @Test
    void aSimulatedOneDoesAtOnceWhatItIsTold() throws Exception {
        writableClock();
        ClockTree simulated = new ClockTree(board, Windows.open(board, true), OpenedGates.inMemory(), time);
        HostClocks.simulate(board, simulated);
        assertEquals(Outcome.OK, simulated.setRate(simulated.get("emmc"), 100_000_000, Rounding.NEAREST, asker));
        assertEquals(25_000_000, simulated.get("bus").rate());
        assertEquals(Outcome.OK, simulated.acquire(simulated.get("emmc"), asker));
    }

    @Test
    void aBoardWithoutSuchClocksReadsNothing() throws IOException, ConfigException {
        Board other = TestBoards.read(folder, "board: x\nclocks: { osc: { fixed: 1 Hz } }\n");
        HostClocks.follow(other, new ClockTree(other, Windows.open(other, true)), host, time);
        assertEquals(0, time.armed());
        assertFalse(Files.exists(folder.resolve("kernel")));
    }

    @Test
    void theLoopAllocatesNothingForIt() throws IOException {
        hostClock(1_000_000);
        long[] told = {0};
        tree.setListener((clock, rate) -> told[0]++);
        HostClocks.follow(board, tree, host, time);
        loop.runOne();
        long allocated = Allocation.ofRuns(
                () -> {
                    time.runFor(HostClocks.EVERY_NANOS);
                    loop.runOneByPolling();
                },
                500,
                100);
        assertEquals(2, told[0]);
        assertEquals(0, allocated, "bytes for 100 rounds");
    }
}
