// What a board file may say about resets.
package org.scmid.config.reset;

import java.time.Duration;
import java.util.List;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sequence.SequenceShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Register;
import org.scmid.config.upstream.UpstreamShapes;

/** What a board file may say about resets. */
public final class ResetShapes {
    private ResetShapes() {}

    /** Keys of what hardware says about a reset that sequences drive. */
    static final class State {
        static final Key<BitRange> BIT =
                Key.required("bit", Values.BIT, "The number of the bit that says whether it is asserted, such as `3`.");
        static final Key<Boolean> ASSERTED = Key.withDefault(
                "asserted", FieldShapes.LEVEL, true, "high", "Which value of the bit says that it is asserted.");
        static final Shape SHAPE = new Shape(
                "reset state", "The bit that says whether the reset is asserted.", FieldShapes.REGISTER, BIT, ASSERTED);

        private State() {}
    }

    /** Keys of a reset. */
    public static final class Reset {
        static final Key<Register> REGISTER = FieldShapes.REGISTER_IF_ANY;
        static final Key<BitRange> BIT = Key.optional("bit", Values.BIT, "The bit that resets.");
        static final Key<Boolean> ASSERT =
                Key.withDefault("assert", FieldShapes.LEVEL, true, "high", "Which value of the bit asserts the reset.");
        static final Key<Duration> HOLD = Key.withDefault(
                "hold",
                Values.DURATION,
                Duration.ofNanos(10_000),
                "10 us",
                "How long a whole reset holds the reset asserted.");
        static final Key<Boolean> SELF_CLEARING = Key.withDefault(
                "self-clearing", Values.BOOLEAN, false, false, "Whether hardware releases the bit by itself.");
        static final Key<Duration> TIMEOUT = Key.withDefault(
                "timeout",
                Values.DURATION,
                Duration.ofMillis(10),
                "10 ms",
                "How long a self-clearing bit may take to be released.");
        static final Key<List<Located<Fields>>> ON_ASSERT =
                Key.optional("on-assert", SequenceShapes.SEQUENCE, "The steps that assert it.");
        static final Key<List<Located<Fields>>> ON_DEASSERT =
                Key.optional("on-deassert", SequenceShapes.SEQUENCE, "The steps that release it.");
        static final Key<List<Located<Fields>>> ON_RESET = Key.optional(
                "on-reset",
                SequenceShapes.SEQUENCE,
                "The steps of a whole reset; on-assert, hold and on-deassert if not given.");
        static final Key<Fields> STATE =
                Key.optional("state", State.SHAPE, "Where hardware says whether it is asserted.");
        static final Key<Duration> LATENCY =
                Key.optional("latency", Values.DURATION, "How long a reset takes, told to agents.");
        static final Key<Boolean> ASYNCHRONOUS = Key.withDefault(
                "asynchronous", Values.BOOLEAN, false, false, "Whether agents may reset it without waiting.");
        private static final Key<List<Located<Control>>> PERMISSIONS = UpstreamShapes.permissions(ResourceKind.RESET);

        public static final Shape SHAPE = new Shape(
                        "reset",
                        "One reset: a bit, or sequences.",
                        UpstreamShapes.FROM,
                        PERMISSIONS,
                        REGISTER,
                        BIT,
                        ASSERT,
                        HOLD,
                        SELF_CLEARING,
                        TIMEOUT,
                        ON_ASSERT,
                        ON_DEASSERT,
                        ON_RESET,
                        STATE,
                        LATENCY,
                        ASYNCHRONOUS)
                .rule(new Shape.Rule.AtLeastOne(List.of(REGISTER, ON_ASSERT, ON_RESET)))
                .rule(new Shape.Rule.Together(List.of(REGISTER, BIT)))
                .rule(new Shape.Rule.AtMostOne(List.of(REGISTER, ON_ASSERT)))
                .rule(new Shape.Rule.AtMostOne(List.of(REGISTER, ON_RESET)))
                .rule(new Shape.Rule.AtMostOne(List.of(REGISTER, STATE)))
                .rule(new Shape.Rule.Together(List.of(ON_ASSERT, ON_DEASSERT)))
                .rule(new Shape.Rule.AtMostOne(List.of(SELF_CLEARING, HOLD)))
                .rule(new Shape.Rule.Needs(PERMISSIONS, UpstreamShapes.FROM))
                .standIn(UpstreamShapes.FROM, PERMISSIONS);

        private Reset() {}
    }
}
