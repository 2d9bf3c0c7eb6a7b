// Random trees, random operations: judged by trying everything, and looked at after every single store.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.Describe;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.register.FieldValue;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.clock.ReferenceTree.Fraction;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;

class RandomTreeTest {
    private static final int TREES = 500;
    private static final int OPERATIONS = 25;
    private static final long SIZE = 0x100;

    private static long seed(String property) {
        return Long.getLong(property, System.nanoTime());
    }

    @SafeVarargs
    private static <T> T anyOf(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    static Board randomBoard(Random random) {
        BoardBuilder board = new BoardBuilder().size(SIZE);
        List<String> names = new ArrayList<>();
        int roots = 1 + random.nextInt(2);
        for (int i = 0; i < roots; i++) {
            names.add("root" + i);
            board.fixed("root" + i, 1000 + random.nextInt(100_000_000));
        }
        int count = 3 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            long control = 16L * i;
            long settings = random.nextBoolean() ? control : control + 4;
            List<String> parents = new ArrayList<>();
            int wanted = 1 + random.nextInt(3);
            while (parents.size() < wanted && parents.size() < names.size()) {
                String parent = names.get(Math.max(0, names.size() - 1 - random.nextInt(4)));
                if (!parents.contains(parent)) {
                    parents.add(parent);
                } else {
                    wanted--;
                }
            }
            String name = "clock" + i;
            BoardBuilder.Node node = board.clock(name, parents.toArray(String[]::new))
                    .reparent(random.nextInt(3) == 0)
                    .setParentRate(random.nextInt(3) == 0);
            if (parents.size() > 1) {
                if (random.nextBoolean()) {
                    node.mux(BoardBuilder.bits(control, 9, 8));
                } else {
                    long[] values = {2, 0, 3};
                    node.mux(BoardBuilder.bits(control, 9, 8), java.util.Arrays.copyOf(values, parents.size()));
                }
            }
            if (random.nextInt(4) == 0) {
                node.factor(1 + random.nextInt(4), 1 + random.nextInt(4));
            }
            if (random.nextInt(3) == 0) {
                node.pll(randomPll(random, control)).setParentRate(false);
            } else if (random.nextInt(5) != 0) {
                node.divider(randomDivider(random, settings));
            }
            if (random.nextBoolean()) {
                node.gate(BoardBuilder.bits(control, 31, 31));
            } else if (random.nextBoolean()) {
                node.gateLow(BoardBuilder.bits(control, 31, 31));
            }
            if (random.nextInt(3) == 0) {
                long min = random.nextBoolean() ? 0 : random.nextInt(5_000_000);
                node.limits(min, min + 1 + random.nextInt(60_000_000));
            }
            node.describe(anyOf(random, Describe.values())).add();
            names.add(name);
            board.initial(control, random.nextLong() & 0xffff_ffffL);
            board.initial(control + 4, random.nextLong() & 0xffff_ffffL);
        }
        return board.build();
    }

