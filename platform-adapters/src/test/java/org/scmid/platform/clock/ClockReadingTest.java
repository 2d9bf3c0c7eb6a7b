// What is read piece by piece, against what each clock says of itself.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.clock.DividerSpec;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;

class ClockReadingTest {
    private static final int DEPTH = 1000;

    @Test
    void everyClockOfRandomTreesIsReadAsItSaysItself() {
        long seed = Long.getLong("scmid.reading.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Board board = RandomTreeTest.randomBoard(random);
            ClockTree tree = new ClockTree(board, WatchedWindow.of(board).windows(board));
            ClockReading reading = ClockReading.ofAll(tree.clocks());
            for (Clock clock : tree.clocks()) {
                String which = "seed " + seed + ", tree " + i + ", " + clock;
                assertEquals(clock.rate(), reading.rate(clock), which);
                assertEquals(clock.parent(), reading.parent(clock), which);
                assertEquals(clock.enabled(), reading.enabled(clock), which);
            }
        }
    }

    /** A chain in which each clock is in the board file before its parent, so that none is read when its turn comes. */
    private static BoardBuilder chain() {
        BoardBuilder board = new BoardBuilder().size(8 * DEPTH);
        for (int i = DEPTH - 1; i >= 0; i--) {
            board.clock("c" + i, i == 0 ? "osc" : "c" + (i - 1))
                    .divider(new DividerSpec.Linear(BoardBuilder.bits(4L * i, 7, 0)))
                    .add();
        }
        return board.fixed("osc", 24_000_000);
    }

    @Test
    void noPieceReadsMoreThanTheRegistersOfOneClockHoweverDeepTheTreeIs() {
        Board board = chain().build();
        WatchedWindow window = WatchedWindow.of(board);
        ClockTree tree = new ClockTree(board, window.windows(board));
        ClockReading reading = new ClockReading(tree.clocks());
        long first = window.reads();
        long before = first;
        int pieces = 0;
        while (reading.readNext()) {
            pieces++;
            assertTrue(window.reads() - before <= 1, "piece " + pieces);
            before = window.reads();
        }
        assertEquals(DEPTH, before - first, "each divider once");
        assertTrue(pieces <= 2 * (DEPTH + 1), pieces + " pieces");
        assertFalse(reading.readNext());
        assertEquals(24_000_000, reading.rate(tree.get("c0")));
        assertEquals(tree.get("c998"), reading.parent(tree.get("c999")));
    }
}
