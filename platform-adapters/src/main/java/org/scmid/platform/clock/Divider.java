// The dividers that a clock can have: what the bits of a register divide by.
package org.scmid.platform.clock;

import java.util.Arrays;
import java.util.Map;
import org.scmid.config.clock.DividerSpec;
import org.scmid.platform.register.Register;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/**
 * A divider in the bits of one register. It divides by {@code divisor / scale}: the scale is 1 but for a fractional
 * divider, so that every divisor is a whole number. Divisor 0 means that the clock stands still.
 *
 * <p>It says which bits set a divisor; {@link RatePlan} writes them, in the right order among others.
 */
abstract sealed class Divider {
    private final Register register;
    private final long mask;

    private Divider(Register register, long mask) {
        this.register = register;
        this.mask = mask;
    }

    /** The divider that a board file describes. */
    static Divider of(DividerSpec spec, Windows windows) {
        return switch (spec) {
            case DividerSpec.Linear linear -> new Linear(windows.field(linear.field()));
            case DividerSpec.OneBased oneBased -> new OneBased(windows.field(oneBased.field()), oneBased.zero());
            case DividerSpec.PowerOfTwo power -> new PowerOfTwo(windows.field(power.field()));
            case DividerSpec.Table table -> new Table(windows.field(table.field()), table.divisors());
            case DividerSpec.Fractional fractional ->
                new Fractional(
                        windows.field(fractional.integer()),
                        windows.field(fractional.fraction()),
                        fractional.fraction().width(),
                        fractional.least());
        };
    }

    final Register register() {
        return register;
    }

    /** The bits that hold the divisor, where they are in the register. */
    final long mask() {
        return mask;
    }

    /** The divisor that is set now; 0 if none. */
    final long divisor() {
        return divisorIn(register.read());
    }

    /** How many steps of the divisor make 1. */
    long scale() {
        return 1;
    }

    /** The divisor that a word of the register means; 0 if the clock stands still with it. */
    abstract long divisorIn(long word);

    /** The bits that set a divisor which {@link #atLeast} or {@link #atMost} gave. */
    abstract long bitsOf(long divisor);

    /** The smallest divisor that can be set and is not below the given one; 0 if there is none. */
    abstract long atLeast(long divisor);

    /** The largest divisor that can be set and is not above the given one; 0 if there is none. */
    abstract long atMost(long divisor);

    /** How many divisors can be set. */
    abstract double settings();

    private static long clampUp(long divisor, long least, long most) {
        return divisor > most ? 0 : Math.max(divisor, least);
    }

    private static long clampDown(long divisor, long least, long most) {
        return divisor < least ? 0 : Math.min(divisor, most);
    }

    /** Divides by n + 1. */
    private static final class Linear extends Divider {
        private final RegisterField field;

        Linear(RegisterField field) {
            super(field.register(), field.mask());
            this.field = field;
        }

        @Override
        long divisorIn(long word) {
            return field.valueIn(word) + 1;
        }

        @Override
        long bitsOf(long divisor) {
            return field.bits(divisor - 1);
        }

        @Override
        long atLeast(long divisor) {
            return clampUp(divisor, 1, field.max() + 1);
        }

        @Override
        double settings() {
            return field.max() + 1.0;
        }

        @Override
        long atMost(long divisor) {
            return clampDown(divisor, 1, field.max() + 1);
        }
    }

    /** Divides by n; what 0 does differs. */
    private static final class OneBased extends Divider {
        private final RegisterField field;
        private final DividerSpec.WhenZero zero;
        private final long most;

        OneBased(RegisterField field, DividerSpec.WhenZero zero) {
            super(field.register(), field.mask());
            this.field = field;
            this.zero = zero;
            most = zero == DividerSpec.WhenZero.MAX ? field.max() + 1 : field.max();
        }

        @Override
        long divisorIn(long word) {
            long raw = field.valueIn(word);
            if (raw != 0) {
                return raw;
            }
            return switch (zero) {
                case STOP -> 0;
                case BYPASS -> 1;
                case MAX -> most;
            };
        }

        /** A divisor of 2^width is the raw value 0: its one bit above the field is cut off. */
        @Override
        long bitsOf(long divisor) {
            return field.bits(divisor);
        }

        @Override
        long atLeast(long divisor) {
            return clampUp(divisor, 1, most);
        }

        @Override
        double settings() {
            return (double) most;
        }

