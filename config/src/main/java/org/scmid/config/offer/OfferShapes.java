// What may be written in a file that says what a platform offers.
package org.scmid.config.offer;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.document.Units;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** What may be written in a file that says what a platform offers. {@link OfferWriter} writes it, {@link OfferReader} reads it. */
final class OfferShapes {
    static final int LONGEST_NAME = 63;
    static final int LONGEST_VENDOR = 15;
    static final long HIGHEST_ID = 0xFFFE;
    static final int MOST_CHANNELS = 63;
    static final int LARGEST_RESOLUTION = (1 << 27) - 1;

    private static final long WORD = 0xFFFF_FFFFL;
    private static final String NAME_CHARACTERS = "!-~";

    /** What may be done with a clock or a performance domain. */
    enum Right {
        SWITCH,
        SET_RATE,
        SET_PARENT,
        SET_LEVEL,
        SET_LIMITS
    }

    /** What a resource tells of by itself. */
    enum Change {
        RATE,
        STATE,
        LEVEL,
        LIMITS
    }

    private static final Value<String> VENDOR_NAME = Values.scalar(
            text -> text.isEmpty() ? text : Values.name(text, LONGEST_VENDOR),
            Map.of("type", "string", "maxLength", LONGEST_VENDOR));
    private static final Value<Long> SIGNED =
            Values.scalar(OfferShapes::signed, Map.of("type", List.of("integer", "string")));
    private static final Value<Integer> SIGNED_VOLTAGE =
            Values.scalar(OfferShapes::signedVoltage, Map.of("type", List.of("integer", "string")));
    private static final Value<Long> SCALE = Values.scalar(OfferShapes::scale, Map.of("type", "integer"));

    static final Key<Long> ID = Key.required("id", Values.number(HIGHEST_ID), "The platform's number of it, from 0.");
    static final Key<Boolean> ASYNCHRONOUS =
            Key.withDefault("asynchronous", Values.BOOLEAN, false, false, "Whether it takes asynchronous commands.");
    static final Key<List<Located<Right>>> MAY = Key.optional(
            "may",
            Values.list(Values.choice(Values.words(Right.class))),
            "What the platform lets its agent do with it.");
    static final Key<List<Located<Change>>> NOTIFIES = Key.optional(
            "notifies",
            Values.list(Values.choice(Values.words(Change.class))),
            "What the platform tells of by itself.");

    private OfferShapes() {}

    private static Value<String> name() {
        return Values.scalar(text -> Values.name(text, LONGEST_NAME), Values.nameSchema(LONGEST_NAME, NAME_CHARACTERS));
    }

    private static Value<List<Named<String, Fields>>> all(String noun, Shape shape) {
        return Values.map(
                noun, text -> Values.name(text, LONGEST_NAME), Values.nameSchema(LONGEST_NAME, NAME_CHARACTERS), shape);
    }

    private static long signed(String text) throws Malformed {
        if (!text.matches("-?[0-9]{1,19}")) {
            throw new Malformed("is not a whole number");
        }
        BigInteger value = new BigInteger(text);
        if (value.bitLength() >= Long.SIZE) {
            throw new Malformed("is not within 64 bits");
        }
        return value.longValueExact();
    }

    private static int signedVoltage(String text) throws Malformed {
        return text.startsWith("-") ? -Units.voltage(text.substring(1)) : Units.voltage(text);
    }

    private static long scale(String text) throws Malformed {
        long value = signed(text);
        if (value < -16 || value > 15) {
            throw new Malformed("is not a power of ten from -16 to 15");
        }
        return value;
    }

    /** A clock's rates: a list, or a mapping for a range. */
    sealed interface WrittenRates {
        /** Single rates, as they were written. */
        record Listed(List<Located<Long>> rates) implements WrittenRates {}

        /** A range. */
        record Range(Fields fields) implements WrittenRates {}
    }

    /** Keys of a range of rates. */
    static final class RateRange {
        static final Key<Long> LOWEST = Key.required("lowest", Values.RATE, "The lowest rate.");
        static final Key<Long> HIGHEST = Key.required("highest", Values.RATE, "The highest rate.");
        static final Key<Long> STEP =
                Key.withDefault("step", Values.RATE, 1L, "1 Hz", "The distance of the rates in it.");
        static final Shape SHAPE = new Shape("offered rate range", "All rates of a range.", LOWEST, HIGHEST, STEP);

        private RateRange() {}
    }

