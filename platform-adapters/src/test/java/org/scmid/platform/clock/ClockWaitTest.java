// What happens to clocks while hardware takes its time: loops that lock, oscillators that start, switches that settle.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.loop.Scheduler;
import org.scmid.platform.TestBoards;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.testing.HandLoop;

class ClockWaitTest {
    /** Two loops with locks, an oscillator that needs time, and a multiplexer that says what it runs from. */
    private static final String BOARD = """
            board: waits
            registers:
              cru: { size: 64 B, access: simulated, initial: { 0x00: 0x00000003, 0x04: 10, 0x08: 10, 0x0c: 0 } }
            clocks:
              osc: { fixed: 10 MHz }
              pll-a:                       # on and locked
                parent: osc
                pll:
                  feedback: { register: cru+0x04, bits: 7..0, kind: one-based }
                  enable:   { register: cru+0x00, bit: 0 }
                  lock:     { register: cru+0x00, bit: 1, timeout: 1 ms, interval: 100 us, when-off: wait }
              pll-b:                       # off
                parent: osc
                pll:
                  feedback: { register: cru+0x08, bits: 7..0, kind: one-based }
                  enable:   { register: cru+0x00, bit: 8 }
                  lock:     { register: cru+0x00, bit: 9, timeout: 1 ms, interval: 100 us }
              hsi:
                parent: osc
                gate: { register: cru+0x00, bit: 16, ready: { register: cru+0x00, bit: 17, timeout: 500 us } }
              a:
                parent: pll-a
                gate: { register: cru+0x0c, bit: 0 }
              b:
                parent: pll-b
                divider: { register: cru+0x0c, bits: 6..4, kind: linear }
                gate: { register: cru+0x0c, bit: 1 }
              sys:
                parents: [pll-a, pll-b, hsi]
                mux:
                  register: cru+0x0c
                  bits: 9..8
                  status: { register: cru+0x10, bits: 9..8, timeout: 300 us }
                gate: { register: cru+0x0c, bit: 2 }
                rates: { max: 200 MHz }
              free:
                parent: osc
                divider: { register: cru+0x14, bits: 3..0, kind: linear }
            """;

    private static final long A_ON = 1;
    private static final long A_LOCKED = 2;
    private static final long B_ON = 0x100;
    private static final long B_LOCKED = 0x200;
    private static final long HSI_ON = 0x1_0000;
    private static final long HSI_READY = 0x2_0000;

    @TempDir
    Path folder;

    private final HandLoop time = new HandLoop();
    private WatchedWindow window;
    private ClockTree tree;

    /** Somebody who asks, and what he was told. */
    private static final class Asker implements Waiter {
        private final List<String> told = new ArrayList<>();
        private Runnable again = () -> {};
        private final Waiter cause;
        private long value;

        Asker() {
            cause = this;
        }

        Asker(Waiter cause) {
            this.cause = cause;
        }

        @Override
        public Waiter cause() {
            return cause;
        }

        @Override
        public void value(long read) {
            value = read;
        }

        @Override
        public void mayAskAgain() {
            told.add("again");
            again.run();
        }

        @Override
        public void ended(Outcome outcome) {
            told.add(outcome == Outcome.OK ? "ok" : "failed");
        }
    }

    private final Asker first = new Asker();
    private final Asker second = new Asker();
    private final Asker third = new Asker();

    @BeforeEach
    void build() throws Exception {
        Board board = TestBoards.read(folder, BOARD);
        window = WatchedWindow.of(board);
        tree = new ClockTree(board, window.windows(board), OpenedGates.inMemory(), time);
    }

    private Clock clock(String name) {
        return tree.get(name);
    }

    private List<String> stores() {
        List<String> stores = List.copyOf(window.stores());
        window.stores().clear();
        return stores;
    }

    /** Hardware sets bits of the control register. */
    private void says(long bits) {
        window.poke(0x00, window.peek(0x00) | bits);
    }

    private void saysNot(long bits) {
        window.poke(0x00, window.peek(0x00) & ~bits);
    }