    private static PllSpec randomPll(Random random, long control) {
        long near = control + 4;
        long far = control + 8;
        DividerSpec reference = random.nextBoolean()
                ? null
                : random.nextBoolean()
                        ? new DividerSpec.Linear(BoardBuilder.bits(anyOf(random, near, far), 1, 0))
                        : new DividerSpec.OneBased(
                                BoardBuilder.bits(near, 1, 0), anyOf(random, DividerSpec.WhenZero.values()));
        DividerSpec feedback = anyOf(
                random,
                new DividerSpec.Linear(BoardBuilder.bits(near, 6, 4)),
                new DividerSpec.OneBased(BoardBuilder.bits(near, 6, 4), anyOf(random, DividerSpec.WhenZero.values())),
                new DividerSpec.PowerOfTwo(BoardBuilder.bits(near, 5, 4)),
                new DividerSpec.Table(BoardBuilder.bits(near, 5, 4), new TreeMap<>(Map.of(0L, 7L, 1L, 3L, 3L, 12L))),
                new DividerSpec.Fractional(BoardBuilder.bits(near, 6, 5), BoardBuilder.bits(near, 8, 7)));
        PllSpec.Fraction fraction = feedback instanceof DividerSpec.Fractional || random.nextBoolean()
                ? null
                : anyOf(
                        random,
                        new PllSpec.Fraction(BoardBuilder.bits(anyOf(random, near, far), 10, 9), 4, null),
                        new PllSpec.Fraction(BoardBuilder.bits(far, 10, 9), 3, null),
                        new PllSpec.Fraction(BoardBuilder.bits(far, 10, 9), 0, BoardBuilder.bits(control + 12, 2, 0)));
        List<DividerSpec> post = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            post.add(
                    random.nextBoolean()
                            ? new DividerSpec.Linear(BoardBuilder.bits(anyOf(random, near, far), 12 + i, 12 + i))
                            : new DividerSpec.Table(
                                    BoardBuilder.bits(far, 12 + i, 12 + i), new TreeMap<>(Map.of(0L, 2L, 1L, 7L))));
        }
        List<GateSpec> enable = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            enable.add(new GateSpec(BoardBuilder.bits(control, 24 + i, 24 + i), random.nextBoolean()));
        }
        FieldValue bypass =
                random.nextBoolean() ? null : new FieldValue(BoardBuilder.bits(control, 28, 28), random.nextInt(2));
        PllSpec.WhileChanging change = anyOf(random, PllSpec.WhileChanging.values());
        if (enable.isEmpty() || (change == PllSpec.WhileChanging.BYPASS && bypass == null)) {
            change = enable.isEmpty() ? PllSpec.WhileChanging.RUN : PllSpec.WhileChanging.STOP;
        }
        long least = 1L + random.nextInt(3);
        return new PllSpec(
                reference,
                feedback,
                least,
                random.nextBoolean() ? Long.MAX_VALUE : least + random.nextInt(6),
                List.of(),
                fraction,
                post,
                randomRange(random, 30_000_000),
                randomRange(random, 200_000_000),
                enable,
                null,
                bypass,
                change,
                BoardBuilder.PLACE);
    }

    private static RateLimits randomRange(Random random, int usual) {
        long min = random.nextBoolean() ? 0 : random.nextInt(usual / 2);
        return random.nextBoolean() ? RateLimits.NONE : new RateLimits(min, min + usual / 4 + random.nextInt(usual));
    }

    private static DividerSpec randomDivider(Random random, long offset) {
        return switch (random.nextInt(5)) {
            case 0 -> new DividerSpec.Linear(BoardBuilder.bits(offset, 2, 0));
            case 1 ->
                new DividerSpec.OneBased(BoardBuilder.bits(offset, 2, 0), anyOf(random, DividerSpec.WhenZero.values()));
            case 2 -> new DividerSpec.PowerOfTwo(BoardBuilder.bits(offset, 1, 0));
            case 3 -> {
                SortedMap<Long, Long> table = new TreeMap<>();
                for (long raw = 0; raw < 8; raw++) {
                    if (random.nextInt(3) != 0 || raw == 7) {
                        table.put(raw, 1L + random.nextInt(9));
                    }
                }
                yield new DividerSpec.Table(BoardBuilder.bits(offset, 2, 0), table);
            }
            default -> new DividerSpec.Fractional(BoardBuilder.bits(offset, 5, 4), BoardBuilder.bits(offset, 1, 0));
        };
    }

    /** One tree with a second opinion. */
    private static final class Trial {
        final Board board;
        final WatchedWindow window;
        final ClockTree tree;
        final List<Map<String, Fraction>> afterStores = new ArrayList<>();
        final Map<String, Long> heard = new HashMap<>();

        Trial(Random random) {
            board = randomBoard(random);
            window = WatchedWindow.of(board);
            tree = new ClockTree(board, window.windows(board));
            assertEquals(0, window.reads() + window.writes(), "building a tree touches no register");
            window.afterStore(() -> afterStores.add(reference().outputs()));
            tree.setListener((clock, rate) ->
                    assertTrue(heard.put(clock.name(), rate) == null, () -> clock + " was reported twice"));
        }

        ReferenceTree reference() {
            return new ReferenceTree(board, window::peek, SIZE);
        }

        /** No clock ran faster than before and after, and exactly those whose rate changed were reported. */
        void checkChange(Map<String, Fraction> before, String what) {
            Map<String, Fraction> after = reference().rates();
            for (String name : board.clocks().keySet()) {
                Fraction old = get(before, name);
                Fraction now = get(after, name);
                Fraction most = old.compareTo(now) > 0 ? old : now;
                for (Map<String, Fraction> between : afterStores) {
                    assertTrue(get(between, name).compareTo(most) <= 0, () -> what + " lets " + name + " run too fast");
                }
                Long reported = heard.get(name);
                if (old.floor() == now.floor()) {
                    assertTrue(reported == null, () -> what + " reports " + name + " without a change");
                } else {
                    assertEquals(now.floor(), reported, () -> what + " changes " + name);
                }
            }
            afterStores.clear();
            heard.clear();
        }

        private static Fraction get(Map<String, Fraction> rates, String name) {
            return java.util.Objects.requireNonNull(rates.get(name));
        }
    }

    @Test
    void ratesParentsAndEnablesAreThoseOfTheRegisters() {
        long seed = seed("scmid.seed.read");
        Random random = new Random(seed);
        for (int i = 0; i < TREES; i++) {
            Trial trial = new Trial(random);
            for (int poke = 0; poke < 10; poke++) {
                trial.window.poke(4L * random.nextInt((int) SIZE / 4), random.nextLong());
                ReferenceTree reference = trial.reference();
                for (Clock clock : trial.tree.clocks()) {
                    String where = "seed " + seed + " tree " + i + " " + clock;
                    assertEquals(reference.rate(clock.name()).floor(), clock.rate(), where);
                    assertEquals(reference.enabled(clock.name()), clock.enabled(), where);
                    Clock parent = clock.parent();
                    assertEquals(reference.parent(clock.name()), parent == null ? null : parent.name(), where);
                }
            }
        }
    }

    @Test
    void theRateThatIsSetIsTheOneThatTryingEverythingFinds() {
        long seed = seed("scmid.seed.set");
        Random random = new Random(seed);
        int changes = 0;
        for (int i = 0; i < TREES; i++) {
            Trial trial = new Trial(random);
            for (int operation = 0; operation < OPERATIONS; operation++) {
                Clock clock = trial.tree.clock(random.nextInt(trial.tree.size()));
                ReferenceTree reference = trial.reference();
                Map<String, Fraction> before = reference.rates();
                NavigableSet<Long> possible = reference.reachable(clock.name(), 8);
                long hz = request(random, possible);
                Rounding rounding = anyOf(random, Rounding.values());
                String what = "seed " + seed + " tree " + i + " operation " + operation + ": " + clock + " at "
                        + clock.rate() + " asked for " + hz + " " + rounding + " of " + possible + ", "
                        + clock.limits();
                long was = clock.rate();
                Long expected = expected(clock, hz, rounding, possible);
                boolean alone =
                        expected != null && reference.reachable(clock.name(), 0).contains(expected);
                long wordsBefore = trial.window.writes();

                Outcome outcome = trial.tree.setRate(clock, hz, rounding);

                assertEquals(expected == null, outcome != Outcome.OK, what);
                assertEquals(expected == null ? was : expected, clock.rate(), what);
                long stores = trial.window.writes() - wordsBefore;
                if (expected == null || expected == was) {
                    assertEquals(0, stores, what);
                } else {
                    changes++;
                    Map<String, Fraction> after = trial.reference().rates();
                    for (ClockSpec spec : trial.board.clocks().values()) {
                        if (alone && !runsFrom(trial.tree.get(spec.name()), clock)) {
                            assertEquals(
                                    0,
                                    Trial.get(before, spec.name()).compareTo(Trial.get(after, spec.name())),
                                    what + " changes " + spec.name());
                        }
                    }
                }
                trial.checkChange(before, what);
            }
        }
        assertTrue(changes > TREES, "seed " + seed + ": only " + changes + " changes");
    }

    private static boolean runsFrom(Clock clock, Clock ancestor) {
        for (Clock above = clock; above != null; above = above.parent()) {
            if (above == ancestor) {
                return true;
            }
        }
        return false;
    }

    private static long request(Random random, NavigableSet<Long> possible) {
        if (possible.isEmpty() || random.nextInt(10) == 0) {
            return random.nextInt(200_000_000);
        }
        long first = new ArrayList<>(possible).get(random.nextInt(possible.size()));
        long second = new ArrayList<>(possible).get(random.nextInt(possible.size()));
        return switch (random.nextInt(4)) {
            case 0 -> first;
            case 1 -> (first + second) / 2;
            case 2 -> first + random.nextInt(3) - 1;
            default -> first + (long) (random.nextGaussian() * first);
        };
    }

    private static @Nullable Long expected(Clock clock, long hz, Rounding rounding, NavigableSet<Long> possible) {
        long min = clock.limits().min();
        long max = clock.limits().max();
        if (hz == clock.rate() && ((hz >= min && hz <= max) || possible.isEmpty())) {
            return hz;
        }
        Long above = possible.ceiling(hz);
        Long below = possible.floor(hz);
        if (hz < 0 || above == null) {
            return null;
        }
        return switch (rounding) {
            case DOWN -> below;
            case UP -> above;
            case NEAREST -> below == null || above - hz <= hz - below ? above : below;
        };
    }

    @Test
    void theDescribedRatesAreThoseThatCanBeSet() {
        long seed = seed("scmid.seed.describe");
        Random random = new Random(seed);
        for (int i = 0; i < TREES; i++) {
            Trial trial = new Trial(random);
            for (int operation = 0; operation < 8; operation++) {
                Clock clock = trial.tree.clock(random.nextInt(trial.tree.size()));
                String what = "seed " + seed + " tree " + i + " operation " + operation + " " + clock;
                List<Long> possible = new ArrayList<>(trial.reference().reachable(clock.name(), 8));
                RateDescription description = trial.tree.describe(clock);
                if (possible.isEmpty()) {
                    long now = clock.rate();
                    assertEquals(1, description.count(), what);
                    assertEquals(now, description.rate(0), what);
                    assertEquals(Outcome.OK, trial.tree.setRate(clock, now, Rounding.DOWN), what);
                    assertEquals(now, clock.rate(), what);
                    continue;
                }
                assertEquals(
                        clock.describe() == Describe.RANGE
                                || (clock.describe() == Describe.AUTO && possible.size() > 16),
                        description.isRange(),
                        what);
                assertEquals(possible.getFirst(), description.lowest(), what);
                assertEquals(possible.getLast(), description.highest(), what);
                if (!description.isRange()) {
                    List<Long> listed = new ArrayList<>();
                    for (int r = 0; r < description.count(); r++) {
                        listed.add(description.rate(r));
                    }
                    assertEquals(possible, listed, what);
                }
                long wanted = possible.get(random.nextInt(possible.size()));
                assertEquals(Outcome.OK, trial.tree.setRate(clock, wanted, Rounding.DOWN), what);
                assertEquals(wanted, clock.rate(), what);
                trial.heard.clear();
                trial.window.poke(4L * random.nextInt((int) SIZE / 4), random.nextLong());
            }
        }
    }

    @Test
    void aChangedParentIsReportedWithAllThatRunFromIt() {
        long seed = seed("scmid.seed.parent");
        Random random = new Random(seed);
        for (int i = 0; i < TREES; i++) {
            Trial trial = new Trial(random);
            for (int operation = 0; operation < OPERATIONS; operation++) {
                Clock clock = trial.tree.clock(random.nextInt(trial.tree.size()));
                Map<String, Fraction> before = trial.reference().rates();
                int position = random.nextInt(4) - 1;
                String what = "seed " + seed + " tree " + i + ": " + clock + " to parent " + position;

                Outcome outcome = trial.tree.setParent(clock, position);

                boolean exists = position >= 0 && position < clock.parents().size();
                assertEquals(!exists, outcome == Outcome.NOT_A_PARENT, what);
                if (outcome == Outcome.OK) {
                    assertEquals(position, clock.parentPosition(), what);
                }
                trial.checkChange(before, what);
            }
        }
    }
}