        @Override
        long atMost(long divisor) {
            return clampDown(divisor, 1, most);
        }
    }

    /** Divides by 2^n. */
    private static final class PowerOfTwo extends Divider {
        private static final int LARGEST = 62;

        private final RegisterField field;
        private final int most;

        PowerOfTwo(RegisterField field) {
            super(field.register(), field.mask());
            this.field = field;
            most = (int) Math.min(field.max(), LARGEST);
        }

        /** 2^63 and more leave less than 1 Hz of every rate there is: that is no clock any more. */
        @Override
        long divisorIn(long word) {
            long raw = field.valueIn(word);
            return raw > LARGEST ? 0 : 1L << raw;
        }

        @Override
        long bitsOf(long divisor) {
            return field.bits(Long.numberOfTrailingZeros(divisor));
        }

        @Override
        long atLeast(long divisor) {
            int power = divisor <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(divisor - 1);
            return power > most ? 0 : 1L << power;
        }

        @Override
        double settings() {
            return most + 1.0;
        }

        @Override
        long atMost(long divisor) {
            return divisor < 1 ? 0 : 1L << Math.min(most, 63 - Long.numberOfLeadingZeros(divisor));
        }
    }

    /** Divides by what a table says. */
    private static final class Table extends Divider {
        private final RegisterField field;
        private final long[] divisorsByRaw; // both sorted, for the two ways of asking
        private final long[] raws;
        private final long[] divisors;
        private final long[] rawsByDivisor;

        Table(RegisterField field, Map<Long, Long> table) {
            super(field.register(), field.mask());
            this.field = field;
            raws = table.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
            divisorsByRaw =
                    Arrays.stream(raws).map(raw -> table.getOrDefault(raw, 0L)).toArray();
            divisors = Arrays.stream(divisorsByRaw).sorted().distinct().toArray();
            rawsByDivisor = new long[divisors.length];
            for (int i = raws.length - 1; i >= 0; i--) { // of several raw values the lowest is taken
                rawsByDivisor[Arrays.binarySearch(divisors, divisorsByRaw[i])] = raws[i];
            }
        }

        @Override
        long divisorIn(long word) {
            int at = Arrays.binarySearch(raws, field.valueIn(word));
            return at < 0 ? 0 : divisorsByRaw[at];
        }

        @Override
        long bitsOf(long divisor) {
            return field.bits(rawsByDivisor[Arrays.binarySearch(divisors, divisor)]);
        }

        @Override
        long atLeast(long divisor) {
            int at = Arrays.binarySearch(divisors, divisor);
            int place = at < 0 ? -at - 1 : at;
            return place == divisors.length ? 0 : divisors[place];
        }

        @Override
        double settings() {
            return divisors.length;
        }

        @Override
        long atMost(long divisor) {
            int at = Arrays.binarySearch(divisors, divisor);
            int place = at < 0 ? -at - 2 : at;
            return place < 0 ? 0 : divisors[place];
        }
    }

    /** Divides by integer + fraction / 2^(width of the fraction); never set below a least one, and an integer of 0 stops. */
    private static final class Fractional extends Divider {
        private final RegisterField integer;
        private final RegisterField fraction;
        private final int fractionBits;
        private final long least;
        private final long most;

        Fractional(RegisterField integer, RegisterField fraction, int fractionBits, long least) {
            super(integer.register(), integer.mask() | fraction.mask());
            if (integer.register() != fraction.register()) {
                throw new IllegalArgumentException(
                        "a fractional divider in two registers: " + integer.register() + " and " + fraction.register());
            }
            this.integer = integer;
            this.fraction = fraction;
            this.fractionBits = fractionBits;
            this.least = least << fractionBits;
            most = (integer.max() << fractionBits) | fraction.max();
        }

        @Override
        long scale() {
            return 1L << fractionBits;
        }

        @Override
        long divisorIn(long word) {
            long whole = integer.valueIn(word);
            return whole == 0 ? 0 : (whole << fractionBits) | fraction.valueIn(word);
        }

        @Override
        long bitsOf(long divisor) {
            return integer.bits(divisor >>> fractionBits) | fraction.bits(divisor);
        }

        @Override
        long atLeast(long divisor) {
            return clampUp(divisor, least, most);
        }

        @Override
        double settings() {
            return (double) most - least + 1;
        }

        @Override
        long atMost(long divisor) {
            return clampDown(divisor, least, most);
        }
    }
}
