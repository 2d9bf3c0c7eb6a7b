// What an operation costs: nothing on the heap, and nothing for clocks that it does not concern.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.register.FieldValue;
import org.scmid.platform.Allocation;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;

class SteadyStateTest {
    private static final int CLOCKS = 10_000;
    private static final int GROUP = 100;

    private static int toggle;

    @Test
    void readingAndSettingAndDescribingAllocateNothing() {
        Board board = new BoardBuilder()
                .fixed("osc", 24_000_000)
                .fixed("fast", 1_000_000_007)
                .clock("pll", "osc", "fast")
                .mux(BoardBuilder.bits(0x00, 8, 8))
                .divider(new DividerSpec.Fractional(BoardBuilder.bits(0x00, 31, 28), BoardBuilder.bits(0x00, 27, 16)))
                .gate(BoardBuilder.bits(0x00, 0, 0))
                .reparent()
                .add()
                .clock("a", "pll", "osc")
                .mux(BoardBuilder.bits(0x10, 8, 8))
                .linear(BoardBuilder.bits(0x14, 3, 0))
                .gate(BoardBuilder.bits(0x10, 0, 0))
                .reparent()
                .setParentRate()
                .add()
                .clock("b", "pll")
                .linear(BoardBuilder.bits(0x20, 3, 0))
                .add()
                .initial(0x00, 0x2000_0000L)
                .build();
        WatchedWindow window = WatchedWindow.of(board);
        window.countOnly();
        ClockTree tree = new ClockTree(board, window.windows(board));
        long[] heard = new long[1];
        tree.setListener((clock, rate) -> heard[0] += rate);
        Clock a = tree.get("a");
        Rounding[] roundings = Rounding.values();

        long allocated = Allocation.ofRuns(() -> {
            toggle++;
            heard[0] += a.rate() + (a.enabled() ? 1 : 0);
            tree.acquire(a);
            tree.setRate(a, 1_000_000 + 7_919_000L * (toggle % 40), roundings[toggle % 3]);
            tree.setParent(a, toggle & 1);
            heard[0] += tree.describe(a).lowest() + tree.describe(tree.get("b")).count();
            tree.release(a);
        });

        assertTrue(window.writes() > 20_000, "registers changed");
        assertEquals(0, allocated, "bytes for 1000 rounds");
    }

    @Test
    void searchingAndProgrammingAPllAllocatesNothing() {
        PllSpec pll = new PllSpec(
                new DividerSpec.OneBased(BoardBuilder.bits(0x00, 2, 0), DividerSpec.WhenZero.STOP),
                new DividerSpec.OneBased(BoardBuilder.bits(0x00, 14, 8), DividerSpec.WhenZero.STOP),
                8,
                86,
                List.of(),
                new PllSpec.Fraction(BoardBuilder.bits(0x04, 11, 0), 1 << 12, null),
                List.of(new DividerSpec.Linear(BoardBuilder.bits(0x08, 2, 0))),
                new RateLimits(4_000_000, 24_000_000),
                new RateLimits(600_000_000, 1_600_000_000),
                List.of(new GateSpec(BoardBuilder.bits(0x0c, 0, 0), true)),
                null,
                new FieldValue(BoardBuilder.bits(0x0c, 1, 1), 1),
                PllSpec.WhileChanging.BYPASS,
                BoardBuilder.PLACE);
        Board board = new BoardBuilder()
                .fixed("osc", 24_000_000)
                .clock("pll", "osc")
                .pll(pll)
                .add()
                .clock("a", "pll")
                .linear(BoardBuilder.bits(0x10, 3, 0))
                .setParentRate()
                .add()
                .initial(0x00, 0x2801)
                .build();
        WatchedWindow window = WatchedWindow.of(board);
        window.countOnly();
        ClockTree tree = new ClockTree(board, window.windows(board));
        long[] heard = new long[1];
        tree.setListener((clock, rate) -> heard[0] += rate);
        Clock a = tree.get("a");
        Rounding[] roundings = Rounding.values();

        long allocated = Allocation.ofRuns(() -> {
            toggle++;
            tree.acquire(a);
            tree.setRate(a, 10_000_000 + 7_919_000L * (toggle % 40), roundings[toggle % 3]);
            heard[0] += tree.describe(a).lowest() + a.rate();
            tree.release(a);
        });

        assertTrue(window.writes() > 5_000, "registers changed");
        assertEquals(0, allocated, "bytes for 1000 rounds");
    }

    /** 100 groups: a divider on the oscillator with 99 dividers on it. */
    private static Board large() {
        BoardBuilder board = new BoardBuilder().size(8L * CLOCKS).fixed("osc", 1_000_000_000);
        for (int i = 1; i < CLOCKS; i++) {
            int head = i - i % GROUP;
            String parent = i % GROUP == 0 || head == 0 ? "osc" : "c" + head;
            board.clock("c" + i, parent)
                    .linear(BoardBuilder.bits(8L * i, 7, 0))
                    .gate(BoardBuilder.bits(8L * i, 31, 31))
                    .setParentRate()
                    .add();
        }
        return board.build();
    }

    @Test
    void anOperationTouchesOnlyTheClocksThatItConcerns() {
        Board board = large();
        WatchedWindow window = WatchedWindow.of(board);
        ClockTree tree = new ClockTree(board, window.windows(board));
        tree.setListener((clock, rate) -> {});
        assertEquals(0, window.reads());

        Clock leaf = tree.get("c5050");
        leaf.rate();
        assertEquals(2, window.reads(), "its own divider and its parent's");

        long before = window.reads();
        assertEquals(Outcome.OK, tree.setRate(leaf, 333_333_333, Rounding.DOWN));
        assertTrue(window.reads() - before < 50, () -> "a leaf alone took " + (window.reads() - before) + " reads");

        long beforeGroup = window.reads();
        assertEquals(Outcome.OK, tree.setRate(tree.get("c5000"), 500_000_000, Rounding.DOWN));
        assertTrue(
                window.reads() - beforeGroup < 10 * GROUP,
                () -> "a group took " + (window.reads() - beforeGroup) + " reads");

        long beforeUse = window.reads();
        tree.acquire(leaf);
        tree.release(leaf);
        assertTrue(window.reads() - beforeUse < 30, () -> "use took " + (window.reads() - beforeUse) + " reads");
    }
}