    private static final Value<List<Located<Long>>> RATE_LIST = Values.list(Values.RATE);

    private static final Value<WrittenRates> RATES = new Value<>() {
        @Override
        public @Nullable WrittenRates read(Node node, Context context) {
            if (node instanceof Node.Mapping) {
                Fields range = RateRange.SHAPE.read(node, context);
                return range == null ? null : new WrittenRates.Range(range);
            }
            List<Located<Long>> listed = RATE_LIST.read(node, context);
            return listed == null ? null : new WrittenRates.Listed(listed);
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("anyOf", List.of(RATE_LIST.schema(definitions), RateRange.SHAPE.schema(definitions)));
        }
    };

    /** Keys of a clock. */
    static final class Clock {
        static final Key<WrittenRates> RATES = Key.optional(
                "rates",
                OfferShapes.RATES,
                "The rates that it can be given: a list, or { lowest: 1 MHz, highest: 100 MHz, step: 1 Hz }.");
        static final Key<List<Located<String>>> PARENTS =
                Key.optional("parents", Values.list(name()), "The clocks that it can run from.");
        static final Key<Duration> ENABLE_DELAY =
                Key.optional("enable-delay", Values.DURATION, "The longest time that it takes to start.");
        static final Shape SHAPE = new Shape(
                "offered clock",
                "A clock that a platform offers.",
                ID,
                RATES,
                PARENTS,
                ENABLE_DELAY,
                MAY,
                ASYNCHRONOUS,
                NOTIFIES);

        private Clock() {}
    }

    /** Keys of a power domain. */
    static final class PowerDomain {
        static final Shape SHAPE =
                new Shape("offered power domain", "A power domain that a platform offers.", ID, ASYNCHRONOUS, NOTIFIES);

        private PowerDomain() {}
    }

    /** Keys of a sensor, and of each of its axes. */
    static final class Sensor {
        static final Key<Long> TYPE =
                Key.optional("type", Values.number(0xFF), "What it measures, as SCMI numbers units.");
        static final Key<Long> SCALE =
                Key.withDefault("scale", OfferShapes.SCALE, 0L, 0, "Values count 10^scale of the unit, -16 to 15.");
        static final Key<Long> RESOLUTION = Key.withDefault(
                "resolution",
                Values.number(LARGEST_RESOLUTION),
                0L,
                0,
                "The smallest difference of two values, in 10^resolution-scale of the unit; 0 if not known.");
        static final Key<Long> RESOLUTION_SCALE = Key.withDefault(
                "resolution-scale", OfferShapes.SCALE, 0L, 0, "What the resolution counts, a power of ten.");
        static final Key<Long> MIN = Key.withDefault(
                "min", SIGNED, Long.MIN_VALUE, "none", "The lowest value; anything if it is not there.");
        static final Key<Long> MAX = Key.withDefault(
                "max", SIGNED, Long.MAX_VALUE, "none", "The highest value; anything if it is not there.");
        static final Shape AXIS =
                new Shape("offered axis", "One axis of a sensor.", TYPE, SCALE, RESOLUTION, RESOLUTION_SCALE, MIN, MAX);
        static final Key<List<Named<String, Fields>>> AXES =
                Key.optional("axes", all("axis", AXIS), "Its axes in the platform's order, by name.");
        static final Shape SHAPE = new Shape(
                        "offered sensor",
                        "A sensor that a platform offers.",
                        ID,
                        TYPE,
                        SCALE,
                        RESOLUTION,
                        RESOLUTION_SCALE,
                        MIN,
                        MAX,
                        AXES,
                        ASYNCHRONOUS)
                .rule(new Shape.Rule.ExactlyOne(List.of(TYPE, AXES)));

        private Sensor() {}
    }

    /** Keys of a reset. */
    static final class Reset {
        static final Key<Duration> LATENCY =
                Key.optional("latency", Values.DURATION, "How long a reset takes; not known if it is not there.");
        static final Shape SHAPE =
                new Shape("offered reset", "A reset that a platform offers.", ID, LATENCY, ASYNCHRONOUS);

        private Reset() {}
    }

    /** Keys of a supply. */
    static final class VoltageDomain {
        static final Key<List<Located<Integer>>> LEVELS = Key.required(
                "levels", Values.list(SIGNED_VOLTAGE), "Its voltages; of a range the lowest and the highest.");
        static final Key<Integer> STEP = Key.optional(
                "step", Values.VOLTAGE, "The distance of a range's voltages; without it the levels are a list.");
        static final Shape SHAPE =
                new Shape("offered voltage domain", "A supply that a platform offers.", ID, LEVELS, STEP, ASYNCHRONOUS);

