// A second, slow and simple idea of what registers mean, to judge the clock tree by.
package org.scmid.platform.clock;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.Factor;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.register.FieldRef;

/** Computes by BigInteger and finds by trying everything. Written from the board file's semantics, not from the tree. */
final class ReferenceTree {
    /** An exact rate. */
    record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {
        static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

        Fraction times(long multiply, long divide) {
            return new Fraction(
                    numerator.multiply(BigInteger.valueOf(multiply)), denominator.multiply(BigInteger.valueOf(divide)));
        }

        long floor() {
            return numerator.divide(denominator).longValueExact();
        }

        @Override
        public int compareTo(Fraction other) {
            return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
        }
    }

    private final Board board;
    private final Map<Long, Long> words = new HashMap<>();

    /** Looks at registers as they are now. */
    ReferenceTree(Board board, LongUnaryOperator read, long size) {
        this.board = board;
        for (long offset = 0; offset < size; offset += 4) {
            words.put(offset, read.applyAsLong(offset));
        }
    }

    private long field(FieldRef ref) {
        return (words.getOrDefault(ref.offset(), 0L) & ref.mask()) >>> ref.low();
    }

    private void setField(FieldRef ref, long value) {
        words.put(ref.offset(), (words.getOrDefault(ref.offset(), 0L) & ~ref.mask()) | (value << ref.low()));
    }

    private ClockSpec spec(String name) {
        return Objects.requireNonNull(board.clocks().get(name));
    }

    @Nullable
    String parent(String name) {
        ClockSpec spec = spec(name);
        if (spec.mux() == null) {
            return spec.parents().isEmpty() ? null : spec.parents().getFirst();
        }
        int position = spec.mux().values().indexOf(field(spec.mux().field()));
        return position < 0 ? null : spec.parents().get(position);
    }

    boolean enabled(String name) {
        ClockSpec spec = spec(name);
        boolean open = spec.gate() == null
                || (field(spec.gate().field()) == 1) == spec.gate().enableHigh();
        String parent = parent(name);
        if (spec.pll() != null && !hasOutput(spec.pll())) {
            return false;
        }
        return open && (spec.fixed() != null || (parent != null && enabled(parent)));
    }

    private boolean isOn(PllSpec pll) {
        return pll.enable().stream().allMatch(bit -> (field(bit.field()) == 1) == bit.enableHigh());
    }

    private boolean isBypassed(PllSpec pll) {
        return pll.bypass() != null
                && field(pll.bypass().field()) == pll.bypass().value();
    }

    private boolean hasOutput(PllSpec pll) {
        return isOn(pll) || isBypassed(pll);
    }

    /** The rate behind the reference divider and that of the oscillator; 0 where something stands. */
    private Fraction[] loop(String name) {
        PllSpec pll = Objects.requireNonNull(spec(name).pll());
        Fraction one = new Fraction(BigInteger.ONE, BigInteger.ONE);
        String parent = parent(name);
        Fraction source = parent == null ? Fraction.ZERO : rate(parent);
        Factor factorBefore = spec(name).factor();
        if (factorBefore != null) {
            source = source.times(factorBefore.multiply(), factorBefore.divide());
        }
        Fraction input = pll.reference() == null ? source : divide(source, pll.reference());
        // What a divider would divide by is what the loop multiplies by.
        Fraction divided = divide(one, pll.feedback());
        if (divided.numerator().signum() == 0) {
            return new Fraction[] {input, Fraction.ZERO};
        }
        Fraction factor = new Fraction(/* numerator= */ divided.denominator(), /* denominator= */ divided.numerator());
        if (pll.fraction() != null && modulus(pll.fraction()) > 1) {
            BigInteger modulus = BigInteger.valueOf(modulus(pll.fraction()));
            BigInteger fraction =
                    BigInteger.valueOf(field(pll.fraction().numerator())).multiply(factor.denominator());
            factor = new Fraction(
                    factor.numerator().multiply(modulus).add(fraction),
                    factor.denominator().multiply(modulus));
        }
        return new Fraction[] {
            input,
            new Fraction(
                    input.numerator().multiply(factor.numerator()),
                    input.denominator().multiply(factor.denominator()))
        };
    }

    private long modulus(PllSpec.Fraction fraction) {
        return fraction.modulus() == null ? fraction.fixedModulus() : field(fraction.modulus());
    }

    private static boolean isIn(Fraction rate, RateLimits range) {
        return rate.floor() >= range.min() && rate.floor() <= range.max();
    }

