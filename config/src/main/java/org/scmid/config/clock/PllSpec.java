// The phase-locked loop of a clock, as a board file describes it.
package org.scmid.config.clock;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldValue;

/**
 * A phase-locked loop: parent's rate / reference x feedback is the rate of the oscillator (VCO), and that / post
 * dividers the output. A bypassed one passes the parent's rate.
 *
 * @param reference what divides the parent's rate in front of the loop; null for nothing
 * @param feedback what the loop multiplies by, read as a divider is: {@code Linear} multiplies by n + 1
 * @param least the least whole feedback that is allowed, at least 1
 * @param most the largest whole feedback that is allowed, fraction not counted
 * @param followers fields whose value belongs to the feedback; at most {@value #MOST_FOLLOWERS}
 * @param fraction what is added to the feedback; null for nothing, or if the feedback is {@code Fractional} itself
 * @param post what divides behind the oscillator: at most {@value #MOST_POST}
 * @param input what the loop stands as its input, behind the reference divider
 * @param vco what the oscillator can run at
 * @param enable the bits that all must be on for the loop to run, in the order in which they are switched on; at most
 *     {@value #MOST_ENABLE}
 * @param lock how the loop says that it is locked; null if nobody can tell
 * @param bypass the value of the bit that passes the parent's rate; null if it cannot be bypassed
 * @param whileChanging what the output does while settings are changed
 * @param place where it is described
 */
public record PllSpec(
        @Nullable DividerSpec reference,
        DividerSpec feedback,
        long least,
        long most,
        List<Follower> followers,
        @Nullable Fraction fraction,
        List<DividerSpec> post,
        RateLimits input,
        RateLimits vco,
        List<GateSpec> enable,
        @Nullable Lock lock,
        @Nullable FieldValue bypass,
        WhileChanging whileChanging,
        Place place) {

    /** How many post dividers there may be, one behind the other. */
    public static final int MOST_POST = 2;

    /** How many enable bits there may be. */
    public static final int MOST_ENABLE = 4;

    /** How many fields may follow the feedback. */
    public static final int MOST_FOLLOWERS = 4;

    /** Copies the lists. */
    public PllSpec {
        followers = List.copyOf(followers);
        post = List.copyOf(post);
        enable = List.copyOf(enable);
    }

    /**
     * A field whose value belongs to the feedback, such as that of a loop filter. It is written when the feedback is.
     *
     * @param field where it is
     * @param values the raw values, each by the least whole feedback that it is for; at least one. Below the first the
     *     first counts
     */
    public record Follower(FieldRef field, SortedMap<Long, Long> values) {
        /** Copies the values. */
        public Follower {
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        }
    }

    /**
     * The fraction of the feedback: numerator / modulus, less than 1.
     *
     * @param numerator holds the numerator; at most 24 bits
     * @param fixedModulus the modulus, 2 to 2^24; 0 if a register holds it
     * @param modulus holds the modulus, at most 24 bits, which is not changed; there the fraction is nothing if it is 0.
     *     Null for a fixed one
     */
    public record Fraction(
            FieldRef numerator, long fixedModulus, @Nullable FieldRef modulus) {}

    /**
     * How the loop says that it is locked.
     *
     * @param bit what says it
     * @param waitsWhenOff whether it has to say that it is not, after the loop was switched off, before settings change
     */
    public record Lock(ReadySpec bit, boolean waitsWhenOff) {}

    /** What the output does while settings are changed. */
    public enum WhileChanging {
        /** The loop is switched off, and on again behind the change. */
        STOP,
        /** It is bypassed, unless that would be too fast; and switched off beneath the bypass, if it can be. */
        BYPASS,
        /** It runs on: hardware that stands it. */
        RUN
    }
}