    @Test
    void aLoopIsUnlockedBeforeItsSettingsChangeAndLockedBeforeTheChangeIsOver() {
        assertEquals(Outcome.STARTED, tree.setRate(clock("pll-a"), 200_000_000, Rounding.NEAREST, first));
        assertEquals(List.of("0x0=0x2"), stores(), "off; it has still to say that it is not locked");

        saysNot(A_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("0x4=0x14", "0x0=0x1"), stores());
        assertEquals(List.of(), first.told);

        says(A_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("ok"), first.told);
        assertEquals(0, time.armed());
        assertEquals(200_000_000, clock("pll-a").rate());
    }

    @Test
    void aLoopThatIsLockedAtOnceMakesNobodyWait() {
        window.afterStore(() -> {
            boolean isOn = (window.peek(0x00) & A_ON) != 0;
            if (isOn) {
                says(A_LOCKED);
            } else {
                saysNot(A_LOCKED);
            }
        });
        assertEquals(Outcome.OK, tree.setRate(clock("pll-a"), 200_000_000, Rounding.NEAREST, first));
        assertEquals(List.of(), first.told);
        assertEquals(0, time.armed());
    }

    @Test
    void aLoopThatDoesNotLockInTimeFailsAndTheTreeIsFreeAgain() {
        tree.setRate(clock("pll-a"), 200_000_000, Rounding.NEAREST, first);
        time.passMicros(999);
        assertEquals(List.of(), first.told);
        time.passMicros(1);
        assertEquals(List.of("failed"), first.told);
        assertEquals(0, time.armed());
        assertEquals(List.of("0x0=0x2", "0x0=0x3"), stores(), "it was on, and is on again");

        assertEquals(Outcome.STARTED, tree.setRate(clock("pll-a"), 150_000_000, Rounding.NEAREST, second));
        saysNot(A_LOCKED);
        time.passMicros(100);
        says(A_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("ok"), second.told);
        assertEquals(150_000_000, clock("pll-a").rate());
    }

    @Test
    void aClockInUseThatStandsIsStartedAgainByTheNextWhoWantsIt() {
        tree.acquire(clock("a"));
        window.poke(0x00, 0); // something has switched its loop off
        stores();
        assertEquals(Outcome.STARTED, tree.keepRunning(clock("a"), first));
        assertEquals(List.of("0x0=0x1"), stores());
        assertEquals(1, clock("a").users());
        says(A_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("ok"), first.told);

        window.poke(0x00, 0);
        assertEquals(Outcome.STARTED, tree.acquire(clock("a"), second));
        assertEquals(2, clock("a").users());
        time.passMicros(1000);
        assertEquals(List.of("failed"), second.told);
        assertEquals(1, clock("a").users(), "the other one still wants it");
    }

    @Test
    void aClockInUseThatRunsIsNotHeldUpByOthersThatStart() {
        tree.acquire(clock("a"));
        assertEquals(Outcome.STARTED, tree.setParent(clock("sys"), 1, first));
        assertEquals(Outcome.OK, tree.keepRunning(clock("a"), second));
        assertEquals(Outcome.OK, tree.acquire(clock("a"), second));
        assertEquals(Outcome.OK, tree.setRate(clock("pll-b"), 50_000_000, Rounding.NEAREST, second), "it is off");
    }

