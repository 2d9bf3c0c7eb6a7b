// Power domains as the protocol uses them: who is told of which end, and who is counted after it.
package org.scmid.platform.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.scmid.platform.Allocation;
import org.scmid.platform.Asker;
import org.scmid.platform.TestBoards;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PowerDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.Windows;
import org.scmid.testing.HandLoop;

class TreePowerDomainTest {
    /** Bits of cru+0x0: switches; cru+0x4: status. */
    private static final String BOARD = """
            board: power
            registers:
              cru: { at: 0, size: 256 B, access: simulated }
            clocks: {}
            power-domains:
              soc:  { switch: { register: cru, bit: 0 } }
              slow: { parent: soc, switch: { register: cru, bit: 4, status: { register: cru+4, bit: 4 }, timeout: 1 ms } }
              deep: { parent: slow, switch: { register: cru, bit: 5 } }
            """;

    private static final long SLOW = 0x10;

    private final HandLoop time = new HandLoop();
    private final List<String> told = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private WatchedWindow window;

    @SuppressWarnings("NullAway.Init")
    private PowerTree tree;

    @SuppressWarnings("NullAway.Init")
    private PowerDriver slow;

    private final Asker first = Asker.named("first user");
    private final Asker second = Asker.named("second user");

    @BeforeEach
    void make() throws Exception {
        build(time);
    }

    private void build(Scheduler scheduler) throws Exception {
        Board board = TestBoards.read(folder, BOARD);
        window = WatchedWindow.of(board);
        Windows windows = window.windows(board);
        tree = new PowerTree(board, windows, new ClockTree(board, windows), scheduler);
        slow = driver("slow");
    }

    private PowerDriver driver(String name) {
        return tree.drivers().get(tree.get(name).index());
    }

    private Asker asker(String name, Waiter user) {
        return new Asker(name, told, user);
    }

    private int votes() {
        return tree.get("slow").votes();
    }

    /** The domain's status follows its switch, so that what goes on ends. */
    private void hardwareFollows() {
        window.poke(4, window.peek(0) & SLOW);
        time.passMicros(50);
    }

    private void hardwareFails() {
        time.passMicros(1000);
    }

    private List<String> told() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    @Test
    void whatIsDoneAtOnceIsAnsweredAndNotTold() {
        PowerDriver soc = driver("soc");
        assertEquals(Outcome.OK, soc.acquire(asker("on", first)));
        assertEquals(Outcome.OK, soc.readState(first));
        assertEquals(1, first.value());
        assertEquals(Outcome.OK, soc.keepOn(asker("keep", first)));
        assertEquals(Outcome.OK, soc.stop(asker("stop", second)));
        soc.readState(first);
        assertEquals(1, first.value(), "somebody uses it");
        assertEquals(Outcome.OK, soc.release(asker("off", first)));
        soc.readState(first);
        assertEquals(0, first.value());
        assertEquals(List.of(), told());
        assertEquals(3, tree.drivers().size());
    }

    @Test
    void whoWaitsForOnIsToldWhenItIsOnInTheOrderOfAsking() {
        assertEquals(Outcome.STARTED, slow.acquire(asker("a", first)));
        assertEquals(Outcome.STARTED, slow.keepOn(asker("b", first)));
        assertEquals(Outcome.STARTED, slow.acquire(asker("c", second)));
        assertEquals(List.of(), told());
        hardwareFollows();
        assertEquals(List.of("a OK", "b OK", "c OK"), told());
        assertEquals(2, votes());
    }

    @Test
    void whoeverCausedAChangeIsToldAsItsCause() {
        tree.setListener((index, on, cause) -> told.add(tree.domain(index) + (on ? " on" : " off") + " by " + cause));
        driver("deep").acquire(asker("deep", first));
        hardwareFollows();
        assertEquals(
                List.of("soc on by first user", "slow on by first user", "deep on by first user", "deep OK"), told());
    }

    @Test
    void whoAcquiresInVainIsNotCounted() {
        slow.acquire(asker("a", first));
        slow.acquire(asker("b", second));
        slow.keepOn(asker("c", second));
        assertEquals(2, votes());
        hardwareFails();
        assertEquals(List.of("a FAILED", "b FAILED", "c FAILED"), told());
        assertEquals(0, votes());
        assertEquals(0, window.peek(0) & 1, "and its parent is not needed any more");
    }

    @Test
    void whoAcquiresAtOnceInVainIsNotCounted() {
        window.close();
        assertThrows(RuntimeException.class, () -> slow.acquire(asker("a", first)));
        assertEquals(0, votes());
    }

    @Test
    void whoIsCountedAlreadyStaysSoWhenItCannotBeSwitchedOnAgain() {
        slow.acquire(asker("a", first));
        hardwareFollows();
        window.poke(4, 0); // something has switched it off
        assertEquals(Outcome.STARTED, slow.keepOn(asker("again", first)));
        hardwareFails();
        assertEquals(List.of("a OK", "again FAILED"), told());
        assertEquals(1, votes());
    }

    @Test
    void whoLetsGoWhileItIsSwitchedOnIsTakenAwayOnceThoughItFails() {
        slow.acquire(asker("solid", second));
        hardwareFollows();
        window.poke(4, 0); // something has switched it off
        slow.acquire(asker("on", first));
        assertEquals(Outcome.OK, slow.release(asker("off", first)), "the other one uses it");
        assertEquals(1, votes());
        hardwareFails();
        assertEquals(List.of("solid OK", "on FAILED"), told());
        assertEquals(1, votes());
    }

