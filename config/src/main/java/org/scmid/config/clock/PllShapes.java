// What a board file may say about phase-locked loops.
package org.scmid.config.clock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockShapes.Divider;
import org.scmid.config.document.Node;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** What a board file may say about phase-locked loops. */
final class PllShapes {
    private static final long LARGEST_MODULUS = 1L << 24;

    private PllShapes() {}

    /** Keys of what the loop multiplies by: those of a divider, and bounds. */
    static final class Feedback {
        static final Key<Long> MIN = Key.optional(
                "min", Values.positive(0xffff_ffffL), "The least whole number that the loop may multiply by.");
        static final Key<Long> MAX = Key.optional(
                "max", Values.positive(0xffff_ffffL), "The largest whole number that the loop may multiply by.");
        static final Shape SHAPE = Divider.rules(new Shape(
                "feedback",
                "The field that the loop multiplies by; its kinds are those of a divider.",
                FieldShapes.REGISTER,
                FieldShapes.BITS,
                FieldShapes.BIT,
                Divider.KIND,
                Divider.ZERO,
                Divider.TABLE,
                Divider.INTEGER,
                Divider.FRACTION,
                MIN,
                MAX));

        private Feedback() {}
    }

    /** Keys of a field whose value belongs to the feedback. */
    static final class Follower {
        static final Key<List<Named<Long, Long>>> VALUES = Key.required(
                "values",
                Values.numberMap("feedback", 0xffff_ffffL, Values.NUMBER),
                "The field's raw value by the least feedback that it is for, such as `{ 13: 6, 16: 10 }`.");
        static final Shape SHAPE = new Shape(
                        "field that follows the feedback",
                        "A field whose value belongs to the feedback, such as a loop filter's.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        VALUES)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)));

        private Follower() {}
    }

    /** Keys of the register that holds the modulus of a fraction. */
    static final class ModulusRegister {
        static final Shape SHAPE = new Shape(
                        "modulus register",
                        "The field that holds the modulus; it is read, and not changed.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)));

        private ModulusRegister() {}
    }

    /** Keys of the fraction that is added to the feedback. */
    static final class Fraction {
        static final Key<Long> MODULUS = Key.optional(
                "modulus",
                Values.positive(LARGEST_MODULUS),
                "What the fraction counts in; 2^(number of its bits) if not given.");
        static final Key<Fields> MODULUS_REGISTER = Key.optional(
                "modulus-register", ModulusRegister.SHAPE, "The register that holds the modulus, where one does.");
        static final Shape SHAPE = new Shape(
                        "fraction",
                        "The field whose value / modulus is added to the feedback, in any register.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        MODULUS,
                        MODULUS_REGISTER)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)))
                .rule(new Shape.Rule.AtMostOne(List.of(MODULUS, MODULUS_REGISTER)));

        private Fraction() {}
    }

    /** Keys of a bit that lets the loop run. */
    static final class Enable {
        static final Shape SHAPE = new Shape(
                "PLL enable",
                "A bit that lets the loop run.",
                FieldShapes.REGISTER,
                ClockShapes.Gate.GATE_BIT,
                ClockShapes.Gate.ENABLE);

        private Enable() {}
    }

    /** Keys of the bit that bypasses the loop. */
    static final class Bypass {
        static final Key<BitRange> BIT =
                Key.required("bit", Values.BIT, "The number of the bit that bypasses the loop, such as `4`.");
        static final Key<Boolean> ON =
                Key.withDefault("on", FieldShapes.LEVEL, true, "high", "Which value of the bit bypasses the loop.");
        static final Shape SHAPE = new Shape(
                "bypass", "The bit that passes the parent's rate to the output.", FieldShapes.REGISTER, BIT, ON);

        private Bypass() {}
    }

    /** Keys of bounds of a rate. */
    static final class Bounds {
        static final Key<Long> MIN = Key.withDefault("min", Values.RATE, 0L, 0, "The lowest rate.");
        static final Key<Long> MAX = Key.optional("max", Values.RATE, "The highest rate.");
        static final Shape SHAPE = new Shape("rate range", "The bounds of what the hardware stands.", MIN, MAX);

        private Bounds() {}
    }

    /** Keys of a phase-locked loop. */
    static final class Pll {
        static final Key<Fields> REFERENCE = Key.optional(
                "reference", Divider.SHAPE, "The field that divides the parent's rate in front of the loop.");
        static final Key<Fields> FEEDBACK =
                Key.required("feedback", Feedback.SHAPE, "The field that the loop multiplies by.");
        static final Key<List<Located<Fields>>> WITH_FEEDBACK = Key.optional(
                "with-feedback",
                oneOrMore(Follower.SHAPE),
                "The field, or several, that are written with the feedback, by its value.");
        static final Key<Fields> FRACTION =
                Key.optional("fraction", PllShapes.Fraction.SHAPE, "What is added to the feedback.");
        static final Key<List<Located<Fields>>> POST =
                Key.optional("post", oneOrMore(Divider.SHAPE), "The field, or two, that divide behind the oscillator.");
        static final Key<Fields> INPUT =
                Key.optional("input", Bounds.SHAPE, "What the loop stands as its input, behind `reference`.");
        static final Key<Fields> VCO = Key.optional("vco", Bounds.SHAPE, "What the loop's oscillator can run at.");
        static final Key<List<Located<Fields>>> ENABLE = Key.optional(
                "enable",
                oneOrMore(Enable.SHAPE),
                "The bits that let the loop run (power-down, reset), in the order in which they are switched on.");
        static final Key<Fields> LOCK = Key.optional(
                "lock",
                ReadyShapes.Lock.SHAPE,
                "The bit by which the loop says that it is locked, which is waited for.");
        static final Key<Fields> BYPASS =
                Key.optional("bypass", PllShapes.Bypass.SHAPE, "The bit that passes the parent's rate to the output.");
        static final Key<PllSpec.WhileChanging> WHILE_CHANGING = Key.optional(
                "while-changing",
                Values.choice(Values.words(PllSpec.WhileChanging.class)),
                "What the output does while settings change: stop, bypass or run; stop if not given and there is"
                        + " `enable`, else run.");
        static final Shape SHAPE = new Shape(
                        "PLL",
                        "A phase-locked loop: parent / reference x feedback / post.",
                        REFERENCE,
                        FEEDBACK,
                        WITH_FEEDBACK,
                        FRACTION,
                        POST,
                        INPUT,
                        VCO,
                        ENABLE,
                        LOCK,
                        BYPASS,
                        WHILE_CHANGING)
                .rule(new Shape.Rule.NeededWith(ENABLE, WHILE_CHANGING, "stop"))
                .rule(new Shape.Rule.NeededWith(ENABLE, WHILE_CHANGING, "bypass"))
                .rule(new Shape.Rule.NeededWith(BYPASS, WHILE_CHANGING, "bypass"));

        private Pll() {}
    }

    /** One mapping, or a list of them. */
    private static Value<List<Located<Fields>>> oneOrMore(Shape shape) {
        Value<List<Located<Fields>>> list = Values.list(shape);
        return new Value<>() {
            @Override
            public @Nullable List<Located<Fields>> read(Node node, Context context) {
                if (node instanceof Node.Sequence) {
                    return list.read(node, context);
                }
                Fields one = shape.read(node, context);
                return one == null ? null : new ArrayList<>(List.of(new Located<>(one, node.place())));
            }

            @Override
            public Map<String, Object> schema(Definitions definitions) {
                return Map.of("anyOf", List.of(shape.schema(definitions), list.schema(definitions)));
            }
        };
    }
}