    @Test
    void noChangeBeginsWhenTheTreeIsToFinishAndThoseUnderWayEnd() {
        List<String> finished = new ArrayList<>();
        tree.acquire(clock("b"), first);
        stores();
        tree.finish(() -> finished.add("finished"));
        assertEquals(List.of(), finished);
        assertEquals(Outcome.BUSY, tree.setRate(clock("free"), 5_000_000, Rounding.NEAREST, second));
        assertEquals(Outcome.BUSY, tree.acquire(clock("hsi"), second));
        assertEquals(List.of(), stores());
        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("ok"), first.told);
        assertEquals(List.of("finished"), finished);
        assertEquals(List.of("0xc=0x2"), stores());
    }

    @Test
    void aTreeWithNothingUnderWayIsFinishedAtOnce() {
        List<String> finished = new ArrayList<>();
        tree.finish(() -> finished.add("finished"));
        assertEquals(List.of("finished"), finished);
    }

    @Test
    void theListenerIsToldOfTheNewRatesAtTheEndWithWhoAskedForThem() {
        List<String> heard = new ArrayList<>();
        tree.setListener((clock, rate) -> heard.add(clock + " " + rate + (tree.ending() == first ? " by first" : "")));
        tree.setRate(clock("pll-a"), 200_000_000, Rounding.NEAREST, first);
        saysNot(A_LOCKED);
        time.passMicros(100);
        assertEquals(List.of(), heard);
        says(A_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("pll-a 200000000 by first", "a 200000000 by first", "sys 200000000 by first"), heard);
    }

    private ClockDriver driver(String name) {
        return tree.drivers().get(clock(name).index());
    }

    @Test
    void aListenerOfDriversIsToldTheCauseOfWhatHadToWait() {
        List<String> heard = new ArrayList<>();
        tree.tell((clock, hz, cause) ->
                heard.add(tree.clock(clock) + " " + hz + (first.equals(cause) ? " by first" : "")));
        tree.setListener((clock, rate) -> heard.add("then " + clock));
        long half = clock("osc").rate() / 2;
        assertEquals(Outcome.OK, driver("free").setRate(half, Rounding.NEAREST, first));
        assertEquals(List.of("free " + half, "then free"), heard, "who acts at the moment is known without");
        heard.clear();
        assertEquals(Outcome.STARTED, driver("pll-a").setRate(200_000_000, Rounding.NEAREST, new Asker(first)));
        saysNot(A_LOCKED);
        time.passMicros(100);
        says(A_LOCKED);
        time.passMicros(100);
        assertEquals("pll-a 200000000 by first", heard.getFirst());
        assertEquals("then pll-a", heard.get(1));
    }

    @Test
    void whoLetsGoWhileTheClockStartsIsTakenAwayOnceThoughItFails() {
        ClockDriver b = driver("b");
        b.adopt();
        assertEquals(Outcome.STARTED, b.acquire(new Asker(first)));
        assertEquals(2, clock("b").users());
        assertEquals(Outcome.OK, b.release(new Asker(first)));
        time.passMicros(2000);
        assertEquals(1, clock("b").users(), "the other one");
    }

    @Test
    void anotherOneWhoLetsGoDoesNotCountForWhoFails() {
        ClockDriver b = driver("b");
        b.adopt();
        b.acquire(first);
        b.release(second);
        time.passMicros(2000);
        assertEquals(0, clock("b").users());
    }

    @Test
    void driversReadWhatRegistersSay() {
        Asker reader = new Asker();
        ClockDriver free = driver("free");
        assertEquals(Outcome.OK, free.readRate(reader));
        assertEquals(clock("free").rate(), reader.value);
        assertEquals(1, free.parents());
        assertEquals(clock("osc").index(), free.parent(0));
        free.readParent(reader);
        assertEquals(clock("osc").index(), reader.value);
        driver("osc").readParent(reader);
        assertEquals(ClockDriver.NO_PARENT, reader.value);
        free.readState(reader);
        assertEquals(1, reader.value);
        driver("b").readState(reader);
        assertEquals(0, reader.value);
        assertEquals(0, free.rates().count());
        assertEquals(Outcome.OK, free.describeRates(reader));
        assertEquals(tree.describe(clock("free")).highest(), free.rates().highest());
        assertEquals(Outcome.UNSUPPORTED_RATE, free.checkRate(1, Rounding.DOWN, reader));
        assertEquals(Outcome.NOT_A_PARENT, free.setParent(clock("b").index(), reader));
        assertEquals(
                Outcome.OK,
                driver("sys").setParent(tree.clock(driver("sys").parent(0)).index(), reader));
    }

    @Test
    void aClockThatSomebodyUsesIsNotStopped() {
        says(HSI_ON | HSI_READY);
        ClockDriver hsi = driver("hsi");
        assertEquals(Outcome.OK, hsi.acquire(first));
        assertEquals(Outcome.OK, hsi.stop(second));
        assertTrue(clock("hsi").enabled());
        assertEquals(Outcome.OK, hsi.release(first));
        assertFalse(clock("hsi").isGateOpen());
        says(HSI_ON | HSI_READY);
        assertEquals(Outcome.OK, hsi.stop(second));
        assertFalse(clock("hsi").isGateOpen(), "it was left on before");
        assertEquals(0, clock("hsi").users());
    }

    @Test
    void aGateOpensWhenTheLoopAboveItIsLocked() {
        assertEquals(Outcome.STARTED, tree.acquire(clock("b"), first));
        assertEquals(List.of("0x0=0x103"), stores());
        assertEquals(1, clock("b").users());

        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("0xc=0x2"), stores());
        assertEquals(List.of("ok"), first.told);
        assertTrue(clock("b").enabled());
    }

    @Test
    void aLoopThatSomebodyElseHasJustSwitchedOnIsWaitedForToo() {
        says(B_ON);
        assertEquals(Outcome.STARTED, tree.acquire(clock("b"), first));
        assertEquals(List.of(), stores());
        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("0xc=0x2"), stores());
    }

    @Test
    void aClockThatDoesNotBecomeReadyIsStoppedAgainAndHasNoUser() {
        assertEquals(Outcome.STARTED, tree.acquire(clock("hsi"), first));
        assertEquals(List.of("0x0=0x10003"), stores());
        time.passMicros(500);
        assertEquals(List.of("failed"), first.told);
        assertEquals(0, clock("hsi").users());
        assertEquals(List.of("0x0=0x3"), stores());
    }

    @Test
    void whatDependsOnAChangeIsBusyAndIsAskedAgainInTheOrderOfAsking() {
        tree.acquire(clock("b"), first);
        second.again = () ->
                second.told.add(String.valueOf(tree.setRate(clock("pll-b"), 50_000_000, Rounding.NEAREST, second)));
        third.again = () -> third.told.add(String.valueOf(tree.acquire(clock("b"), third)));
        assertEquals(Outcome.BUSY, tree.setRate(clock("pll-b"), 50_000_000, Rounding.NEAREST, second));
        assertEquals(Outcome.BUSY, tree.acquire(clock("b"), third));
        assertEquals(List.of("0x0=0x103"), stores(), "who is busy writes nothing");

        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("ok"), first.told);
        assertEquals(List.of("again", "OK"), second.told, "the lock bit never fell");
        assertEquals(List.of("again", "OK"), third.told);
        assertEquals(2, clock("b").users());
    }

    @Test
    void whatIsAskedAgainMayBeBusyAgain() {
        tree.acquire(clock("b"), first);
        second.again = () -> {
            saysNot(B_LOCKED);
            second.told.add(String.valueOf(tree.setRate(clock("pll-b"), 50_000_000, Rounding.NEAREST, second)));
        };
        third.again = () -> third.told.add(String.valueOf(tree.acquire(clock("b"), third)));
        tree.setRate(clock("pll-b"), 50_000_000, Rounding.NEAREST, second);
        tree.acquire(clock("b"), third);

        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("again", "STARTED"), second.told);
        assertEquals(List.of("again", "BUSY"), third.told);

        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("again", "STARTED", "ok"), second.told);
        assertEquals(List.of("again", "BUSY", "again", "OK"), third.told);
    }

    @Test
    void clocksThatHaveNothingToDoWithAChangeAreSetMeanwhile() {
        tree.setRate(clock("pll-a"), 200_000_000, Rounding.NEAREST, first);
        stores();
        assertEquals(Outcome.OK, tree.setRate(clock("free"), 5_000_000, Rounding.NEAREST, second));
        assertEquals(List.of("0x14=0x1"), stores());
        assertEquals(Outcome.OK, tree.setRate(clock("b"), 50_000_000, Rounding.NEAREST, second));
        assertEquals(List.of("0xc=0x10"), stores());
    }

    @Test
    void twoLoopsLockBesideEachOther() {
        assertEquals(Outcome.STARTED, tree.setRate(clock("pll-a"), 200_000_000, Rounding.NEAREST, first));
        assertEquals(Outcome.STARTED, tree.acquire(clock("b"), second));
        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of(), first.told);
        assertEquals(List.of("ok"), second.told);
        saysNot(A_LOCKED);
        time.passMicros(100);
        says(A_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("ok"), first.told);
        assertTrue(clock("pll-b").isInUse());
    }

    @Test
    void aRateThatIsThereAlreadyIsStillBusyWhileItChanges() {
        tree.setRate(clock("pll-a"), 200_000_000, Rounding.NEAREST, first);
        assertEquals(Outcome.BUSY, tree.setRate(clock("a"), 100_000_000, Rounding.NEAREST, second));
        assertEquals(Outcome.BUSY, tree.checkRate(clock("a"), 100_000_000, Rounding.NEAREST, second));
        assertEquals(Outcome.BUSY, tree.setParent(clock("sys"), 0, second));
        assertEquals(Outcome.BUSY, tree.setParent(clock("sys"), clock("pll-a"), second));
    }

    @Test
    void aClockThatIsLetGoOfWhileItStartsIsStoppedWhenItHasStarted() {
        tree.acquire(clock("b"), first);
        tree.release(clock("b"));
        assertEquals(List.of("0x0=0x103"), stores(), "not in the middle of it");
        says(B_LOCKED);
        time.passMicros(100);
        assertEquals(List.of("ok"), first.told);
        assertEquals(0, clock("b").users());
        assertEquals(List.of("0xc=0x2", "0xc=0x0", "0x0=0x203"), stores());
    }

    @Test
    void aClockThatIsLetGoOfWhileItStartsInVainHasNoUserMissing() {
        tree.acquire(clock("b"), first);
        tree.release(clock("b"));
        time.passMicros(1000);
        assertEquals(List.of("failed"), first.told);
        assertEquals(0, clock("b").users());
        assertFalse(clock("pll-b").isInUse());
        assertEquals(List.of("0x0=0x103", "0x0=0x3"), stores());
    }

    @Test
    void aSwitchIsOverWhenTheMultiplexerSaysWhereItIs() {
        assertEquals(Outcome.STARTED, tree.setParent(clock("sys"), 1, first));
        assertEquals(List.of("0xc=0x100"), stores());
        time.passMicros(50);
        assertEquals(List.of(), first.told);
        window.poke(0x10, 0x100);
        time.passMicros(50);
        assertEquals(List.of("ok"), first.told);
    }

    @Test
    void theNewParentRunsBeforeTheSwitchAndTheOldOneUntilAfterIt() {
        tree.acquire(clock("sys"));
        stores();
        assertEquals(Outcome.STARTED, tree.setParent(clock("sys"), 2, first));
        assertEquals(List.of("0x0=0x10003"), stores());
        says(HSI_READY);
        time.passMicros(50);
        assertEquals(List.of("0xc=0x204"), stores());
        assertTrue(clock("pll-a").isInUse());
        window.poke(0x10, 0x200);
        time.passMicros(50);
        assertEquals(List.of("ok"), first.told);
        assertFalse(clock("pll-a").isInUse());
        assertTrue(clock("hsi").isInUse());
    }

    @Test
    void theOldParentIsNotStoppedByItsLastUserBeforeTheSwitchIsOver() {
        tree.acquire(clock("pll-a"));
        tree.acquire(clock("sys"));
        tree.setParent(clock("sys"), 2, first);
        stores();
        tree.release(clock("pll-a"));
        assertEquals(List.of(), stores());
        says(HSI_READY);
        time.passMicros(50);
        window.poke(0x10, 0x200);
        time.passMicros(50);
        assertEquals(List.of("0xc=0x204", "0x0=0x30002"), stores());
    }

    @Test
    void aSwitchWhoseNewParentDoesNotStartLeavesTheClockWhereItWas() {
        tree.acquire(clock("sys"));
        tree.setParent(clock("sys"), 2, first);
        stores();
        time.passMicros(500);
        assertEquals(List.of("failed"), first.told);
        assertEquals(List.of("0x0=0x3"), stores(), "what was started for it is stopped");
        assertEquals(0, clock("sys").parentPosition());
        assertTrue(clock("pll-a").isInUse());
        assertFalse(clock("hsi").isInUse());
        tree.release(clock("sys"));
        assertFalse(clock("pll-a").isInUse());
    }

    @Test
    void aSwitchThatIsNotConfirmedInTimeIsCountedWhereTheRegisterSays() {
        tree.acquire(clock("sys"));
        says(B_ON | B_LOCKED);
        assertEquals(Outcome.STARTED, tree.setParent(clock("sys"), 1, first));
        time.passMicros(300);
        assertEquals(List.of("failed"), first.told);
        assertEquals(1, clock("sys").parentPosition());
        assertTrue(clock("pll-b").isInUse());
        assertFalse(clock("pll-a").isInUse());
    }

    @Test
    void aClockThatRunsIsAdoptedWithoutAnyRegisterWritten() {
        says(B_ON);
        window.poke(0x0c, 2);
        tree.adopt(clock("b"));
        assertEquals(1, clock("b").users());
        assertTrue(clock("pll-b").isInUse());
        assertEquals(List.of(), stores());
        tree.release(clock("b"));
        assertFalse(clock("pll-b").isInUse());
        assertEquals(List.of("0xc=0x0"), stores(), "nobody has opened the loop's gate");
    }

    // ---- Everything at once.

    /** One of several who ask for whatever comes to their minds, and ask again if they were told to. */
    private final class Wanderer implements Waiter {
        private final Random random;
        private final int[] held = new int[tree.size()];
        private int asked;
        private int answered;
        private Runnable pending = () -> {};
        private boolean isWaiting;
        private int acquiring = -1;

        Wanderer(Random random) {
            this.random = random;
        }

        void step() {
            if (isWaiting) {
                return;
            }
            asked++;
            Clock clock = tree.clock(random.nextInt(tree.size()));
            switch (random.nextInt(4)) {
                case 0 -> ask(() -> tree.setRate(clock, 1_000_000L * random.nextInt(250), anyRounding(), this), -1);
                case 1 -> ask(() -> tree.setParent(clock, random.nextInt(3), this), -1);
                case 2 -> ask(() -> tree.acquire(clock, this), clock.index());
                default -> {
                    if (held[clock.index()] > 0) {
                        held[clock.index()]--;
                        tree.release(clock);
                    }
                    answered++;
                }
            }
        }

        private Rounding anyRounding() {
            return random.nextBoolean() ? Rounding.NEAREST : random.nextBoolean() ? Rounding.DOWN : Rounding.UP;
        }

        private void ask(java.util.function.Supplier<Outcome> question, int toHold) {
            acquiring = toHold;
            pending = () -> {
                Outcome outcome = question.get();
                isWaiting = outcome == Outcome.STARTED || outcome == Outcome.BUSY;
                if (!isWaiting) {
                    answer(outcome == Outcome.OK);
                }
            };
            pending.run();
        }

        private void answer(boolean ok) {
            isWaiting = false;
            answered++;
            if (ok && acquiring >= 0) {
                held[acquiring]++;
            }
        }

        @Override
        public void mayAskAgain() {
            pending.run();
        }

        @Override
        public void ended(Outcome outcome) {
            answer(outcome == Outcome.OK);
        }
    }

    /** Hardware that takes a random time, and now and then never does what it was told. */
    private void hardwareMoves(Random random) {
        long control = window.peek(0x00);
        long[][] bits = {{A_ON, A_LOCKED}, {B_ON, B_LOCKED}, {HSI_ON, HSI_READY}};
        for (long[] pair : bits) {
            if (random.nextInt(5) == 0) {
                boolean isOn = (control & pair[0]) != 0;
                control = isOn ? control | pair[1] : control & ~pair[1];
            }
        }
        window.poke(0x00, control);
        if (random.nextInt(5) == 0) {
            window.poke(0x10, window.peek(0x0c) & 0x300);
        }
    }

    @Test
    void whateverIsAskedAndHoweverLongHardwareTakesEverybodyIsAnsweredAndEveryUserCounted() throws Exception {
        for (long seed = 1; seed <= 300; seed++) {
            build();
            Random random = new Random(seed);
            List<Wanderer> wanderers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                wanderers.add(new Wanderer(random));
            }
            for (int step = 0; step < 200; step++) {
                wanderers.get(random.nextInt(wanderers.size())).step();
                hardwareMoves(random);
                time.passMicros(random.nextInt(120));
            }
            time.passMicros(100_000); // whoever waits for hardware gives up, one after the other
            for (Wanderer wanderer : wanderers) {
                assertEquals(wanderer.asked, wanderer.answered, "seed " + seed);
            }
            assertEquals(0, time.armed(), "seed " + seed);
            for (Clock clock : tree.clocks()) {
                int held = wanderers.stream()
                        .mapToInt(it -> it.held[clock.index()])
                        .sum();
                assertEquals(held, clock.users(), "seed " + seed + ", clock " + clock);
            }
            assertCounted("seed " + seed);
        }
    }

    /** Every clock in use counts once at the parent that it runs from, and nobody counts anywhere else. */
    private void assertCounted(String message) {
        for (Clock clock : tree.clocks()) {
            long children = clock.children().stream()
                    .filter(child -> child.isInUse() && child.state.held == clock)
                    .count();
            assertEquals(children, clock.state.usedByClocks, message + ", clock " + clock);
            if (clock.isInUse() && clock.parentPosition() != Clock.NONE) {
                assertEquals(clock.parent(), clock.state.held, message + ", clock " + clock);
            }
        }
    }

    /** Hardware that has done every 70 us what it was told. */
    private void letHardwareFollow() {
        Scheduler.Timer[] timer = new Scheduler.Timer[1];
        timer[0] = time.timer(() -> {
            long control = window.peek(0x00);
            saysNot(A_LOCKED | B_LOCKED | HSI_READY);
            says((control & (A_ON | B_ON | HSI_ON)) << 1);
            window.poke(0x10, window.peek(0x0c));
            timer[0].arm(70_000);
        });
        timer[0].arm(70_000);
    }

    /** Asks for one rate of a clock and then another one, again and again, as soon as or some time after it may. */
    private final class War implements Waiter {
        private final Clock clock;
        private final long gap;
        private final Scheduler.Timer timer = time.timer(this::ask);
        private int asked;

        War(String name, long gap) {
            clock = clock(name);
            this.gap = gap;
            ask();
        }

        private void ask() {
            asked++;
            if (!tree.setRate(clock, (asked & 1) == 0 ? 100_000_000 : 50_000_000, Rounding.NEAREST, this)
                    .isLater()) {
                timer.arm(gap + 50_000);
            }
        }

        @Override
        public void mayAskAgain() {
            asked--;
            ask();
        }

        @Override
        public void ended(Outcome outcome) {
            if (gap == 0) {
                ask();
            } else {
                timer.arm(gap);
            }
        }
    }

    @Test
    void whoNeedsTwoLoopsGetsItsTurnWhileOthersChangeThemByTurns() {
        for (long gap : new long[] {0, 10_000, 50_000, 150_000}) {
            letHardwareFollow();
            tree.acquire(clock("b"), first);
            time.passMicros(500);
            War onA = new War("pll-a", gap);
            time.passMicros(120);
            War onB = new War("pll-b", gap);
            for (int round = 0; round < 50; round++) {
                time.passMicros(37);
                Asker calm = new Asker();
                int parent = 1 - round % 2;
                calm.again = () -> calm.value = tree.setParent(clock("sys"), parent, calm) == Outcome.OK ? 1 : 0;
                calm.again.run();
                time.passMicros(3_000);
                assertTrue(
                        calm.value == 1 || calm.told.contains("ok"),
                        "gap " + gap + ", round " + round + ": " + calm.told);
            }
            assertTrue(onA.asked > 100 && onB.asked > 100, "the others go on: " + onA.asked + ", " + onB.asked);
        }
    }

    /** A multiplexer has switched, which is waited for. */
    private void hasSwitched(long select) {
        window.poke(0x08, (window.peek(0x08) & ~select) | (window.peek(0x00) & select));
        time.passMicros(100);
    }

    @Test
    void whoWasRefusedTwiceWhenItWasItsTurnIsOvertakenNoMore() throws Exception {
        Board board = TestBoards.read(folder, """
            board: turns
            registers:
              cru: { size: 64 B, access: simulated, initial: { 0x00: 0x0, 0x04: 10, 0x08: 0x0 } }
            clocks:
              osc: { fixed: 10 MHz }
              pll:
                parent: osc
                pll: { feedback: { register: cru+0x04, bits: 7..0, kind: one-based } }
              one:
                parents: [pll, osc]
                mux:
                  register: cru+0x00
                  bits: 0..0
                  status: { register: cru+0x08, bits: 0..0, timeout: 1 ms }
              two:
                parents: [pll, osc]
                mux:
                  register: cru+0x00
                  bits: 4..4
                  status: { register: cru+0x08, bits: 4..4, timeout: 1 ms }
              free:
                parent: osc
                divider: { register: cru+0x14, bits: 3..0, kind: linear }
            """);
        window = WatchedWindow.of(board);
        tree = new ClockTree(board, window.windows(board), OpenedGates.inMemory(), time);
        List<Outcome> its = new ArrayList<>();
        third.again = () -> its.add(tree.setRate(clock("pll"), 50_000_000, Rounding.NEAREST, third));
        assertEquals(Outcome.STARTED, tree.setParent(clock("one"), 1, first));
        assertEquals(Outcome.STARTED, tree.setParent(clock("two"), 1, first));
        third.again.run();
        hasSwitched(0x01);
        assertEquals(Outcome.STARTED, tree.setParent(clock("one"), 0, first), "it may still be overtaken");
        hasSwitched(0x10);
        assertEquals(List.of(Outcome.BUSY, Outcome.BUSY, Outcome.BUSY), its);
        assertEquals(Outcome.BUSY, tree.setParent(clock("two"), 0, second), "and now not any more");
        assertEquals(
                Outcome.OK, tree.setRate(clock("free"), 5_000_000, Rounding.NEAREST, first), "it is not in its way");
        hasSwitched(0x01);
        assertEquals(List.of(Outcome.BUSY, Outcome.BUSY, Outcome.BUSY, Outcome.OK), its);
        assertEquals(50_000_000, clock("pll").rate());
    }

    @Test
    void whoWaitsForALoopComesBeforeWhoHasJustChangedIt() {
        Asker warring = new Asker();
        List<Outcome> its = new ArrayList<>();
        tree.setRate(clock("pll-a"), 50_000_000, Rounding.NEAREST, new Waiter() {
            @Override
            public void mayAskAgain() {}

            @Override
            public void ended(Outcome outcome) {
                its.add(tree.setRate(clock("pll-a"), 60_000_000, Rounding.NEAREST, warring));
            }
        });
        second.again = () -> its.add(tree.setRate(clock("pll-a"), 70_000_000, Rounding.NEAREST, second));
        second.again.run();
        letHardwareFollow();
        time.passMicros(1_000);
        assertEquals(List.of(Outcome.BUSY, Outcome.BUSY, Outcome.STARTED), its);
        assertEquals(List.of("again", "ok"), second.told);
        assertEquals(List.of("again"), warring.told, "its turn is the next");
    }

    @Test
    void whoWaitsInOnePartOfTheTreeHoldsNobodyUpInAnother() {
        tree.acquire(clock("free"));
        tree.acquire(clock("b"), first);
        for (int i = 0; i < 4; i++) {
            time.passMicros(1_000);
            tree.acquire(clock("b"), first);
            second.again = () -> tree.setRate(clock("pll-b"), 70_000_000, Rounding.NEAREST, second);
            second.again.run();
            assertEquals(
                    Outcome.OK,
                    tree.setRate(clock("free"), i % 2 == 0 ? 5_000_000 : 10_000_000, Rounding.NEAREST, third));
        }
    }
}
