// What a phase-locked loop multiplies by: a whole number, and perhaps a fraction.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.PllSpec;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/**
 * What a phase-locked loop multiplies by. Its values are whole numbers of steps, {@link #scale} of which make 1. Where a
 * register holds the fraction's modulus, the scale is what that register holds: it is read once, by {@link #scale}, and
 * given to the other methods.
 */
final class Feedback {
    private final Divider whole;
    private final long least;
    private final long most;
    private final @Nullable RegisterField numerator;
    private final long fixedModulus;
    private final @Nullable RegisterField modulus;

    Feedback(PllSpec spec, Windows windows) {
        whole = Divider.of(spec.feedback(), windows);
        least = Math.max(spec.least(), 1);
        most = Math.min(spec.most(), 0xffff_ffffL);
        PllSpec.Fraction fraction = spec.fraction();
        numerator = fraction == null ? null : windows.field(fraction.numerator());
        fixedModulus = fraction == null ? 1 : fraction.fixedModulus();
        modulus = fraction == null || fraction.modulus() == null ? null : windows.field(fraction.modulus());
    }

    /** How many steps make 1 now, at least 1. */
    long scale() {
        long present = modulus == null ? fixedModulus : modulus.read();
        return whole.scale() * Math.max(present, 1);
    }

    /** The value that is set now; 0 if the loop stands still. */
    long value(long scale) {
        long set = whole.divisor();
        if (numerator == null || set == 0) {
            return set;
        }
        // Without a modulus there is no fraction.
        return scale == 1 ? set : set * scale + numerator.read();
    }

    /** The smallest value that can be set and is not below the given one; 0 if there is none. */
    long atLeast(long value, long scale) {
        if (numerator == null) {
            long found = whole.atLeast(Math.max(value, least * scale));
            return found / scale > most ? 0 : found;
        }
        long asked = Math.max(value, 1);
        long wanted = Math.max(asked / scale, least);
        long fraction = Math.max(asked - wanted * scale, 0);
        if (fraction > largestNumerator(scale)) {
            wanted++;
            fraction = 0;
        }
        long found = whole.atLeast(wanted);
        return found == 0 || found > most ? 0 : found * scale + (found == wanted ? fraction : 0);
    }

    /** The largest value that can be set and is not above the given one; 0 if there is none. */
    long atMost(long value, long scale) {
        if (numerator == null) {
            long end = most > Long.MAX_VALUE / scale - 1 ? Long.MAX_VALUE : (most + 1) * scale - 1;
            long found = whole.atMost(Math.min(value, end));
            return found / scale < least ? 0 : found;
        }
        long wanted = Math.min(value / scale, most);
        long found = wanted < least ? 0 : whole.atMost(wanted);
        if (found < least) {
            return 0;
        }
        return found * scale + Math.min(value - found * scale, largestNumerator(scale));
    }

    /** A bound of what it multiplies by, whatever registers hold. */
    double largest() {
        double largest = (double) whole.atMost(Long.MAX_VALUE) / whole.scale();
        RegisterField fraction = numerator;
        return fraction == null ? largest : largest + (double) fraction.max() / Math.max(1.0, (double) fixedModulus);
    }

    /** About how many values can be set. */
    double settings() {
        double fractions =
                numerator == null ? 1 : modulus == null ? Math.max(1, fixedModulus) : (double) numerator.max() + 1;
        return Math.min(whole.settings(), (double) most - least + 1) * fractions;
    }

    private long largestNumerator(long scale) {
        return numerator == null ? 0 : Math.min(numerator.max(), scale - 1);
    }

    /** Plans the stores that set a value which {@link #atLeast} or {@link #atMost} gave. */
    void plan(PllChange change, long value, long scale) {
        RegisterField fraction = numerator;
        if (fraction == null) {
            planWhole(change, value);
            return;
        }
        planWhole(change, value / scale);
        long rest = value % scale;
        if (scale > 1) {
            change.factor(fraction.register(), fraction.mask(), fraction.bits(rest), rest < fraction.read());
        }
    }

    private void planWhole(PllChange change, long value) {
        long now = whole.divisor();
        if (now != value) {
            change.factor(whole.register(), whole.mask(), whole.bitsOf(value), value < now);
        }
    }
}
