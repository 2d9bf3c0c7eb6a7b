// In which order clock and supply change, and that no limit is left.
package org.scmid.platform.performance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.platform.Asker;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.Logged;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.clock.RateListener;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.Windows;
import org.scmid.platform.voltage.VoltageDomain;
import org.scmid.platform.voltage.VoltageDomains;
import org.scmid.testing.HandLoop;

/** The clock's register is 0x0 (600 MHz / (n+1)), the supply's 0x10 (raw 0, 1, 2 for 800, 900, 1100 mV). */
class PerformanceDomainTest {
    private static final long MHZ = 1_000_000;

    private final HandLoop time = new HandLoop();
    private final Board board = new BoardBuilder()
            .fixed("pll", 600 * MHZ)
            .clock("cpu", "pll")
            .linear(BoardBuilder.bits(0x0, 3, 0))
            .add()
            .clock("gpu", "pll")
            .linear(BoardBuilder.bits(0x4, 3, 0))
            .limits(0, 300 * MHZ)
            .add()
            .supply("vdd", BoardBuilder.bits(0x10, 1, 0), null, 50, 800_000, 900_000, 1_100_000)
            .performance(
                    "cpu", "vdd", level(100, 800_000), level(200, 900_000), level(300, 900_000), level(600, 1_100_000))
            .performance("gpu", "vdd", level(100, 800_000), level(300, 900_000), level(600, 900_000))
            .initial(0x0, 5) // 100 MHz
            .initial(0x4, 5)
            .build();
    private final WatchedWindow window = WatchedWindow.of(board);
    private final Windows windows = window.windows(board);
    private final ClockTree tree = new ClockTree(board, windows);
    private final VoltageDomains supplies = new VoltageDomains(board, windows, time);
    private final PerformanceDomains domains = new PerformanceDomains(board, tree, supplies);
    private final PerformanceDomain cpu = domains.get("cpu");
    private final PerformanceDomain gpu = domains.get("gpu");
    private final VoltageDomain vdd = supplies.get("vdd");
    private final List<String> levels = new ArrayList<>();
    private final Asker first = Asker.named("first");

    PerformanceDomainTest() {
        domains.setListener(
                (domain, level, cause) -> levels.add(domains.domains().get(domain) + "=" + level + " by " + cause));
        tree.setListener(new RateListener() {
            @Override
            public void rateChanged(Clock clock, long rate) {
                throw new AssertionError("the rate before is not told");
            }

            @Override
            public void rateChanged(Clock clock, long before, long rate) {
                Waiter ending = tree.ending();
                domains.rateChanged(clock, before, rate, ending == null ? null : ending.cause());
            }
        });
        window.afterStore(this::checkSupply);
    }

    private static PerformanceLevelSpec level(long mhz, int microvolts) {
        return new PerformanceLevelSpec(mhz, mhz * MHZ, microvolts, 0, 0);
    }

    /** At no time is a clock faster than the supply allows. */
    private void checkSupply() {
        for (PerformanceDomain domain : domains.domains()) {
            long rate = domain.clock().rate();
            for (PerformanceLevelSpec level : domain.spec().levels()) {
                if (rate >= level.hertz()) {
                    assertTrue(vdd.level() >= level.microvolts(), domain + " at " + rate + " Hz, " + vdd.level());
                }
            }
        }
    }

    private boolean ask(PerformanceDomain domain, int level) {
        return domain.setLevel(level, first) == Outcome.OK;
    }

    private boolean limit(PerformanceDomain domain, int lowest, int highest) {
        return domain.setLimits(lowest, highest, first) == Outcome.OK;
    }

    private List<String> stores() {
        List<String> stores = List.copyOf(window.stores());
        window.stores().clear();
        return stores;
    }

    @Test
    void makingThemTouchesNoRegister() {
        assertEquals(0, window.reads());
        assertEquals(0, window.writes());
        assertEquals(cpu, domains.ofClock(tree.get("cpu")));
        assertEquals(null, domains.ofClock(tree.get("pll")));
    }

    @Test
    void theLevelIsTheOneWhoseRateIsNearest() {
        assertEquals(0, cpu.level());
        window.poke(0x0, 2);
        assertEquals(1, cpu.level());
        window.poke(0x0, 3); // 150 MHz, as far from 100 as from 200
        assertEquals(1, cpu.level());
        window.poke(0x0, 0);
        assertEquals(3, cpu.level());
        window.poke(0x0, 15); // 37.5 MHz
        assertEquals(0, cpu.level());
    }

    @Test
    void onTheWayUpTheSupplyIsRaisedAndSettlesFirst() {
        assertTrue(ask(cpu, 3));
        assertEquals(List.of("0x10=0x2"), stores());
        assertTrue(cpu.isChanging());
        assertEquals(3, cpu.level(), "what it is changed to");
        assertEquals(100 * MHZ, cpu.clock().rate());
        time.passMicros(49);
        assertEquals(List.of(), stores());
        time.passMicros(1);
        assertEquals(List.of("0x0=0x0"), stores());
        assertFalse(cpu.isChanging());
        assertEquals(List.of("cpu=3 by first"), levels, "as who had to wait wanted it");
    }

