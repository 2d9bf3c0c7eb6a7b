// The semantics of a board file, sentence by sentence, down to the bits of registers.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.clock.Describe;
import org.scmid.config.clock.DividerSpec;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;

class ClockTreeTest {
    private static final long MHZ = 1_000_000;

    /** A tree, its registers, and what its listener heard. */
    private static final class Bench {
        final WatchedWindow window;
        final ClockTree tree;
        final List<String> heard = new ArrayList<>();

        Bench(BoardBuilder builder) {
            Board board = builder.build();
            window = WatchedWindow.of(board);
            tree = new ClockTree(board, window.windows(board));
            tree.setListener((clock, rate) -> heard.add(clock + "=" + rate));
        }

        Clock clock(String name) {
            return tree.get(name);
        }

        Outcome set(String name, long hz, Rounding rounding) {
            return tree.setRate(clock(name), hz, rounding);
        }
    }

    private static Bench divided(long hz, DividerSpec divider) {
        return new Bench(new BoardBuilder()
                .fixed("osc", hz)
                .clock("c", "osc")
                .divider(divider)
                .add());
    }

    private static List<Long> list(RateDescription description) {
        assertFalse(description.isRange(), "a list");
        List<Long> rates = new ArrayList<>();
        for (int i = 0; i < description.count(); i++) {
            rates.add(description.rate(i));
        }
        return rates;
    }

    private static void assertRates(DividerSpec divider, long... byRawValue) {
        for (int raw = 0; raw < byRawValue.length; raw++) {
            Bench bench = divided(24 * MHZ, divider);
            bench.window.poke(0x10, 0xffff_ff0fL | ((long) raw << 4));
            assertEquals(byRawValue[raw], bench.clock("c").rate(), divider + " with raw value " + raw);
        }
    }

    // ---- What registers mean.

    @Test
    void aLinearDividerDividesByNPlusOne() {
        assertRates(
                new DividerSpec.Linear(BoardBuilder.bits(0x10, 6, 4)), 24_000_000, 12_000_000, 8_000_000, 6_000_000);
    }

    @Test
    void aOneBasedDividerDividesByNAndZeroStopsPassesOrIsTheLargest() {
        var field = BoardBuilder.bits(0x10, 6, 4);
        assertRates(new DividerSpec.OneBased(field, DividerSpec.WhenZero.STOP), 0, 24_000_000, 12_000_000);
        assertRates(new DividerSpec.OneBased(field, DividerSpec.WhenZero.BYPASS), 24_000_000, 24_000_000, 12_000_000);
        assertRates(new DividerSpec.OneBased(field, DividerSpec.WhenZero.MAX), 3_000_000, 24_000_000, 12_000_000);
    }

    @Test
    void aPowerOfTwoDividerDividesByTwoToTheN() {
        assertRates(
                new DividerSpec.PowerOfTwo(BoardBuilder.bits(0x10, 6, 4)),
                24_000_000,
                12_000_000,
                6_000_000,
                3_000_000);
    }

    @Test
    void aTableDividerDividesByItsEntryAndAnyOtherValueStops() {
        var table = new TreeMap<Long, Long>();
        table.put(0L, 3L);
        table.put(2L, 1L);
        assertRates(new DividerSpec.Table(BoardBuilder.bits(0x10, 6, 4), table), 8_000_000, 0, 24_000_000, 0);
    }

    @Test
    void aFractionalDividerDividesByIntegerPlusFraction() {
        Bench bench = divided(
                24 * MHZ, new DividerSpec.Fractional(BoardBuilder.bits(0x10, 15, 12), BoardBuilder.bits(0x10, 11, 0)));

        bench.window.poke(0x10, 0x1800); // 1.5
        assertEquals(16 * MHZ, bench.clock("c").rate());
        bench.window.poke(0x10, 0x0800);
        assertEquals(0, bench.clock("c").rate(), "an integer part of 0 stops");
        assertEquals(Outcome.OK, bench.set("c", 10 * MHZ, Rounding.NEAREST));
        assertEquals(0x2666, bench.window.peek(0x10)); // 9830 / 4096 is nearest to 2.4
        assertEquals(10_000_406, bench.clock("c").rate());
    }

