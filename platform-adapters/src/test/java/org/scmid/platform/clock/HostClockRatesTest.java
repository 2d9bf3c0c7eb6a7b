// Roots whose rates are those of clocks of the host.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.Board;
import org.scmid.config.ConfigException;
import org.scmid.platform.Allocation;
import org.scmid.platform.FakeScheduler;
import org.scmid.platform.TestBoards;
import org.scmid.platform.host.FakeSys;
import org.scmid.platform.host.Host;
import org.scmid.platform.host.TaskQueue;
import org.scmid.platform.register.Windows;

class HostClockRatesTest {
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

    private final FakeScheduler time = new FakeScheduler();
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
        HostClockRates.follow(board, tree, host, time);
        loop.runOne();
    }

    private void passASecond() {
        time.advance(HostClockRates.EVERY_NANOS);
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
        time.advance(HostClockRates.EVERY_NANOS - 1);
        assertEquals(200_000_000, tree.get("emmc").rate());
        time.advance(1);
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

    @Test
    void aBoardWithoutSuchClocksReadsNothing() throws IOException, ConfigException {
        Board other = TestBoards.read(folder, "board: x\nclocks: { osc: { fixed: 1 Hz } }\n");
        HostClockRates.follow(other, new ClockTree(other, Windows.open(other, true)), host, time);
        assertEquals(0, time.armed());
        assertFalse(Files.exists(folder.resolve("kernel")));
    }

    @Test
    void theLoopAllocatesNothingForIt() throws IOException {
        hostClock(1_000_000);
        long[] told = {0};
        tree.setListener((clock, rate) -> told[0]++);
        HostClockRates.follow(board, tree, host, time);
        loop.runOne();
        long allocated = Allocation.ofRuns(
                () -> {
                    time.advance(HostClockRates.EVERY_NANOS);
                    loop.runOneByPolling();
                },
                500,
                100);
        assertEquals(2, told[0]);
        assertEquals(0, allocated, "bytes for 100 rounds");
    }
}
