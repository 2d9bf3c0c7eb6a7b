// Questions about rates that take long: who goes on meanwhile, and what becomes of them when the tree changes.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.platform.TestBoards;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.testing.HandLoop;

class RateQueriesTest {
    /** A list of a great many rates, of a clock that may move its parent. */
    private static final String BOARD = """
            board: long
            registers: { cru: { size: 64 B, access: simulated, initial: { 0x0: 1 } } }
            clocks:
              xo:    { fixed: 1200 MHz }
              par:   { parent: xo, divider: { register: cru+0x0, bits: 7..0, kind: linear } }
              kid:   { parent: par, divider: { register: cru+0x4, bits: 6..0, kind: linear }, set-parent-rate: true, describe: list }
              kid-2: { parent: par, divider: { register: cru+0x8, bits: 6..0, kind: linear }, set-parent-rate: true, describe: list }
              kid-3: { parent: par, divider: { register: cru+0xc, bits: 6..0, kind: linear }, set-parent-rate: true, describe: list }
              kid-4: { parent: par, divider: { register: cru+0x10, bits: 6..0, kind: linear }, set-parent-rate: true, describe: list }
              kid-5: { parent: par, divider: { register: cru+0x14, bits: 6..0, kind: linear }, set-parent-rate: true, describe: list }
              other: { parent: xo, divider: { register: cru+0x18, bits: 7..0, kind: linear } }
            """;

    private static final long MHZ = 1_000_000;

    @TempDir
    Path folder;

    private final HandLoop time = new HandLoop();
    private ClockTree tree;
    private final List<String> answered = new ArrayList<>();

    @BeforeEach
    void build() throws Exception {
        Board board = TestBoards.read(folder, BOARD);
        WatchedWindow window = WatchedWindow.of(board);
        window.countOnly();
        tree = new ClockTree(board, window.windows(board), OpenedGates.inMemory(), time);
    }

    /** Asks for the rates of a clock, again whenever it may. */
    private final class Asker implements Waiter {
        private final Clock clock;
        private final Waiter cause;
        private int asked;

        Asker(String name) {
            clock = tree.get(name);
            cause = this;
        }

        Asker(String name, Waiter cause) {
            clock = tree.get(name);
            this.cause = cause;
        }

        Outcome ask() {
            asked++;
            Outcome outcome = tree.describe(clock, this);
            if (!outcome.isLater()) {
                answered.add(clock.name());
            }
            return outcome;
        }

        @Override
        public void mayAskAgain() {
            ask();
        }

        @Override
        public void ended(Outcome outcome) {
            throw new IllegalStateException("nothing was started");
        }

        @Override
        public Waiter cause() {
            return cause;
        }
    }

    private long turnsUntilAnswered(int count) {
        long turns = time.turns();
        while (answered.size() < count) {
            long before = tree.work();
            time.turn();
            assertTrue(tree.work() - before <= RateQueries.SLICE, "one slice in a turn");
            assertTrue(time.turns() - turns < 10_000, "it ends");
        }
        return time.turns() - turns;
    }

    @Test
    void aLongQuestionGoesOnInSlicesAndOthersAreAnsweredMeanwhile() {
        Asker asker = new Asker("kid");
        assertEquals(Outcome.BUSY, asker.ask());
        assertEquals(Outcome.OK, tree.setRate(tree.get("other"), 600 * MHZ, Rounding.DOWN, new Asker("other")));

        long turns = turnsUntilAnswered(1);

        assertTrue(turns > 100, "it takes its time");
        assertEquals(2, asker.asked, "it is asked again once, and gets its answer");
        assertEquals(11232, tree.described(tree.get("kid")).count());
        assertEquals(Outcome.OK, asker.ask(), "nothing has changed: the same answer, at once");
        assertEquals(0, time.armed());
    }

    @Test
    void longQuestionsOfSeveralGoOnInTurn() {
        for (String name : List.of("kid", "kid-2", "kid-3", "kid-4", "kid-5")) {
            assertEquals(Outcome.BUSY, new Asker(name).ask());
        }
        turnsUntilAnswered(4);
        assertEquals(List.of("kid", "kid-2", "kid-3", "kid-4"), answered, "the fifth waits until one has ended");
        turnsUntilAnswered(5);
        assertEquals(0, time.armed());
    }

    @Test
    void oneWhoAsksForMuchTakesOnePlaceOnly() {
        Asker first = new Asker("kid");
        first.ask();
        for (String name : List.of("kid-2", "kid-3", "kid-4")) {
            assertEquals(Outcome.BUSY, new Asker(name, first).ask());
        }
        Asker stranger = new Asker("kid-5");
        stranger.ask();
        turnsUntilAnswered(2);
        assertEquals(List.of("kid", "kid-5"), answered);
        turnsUntilAnswered(5);
    }

    @Test
    void aChangeOfWhatItLookedAtHasItBeginAnewAndAChangeOfOtherThingsDoesNot() {
        Asker asker = new Asker("kid");
        asker.ask();
        long turns = turnsUntilAnswered(1);
        tree.setRate(tree.get("par"), 300 * MHZ, Rounding.DOWN);
        asker.ask();
        for (int i = 0; i < turns / 2; i++) {
            tree.setRate(tree.get("other"), (i % 2 + 1) * (100 * MHZ), Rounding.NEAREST);
            time.turn();
        }
        tree.setRate(tree.get("par"), 400 * MHZ, Rounding.DOWN);
        assertTrue(turnsUntilAnswered(2) > turns - 10, "all of it once more");
        assertEquals(400 * MHZ, tree.get("par").rate());
    }

    @Test
    void whoIsDisturbedAgainAndAgainIsAnsweredAllTheSame() {
        Asker asker = new Asker("kid");
        asker.ask();
        List<Outcome> changes = new ArrayList<>();
        Asker changer = new Asker("par");
        for (int i = 0; answered.isEmpty(); i++) {
            assertTrue(i < 5_000, "it is answered");
            if (i % 20 == 0) {
                changes.add(tree.setRate(tree.get("par"), (i / 20 % 3 + 2) * (100 * MHZ), Rounding.NEAREST, changer));
            }
            time.turn();
        }
        assertTrue(changes.contains(Outcome.OK), "others were free to change it at first");
        assertTrue(changes.contains(Outcome.BUSY), "and had to wait in the end");
        time.settle();
        assertEquals(Outcome.OK, tree.setRate(tree.get("par"), 400 * MHZ, Rounding.NEAREST, changer));
    }

    @Test
    void whoAsksForSomethingElseInsteadIsAnsweredThat() {
        Asker asker = new Asker("kid");
        asker.ask();
        time.turn();
        assertEquals(Outcome.OK, tree.checkRate(tree.get("other"), 100 * MHZ, Rounding.NEAREST, asker));
        time.settle();
        assertEquals(1, asker.asked);
        assertEquals(0, time.armed());
    }
}
