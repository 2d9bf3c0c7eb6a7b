// Turns the `pll` of a clock into its record, and checks what the shapes cannot.
package org.scmid.config.clock;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.PllShapes.Bounds;
import org.scmid.config.clock.PllShapes.Bypass;
import org.scmid.config.clock.PllShapes.Feedback;
import org.scmid.config.clock.PllShapes.Follower;
import org.scmid.config.clock.PllShapes.Fraction;
import org.scmid.config.clock.PllShapes.Pll;
import org.scmid.config.clock.ReadyShapes.Lock;
import org.scmid.config.clock.ReadyShapes.Lock.WhenOff;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Units;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.register.FieldValue;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** Reads phase-locked loops. */
final class PllReader {
    private static final int WIDEST_FRACTION = 24;
    private static final int WIDEST_FOLLOWER = 32;

    private final FieldReader fields;
    private final DividerReader dividers;
    private final GateReader gates;
    private final ReadyReader readies;
    private final Problems problems;

    PllReader(FieldReader fields, DividerReader dividers, GateReader gates, ReadyReader readies, Problems problems) {
        this.fields = fields;
        this.dividers = dividers;
        this.gates = gates;
        this.readies = readies;
        this.problems = problems;
    }

    @Nullable
    PllSpec read(@Nullable Fields pll) {
        if (pll == null) {
            return null;
        }
        Fields feedback = pll.get(Pll.FEEDBACK);
        DividerSpec multiplier = dividers.read(feedback);
        DividerSpec reference = dividers.read(pll.get(Pll.REFERENCE));
        List<PllSpec.Follower> followers = followers(pll);
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
                followers,
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

    private List<PllSpec.Follower> followers(Fields pll) {
        List<Located<Fields>> written = pll.get(Pll.WITH_FEEDBACK, List.of());
        if (written.size() > PllSpec.MOST_FOLLOWERS) {
            problems.add(
                    pll.place(Pll.WITH_FEEDBACK),
                    "`with-feedback` of " + pll.what() + " has " + written.size() + " fields; at most "
                            + PllSpec.MOST_FOLLOWERS + " are supported");
        }
        List<PllSpec.Follower> followers = new ArrayList<>();
        for (Located<Fields> one : written) {
            PllSpec.Follower follower = follower(one.value());
            if (follower != null) {
                followers.add(follower);
            }
        }
        return followers;
    }

    private PllSpec.@Nullable Follower follower(Fields follower) {
        FieldRef field = fields.written(follower, bitsKey(follower), WIDEST_FOLLOWER);
        SortedMap<Long, Long> values = new TreeMap<>();
        for (Named<Long, Long> value : follower.get(Follower.VALUES, List.of())) {
            Long raw = value.value();
            if (raw == null) {
                continue; // it was not a number
            }
            if (field != null && Long.compareUnsigned(raw, field.max()) > 0) {
                problems.add(
                        value.place(),
                        "`values` of " + follower.what() + ": " + Long.toUnsignedString(raw)
                                + " does not fit the field; the largest is " + field.max());
            }
            values.put(value.key(), raw);
        }
        if (values.isEmpty() && follower.mapping(Follower.VALUES).isEmpty()) {
            problems.add(
                    follower.place(Follower.VALUES),
                    "`values` of " + follower.what()
                            + " is empty; give the raw value by the feedback that it is for, like `{ 13: 6, 16: 10 }`");
        }
        return field == null || values.isEmpty() ? null : new PllSpec.Follower(field, values);
    }

    private PllSpec.@Nullable Lock lock(@Nullable Fields lock) {
        ReadySpec bit = readies.ready(lock);
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
            GateSpec gate = gates.read(bit.value());
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
            DividerSpec divider = dividers.read(one.value());
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
        FieldRef numerator = fields.written(fraction, bitsKey(fraction), WIDEST_FRACTION);
        Fields register = fraction.get(Fraction.MODULUS_REGISTER);
        FieldRef modulus = register == null ? null : fields.read(register, bitsKey(register), WIDEST_FRACTION);
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
        return part.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT;
    }

    private @Nullable FieldValue bypass(@Nullable Fields bypass) {
        if (bypass == null) {
            return null;
        }
        FieldRef field = fields.written(bypass, Bypass.BIT, 1);
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
