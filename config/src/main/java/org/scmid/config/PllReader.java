// Turns the `pll` of a clock into its record, and checks what the shapes cannot.
package org.scmid.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.PllShapes.Bounds;
import org.scmid.config.PllShapes.Bypass;
import org.scmid.config.PllShapes.Feedback;
import org.scmid.config.PllShapes.Fraction;
import org.scmid.config.PllShapes.Pll;
import org.scmid.config.ReadyShapes.Lock;
import org.scmid.config.ReadyShapes.Lock.WhenOff;
import org.scmid.config.Values.BitRange;
import org.scmid.config.Values.Located;

/** Reads phase-locked loops. */
final class PllReader {
    private static final int WIDEST_FRACTION = 24;

    private final Parts parts;
    private final Problems problems;

    /** How the parts are read that other clocks have too; null if one is wrong and the problems say so. */
    interface Parts {
        @Nullable
        DividerSpec divider(@Nullable Fields divider);

        @Nullable
        GateSpec gate(@Nullable Fields gate);

        @Nullable
        ReadySpec ready(@Nullable Fields ready);

        /** A field that is written. */
        @Nullable
        FieldRef written(Fields part, Key<BitRange> bits, int widest);

        /** A field that is only read. */
        @Nullable
        FieldRef read(Fields part, Key<BitRange> bits, int widest);
    }

    PllReader(Parts parts, Problems problems) {
        this.parts = parts;
        this.problems = problems;
    }

    @Nullable
    PllSpec read(@Nullable Fields pll) {
        if (pll == null) {
            return null;
        }
        Fields feedback = pll.get(Pll.FEEDBACK);
        DividerSpec multiplier = parts.divider(feedback);
        DividerSpec reference = parts.divider(pll.get(Pll.REFERENCE));
        PllSpec.Fraction fraction = fraction(pll, multiplier);
        List<DividerSpec> post = post(pll);
        List<GateSpec> enable = enable(pll);
        PllSpec.Lock lock = lock(pll.get(Pll.LOCK));
        FieldValue bypass = bypass(pll.get(Pll.BYPASS));
        RateLimits input = bounds(pll.get(Pll.INPUT));
        RateLimits vco = bounds(pll.get(Pll.VCO));
        if (feedback == null || multiplier == null) {
            return null;
        }
        long least = feedback.get(Feedback.MIN, 1L);
        long most = feedback.get(Feedback.MAX, Long.MAX_VALUE);
        if (least > most) {
            problems.add(
                    feedback.place(Feedback.MIN), feedback.what() + ": `min` " + least + " is more than `max` " + most);
        }
        PllSpec.WhileChanging usual = enable.isEmpty() ? PllSpec.WhileChanging.RUN : PllSpec.WhileChanging.STOP;
        return new PllSpec(
                reference,
                multiplier,
                least,
                most,
                fraction,
                post,
                input,
                vco,
                enable,
                lock,
                bypass,
                pll.get(Pll.WHILE_CHANGING, usual),
                pll.owner());
    }

    private PllSpec.@Nullable Lock lock(@Nullable Fields lock) {
        ReadySpec bit = parts.ready(lock);
        return lock == null || bit == null
                ? null
                : new PllSpec.Lock(bit, lock.get(Lock.WHEN_OFF, WhenOff.GO_ON) == WhenOff.WAIT);
    }

    private List<GateSpec> enable(Fields pll) {
        List<Located<Fields>> written = pll.get(Pll.ENABLE, List.of());
        if (written.size() > PllSpec.MOST_ENABLE) {
            problems.add(
                    pll.place(Pll.ENABLE),
                    "`enable` of " + pll.what() + " has " + written.size() + " bits; at most " + PllSpec.MOST_ENABLE
                            + " are supported");
        }
        List<GateSpec> enable = new ArrayList<>();
        for (Located<Fields> bit : written) {
            GateSpec gate = parts.gate(bit.value());
            if (gate != null) {
                enable.add(gate);
            }
        }
        return enable;
    }

    private List<DividerSpec> post(Fields pll) {
        List<Located<Fields>> written = pll.get(Pll.POST, List.of());
        if (written.size() > PllSpec.MOST_POST) {
            problems.add(
                    pll.place(Pll.POST),
                    "`post` of " + pll.what() + " has " + written.size() + " dividers; at most " + PllSpec.MOST_POST
                            + " are supported, describe further ones as clocks behind this one");
        }
        List<DividerSpec> post = new ArrayList<>();
        for (Located<Fields> one : written) {
            DividerSpec divider = parts.divider(one.value());
            if (divider != null) {
                post.add(divider);
            }
        }
        return post;
    }

    private PllSpec.@Nullable Fraction fraction(Fields pll, @Nullable DividerSpec multiplier) {
        Fields fraction = pll.get(Pll.FRACTION);
        if (fraction == null) {
            return null;
        }
        if (multiplier instanceof DividerSpec.Fractional) {
            problems.add(
                    pll.keyPlace(Pll.FRACTION.name()),
                    pll.what() + " has `fraction`, and a `feedback` that has a fraction itself; remove one");
        }
        FieldRef numerator = parts.written(fraction, bitsKey(fraction), WIDEST_FRACTION);
        Fields register = fraction.get(Fraction.MODULUS_REGISTER);
        FieldRef modulus = register == null ? null : parts.read(register, bitsKey(register), WIDEST_FRACTION);
        if (numerator == null || (modulus == null && fraction.has(Fraction.MODULUS_REGISTER))) {
            return null;
        }
        long fixed = modulus != null ? 0 : fraction.get(Fraction.MODULUS, numerator.max() + 1);
        if (fixed == 1) {
            problems.add(
                    fraction.place(Fraction.MODULUS),
                    "`modulus` of " + fraction.what() + " is 1, which leaves no fraction; leave `fraction` out");
        }
        return new PllSpec.Fraction(numerator, fixed, modulus);
    }

    private static Key<BitRange> bitsKey(Fields part) {
        return part.has(BoardShapes.Field.BITS) ? BoardShapes.Field.BITS : BoardShapes.Field.BIT;
    }

    private @Nullable FieldValue bypass(@Nullable Fields bypass) {
        if (bypass == null) {
            return null;
        }
        FieldRef field = parts.written(bypass, Bypass.BIT, 1);
        return field == null ? null : new FieldValue(field, bypass.get(Bypass.ON, true) ? 1 : 0);
    }

    private RateLimits bounds(@Nullable Fields bounds) {
        if (bounds == null) {
            return RateLimits.NONE;
        }
        long min = bounds.get(Bounds.MIN, 0L);
        long max = bounds.get(Bounds.MAX, Long.MAX_VALUE);
        if (min > max) {
            problems.add(
                    bounds.place(Bounds.MIN),
                    bounds.what() + ": `min` " + Units.showRate(min) + " is more than `max` " + Units.showRate(max));
        }
        return new RateLimits(min, max);
    }
}