    /** Whether the setting is one that may be chosen. */
    private boolean isProper(String name) {
        PllSpec pll = Objects.requireNonNull(spec(name).pll());
        Fraction[] loop = loop(name);
        if (loop[1].numerator().signum() == 0 || !isIn(loop[0], pll.input()) || !isIn(loop[1], pll.vco())) {
            return false;
        }
        Fraction whole = divide(new Fraction(BigInteger.ONE, BigInteger.ONE), pll.feedback());
        long feedback = whole.denominator().divide(whole.numerator()).longValueExact();
        return feedback >= pll.least()
                && feedback <= pll.most()
                && (pll.fraction() == null || field(pll.fraction().numerator()) < Math.max(1, modulus(pll.fraction())));
    }

    /** The rate that a clock has now if its gates are open: nothing behind a loop that is off. */
    private Fraction output(String name) {
        for (String clock = name; clock != null; clock = parent(clock)) {
            PllSpec pll = spec(clock).pll();
            if (pll != null && !hasOutput(pll)) {
                return Fraction.ZERO;
            }
        }
        return rate(name);
    }

    /** What every clock gives now if its gates are open. */
    Map<String, Fraction> outputs() {
        Map<String, Fraction> rates = new HashMap<>();
        board.clocks().keySet().forEach(name -> rates.put(name, output(name)));
        return rates;
    }

    Fraction rate(String name) {
        ClockSpec spec = spec(name);
        if (spec.fixed() != null) {
            return new Fraction(BigInteger.valueOf(spec.fixed().hz()), BigInteger.ONE);
        }
        String parent = parent(name);
        if (parent == null) {
            return Fraction.ZERO;
        }
        Fraction rate = rate(parent);
        if (spec.factor() != null) {
            rate = rate.times(spec.factor().multiply(), spec.factor().divide());
        }
        if (spec.pll() != null) {
            if (isBypassed(spec.pll())) {
                return rate;
            }
            rate = loop(name)[1];
            for (DividerSpec post : spec.pll().post()) {
                rate = divide(rate, post);
            }
            return rate;
        }
        return spec.divider() == null ? rate : divide(rate, spec.divider());
    }

    private Fraction divide(Fraction rate, DividerSpec divider) {
        return switch (divider) {
            case DividerSpec.Linear linear -> rate.times(1, field(linear.field()) + 1);
            case DividerSpec.PowerOfTwo power -> rate.times(1, 1L << field(power.field()));
            case DividerSpec.OneBased oneBased -> {
                long raw = field(oneBased.field());
                yield raw != 0
                        ? rate.times(1, raw)
                        : switch (oneBased.zero()) {
                            case STOP -> Fraction.ZERO;
                            case BYPASS -> rate;
                            case MAX -> rate.times(1, 1L << oneBased.field().width());
                        };
            }
            case DividerSpec.Table table -> {
                Long divisor = table.divisors().get(field(table.field()));
                yield divisor == null ? Fraction.ZERO : rate.times(1, divisor);
            }
            case DividerSpec.Fractional fractional -> {
                long one = 1L << fractional.fraction().width();
                long divisor = field(fractional.integer()) * one + field(fractional.fraction());
                yield field(fractional.integer()) == 0 ? Fraction.ZERO : rate.times(one, divisor);
            }
        };
    }

    /** Every clock's exact rate. */
    Map<String, Fraction> rates() {
        Map<String, Fraction> rates = new HashMap<>();
        board.clocks().keySet().forEach(name -> rates.put(name, rate(name)));
        return rates;
    }

    /** All whole rates that RATE_SET may reach for a clock, by trying every setting that the file allows to change. */
    NavigableSet<Long> reachable(String name, int ancestors) {
        Map<String, Fraction> before = rates();
        Map<String, Fraction[]> loops = new HashMap<>();
        board.clocks().forEach((clock, spec) -> {
            if (spec.pll() != null && enabled(clock) && isOn(spec.pll()) && !isBypassed(spec.pll())) {
                loops.put(clock, loop(clock));
            }
        });
        Set<String> running = new HashSet<>();
        for (String clock : board.clocks().keySet()) {
            if (enabled(clock)) {
                running.add(clock);
            }
        }
        TreeSet<Long> rates = new TreeSet<>();
        List<String> changing = new ArrayList<>();
        vary(name, ancestors, changing, Set.of(), settled -> {
            for (String clock : board.clocks().keySet()) {
                if (!keeps(clock, name, before, settled, running)) {
                    return;
                }
                Fraction[] loop = loops.get(clock);
                if (loop != null && !settled.contains(clock) && !keepsLoop(clock, loop)) {
                    return;
                }
            }
            long rate = rate(name).floor();
            if (rate > 0) {
                rates.add(rate);
            }
        });
        return rates;
    }

