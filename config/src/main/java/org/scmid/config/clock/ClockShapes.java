// What a board file may say about clocks.
package org.scmid.config.clock;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.scmid.config.document.Malformed;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.UpstreamShapes;

/** What a board file may say about clocks; of phase-locked loops {@link PllShapes} has the words. */
public final class ClockShapes {
    private static final int LONGEST_HOST_NAME = 127;

    private ClockShapes() {}

    /** Keys of a multiplexer. */
    static final class Mux {
        static final Key<List<Located<Long>>> VALUES = Key.optional(
                "values",
                Values.list(Values.NUMBER),
                "The raw value of each parent, in the order of the parents; 0, 1, 2 ... if not given.");
        static final Key<List<Named<Long, String>>> ALSO = Key.optional(
                "also",
                Values.numberMap("raw value", Long.MAX_VALUE, Values.TEXT),
                "Further raw values that select a parent, such as `{ 1: pll }`; they are read, and never written.");
        static final Key<Fields> STATUS = Key.optional(
                "status",
                ReadyShapes.Status.SHAPE,
                "The field by which the multiplexer says which parent it runs from, which is waited for.");

        static final Shape SHAPE = new Shape(
                        "mux",
                        "The field that selects the parent.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        VALUES,
                        ALSO,
                        STATUS)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)));

        private Mux() {}
    }

    /** The kinds of dividers. */
    enum DividerKind {
        LINEAR,
        ONE_BASED,
        POWER_OF_TWO,
        TABLE,
        FRACTIONAL
    }

    /** Keys of a divider. */
    static final class Divider {
        static final Key<DividerKind> KIND = Key.optional(
                "kind",
                Values.choice(Values.words(DividerKind.class)),
                "How the raw value n divides: linear (n+1), one-based (n), power-of-two (2^n), table or fractional.");
        static final Key<DividerSpec.WhenZero> ZERO = Key.withDefault(
                "zero",
                Values.choice(Values.words(DividerSpec.WhenZero.class)),
                DividerSpec.WhenZero.STOP,
                "stop",
                "What n = 0 does in a one-based divider: stop (0 Hz), bypass (undivided) or max (2^width).");
        static final Key<List<Named<Long, Long>>> TABLE = Key.optional(
                "table",
                Values.numberMap("table entry", 0xffff_ffffL, Values.positive(0xffff_ffffL)),
                "The divisor of each raw value, for kind table.");
        static final Key<BitRange> INTEGER =
                Key.optional("integer", Values.BITS, "Bits of the integer part, for kind fractional.");
        static final Key<BitRange> FRACTION =
                Key.optional("fraction", Values.BITS, "Bits of the fraction, for kind fractional.");
        static final Key<Long> MIN = Key.withDefault(
                "min",
                Values.positive(0xffff_ffffL),
                1L,
                1,
                "The least divisor that may be set, a whole number, for kind fractional.");

        static final Shape SHAPE = rules(new Shape(
                        "divider",
                        "The field that divides the rate.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        KIND,
                        ZERO,
                        TABLE,
                        INTEGER,
                        FRACTION,
                        MIN))
                .rule(new Shape.Rule.Needs(MIN, INTEGER));

        private Divider() {}

        /** Adds what holds for everything that has the kinds of a divider. */
        static Shape rules(Shape shape) {
            return shape.rule(new Shape.Rule.AtLeastOne(List.of(KIND, TABLE, INTEGER)))
                    .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT, INTEGER)))
                    .rule(new Shape.Rule.Together(List.of(INTEGER, FRACTION)))
                    .rule(new Shape.Rule.OnlyWith(TABLE, KIND, List.of("table"), true))
                    .rule(new Shape.Rule.NeededWith(TABLE, KIND, "table"))
                    .rule(new Shape.Rule.OnlyWith(INTEGER, KIND, List.of("fractional"), true))
                    .rule(new Shape.Rule.NeededWith(INTEGER, KIND, "fractional"))
                    .rule(new Shape.Rule.OnlyWith(ZERO, KIND, List.of("one-based"), false));
        }
    }

    /** Keys of a gate. */
    static final class Gate {
        static final Key<BitRange> GATE_BIT =
                Key.required("bit", Values.BIT, "The number of the bit that lets the clock run, such as `3`.");
        static final Key<Boolean> ENABLE = Key.withDefault(
                "enable", FieldShapes.LEVEL, true, "high", "Which value of the bit lets the clock run.");

        static final Key<Fields> READY = Key.optional(
                "ready",
                ReadyShapes.Ready.SHAPE,
                "The bit by which the clock says that it is stable, which is waited for.");

        static final Shape SHAPE =
                new Shape("gate", "The bit that lets the clock run.", FieldShapes.REGISTER, GATE_BIT, ENABLE, READY);

        private Gate() {}
    }

    /** What is done with a clock of the host. */
    enum HostAccess {
        READ,
        WRITE
    }

    /** Keys of a clock. */
    public static final class Clock {
        static final Key<Long> FIXED =
                Key.optional("fixed", Values.RATE, "The rate of a clock without parents, such as `24 MHz`.");
        static final Key<String> HOST_CLOCK = Key.optional(
                "host-clock",
                Values.scalar(
                        ClockShapes::hostClock,
                        Map.of(
                                "type",
                                List.of("string", "integer"),
                                "maxLength",
                                LONGEST_HOST_NAME,
                                "pattern",
                                "^[^/]*[^/.][^/]*$")),
                "The clock of the host's kernel, by its name in debugfs, whose rate this one has.");
        static final Key<HostAccess> HOST_ACCESS = Key.withDefault(
                "host-access",
                Values.choice(Values.words(HostAccess.class)),
                HostAccess.READ,
                "read",
                "What is done with the host's clock: read, or write: agents may set its rate and switch it.");
        static final Key<String> PARENT = Key.optional("parent", Values.TEXT, "The clock that this one runs from.");
        static final Key<List<Located<String>>> PARENTS = Key.optional(
                "parents", Values.list(Values.TEXT), "The clocks that this one can run from, in the mux's order.");

        static final Key<Long> MULTIPLY =
                Key.withDefault("multiply", Values.positive(Integer.MAX_VALUE), 1L, 1, "Multiplies the parent's rate.");
        static final Key<Long> DIVIDE =
                Key.withDefault("divide", Values.positive(Integer.MAX_VALUE), 1L, 1, "Divides the parent's rate.");
        static final Key<Fields> FACTOR = Key.optional(
                "factor",
                new Shape("factor", "A fixed relation to the parent's rate.", MULTIPLY, DIVIDE),
                "A fixed relation to the parent's rate.");

        static final Key<Fields> MUX = Key.optional("mux", ClockShapes.Mux.SHAPE, "The field that selects the parent.");
        static final Key<Fields> DIVIDER =
                Key.optional("divider", ClockShapes.Divider.SHAPE, "The field that divides the rate.");
        static final Key<Fields> PLL = Key.optional(
                "pll", PllShapes.Pll.SHAPE, "A phase-locked loop, which has its own dividers, in place of `divider`.");
        static final Key<Fields> GATE =
                Key.optional("gate", ClockShapes.Gate.SHAPE, "The bit that lets the clock run.");

        static final Key<Long> MIN = Key.withDefault("min", Values.RATE, 0L, 0, "The lowest rate.");
        static final Key<Long> MAX = Key.optional("max", Values.RATE, "The highest rate.");
        static final Key<Fields> RATES = Key.optional(
                "rates",
                new Shape("rate limits", "The bounds of what agents may ask for.", MIN, MAX),
                "The bounds of what agents may ask for.");

        static final Key<Describe> DESCRIBE = Key.withDefault(
                "describe",
                Values.choice(Values.words(Describe.class)),
                Describe.AUTO,
                "auto",
                "How agents are told the rates: auto is a list up to 16 rates and a range above.");
        static final Key<Boolean> REPARENT = Key.withDefault(
                "reparent", Values.BOOLEAN, false, false, "Whether setting the rate may change the parent.");
        static final Key<Boolean> SET_PARENT_RATE = Key.withDefault(
                "set-parent-rate",
                Values.BOOLEAN,
                false,
                false,
                "Whether setting the rate may change the parent's rate.");
        static final Key<Duration> ENABLE_DELAY = Key.optional(
                "enable-delay", Values.DURATION, "Time from enabling to a stable output, such as `50 us`.");

        static final Key<Boolean> CRITICAL = Key.withDefault(
                "critical",
                Values.BOOLEAN,
                false,
                false,
                "Whether it has to run, and what it runs from: nobody stops it then.");

        private static final Key<List<Located<Control>>> PERMISSIONS = UpstreamShapes.permissions(ResourceKind.CLOCK);

        public static final Shape SHAPE = new Shape(
                        "clock",
                        "One clock: root or parent, then mux, factor, divider or PLL, and gate.",
                        UpstreamShapes.FROM,
                        PERMISSIONS,
                        FIXED,
                        HOST_CLOCK,
                        HOST_ACCESS,
                        PARENT,
                        PARENTS,
                        FACTOR,
                        MUX,
                        DIVIDER,
                        PLL,
                        GATE,
                        RATES,
                        DESCRIBE,
                        REPARENT,
                        SET_PARENT_RATE,
                        ENABLE_DELAY,
                        CRITICAL)
                .rule(new Shape.Rule.AtMostOne(List.of(PARENT, PARENTS)))
                .rule(new Shape.Rule.AtMostOne(List.of(DIVIDER, PLL)))
                .rule(new Shape.Rule.Needs(PERMISSIONS, UpstreamShapes.FROM))
                .standIn(UpstreamShapes.FROM, PERMISSIONS, RATES, DESCRIBE, CRITICAL);

        private Clock() {}
    }

    private static String hostClock(String text) throws Malformed {
        String name = Values.name(text, LONGEST_HOST_NAME);
        if (name.contains("/") || name.matches("[.]+")) {
            throw new Malformed(
                    "is not the name of a folder; write the clock's name, as it stands in" + " /sys/kernel/debug/clk");
        }
        return name;
    }
}
