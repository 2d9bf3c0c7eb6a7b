// Nothing begins to run out of its limits.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

class StartLimitsTest {
    private static final long MHZ = 1_000_000;

    private static final String BOARD = """
            board: limits
            registers: { cru: { at: 0x1000, size: 4 KiB, access: simulated, initial: { 0x0: 9 } } }
            clocks:
              xo: { fixed: 1 GHz }
              slow: { fixed: 10 MHz }
              pll: { parent: xo, divider: { register: cru+0x0, bits: 7..0, kind: linear } }
              card:
                parent: pll
                divider: { register: cru+0x4, bits: 3..0, kind: linear }
                gate: { register: cru+0x8, bit: 0 }
                rates: { min: 20 MHz, max: 100 MHz }
              bus: { parent: pll, gate: { register: cru+0x8, bit: 1 } }
              left-on: { parent: bus, gate: { register: cru+0x8, bit: 2 }, rates: { max: 100 MHz } }
              port: { parent: bus, gate: { register: cru+0x8, bit: 3 } }
              divided:
                parents: [slow, pll]
                mux: { register: cru+0x10, bit: 0 }
                divider: { register: cru+0x10, bits: 7..4, kind: linear }
                gate: { register: cru+0x8, bit: 5 }
                rates: { max: 100 MHz }
              mux:
                parents: [slow, bus]
                mux: { register: cru+0xc, bit: 0 }
                gate: { register: cru+0x8, bit: 4 }
                rates: { max: 200 MHz }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private WatchedWindow window;

    @SuppressWarnings("NullAway.Init")
    private ClockTree tree;

    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void aTree() throws Exception {
        Board board = TestBoards.read(folder, BOARD);
        window = WatchedWindow.of(board);
        tree = new ClockTree(board, window.windows(board));
        tree.setListener((clock, rate) -> heard.add(clock + "=" + rate));
    }

    private Outcome set(String clock, long hz) {
        return tree.setRate(tree.get(clock), hz, Rounding.DOWN);
    }

    private void assertGates(long bits) {
        assertEquals(bits, window.peek(0x8), "gates");
    }

    @Test
    void aClockIsSlowedDownToItsLimitBeforeItsGateIsOpened() {
        assertEquals(Outcome.OK, set("pll", 500 * MHZ));
        heard.clear();
        assertEquals(Outcome.OK, tree.acquire(tree.get("card")));
        assertEquals(100 * MHZ, tree.get("card").rate());
        assertEquals(List.of("card=100000000"), heard);
        List<String> stores = window.stores();
        assertEquals(
                List.of("0x4=0x4", "0x8=0x1"),
                stores.subList(stores.size() - 2, stores.size()),
                "the divider, then the gate");
    }

    @Test
    void aClockThatIsTooSlowIsMadeAsFastAsItsLimitAsks() {
        assertEquals(Outcome.OK, set("card", 20 * MHZ));
        assertEquals(Outcome.OK, set("pll", 50 * MHZ));
        assertEquals(10 * MHZ, tree.get("card").rate());
        assertEquals(Outcome.OK, tree.acquire(tree.get("card")));
        assertEquals(25 * MHZ, tree.get("card").rate());
    }

    @Test
    void aClockThatCannotBeKeptInItsLimitsStaysOff() {
        assertEquals(Outcome.OK, set("pll", 4 * MHZ));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.acquire(tree.get("card")));
        assertGates(0);
        assertEquals(0, tree.get("card").users());
    }

    @Test
    void whatRunsWithAClockIsWithinItsLimitsToo() {
        window.poke(0x8, 4); // left on by the boot loader, behind a bus that is off
        assertEquals(Outcome.OK, set("pll", 500 * MHZ));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.acquire(tree.get("bus")));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.acquire(tree.get("port")), "the bus would go on with it");
        assertGates(4);
        assertEquals(Outcome.OK, set("pll", 100 * MHZ));
        assertEquals(Outcome.OK, tree.acquire(tree.get("port")));
        assertGates(0b1110);
        assertEquals(Outcome.UNSUPPORTED_RATE, set("pll", 500 * MHZ), "it runs, though nobody has asked for it");
    }

    @Test
    void anotherParentTakesNoRunningClockOutOfItsLimits() {
        assertEquals(Outcome.OK, set("pll", 500 * MHZ));
        assertEquals(Outcome.OK, tree.acquire(tree.get("mux")));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.setParent(tree.get("mux"), 1));
        assertEquals(10 * MHZ, tree.get("mux").rate());
        tree.release(tree.get("mux"));
        assertEquals(Outcome.OK, tree.setParent(tree.get("mux"), 1), "while it is off nothing runs too fast");
        assertEquals(Outcome.OUT_OF_LIMITS, tree.acquire(tree.get("mux")));
        assertFalse(tree.get("mux").enabled());
    }

    @Test
    void anotherParentTakesAnotherDivisorIfLimitsNeedIt() {
        assertEquals(Outcome.OK, set("pll", 500 * MHZ));
        assertEquals(Outcome.OK, tree.acquire(tree.get("divided")));
        assertEquals(Outcome.OK, tree.setParent(tree.get("divided"), 1));
        assertEquals(100 * MHZ, tree.get("divided").rate());
        assertEquals(0x41, window.peek(0x10), "in one store");
        assertEquals(Outcome.OK, tree.setParent(tree.get("divided"), 0));
        assertEquals(2 * MHZ, tree.get("divided").rate(), "what fits is left as it is");
    }

    @Test
    void aNewParentThatHasToBeStartedIsWithinItsLimitsToo() {
        window.poke(0x8, 4);
        assertEquals(Outcome.OK, set("pll", 200 * MHZ));
        assertEquals(Outcome.OK, tree.acquire(tree.get("mux")));
        assertEquals(Outcome.OUT_OF_LIMITS, tree.setParent(tree.get("mux"), 1), "left-on would run at 200 MHz");
        assertTrue(tree.get("mux").enabled());
        assertEquals(10 * MHZ, tree.get("mux").rate());
    }
}