        private VoltageDomain() {}
    }

    /** Keys of a performance domain. */
    static final class PerformanceDomain {
        static final Key<Long> LEVEL =
                Key.required("level", Values.positive(WORD), "The number that agents know the level by.");
        static final Key<Long> FREQUENCY =
                Key.optional("frequency", Values.RATE, "The frequency that the level stands for.");
        static final Key<Long> POWER = Key.withDefault(
                "power", Values.number(WORD), 0L, 0, "The power at this level as the platform counts it.");
        static final Key<Long> LATENCY = Key.withDefault(
                "latency-us", Values.number(0xFFFF), 0L, 0, "Worst time of a change to this level in microseconds.");
        static final Key<Long> INDEX = Key.withDefault(
                "index",
                Values.number(WORD),
                0L,
                0,
                "What the platform wants the level to be called, if levels are named by their position.");
        static final Shape LEVEL_SHAPE =
                new Shape("offered level", "A performance level.", LEVEL, FREQUENCY, POWER, LATENCY, INDEX);
        static final Key<List<Located<Fields>>> LEVELS =
                Key.required("levels", Values.list(LEVEL_SHAPE), "Its levels, ascending.");
        static final Key<Long> SUSTAINED =
                Key.required("sustained", Values.positive(WORD), "The highest level that can be kept up for ever.");
        static final Key<Boolean> LEVEL_INDEXING = Key.withDefault(
                "level-indexing", Values.BOOLEAN, false, false, "Whether levels are named by their position.");
        static final Key<Long> RATE_LIMIT = Key.withDefault(
                "rate-limit-us",
                Values.number(0xF_FFFF),
                0L,
                0,
                "Least microseconds between two requests, 0 if there is no limit.");
        static final Shape SHAPE = new Shape(
                "offered performance domain",
                "A performance domain that a platform offers.",
                ID,
                LEVELS,
                SUSTAINED,
                LEVEL_INDEXING,
                RATE_LIMIT,
                MAY,
                NOTIFIES);

        private PerformanceDomain() {}
    }

    static final Key<String> PLATFORM =
            Key.required("upstream-offer", name(), "The board file's name of the platform that this file is about.");
    static final Key<String> VENDOR = Key.withDefault("vendor", VENDOR_NAME, "", "", "Who made the platform.");
    static final Key<String> SUB_VENDOR =
            Key.withDefault("sub-vendor", VENDOR_NAME, "", "", "Who made it more closely.");
    static final Key<Long> IMPLEMENTATION_VERSION =
            Key.withDefault("implementation-version", Values.number(WORD), 0L, 0, "A number of the vendor's.");
    static final Key<List<Named<String, Fields>>> CLOCKS =
            Key.optional("clocks", all("clock", Clock.SHAPE), "Its clocks, by name.");
    static final Key<List<Named<String, Fields>>> POWER_DOMAINS =
            Key.optional("power-domains", all("power domain", PowerDomain.SHAPE), "Its power domains, by name.");
    static final Key<List<Named<String, Fields>>> SENSORS =
            Key.optional("sensors", all("sensor", Sensor.SHAPE), "Its sensors, by name.");
    static final Key<List<Named<String, Fields>>> RESETS =
            Key.optional("resets", all("reset", Reset.SHAPE), "Its resets, by name.");
    static final Key<List<Named<String, Fields>>> VOLTAGE_DOMAINS =
            Key.optional("voltage-domains", all("voltage domain", VoltageDomain.SHAPE), "Its supplies, by name.");
    static final Key<List<Named<String, Fields>>> PERFORMANCE_DOMAINS = Key.optional(
            "performance-domains",
            all("performance domain", PerformanceDomain.SHAPE),
            "Its performance domains, by name.");

    /** The whole file. */
    static final Shape SHAPE = new Shape(
            "upstream offer",
            "What a platform offers to scmid, as `scmid upstream --save` writes it.",
            PLATFORM,
            VENDOR,
            SUB_VENDOR,
            IMPLEMENTATION_VERSION,
            CLOCKS,
            POWER_DOMAINS,
            SENSORS,
            RESETS,
            VOLTAGE_DOMAINS,
            PERFORMANCE_DOMAINS);
}
