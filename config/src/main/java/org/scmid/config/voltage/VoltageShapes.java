// What a board file may say about voltage domains.
package org.scmid.config.voltage;

import java.time.Duration;
import java.util.List;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.upstream.UpstreamShapes;

/** What a board file may say about voltage domains. */
public final class VoltageShapes {
    private VoltageShapes() {}

    /** Keys of a range of levels. */
    static final class Range {
        static final Key<Integer> MIN = Key.required("min", Values.VOLTAGE, "The lowest level.");
        static final Key<Integer> MAX = Key.required("max", Values.VOLTAGE, "The highest level.");
        static final Key<Integer> STEP =
                Key.required("step", Values.VOLTAGE, "The distance of two levels, such as `12.5 mV`.");
        static final Shape SHAPE = new Shape("voltage range", "Levels at equal distances.", MIN, MAX, STEP);

        private Range() {}
    }

    /** Keys of the field that holds the level. */
    static final class Level {
        static final Key<List<Located<Long>>> VALUES = Key.optional(
                "values",
                Values.list(Values.NUMBER),
                "The raw value of each of the `levels`, in their order; 0, 1, 2 ... if not given.");
        static final Key<Long> START = Key.withDefault(
                "start",
                Values.number(0xffff_ffffL),
                0L,
                0,
                "The raw value of the lowest level of a `range`; each step adds 1.");
        static final Shape SHAPE = new Shape(
                        "voltage level",
                        "The field that holds the level's raw value.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        VALUES,
                        START)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)))
                .rule(new Shape.Rule.AtMostOne(List.of(VALUES, START)));

        private Level() {}
    }

    /** Keys of the bit that switches a supply. */
    static final class Enable {
        static final Key<BitRange> ENABLE_BIT =
                Key.required("bit", Values.BIT, "The number of the bit that switches the supply on, such as `3`.");
        static final Key<Boolean> ACTIVE = Key.withDefault(
                "active", FieldShapes.LEVEL, true, "high", "Which value of the bit switches the supply on.");
        static final Shape SHAPE = new Shape(
                "voltage enable", "The bit that switches the supply.", FieldShapes.REGISTER, ENABLE_BIT, ACTIVE);

        private Enable() {}
    }

    /** Keys of a voltage domain. */
    public static final class Domain {
        static final Key<List<Located<Integer>>> LEVELS =
                Key.optional("levels", Values.list(Values.VOLTAGE), "The levels, ascending, such as `[1.8 V, 3.3 V]`.");
        static final Key<Fields> RANGE =
                Key.optional("range", VoltageShapes.Range.SHAPE, "The levels, if they are at equal distances.");
        static final Key<Fields> LEVEL = Key.optional(
                "level", VoltageShapes.Level.SHAPE, "The field that holds the level; not for a single fixed level.");
        static final Key<Fields> ENABLE = Key.optional(
                "enable", VoltageShapes.Enable.SHAPE, "The bit that switches the supply; without it it is always on.");
        static final Key<Duration> SETTLE = Key.withDefault(
                "settle",
                Values.DURATION,
                Duration.ZERO,
                0,
                "Time that the supply needs after a change, such as `100 us`.");
        static final Key<Boolean> ASYNCHRONOUS = Key.withDefault(
                "asynchronous",
                Values.BOOLEAN,
                false,
                false,
                "Whether agents may set the level asynchronously, and be told when it has settled.");

        public static final Key<Boolean> CRITICAL = Key.withDefault(
                "critical", Values.BOOLEAN, false, false, "Whether it has to be on: nobody switches it off then.");

        private static final Key<List<Located<Control>>> PERMISSIONS =
                UpstreamShapes.permissions(ResourceKind.VOLTAGE_DOMAIN);

        public static final Shape SHAPE = new Shape(
                        "voltage domain",
                        "One supply.",
                        UpstreamShapes.FROM,
                        PERMISSIONS,
                        LEVELS,
                        RANGE,
                        LEVEL,
                        ENABLE,
                        SETTLE,
                        ASYNCHRONOUS,
                        CRITICAL)
                .rule(new Shape.Rule.ExactlyOne(List.of(LEVELS, RANGE)))
                .rule(new Shape.Rule.Needs(PERMISSIONS, UpstreamShapes.FROM))
                .standIn(UpstreamShapes.FROM, PERMISSIONS, CRITICAL);

        private Domain() {}
    }
}