    @Test
    void onTheWayDownTheSupplyIsLoweredAfterTheClock() {
        ask(cpu, 3);
        time.passMicros(50);
        stores();
        assertTrue(ask(cpu, 0));
        assertEquals(List.of("0x0=0x5", "0x10=0x0"), stores());
        assertFalse(cpu.isChanging());
    }

    @Test
    void aChangeAtTheSameVoltageWaitsForNothing() {
        ask(cpu, 1);
        time.passMicros(50);
        stores();
        assertTrue(ask(cpu, 2));
        assertEquals(List.of("0x0=0x1"), stores());
        assertTrue(ask(cpu, 2));
        assertEquals(List.of(), stores());
    }

    @Test
    void aNewLevelReplacesOneThatIsStillWaitedFor() {
        ask(cpu, 3);
        ask(cpu, 1);
        assertEquals(List.of("0x10=0x2", "0x10=0x1"), stores());
        time.passMicros(50);
        assertEquals(List.of("0x0=0x2"), stores());
        assertEquals(List.of("cpu=1 by first"), levels, "as who had to wait wanted it");

        ask(cpu, 3);
        ask(cpu, 0);
        assertEquals(100 * MHZ, cpu.clock().rate());
        assertEquals(800_000, vdd.level());
        time.passMicros(50);
        assertEquals(0, cpu.level());
    }

    @Test
    void limitsCutTheLevelAndGiveItBackWhenTheyGo() {
        ask(cpu, 3);
        time.passMicros(50);
        assertTrue(limit(cpu, 0, 1));
        assertEquals(200 * MHZ, cpu.clock().rate());
        ask(cpu, 2);
        assertEquals(1, cpu.level());
        assertEquals(2, cpu.wish());
        assertTrue(limit(cpu, 0, 3));
        assertEquals(2, cpu.level());
        limit(cpu, 3, 3);
        time.passMicros(50);
        assertEquals(600 * MHZ, cpu.clock().rate());
    }

    @Test
    void limitsWithoutAWishMoveOnlyWhatIsOutside() {
        assertTrue(limit(cpu, 0, 2));
        assertEquals(List.of(), stores());
        limit(cpu, 1, 2);
        time.passMicros(50);
        assertEquals(1, cpu.level());
        limit(cpu, 0, 3);
        assertEquals(1, cpu.level(), "it stays where it was brought");
    }

    @Test
    void whatWasAskedForBeforeARestartIsTakenOverWithoutAWrite() {
        cpu.restore(3, 0, 2);
        assertEquals(List.of(), stores());
        assertEquals(0, cpu.level());
        limit(cpu, 0, 3);
        time.passMicros(50);
        assertEquals(3, cpu.level());
    }

    @Test
    void aSharedSupplyStaysHighEnoughForBoth() {
        ask(gpu, 1);
        ask(cpu, 3);
        time.passMicros(50);
        assertEquals(300 * MHZ, gpu.clock().rate());
        assertEquals(600 * MHZ, cpu.clock().rate());
        stores();
        ask(cpu, 0);
        assertEquals(900_000, vdd.level(), "the other one needs this");
        ask(gpu, 0);
        assertEquals(800_000, vdd.level());
    }

    @Test
    void aRateThatTheClockRefusesLeavesTheLevelAndTheSupply() {
        assertTrue(ask(gpu, 2), "the supply is raised first");
        List<String> logged = Logged.by(PerformanceDomain.class, () -> time.passMicros(50));
        assertEquals(
                List.of("performance domain gpu stays at level 0: clock gpu refused the rate that was asked for"),
                logged);
        assertFalse(gpu.isChanging());
        assertEquals(0, gpu.level());
        assertEquals(800_000, vdd.level());
        ask(gpu, 1);
        time.passMicros(50);
        assertFalse(ask(gpu, 2), "at once where nothing has to be waited for");
        assertEquals(1, gpu.level());
    }

    @Test
    void aClockThatSomebodyElseMakesFasterGetsItsVoltageLate() {
        window.afterStore(() -> {});
        tree.setRate(tree.get("cpu"), 600 * MHZ, Rounding.DOWN);
        assertEquals(1_100_000, vdd.level());
        assertEquals(3, cpu.level());
    }

    @Test
    void aChangeThatNobodyWaitsForHasTheOneWhoActsAsItsCause() {
        ask(gpu, 0);
        assertEquals(List.of(), levels, "nothing has changed");
        ask(cpu, 3);
        time.passMicros(50);
        levels.clear();
        ask(cpu, 0);
        assertEquals(List.of("cpu=0 by null"), levels);
    }

    @Test
    void aLevelIsToldOnceHoweverOftenTheClockChangesWithinIt() {
        window.afterStore(() -> {});
        tree.setRate(cpu.clock(), 120 * MHZ, Rounding.DOWN);
        assertEquals(List.of(), levels, "120 MHz is nearest to the same level");
        tree.setRate(cpu.clock(), 200 * MHZ, Rounding.DOWN);
        tree.setRate(cpu.clock(), 300 * MHZ, Rounding.DOWN);
        tree.setRate(tree.get("gpu"), 120 * MHZ, Rounding.DOWN);
        assertEquals(List.of("cpu=1 by null", "cpu=2 by null"), levels);
    }

