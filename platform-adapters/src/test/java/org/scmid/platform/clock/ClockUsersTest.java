// Who opens and closes gates.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;

class ClockUsersTest {
    private final BoardBuilder builder = new BoardBuilder()
            .fixed("osc", 24_000_000)
            .clock("pll0", "osc")
            .gate(BoardBuilder.bits(0x00, 0, 0))
            .add()
            .clock("pll1", "osc")
            .gate(BoardBuilder.bits(0x04, 0, 0))
            .add()
            .clock("a", "pll0", "pll1")
            .mux(BoardBuilder.bits(0x10, 8, 8))
            .linear(BoardBuilder.bits(0x10, 3, 0))
            .gate(BoardBuilder.bits(0x10, 31, 31))
            .add()
            .clock("b", "pll0")
            .gateLow(BoardBuilder.bits(0x14, 0, 0))
            .add()
            .initial(0x14, 1);

    private WatchedWindow window = WatchedWindow.of(builder.build());
    private ClockTree tree = tree();

    private ClockTree tree() {
        Board board = builder.build();
        window = WatchedWindow.of(board);
        return new ClockTree(board, window.windows(board));
    }

    private List<String> stores() {
        List<String> stores = List.copyOf(window.stores());
        window.stores().clear();
        return stores;
    }

    @Test
    void theFirstUserOpensTheGatesFromTheRootDownAndTheLastClosesThemFromTheClockUp() {
        tree.acquire(tree.get("a"));
        assertEquals(List.of("0x0=0x1", "0x10=0x80000000"), stores());
        assertTrue(tree.get("a").enabled());

        tree.acquire(tree.get("a"));
        tree.release(tree.get("a"));
        assertEquals(List.of(), stores());
        assertEquals(1, tree.get("a").users());

        tree.release(tree.get("a"));
        assertEquals(List.of("0x10=0x0", "0x0=0x0"), stores());
        assertFalse(tree.get("a").enabled());
    }

    @Test
    void aParentRunsAsLongAsAnyOfItsChildrenIsUsed() {
        tree.acquire(tree.get("a"));
        tree.acquire(tree.get("b"));
        assertEquals(List.of("0x0=0x1", "0x10=0x80000000", "0x14=0x0"), stores());

        tree.release(tree.get("a"));
        assertEquals(List.of("0x10=0x0"), stores());
        assertTrue(tree.get("b").enabled());

        tree.release(tree.get("b"));
        assertEquals(List.of("0x14=0x1", "0x0=0x0"), stores());
    }

    @Test
    void aParentsOwnUserKeepsItRunningAndItsChildrenKeepItFromItsUser() {
        tree.acquire(tree.get("pll0"));
        tree.acquire(tree.get("b"));
        stores();

        tree.release(tree.get("pll0"));
        assertEquals(List.of(), stores());
        tree.release(tree.get("b"));
        assertEquals(List.of("0x14=0x1", "0x0=0x0"), stores());
    }

    @Test
    void aParentThatRanBeforeAnybodyUsedItGoesOnRunning() {
        builder.initial(0x00, 1);
        tree = tree();

        tree.acquire(tree.get("b"));
        tree.release(tree.get("b"));
        assertEquals(List.of("0x14=0x0", "0x14=0x1"), stores());

        tree.release(tree.get("pll0"));
        assertEquals(List.of("0x0=0x0"), stores(), "until it is released by its name");
    }

    @Test
    void releasingAClockWithoutUsersClosesAGateThatWasLeftOpen() {
        builder.initial(0x10, 0x8000_0000L).initial(0x00, 1);
        tree = tree();

        tree.release(tree.get("a"));
        assertEquals(List.of("0x10=0x0"), stores());
        tree.release(tree.get("a"));
        assertEquals(List.of(), stores());
    }

    @Test
    void releasingAClockWithoutUsersLeavesItRunningForItsChildren() {
        tree.acquire(tree.get("b"));
        stores();

        tree.release(tree.get("pll0"));

        assertEquals(List.of(), stores());
        assertTrue(tree.get("b").enabled());
    }

    @Test
    void aClockInUseStartsItsNewParentBeforeTheSwitchAndStopsTheOldAfterIt() {
        tree.acquire(tree.get("a"));
        stores();

        assertEquals(Outcome.OK, tree.setParent(tree.get("a"), 1));
        assertEquals(List.of("0x4=0x1", "0x10=0x80000100", "0x0=0x0"), stores());

        tree.release(tree.get("a"));
        assertEquals(List.of("0x10=0x100", "0x4=0x0"), stores());
    }

    @Test
    void aChangeOfRateThatChangesTheParentMovesTheUseToo() {
        Board board = new BoardBuilder()
                .fixed("osc", 24_000_000)
                .clock("slow", "osc")
                .gate(BoardBuilder.bits(0x00, 0, 0))
                .add()
                .clock("fast", "osc")
                .factor(10, 1)
                .gate(BoardBuilder.bits(0x04, 0, 0))
                .add()
                .clock("a", "slow", "fast")
                .mux(BoardBuilder.bits(0x10, 0, 0))
                .reparent()
                .add()
                .build();
        window = WatchedWindow.of(board);
        tree = new ClockTree(board, window.windows(board));
        tree.acquire(tree.get("a"));
        stores();

        assertEquals(Outcome.OK, tree.setRate(tree.get("a"), 240_000_000, Rounding.DOWN));

        assertEquals(List.of("0x4=0x1", "0x10=0x1", "0x0=0x0"), stores());
    }

    @Test
    void aChangeOfRateDoesNotTouchTheGate() {
        assertEquals(Outcome.OK, tree.setRate(tree.get("a"), 12_000_000, Rounding.DOWN));

        assertEquals(List.of("0x10=0x1"), stores());
        assertFalse(tree.get("a").enabled());
    }

    @Test
    void aClockThatLostItsParentLetsGoOfTheOneItHeld() {
        builder.initial(0x10, 0);
        tree = tree();
        tree.acquire(tree.get("a"));
        window.poke(0x10, window.peek(0x10) | 0x100); // something else switched it to pll1
        stores();

        tree.release(tree.get("a"));

        assertEquals(List.of("0x10=0x100", "0x0=0x0"), stores());
    }
}