    private boolean keepsLoop(String name, Fraction[] before) {
        PllSpec pll = Objects.requireNonNull(spec(name).pll());
        Fraction[] now = loop(name);
        // What stands still has no rate to keep in a range.
        return now[1].numerator().signum() == 0
                || (isKept(now[0], before[0], pll.input()) && isKept(now[1], before[1], pll.vco()));
    }

    private static boolean isKept(Fraction now, Fraction before, RateLimits range) {
        return now.floor() >= Math.min(range.min(), before.floor())
                && now.floor() <= Math.max(range.max(), before.floor());
    }

    private boolean keeps(
            String clock, String asked, Map<String, Fraction> before, List<String> changing, Set<String> running) {
        Fraction old = Objects.requireNonNull(before.get(clock));
        Fraction now = rate(clock);
        long min = spec(clock).rates().min();
        long max = spec(clock).rates().max();
        if (clock.equals(asked)) {
            return now.floor() >= min && now.floor() <= max;
        }
        if (now.compareTo(old) == 0) {
            return true;
        }
        if (changing.contains(clock)) {
            return now.floor() >= min && now.floor() <= max;
        }
        return !running.contains(clock)
                || (now.floor() >= Math.min(min, old.floor()) && now.floor() <= Math.max(max, old.floor()));
    }

    private void vary(
            String name, int ancestors, List<String> changing, Set<String> pinned, Consumer<List<String>> action) {
        ClockSpec spec = spec(name);
        changing.add(name);
        String present = parent(name);
        if (spec.fixed() != null) {
            action.accept(changing);
        }
        for (int position = 0; position < spec.parents().size(); position++) {
            String parent = spec.parents().get(position);
            boolean stays = parent.equals(present);
            boolean bypassed = spec.pll() != null && isBypassed(spec.pll());
            if (!stays && (bypassed || !(spec.reparent() && spec.mux() != null))) {
                continue;
            }
            Set<String> held = pinned;
            if (!stays) {
                held = new HashSet<>(pinned);
                for (String above = present; above != null; above = parent(above)) {
                    held.add(above);
                }
            }
            Set<String> nowPinned = held;
            Map<Long, Long> saved = new HashMap<>(words);
            if (spec.mux() != null) {
                setField(spec.mux().field(), spec.mux().values().get(position));
            }
            if (spec.pll() != null) {
                varyLoop(name, spec.pll(), () -> action.accept(changing));
                words.putAll(saved);
                continue;
            }
            varyDivider(spec.divider(), () -> {
                action.accept(changing);
                if (ancestors > 0 && spec.setParentRate() && !nowPinned.contains(parent)) {
                    vary(parent, ancestors - 1, changing, nowPinned, action);
                }
            });
            words.putAll(saved);
        }
        changing.removeLast();
    }

    private void varyLoop(String name, PllSpec pll, Runnable action) {
        List<FieldRef> fields = new ArrayList<>(fields(pll.reference()));
        fields.addAll(fields(pll.feedback()));
        pll.post().forEach(post -> fields.addAll(fields(post)));
        if (pll.fraction() != null) {
            fields.add(pll.fraction().numerator());
        }
        if (pll.bypass() != null) {
            setField(pll.bypass().field(), 1 - pll.bypass().value());
        }
        varyFields(fields, () -> {
            if (isProper(name)) {
                action.run();
            }
        });
    }

    private void varyDivider(@Nullable DividerSpec divider, Runnable action) {
        Map<Long, Long> saved = new HashMap<>(words);
        varyFields(fields(divider), action);
        words.putAll(saved);
    }

    private static List<FieldRef> fields(@Nullable DividerSpec divider) {
        return switch (divider) {
            case null -> List.of();
            case DividerSpec.Linear linear -> List.of(linear.field());
            case DividerSpec.OneBased oneBased -> List.of(oneBased.field());
            case DividerSpec.PowerOfTwo power -> List.of(power.field());
            case DividerSpec.Table table -> List.of(table.field());
            case DividerSpec.Fractional fractional -> List.of(fractional.integer(), fractional.fraction());
        };
    }

    private void varyFields(List<FieldRef> fields, Runnable action) {
        if (fields.isEmpty()) {
            action.run();
            return;
        }
        FieldRef first = Collections.min(fields, (a, b) -> Integer.compare(a.low(), b.low()));
        List<FieldRef> rest =
                fields.stream().filter(field -> !field.equals(first)).toList();
        for (long raw = 0; raw <= first.max(); raw++) {
            setField(first, raw);
            varyFields(rest, action);
        }
    }
}
