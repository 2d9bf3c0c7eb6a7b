// What a board's clocks are by the words in its registers, reckoned from the board file by the test itself.
package org.scmid.system;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.MuxSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.register.FieldRef;

/**
 * Reads a board file as a person would: it shares nothing with the service but the file's own records. Registers have 32
 * bits, and are given as words by their physical addresses.
 */
final class BoardOracle {

    /**
     * What a clock is.
     *
     * @param parent the clock that it runs from; empty for none
     * @param hz its rate, or the one it would have if it ran, in whole Hz, rounded down
     * @param runs whether it runs
     */
    record State(String parent, long hz, boolean runs) {}

    /** A rate, or what a rate is multiplied by; not shortened. */
    private record Fraction(BigInteger numerator, BigInteger denominator) {
        static final Fraction ZERO = of(0);
        static final Fraction ONE = of(1);

        static Fraction of(long whole) {
            return of(whole, 1);
        }

        static Fraction of(long numerator, long denominator) {
            return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
        }

        Fraction times(Fraction other) {
            return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
        }

        /** What divides by 0 stands still. */
        Fraction dividedBy(Fraction other) {
            return other.numerator.signum() == 0
                    ? ZERO
                    : new Fraction(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
        }

        Fraction plus(Fraction other) {
            return new Fraction(
                    numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                    denominator.multiply(other.denominator));
        }

        long floor() {
            return numerator.divide(denominator).longValueExact();
        }
    }

    private final Board board;
    private final Map<Long, Integer> words;

    /**
     * @param board what the board file says
     * @param words every register of the board, by its physical address
     */
    BoardOracle(Board board, Map<Long, Integer> words) {
        this.board = board;
        this.words = words;
    }

    State state(String clock) {
        return new State(parent(clock), rate(clock).floor(), runs(clock));
    }

    /** The clock that another one runs from; empty for none. */
    String parent(String clock) {
        ClockSpec spec = spec(clock);
        MuxSpec mux = spec.mux();
        if (mux == null) {
            return spec.parents().isEmpty() ? "" : spec.parents().getFirst();
        }
        long raw = value(mux.field());
        Integer position = mux.values().contains(raw)
                ? Integer.valueOf(mux.values().indexOf(raw))
                : mux.also().get(raw);
        return position == null ? "" : spec.parents().get(position);
    }

    /** A clock and all that it runs from, up to the root, or to where nothing is selected. */
    List<String> chain(String clock) {
        var chain = new ArrayList<String>();
        for (String above = clock; !above.isEmpty(); above = parent(above)) {
            chain.add(above);
        }
        return chain;
    }

    private boolean runs(String clock) {
        return spec(chain(clock).getLast()).fixed() != null && isOpenUpwards(clock);
    }

    /** Whether nothing holds a clock up, neither there nor in what it runs from. */
    boolean isOpenUpwards(String clock) {
        return chain(clock).stream().allMatch(this::isOpen);
    }

    /** Whether nothing of its own holds a clock up. */
    private boolean isOpen(String clock) {
        GateSpec gate = spec(clock).gate();
        PllSpec pll = spec(clock).pll();
        return (gate == null || isOn(gate))
                && (pll == null || isBypassed(pll) || pll.enable().stream().allMatch(this::isOn));
    }

    /** Whether a clock is switched off by itself; true for one that has no switch. */
    boolean isOff(String clock) {
        ClockSpec spec = spec(clock);
        if (spec.gate() != null) {
            return !isOn(spec.gate());
        }
        List<GateSpec> loop = spec.pll() == null ? List.of() : spec.pll().enable();
        return loop.isEmpty() || !loop.stream().allMatch(this::isOn);
    }

    private boolean isOn(GateSpec gate) {
        return value(gate.field()) == (gate.enableHigh() ? 1 : 0);
    }

    private boolean isBypassed(PllSpec pll) {
        return pll.bypass() != null
                && value(pll.bypass().field()) == pll.bypass().value();
    }

    private Fraction rate(String clock) {
        ClockSpec spec = spec(clock);
        if (spec.fixed() != null) {
            return Fraction.of(spec.fixed().hz());
        }
        String parent = parent(clock);
        Fraction rate = parent.isEmpty() ? Fraction.ZERO : rate(parent);
        if (spec.factor() != null) {
            rate = rate.times(
                    Fraction.of(spec.factor().multiply(), spec.factor().divide()));
        }
        rate = rate.dividedBy(divisor(spec.divider()));
        PllSpec pll = spec.pll();
        return pll == null || isBypassed(pll) ? rate : locked(pll, rate);
    }

    private Fraction locked(PllSpec pll, Fraction input) {
        Fraction feedback = divisor(pll.feedback());
        boolean stands = feedback.numerator().signum() == 0;
        Fraction rate = input.dividedBy(divisor(pll.reference())).times(stands ? feedback : feedback.plus(added(pll)));
        for (DividerSpec post : pll.post()) {
            rate = rate.dividedBy(divisor(post));
        }
        return rate;
    }

    /** What a loop multiplies by, without its fraction. */
    long wholeFeedback(PllSpec pll) {
        Fraction feedback = divisor(pll.feedback());
        return feedback.numerator().divide(feedback.denominator()).longValueExact();
    }

    /** What the fraction adds to the whole feedback. */
    private Fraction added(PllSpec pll) {
        PllSpec.Fraction fraction = pll.fraction();
        if (fraction == null) {
            return Fraction.ZERO;
        }
        FieldRef register = fraction.modulus();
        long modulus = register == null ? fraction.fixedModulus() : value(register);
        return modulus <= 1 ? Fraction.ZERO : Fraction.of(value(fraction.numerator()), modulus);
    }

    /** What is divided by; 0 for what stands still. */
    private Fraction divisor(@Nullable DividerSpec divider) {
        return switch (divider) {
            case null -> Fraction.ONE;
            case DividerSpec.Linear linear -> Fraction.of(value(linear.field()) + 1);
            case DividerSpec.OneBased oneBased -> Fraction.of(oneBased(oneBased));
            case DividerSpec.PowerOfTwo power -> Fraction.of(1L << value(power.field()));
            case DividerSpec.Table table -> Fraction.of(table.divisors().getOrDefault(value(table.field()), 0L));
            case DividerSpec.Fractional fractional -> {
                long whole = value(fractional.integer());
                yield whole == 0
                        ? Fraction.ZERO
                        : Fraction.of(whole)
                                .plus(Fraction.of(
                                        value(fractional.fraction()),
                                        1L << fractional.fraction().width()));
            }
        };
    }

    private long oneBased(DividerSpec.OneBased divider) {
        long raw = value(divider.field());
        if (raw != 0) {
            return raw;
        }
        return switch (divider.zero()) {
            case STOP -> 0;
            case BYPASS -> 1;
            case MAX -> 1L << divider.field().width();
        };
    }

    /** The raw value in a field. */
    long value(FieldRef field) {
        long word = Integer.toUnsignedLong(Objects.requireNonNull(words.get(address(board, field)), field::toString));
        return word << (Long.SIZE - 1 - field.high()) >>> (Long.SIZE - 1 - field.high() + field.low());
    }

    /** The physical address of a field's register. */
    static long address(Board board, FieldRef field) {
        return Objects.requireNonNull(board.registers().get(field.window())).at() + field.offset();
    }

    private ClockSpec spec(String clock) {
        return Objects.requireNonNull(board.clocks().get(clock), clock);
    }
}