    @Test
    void aClocksListenerHearsWhoHadToWaitForTheSupply() {
        List<String> rates = new ArrayList<>();
        tree.tell((clock, hz, cause) -> rates.add(tree.clock(clock) + " " + hz / MHZ + " by " + cause));
        cpu.setLevel(3, new Asker("request", new ArrayList<>(), first));
        assertEquals(first, cpu.cause());
        time.passMicros(50);
        ask(cpu, 2);
        assertEquals(List.of("cpu 600 by first", "cpu 300 by null"), rates);
    }

    @Test
    void whatIsReadIsGivenToWhoAsks() {
        assertEquals(Outcome.OK, cpu.readLevel(first));
        assertEquals(0, first.value());
        ask(cpu, 3);
        cpu.readLevel(first);
        assertEquals(3, first.value());
        assertEquals(Outcome.OK, cpu.readLimits(Waiter.NOBODY));
        assertEquals(3, cpu.highest());
        assertEquals(domains.domains(), domains.drivers());
    }

    @Test
    void randomOrdersNeverLeaveTheSupplyTooLow() {
        long seed = Long.getLong("scmid.seed", System.nanoTime());
        System.out.println(getClass().getSimpleName() + ": -Dscmid.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            PerformanceDomain domain = random.nextBoolean() ? cpu : gpu;
            int levels = domain == gpu ? 2 : 4; // the clock of gpu refuses its highest
            switch (random.nextInt(3)) {
                case 0 -> ask(domain, random.nextInt(levels));
                case 1 -> {
                    int low = random.nextInt(levels);
                    limit(domain, low, low + random.nextInt(levels - low));
                }
                default -> time.passMicros(random.nextInt(60));
            }
            boolean within = domain.level() >= domain.lowest() && domain.level() <= domain.highest();
            assertTrue(within || domain.wish() == PerformanceDomain.NOTHING);
        }
    }

    @Test
    void aDomainThatTogglesASharedSupplyKeepsNoOtherFromItsLevel() {
        assertTrue(ask(gpu, 1));
        for (int micros = 0; micros < 50; micros += 10) {
            assertEquals(100 * MHZ, gpu.clock().rate(), "it has not settled");
            ask(cpu, micros % 20 == 0 ? 3 : 0);
            time.passMicros(10);
        }
        assertEquals(300 * MHZ, gpu.clock().rate());
        assertFalse(gpu.isChanging());
    }

    @Test
    void levelsThatChangeFasterThanTheSupplySettlesGiveTheLeastOfThem() {
        ask(cpu, 3);
        for (int micros = 10; micros < 200; micros += 10) {
            time.passMicros(10);
            ask(cpu, micros % 20 == 0 ? 3 : 2);
        }
        assertEquals(300 * MHZ, cpu.clock().rate(), "this was wanted all the time");
        ask(cpu, 3);
        time.passMicros(100);
        assertEquals(600 * MHZ, cpu.clock().rate());
    }

    @Test
    void aSupplyThatWasLoweredInBetweenIsWaitedForAgain() {
        ask(cpu, 3);
        time.passMicros(40);
        ask(cpu, 2);
        ask(cpu, 3);
        time.passMicros(10);
        assertEquals(300 * MHZ, cpu.clock().rate(), "900 mV it has had for 50 us, 1100 mV for 10");
        time.passMicros(50);
        assertEquals(600 * MHZ, cpu.clock().rate());
    }

    /** Also {@link #checkSupply}, and that what the clock runs at was there for long enough before it. */
    @Test
    void twoDomainsAtWarBothReachEveryLevelThatTheyKeepAskingForAndNeverBeforeTheSupply() {
        long[] since = new long[3]; // by the supply's raw level: since when it has been at least that
        window.afterStore(() -> {
            checkSupply();
            long raw = window.peek(0x10) & 3;
            for (int level = 0; level < 3; level++) {
                if (raw < level) {
                    since[level] = Long.MAX_VALUE;
                } else if (since[level] == Long.MAX_VALUE) {
                    since[level] = time.nanoTime();
                }
            }
            long cpuRate = cpu.clock().rate();
            int needed =
                    cpuRate > 300 * MHZ ? 2 : cpuRate > 100 * MHZ || gpu.clock().rate() > 100 * MHZ ? 1 : 0;
            assertTrue(time.nanoTime() - since[needed] >= 50_000 || needed == 0, "raw " + needed + " has not settled");
        });
        Arrays.fill(since, 1, 3, Long.MAX_VALUE);
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int wanted = random.nextInt(2);
            ask(gpu, wanted);
            for (int micros = 0; micros < 110; ) {
                int step = 1 + random.nextInt(30);
                ask(cpu, random.nextInt(4));
                time.passMicros(step);
                micros += step;
            }
            assertEquals(gpu.spec().levels().get(wanted).hertz(), gpu.clock().rate(), "seed " + seed);
        }
    }
}