    @Test
    void anotherOneWhoLetsGoDoesNotCountForWhoFails() {
        slow.acquire(asker("solid", second));
        hardwareFollows();
        window.poke(4, 0); // something has switched it off
        slow.acquire(asker("on", first));
        slow.release(asker("off", second));
        assertEquals(1, votes());
        hardwareFails();
        assertEquals(0, votes());
    }

    @Test
    void whoLetsGoAndAcquiresAgainBeforeItFailsIsTakenAwayOnce() {
        slow.acquire(asker("solid", second));
        hardwareFollows();
        window.poke(4, 0); // something has switched it off
        slow.acquire(asker("on", first));
        slow.release(asker("off", first));
        slow.acquire(asker("on again", first));
        assertEquals(2, votes());
        hardwareFails();
        assertEquals(List.of("solid OK", "on FAILED", "on again FAILED"), told());
        assertEquals(1, votes());
    }

    @Test
    void whoLetsGoInVainIsNotCountedUnlessHeSaysSo() {
        slow.acquire(asker("on", first));
        hardwareFollows();
        assertEquals(Outcome.STARTED, slow.release(asker("off", first)));
        hardwareFails();
        assertEquals(List.of("on OK", "off FAILED"), told());
        assertEquals(0, votes());
        slow.adopt();
        assertEquals(1, votes());
        assertEquals(Outcome.STARTED, slow.release(asker("off", first)));
        hardwareFollows();
        assertEquals(List.of("off OK"), told());
        assertEquals(0, window.peek(0), "the parent was held all the time");
    }

    @Test
    void whatBecameNeedlessEndsWell() {
        slow.acquire(asker("on", first));
        assertEquals(Outcome.STARTED, slow.release(asker("off", first)));
        assertEquals(Outcome.STARTED, slow.acquire(asker("other on", second)));
        hardwareFollows();
        assertEquals(List.of("on OK", "other on OK", "off OK"), told());
        assertEquals(1, votes());
    }

    @Test
    void whoIsToldOfAFailureAndAsksAgainWaitsForTheNextEnd() {
        Asker again = asker("again", first);
        slow.acquire(asker("a", first).then(() -> assertEquals(Outcome.STARTED, slow.acquire(again))));
        slow.acquire(asker("b", second));
        hardwareFails();
        assertEquals(List.of("a FAILED", "b FAILED"), told());
        assertEquals(1, votes());
        hardwareFollows();
        assertEquals(List.of("again OK"), told());
        assertEquals(1, votes());
    }

    @Test
    void aStopThatTakesTimeIsToldToo() {
        window.poke(0, 1 | SLOW);
        window.poke(4, SLOW);
        assertFalse(slow.refusesToGoOff(false));
        assertTrue(driver("soc").refusesToGoOff(false), "slow is on, and needs it");
        assertEquals(Outcome.STARTED, slow.stop(asker("stop", first)));
        hardwareFollows();
        assertEquals(List.of("stop OK"), told());
        assertFalse(driver("soc").refusesToGoOff(false));
    }

    /** Somebody who asks this and that, as a protocol does, and knows whether he is counted. */
    private final class Wanderer {
        private final Asker user = Asker.named("user");
        private boolean isCounted;
        private int asked;
        private int acquiring; // the number of the request by which he is counted
        private int waiting;

        void step(boolean on) {
            int number = ++asked;
            boolean wasCounted = isCounted;
            if (on && !wasCounted) {
                acquiring = number;
            }
            Outcome outcome = ask(on, new Waiter() {
                @Override
                public void mayAskAgain() {}

                @Override
                public void ended(Outcome end) {
                    waiting--;
                    isCounted &= end == Outcome.OK || number != acquiring;
                }

                @Override
                public Waiter cause() {
                    return user;
                }
            });
            isCounted = on && (wasCounted || outcome != Outcome.FAILED);
            if (outcome == Outcome.STARTED) {
                waiting++;
            }
        }

        private Outcome ask(boolean on, Waiter waiter) {
            if (on) {
                return isCounted ? slow.keepOn(waiter) : slow.acquire(waiter);
            }
            return isCounted ? slow.release(waiter) : slow.stop(waiter);
        }
    }

    @Test
    void whateverIsAskedAndHoweverItEndsEverybodyIsToldAndEveryUserCounted() {
        long seed = Long.getLong("scmid.seed", System.nanoTime());
        System.out.println(getClass().getSimpleName() + ": -Dscmid.seed=" + seed);
        Random random = new Random(seed);
        List<Wanderer> wanderers = List.of(new Wanderer(), new Wanderer(), new Wanderer());
        for (int step = 0; step < 5_000; step++) {
            wanderers.get(random.nextInt(wanderers.size())).step(random.nextBoolean());
            switch (random.nextInt(6)) {
                case 0 -> hardwareFollows();
                case 1 -> hardwareFails();
                case 2 -> window.poke(4, 0); // something switches it off
                default -> time.passMicros(random.nextInt(100));
            }
            assertEquals(wanderers.stream().filter(it -> it.isCounted).count(), votes(), "step " + step);
        }
        hardwareFails();
        hardwareFails();
        wanderers.forEach(it -> assertEquals(0, it.waiting));
        assertFalse(tree.get("slow").isSwitching());
    }

    @Test
    void switchingThatTakesTimeAllocatesNothing() throws Exception {
        HandLoop fast = new HandLoop();
        build(fast);
        window.countOnly();
        long allocated = Allocation.ofRuns(() -> {
            slow.acquire(Waiter.NOBODY);
            window.poke(4, SLOW);
            fast.runFor(50_000);
            slow.release(Waiter.NOBODY);
            window.poke(4, 0);
            fast.runFor(50_000);
        });
        assertEquals(0, votes());
        assertEquals(0, allocated, "bytes for 1000 times on and off");
    }
}