    @Test
    void aFractionalDividerIsNotSetBelowItsLeast() {
        Bench bench = divided(
                24 * MHZ,
                new DividerSpec.Fractional(BoardBuilder.bits(0x10, 15, 12), BoardBuilder.bits(0x10, 11, 0), 2));

        bench.window.poke(0x10, 0x1800);
        assertEquals(16 * MHZ, bench.clock("c").rate(), "what a boot loader has set is reported");
        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("c", 13 * MHZ, Rounding.DOWN));
        assertEquals(Outcome.OK, bench.set("c", 12 * MHZ, Rounding.DOWN));
        assertEquals(0x2000, bench.window.peek(0x10));
    }

    @Test
    void aRateIsRoundedDownAndCanBeSetAsItIsReported() {
        Bench bench = divided(24 * MHZ, new DividerSpec.Linear(BoardBuilder.bits(0x10, 3, 0)));
        bench.window.poke(0x10, 6);
        assertEquals(3_428_571, bench.clock("c").rate());

        bench.window.poke(0x10, 0);
        for (Rounding rounding : Rounding.values()) {
            bench.set("c", 24 * MHZ, rounding);
            assertEquals(Outcome.OK, bench.set("c", 3_428_571, rounding));
            assertEquals(6, bench.window.peek(0x10));
        }
    }

    @Test
    void roundingHappensOnceAtTheEndOfTheChain() {
        Bench bench = new Bench(new BoardBuilder()
                .fixed("osc", 10)
                .clock("third", "osc")
                .factor(1, 3)
                .add()
                .clock("back", "third")
                .factor(3, 1)
                .add());

        assertEquals(3, bench.clock("third").rate());
        assertEquals(10, bench.clock("back").rate());
    }

    @Test
    void chainsWhoseExactRateNeedsMoreThan63BitsAreExact() {
        BoardBuilder board = new BoardBuilder().fixed("c0", 999_999_937);
        for (int i = 1; i <= 6; i++) {
            board.clock("c" + i, "c" + (i - 1))
                    .divider(new DividerSpec.Fractional(
                            BoardBuilder.bits(16L * i, 31, 24), BoardBuilder.bits(16L * i, 23, 0)))
                    .add()
                    .initial(16L * i, 0x0100_0001L + i);
        }
        Bench bench = new Bench(board);

        ReferenceTree reference = new ReferenceTree(board.build(), bench.window::peek, 0x100);
        for (int i = 0; i <= 6; i++) {
            assertEquals(reference.rate("c" + i).floor(), bench.clock("c" + i).rate());
        }
    }

    @Test
    void aMultiplexerSelectsByPositionOrByItsValuesAndAnyOtherValueSelectsNothing() {
        Bench bench = new Bench(new BoardBuilder()
                .fixed("a", 10 * MHZ)
                .fixed("b", 20 * MHZ)
                .clock("byPosition", "a", "b")
                .mux(BoardBuilder.bits(0x10, 9, 8))
                .add()
                .clock("byValue", "a", "b")
                .mux(BoardBuilder.bits(0x14, 9, 8), 3, 0)
                .add());
        bench.window.poke(0x10, 0x100);
        assertEquals(bench.clock("b"), bench.clock("byPosition").parent());
        assertEquals(20 * MHZ, bench.clock("byPosition").rate());
        assertEquals(bench.clock("b"), bench.clock("byValue").parent());

        bench.window.poke(0x10, 0x200);
        bench.window.poke(0x14, 0x100);
        assertNull(bench.clock("byPosition").parent());
        assertEquals(Clock.NONE, bench.clock("byValue").parentPosition());
        assertEquals(0, bench.clock("byPosition").rate());
        assertFalse(bench.clock("byValue").enabled());

        assertEquals(Outcome.OK, bench.tree.setParent(bench.clock("byValue"), 0));
        assertEquals(0x300, bench.window.peek(0x14));
        assertEquals(List.of("byValue=10000000"), bench.heard);
    }

    @Test
    void aFurtherRawValueSelectsAParentTooAndIsNotWritten() {
        Bench bench = new Bench(new BoardBuilder()
                .fixed("a", 10 * MHZ)
                .fixed("b", 20 * MHZ)
                .clock("c", "a", "b")
                .mux(BoardBuilder.bits(0x10, 9, 8), 0, 2)
                .also(Map.of(1L, 0, 3L, 1))
                .add());
        bench.window.poke(0x10, 0x100);
        assertEquals(0, bench.clock("c").parentPosition());
        assertEquals(10 * MHZ, bench.clock("c").rate());
        bench.window.poke(0x10, 0x300);
        assertEquals(20 * MHZ, bench.clock("c").rate());
        assertEquals(Outcome.OK, bench.tree.setParent(bench.clock("c"), 1));
        assertEquals(0x300, bench.window.peek(0x10), "it runs from there already");
        assertEquals(Outcome.OK, bench.tree.setParent(bench.clock("c"), 0));
        assertEquals(0x000, bench.window.peek(0x10));
    }

    @Test
    void aGatedClockReportsTheRateItWouldHave() {
        Bench bench = new Bench(new BoardBuilder()
                .fixed("osc", 24 * MHZ)
                .clock("high", "osc")
                .gate(BoardBuilder.bits(0x10, 3, 3))
                .add()
                .clock("low", "osc")
                .gateLow(BoardBuilder.bits(0x10, 4, 4))
                .add());

        assertFalse(bench.clock("high").enabled());
        assertTrue(bench.clock("low").enabled());
        assertEquals(24 * MHZ, bench.clock("high").rate());
        bench.window.poke(0x10, 0x18);
        assertTrue(bench.clock("high").enabled());
        assertFalse(bench.clock("low").enabled());
    }

    // ---- Setting rates.

    private static Bench linear() {
        return new Bench(new BoardBuilder()
                .fixed("osc", 24 * MHZ)
                .clock("c", "osc")
                .linear(BoardBuilder.bits(0x10, 6, 4))
                .gate(BoardBuilder.bits(0x10, 0, 0))
                .add()
                .initial(0x10, 0xf00f));
    }

    @Test
    void roundingDownUpAndToTheNearestChooseTheDivider() {
        Bench bench = linear(); // 24, 12, 8, 6, 4.8, 4, 3.43, 3 MHz

        assertEquals(Outcome.OK, bench.set("c", 9 * MHZ, Rounding.DOWN));
        assertEquals(0xf02f, bench.window.peek(0x10));
        assertEquals(Outcome.OK, bench.set("c", 9 * MHZ, Rounding.UP));
        assertEquals(0xf01f, bench.window.peek(0x10));
        assertEquals(Outcome.OK, bench.set("c", 9 * MHZ, Rounding.NEAREST));
        assertEquals(8 * MHZ, bench.clock("c").rate());
        assertEquals(Outcome.OK, bench.set("c", 10 * MHZ, Rounding.NEAREST));
        assertEquals(12 * MHZ, bench.clock("c").rate(), "of two at the same distance the higher");
        assertEquals(List.of("c=8000000", "c=12000000", "c=8000000", "c=12000000"), bench.heard);
    }

    @Test
    void aRequestAboveTheHighestRateIsRefusedAndBelowTheLowestOnlyWhenRoundingDown() {
        Bench bench = linear();
        for (Rounding rounding : Rounding.values()) {
            assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("c", 24 * MHZ + 1, rounding));
            assertEquals(Outcome.OUT_OF_LIMITS, bench.set("c", -1, rounding));
        }
        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("c", 3 * MHZ - 1, Rounding.DOWN));
        assertEquals(List.of(), bench.window.stores());

        assertEquals(Outcome.OK, bench.set("c", 1, Rounding.NEAREST));
        assertEquals(3 * MHZ, bench.clock("c").rate());
        bench.set("c", 24 * MHZ, Rounding.DOWN);
        assertEquals(Outcome.OK, bench.set("c", 0, Rounding.UP));
        assertEquals(3 * MHZ, bench.clock("c").rate());
    }

    @Test
    void theRateThatAClockHasIsGrantedWithoutAStore() {
        Bench bench = linear();

        assertEquals(Outcome.OK, bench.set("c", 24 * MHZ, Rounding.NEAREST));

        assertEquals(List.of(), bench.window.stores());
        assertEquals(List.of(), bench.heard);
    }

    @Test
    void limitsBoundWhatMayBeAskedForButNotWhatIsReported() {
        Bench bench = new Bench(new BoardBuilder()
                .fixed("osc", 24 * MHZ)
                .clock("c", "osc")
                .linear(BoardBuilder.bits(0x10, 6, 4))
                .limits(4 * MHZ, 11 * MHZ)
                .add());

        assertEquals(24 * MHZ, bench.clock("c").rate());
        assertEquals(Outcome.OUT_OF_LIMITS, bench.set("c", 24 * MHZ, Rounding.DOWN));
        assertEquals(Outcome.OUT_OF_LIMITS, bench.set("c", 12 * MHZ, Rounding.DOWN));
        assertEquals(Outcome.OUT_OF_LIMITS, bench.set("c", 4 * MHZ - 1, Rounding.DOWN));
        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("c", 10 * MHZ, Rounding.UP));
        assertEquals(Outcome.OK, bench.set("c", 1, Rounding.UP));
        assertEquals(4 * MHZ, bench.clock("c").rate());
        assertEquals(List.of(4 * MHZ, 4_800_000L, 6 * MHZ, 8 * MHZ), list(bench.tree.describe(bench.clock("c"))));
    }

    @Test
    void aRequestWithNoRateInsideTheLimitsIsRefused() {
        Bench bench = new Bench(new BoardBuilder()
                .fixed("osc", 24 * MHZ)
                .clock("c", "osc")
                .linear(BoardBuilder.bits(0x10, 6, 4))
                .limits(9 * MHZ, 11 * MHZ)
                .add());

        for (Rounding rounding : Rounding.values()) {
            assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("c", 10 * MHZ, rounding));
        }
        assertEquals(List.of(24 * MHZ), list(bench.tree.describe(bench.clock("c"))), "what it has");
    }

    private static BoardBuilder twoParents(boolean reparent, long muxOffset, long dividerOffset) {
        return new BoardBuilder()
                .fixed("osc", 24 * MHZ)
                .fixed("pll", 600 * MHZ)
                .clock("uart", "osc", "pll")
                .mux(BoardBuilder.bits(muxOffset, 9, 8))
                .linear(BoardBuilder.bits(dividerOffset, 6, 0))
                .reparent(reparent)
                .add();
    }

    @Test
    void theParentChangesOnlyWithReparent() {
        Bench stays = new Bench(twoParents(false, 0x10, 0x10));
        Bench changes = new Bench(twoParents(true, 0x10, 0x10));

        assertEquals(Outcome.UNSUPPORTED_RATE, stays.set("uart", 60 * MHZ, Rounding.DOWN));
        assertEquals(Outcome.OK, changes.set("uart", 60 * MHZ, Rounding.DOWN));
        assertEquals(0x109, changes.window.peek(0x10));
    }

    @Test
    void aParentThatMakesTheRateTooIsNotTakenInPlaceOfThePresentOne() {
        Bench bench = new Bench(twoParents(true, 0x10, 0x10));

        assertEquals(Outcome.OK, bench.set("uart", 12 * MHZ, Rounding.DOWN)); // pll / 50 is 12 MHz too

        assertEquals(0x001, bench.window.peek(0x10));
    }

    @Test
    void fieldsOfOneRegisterChangeInOneStore() {
        Bench bench = new Bench(twoParents(true, 0x10, 0x10));

        bench.set("uart", 60 * MHZ, Rounding.DOWN);

        assertEquals(List.of("0x10=0x109"), bench.window.stores());
    }

    @Test
    void beforeAFasterParentTheDividerIsSetAndAfterASlowerOne() {
        Bench bench = new Bench(twoParents(true, 0x10, 0x20));

        bench.set("uart", 60 * MHZ, Rounding.DOWN);
        assertEquals(List.of("0x20=0x9", "0x10=0x100"), bench.window.stores());

        bench.window.stores().clear();
        bench.set("uart", 24 * MHZ, Rounding.DOWN); // pll / 25 needs no other parent
        assertEquals(List.of("0x20=0x18"), bench.window.stores());

        bench.window.stores().clear();
        bench.tree.setParent(bench.clock("uart"), 0);
        bench.window.poke(0x10, 0x100);
        bench.window.poke(0x20, 0x7f); // 600 / 128
        bench.set("uart", 8 * MHZ, Rounding.DOWN);
        assertEquals(8 * MHZ, bench.clock("uart").rate());
    }

    private static BoardBuilder shared() {
        return new BoardBuilder()
                .fixed("osc", 96 * MHZ)
                .clock("bus", "osc")
                .linear(BoardBuilder.bits(0x00, 3, 0))
                .add()
                .clock("a", "bus")
                .linear(BoardBuilder.bits(0x10, 1, 0))
                .setParentRate()
                .add()
                .clock("b", "bus")
                .gate(BoardBuilder.bits(0x20, 0, 0))
                .limits(24 * MHZ, 48 * MHZ)
                .add()
                .initial(0x00, 1); // bus at 48 MHz
    }

    @Test
    void aParentsRateChangesOnlyWithSetParentRateAndOnlyIfThatIsBetter() {
        Bench bench = new Bench(shared());

        assertEquals(Outcome.OK, bench.set("a", 24 * MHZ, Rounding.DOWN));
        assertEquals(List.of("0x10=0x1"), bench.window.stores(), "its own divider suffices");
        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("b", 24 * MHZ, Rounding.DOWN), "b may not ask its parent");

        assertEquals(Outcome.OK, bench.set("a", 96 * MHZ, Rounding.DOWN));
        assertEquals(List.of("0x10=0x1", "0x10=0x0", "0x0=0x0"), bench.window.stores());
        assertEquals(List.of("a=24000000", "a=96000000", "bus=96000000", "b=96000000"), bench.heard);
    }

    @Test
    void anEnabledClockOnASharedParentKeepsItWithinItsLimits() {
        Bench bench = new Bench(shared());
        bench.tree.acquire(bench.clock("b"));

        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("a", 96 * MHZ, Rounding.DOWN));
        assertEquals(Outcome.OK, bench.set("a", 6 * MHZ, Rounding.DOWN), "32 or 24 MHz suit b too");
        assertEquals(24 * MHZ, bench.clock("bus").rate());
        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("bus", 96 * MHZ, Rounding.DOWN));

        bench.tree.release(bench.clock("b"));
        assertEquals(Outcome.OK, bench.set("a", 96 * MHZ, Rounding.DOWN));
    }

    @Test
    void whenAParentBecomesSlowerTheChildDividesLessOnlyAfterwards() {
        Bench bench = new Bench(new BoardBuilder()
                .fixed("osc", 90 * MHZ)
                .clock("bus", "osc")
                .linear(BoardBuilder.bits(0x00, 2, 0))
                .add()
                .clock("a", "bus")
                .divider(new DividerSpec.PowerOfTwo(BoardBuilder.bits(0x10, 1, 0)))
                .setParentRate()
                .add()
                .initial(0x10, 2)); // 90 / 1 / 4

        bench.set("a", 30 * MHZ, Rounding.DOWN); // 90 / 3 / 1

        assertEquals(List.of("0x0=0x2", "0x10=0x0"), bench.window.stores());
    }

    // ---- Parents.

    @Test
    void aParentThatIsNotInTheListIsRefused() {
        Bench bench = new Bench(twoParents(false, 0x10, 0x10));
        Clock uart = bench.clock("uart");

        assertEquals(Outcome.NOT_A_PARENT, bench.tree.setParent(uart, 2));
        assertEquals(Outcome.NOT_A_PARENT, bench.tree.setParent(uart, -1));
        assertEquals(Outcome.NOT_A_PARENT, bench.tree.setParent(uart, uart, Waiter.NOBODY));
        assertEquals(Outcome.NOT_A_PARENT, bench.tree.setParent(bench.clock("osc"), 0));
        assertEquals(Outcome.OK, bench.tree.setParent(uart, bench.clock("osc"), Waiter.NOBODY));
        assertEquals(List.of(), bench.window.stores());
        assertEquals(Outcome.OK, bench.tree.setParent(uart, bench.clock("pll"), Waiter.NOBODY));
        assertEquals(List.of("0x10=0x100"), bench.window.stores());
    }

    @Test
    void aParentThatTakesAnEnabledClockOutOfItsLimitsIsRefused() {
        Bench bench = new Bench(twoParents(false, 0x10, 0x10)
                .clock("port", "uart")
                .gate(BoardBuilder.bits(0x20, 0, 0))
                .limits(0, 100 * MHZ)
                .add());
        Clock uart = bench.clock("uart");
        bench.tree.acquire(bench.clock("port"));

        assertEquals(Outcome.OUT_OF_LIMITS, bench.tree.setParent(uart, 1));
        bench.tree.release(bench.clock("port"));
        assertEquals(Outcome.OK, bench.tree.setParent(uart, 1));
    }

    // ---- Descriptions.

    @Test
    void aFixedClockHasAListOfOne() {
        Bench bench = linear();

        assertEquals(List.of(24 * MHZ), list(bench.tree.describe(bench.clock("osc"))));
        assertEquals(Outcome.OK, bench.set("osc", 24 * MHZ, Rounding.DOWN));
        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("osc", 23 * MHZ, Rounding.DOWN));
        assertEquals(Outcome.OK, bench.set("osc", 23 * MHZ, Rounding.UP));
    }

    @Test
    void upToSixteenRatesAreAListAndMoreAreARange() {
        Bench sixteen = divided(24 * MHZ, new DividerSpec.Linear(BoardBuilder.bits(0x10, 3, 0)));
        Bench more = divided(24 * MHZ, new DividerSpec.Linear(BoardBuilder.bits(0x10, 4, 0)));

        assertEquals(16, list(sixteen.tree.describe(sixteen.clock("c"))).size());
        RateDescription range = more.tree.describe(more.clock("c"));
        assertTrue(range.isRange());
        assertEquals(3, range.count());
        assertEquals(750_000, range.rate(0));
        assertEquals(24 * MHZ, range.rate(1));
        assertEquals(1, range.rate(2));
    }

    @Test
    void aListOrARangeCanBeDemanded() {
        BoardBuilder board = new BoardBuilder()
                .fixed("osc", 24 * MHZ)
                .clock("list", "osc")
                .linear(BoardBuilder.bits(0x10, 7, 0))
                .describe(Describe.LIST)
                .add()
                .clock("range", "osc")
                .linear(BoardBuilder.bits(0x14, 0, 0))
                .describe(Describe.RANGE)
                .add();
        Bench bench = new Bench(board);

        List<Long> rates = list(bench.tree.describe(bench.clock("list")));
        assertEquals(256, rates.size());
        assertEquals(93_750, rates.getFirst());
        assertEquals(
                "12000000..24000000", bench.tree.describe(bench.clock("range")).toString());
    }

    @Test
    void aDescriptionFollowsTheParentsRate() {
        Bench bench = new Bench(shared());
        Clock b = bench.clock("b");

        assertEquals(List.of(48 * MHZ), list(bench.tree.describe(b)));
        bench.set("bus", 32 * MHZ, Rounding.DOWN);
        assertEquals(List.of(32 * MHZ), list(bench.tree.describe(b)));
        bench.window.poke(0x00, 3);
        assertEquals(List.of(24 * MHZ), list(bench.tree.describe(b)), "whoever changed the register");
        bench.window.poke(0x00, 0);
        assertEquals(List.of(96 * MHZ), list(bench.tree.describe(b)), "outside its limits, but it has no other");
    }

    @Test
    void aClockWithoutParentHasTheRateZeroAndNoOther() {
        Bench bench = new Bench(twoParents(false, 0x10, 0x10).initial(0x10, 0x300));

        assertEquals(List.of(0L), list(bench.tree.describe(bench.clock("uart"))));
        assertEquals(Outcome.OK, bench.set("uart", 0, Rounding.DOWN));
        assertEquals(Outcome.UNSUPPORTED_RATE, bench.set("uart", 1, Rounding.DOWN));
    }
}
