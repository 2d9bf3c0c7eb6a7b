// Random trees with dividers as wide as hardware has them: nothing takes long in one go, and what is described can be
// set.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.clock.Describe;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.testing.HandLoop;

class WideTreeTest {
    private static final int BOARDS = Integer.getInteger("scmid.boards", 1000);
    private static final int RATES = 12;

    private static long seed(String property) {
        // The same boards each time, but in long runs, which look for others.
        long seed = Long.getLong(property, Boolean.getBoolean("scmid.long") ? System.nanoTime() : 1);
        System.out.println("WideTreeTest: -D" + property + "=" + seed);
        return seed;
    }

    @SafeVarargs
    private static <T> T anyOf(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    /** A tree on a loop that is turned by hand, and somebody who asks again whenever he may. */
    private static final class Rig {
        final HandLoop time = new HandLoop();
        final ClockTree tree;
        final WatchedWindow window;
        long longestTurn;

        Rig(Board board) {
            window = WatchedWindow.of(board);
            window.countOnly();
            tree = new ClockTree(board, window.windows(board), OpenedGates.inMemory(), time);
        }

        interface Question {
            Outcome ask(Waiter waiter);
        }

        /** Asks until there is an answer, one turn of the loop after the other. */
        Outcome ask(Question question) {
            List<Outcome> ends = new ArrayList<>();
            Waiter waiter = new Waiter() {
                @Override
                public void mayAskAgain() {
                    take(question.ask(this));
                }

                @Override
                public void ended(Outcome outcome) {
                    ends.add(outcome);
                }

                private void take(Outcome outcome) {
                    if (!outcome.isLater()) {
                        ends.add(outcome);
                    }
                }
            };
            long before = tree.work();
            Outcome outcome = question.ask(waiter);
            longestTurn = Math.max(longestTurn, tree.work() - before);
            if (!outcome.isLater()) {
                return outcome;
            }
            while (ends.isEmpty()) {
                long sofar = tree.work();
                time.turn();
                longestTurn = Math.max(longestTurn, tree.work() - sofar);
            }
            return ends.getFirst();
        }
    }

    private static Board randomBoard(Random random) {
        BoardBuilder board = new BoardBuilder().size(0x200);
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            names.add("root" + i);
            board.fixed("root" + i, 1 + random.nextLong(random.nextBoolean() ? 40_000_000L : 2_000_000_000L));
        }
        int count = 2 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            long at = 16L * i;
            List<String> parents = new ArrayList<>(List.of(names.getLast()));
            if (random.nextInt(3) == 0 && names.size() > 1) {
                parents.add(names.get(random.nextInt(names.size() - 1)));
            }
            BoardBuilder.Node node = board.clock("clock" + i, parents.toArray(String[]::new))
                    .reparent(random.nextBoolean())
                    .setParentRate(random.nextInt(4) != 0);
            if (parents.size() > 1) {
                node.mux(BoardBuilder.bits(at, 8, 8));
            }
            if (random.nextInt(5) == 0) {
                node.factor(1 + random.nextInt(9), 1 + random.nextInt(9));
            }
            int kind = random.nextInt(10);
            if (kind == 0) {
                node.pll(randomPll(random, at)).setParentRate(false);
            } else if (kind < 9) {
                node.divider(randomDivider(random, at + 4));
            }
            if (random.nextBoolean()) {
                node.gate(BoardBuilder.bits(at, 31, 31));
            }
            if (random.nextInt(4) == 0) {
                long min = random.nextInt(3) == 0 ? random.nextInt(5_000_000) : 0;
                node.limits(min, min + 1 + random.nextLong(300_000_000));
            }
            node.describe(anyOf(random, Describe.values()));
            node.add();
            names.add("clock" + i);
            board.initial(at, random.nextLong() & 0xffff_ffffL);
            board.initial(at + 4, random.nextLong() & 0xffff_ffffL);
            board.initial(at + 8, random.nextLong() & 0xffff_ffffL);
        }
        return board.build();
    }

    private static DividerSpec randomDivider(Random random, long at) {
        int width = 1 + random.nextInt(random.nextInt(3) == 0 ? 24 : 10);
        return switch (random.nextInt(6)) {
            case 0, 1 -> new DividerSpec.Linear(BoardBuilder.bits(at, width - 1, 0));
            case 2 ->
                new DividerSpec.OneBased(
                        BoardBuilder.bits(at, width - 1, 0), anyOf(random, DividerSpec.WhenZero.values()));
            case 3 -> new DividerSpec.PowerOfTwo(BoardBuilder.bits(at, random.nextInt(4), 0));
            case 4 -> {
                SortedMap<Long, Long> table = new TreeMap<>();
                for (long raw = 0; raw < 16; raw++) {
                    table.put(raw, 1L + random.nextInt(40));
                }
                yield new DividerSpec.Table(BoardBuilder.bits(at, 3, 0), table);
            }
            default -> {
                int fraction = 1 + random.nextInt(16);
                int whole = 1 + random.nextInt(12);
                yield new DividerSpec.Fractional(
                        BoardBuilder.bits(at, fraction + whole - 1, fraction),
                        BoardBuilder.bits(at, fraction - 1, 0),
                        1 + random.nextInt(2) % ((1L << whole) - 1));
            }
        };
    }

    private static PllSpec randomPll(Random random, long at) {
        List<DividerSpec> post = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            post.add(new DividerSpec.OneBased(BoardBuilder.bits(at + 8, 4 * i + 2, 4 * i), DividerSpec.WhenZero.STOP));
        }
        return new PllSpec(
                random.nextBoolean()
                        ? null
                        : new DividerSpec.OneBased(BoardBuilder.bits(at + 4, 5, 0), DividerSpec.WhenZero.STOP),
                new DividerSpec.OneBased(BoardBuilder.bits(at + 4, 19, 8), DividerSpec.WhenZero.STOP),
                1,
                Long.MAX_VALUE,
                List.of(),
                random.nextBoolean() ? null : new PllSpec.Fraction(BoardBuilder.bits(at + 12, 23, 0), 1L << 24, null),
                post,
                RateLimits.NONE,
                random.nextInt(3) == 0 ? RateLimits.NONE : new RateLimits(600_000_000, 3_200_000_000L),
                List.of(new GateSpec(BoardBuilder.bits(at, 30, 30), true)),
                null,
                null,
                PllSpec.WhileChanging.STOP,
                BoardBuilder.PLACE);
    }

    /** Loops without ranges may say more, but nobody asks for it. */
    private static final long FASTEST = 1L << 50;

    @Test
    void noTurnOfTheLoopTakesLongWhateverIsAsked() {
        long seed = seed("scmid.seed.turn");
        Random random = new Random(seed);
        long longest = 0;
        for (int i = 0; i < BOARDS; i++) {
            Rig rig = new Rig(randomBoard(random));
            for (int operation = 0; operation < 6; operation++) {
                Clock clock = rig.tree.clock(random.nextInt(rig.tree.size()));
                Rounding rounding = anyOf(random, Rounding.values());
                long before = rig.tree.work();
                long hz = switch (random.nextInt(4)) {
                    case 0 -> Long.MAX_VALUE;
                    case 1 -> random.nextLong(1_000);
                    default -> random.nextLong(1 + 2 * Math.clamp(clock.rate(), 1, FASTEST));
                };
                switch (random.nextInt(5)) {
                    case 0 -> rig.ask(waiter -> rig.tree.describe(clock, waiter));
                    case 1 -> rig.ask(waiter -> rig.tree.checkRate(clock, hz, rounding, waiter));
                    case 2 -> rig.ask(waiter -> rig.tree.setParent(clock, random.nextInt(2), waiter));
                    default -> rig.ask(waiter -> rig.tree.setRate(clock, hz, rounding, waiter));
                }
                assertTrue(
                        rig.tree.work() - before <= 6 * RateQuery.MOST_WORK,
                        "seed " + seed + " board " + i + " operation " + operation + " of " + clock + " has an end");
            }
            longest = Math.max(longest, rig.longestTurn);
            assertTrue(
                    rig.longestTurn <= RateQueries.SLICE,
                    "seed " + seed + " board " + i + ": a turn of " + rig.longestTurn + " units");
        }
        assertTrue(longest > RateQueries.SLICE / 2, "there was something to do");
    }

    @Test
    void whatIsDescribedCanBeSetAndReadsBack() {
        long seed = seed("scmid.seed.wide");
        Random random = new Random(seed);
        for (int i = 0; i < BOARDS / 4; i++) {
            Rig rig = new Rig(randomBoard(random));
            for (int state = 0; state < 3; state++) {
                Clock clock = rig.tree.clock(random.nextInt(rig.tree.size()));
                for (long hz : someDescribed(rig, clock, random)) {
                    // Parents may have moved meanwhile: what holds now is what is described now.
                    String what = "seed " + seed + " board " + i + ": " + clock + " at " + clock.rate() + " to " + hz
                            + " of " + rig.tree.described(clock);
                    if (isDescribed(rig, clock, hz)) {
                        Rounding rounding = anyOf(random, Rounding.values());
                        assertEquals(
                                Outcome.OK, rig.ask(waiter -> rig.tree.setRate(clock, hz, rounding, waiter)), what);
                        assertEquals(hz, clock.rate(), what);
                    }
                }
                Clock other = rig.tree.clock(random.nextInt(rig.tree.size()));
                long hz = random.nextLong(1 + 2 * Math.max(1, other.rate()));
                rig.ask(waiter -> rig.tree.setRate(other, hz, Rounding.NEAREST, waiter));
            }
        }
    }

    private static List<Long> someDescribed(Rig rig, Clock clock, Random random) {
        rig.ask(waiter -> rig.tree.describe(clock, waiter));
        RateDescription description = rig.tree.described(clock);
        assertTrue(description.count() > 0, "no clock describes nothing");
        List<Long> some = new ArrayList<>(List.of(description.highest(), description.lowest()));
        for (int n = 0; n < RATES && !description.isRange(); n++) {
            some.add(description.rate(random.nextInt(description.count())));
        }
        return some;
    }

    private static boolean isDescribed(Rig rig, Clock clock, long hz) {
        rig.ask(waiter -> rig.tree.describe(clock, waiter));
        RateDescription description = rig.tree.described(clock);
        if (description.isRange()) {
            return hz == description.lowest() || hz == description.highest();
        }
        for (int n = 0; n < description.count(); n++) {
            if (description.rate(n) == hz) {
                return true;
            }
        }
        return false;
    }
}
