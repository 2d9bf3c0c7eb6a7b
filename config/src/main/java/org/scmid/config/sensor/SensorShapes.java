// What a board file may say about sensors.
package org.scmid.config.sensor;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.UpstreamShapes;

/** What a board file may say about sensors. */
public final class SensorShapes {
    private static final int LONGEST_NAME = 63;
    private static final int LARGEST_FACTOR = Integer.MAX_VALUE;
    private static final int LONGEST_NUMBER = 40;
    private static final String NUMBER = "[-+\u2212]?[0-9]+(?:_[0-9]+)*(?:\\.[0-9]+)?";
    private static final Pattern QUANTITY = Pattern.compile("(" + NUMBER + ")\\s*(.*)");

    private SensorShapes() {}

    /**
     * A number, in 10^scale of the sensor's unit or with a unit.
     *
     * @param unit the unit that was written; null if there was none
     */
    record Quantity(BigDecimal number, @Nullable SensorUnit unit) {}

    static final Value<Quantity> QUANTITY_VALUE = Values.named(
            "quantity",
            Values.scalar(
                    SensorShapes::quantity,
                    Map.of(
                            "anyOf",
                            List.of(
                                    Map.of("type", "number"),
                                    Map.of("type", "string", "pattern", "^" + NUMBER + "\\s*\\S*$")),
                            "description",
                            "A whole number in 10^scale of the unit, or a number with the unit, such as `42.5 \u00b0C`.")));

    /** A power of ten, -16 to 15. */
    static final Value<Integer> SCALE = signed(-16, 15);

    static final Value<SensorUnit> UNIT =
            Values.named("sensor-unit", Values.choiceOfMany(SensorUnit.byWord(), "docs/boards.md"));

    /** Keys of a field of a register that holds a value. */
    static final class FromRegister {
        static final Key<Boolean> SIGNED =
                Key.withDefault("signed", Values.BOOLEAN, false, false, "Whether the field's highest bit is a sign.");
        static final Key<Integer> MULTIPLY =
                Key.withDefault("multiply", signed(-LARGEST_FACTOR, LARGEST_FACTOR), 1, 1, "Multiplies the raw value.");
        static final Key<Long> DIVIDE = Key.withDefault(
                "divide", Values.positive(LARGEST_FACTOR), 1L, 1, "Divides the product; the quotient is rounded down.");
        static final Key<Quantity> ADD = Key.optional("add", QUANTITY_VALUE, "Is added to the quotient.");
        static final Shape SHAPE = new Shape(
                        "register source",
                        "A field of a register: raw x multiply / divide + add.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        SIGNED,
                        MULTIPLY,
                        DIVIDE,
                        ADD)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)));

        private FromRegister() {}
    }

    /** Keys of a value that nothing measures. */
    static final class Movement {
        static final Key<Quantity> START = Key.required("start", QUANTITY_VALUE, "The first value.");
        static final Key<Quantity> MIN =
                Key.optional("min", QUANTITY_VALUE, "The lowest value, where it turns; `start` if not given.");
        static final Key<Quantity> MAX =
                Key.optional("max", QUANTITY_VALUE, "The highest value, where it turns; `start` if not given.");
        static final Key<Quantity> STEP =
                Key.optional("step", QUANTITY_VALUE, "How far the value goes at once; 0 if not given.");
        static final Key<Duration> EVERY =
                Key.withDefault("every", Values.DURATION, Duration.ofSeconds(1), "1 s", "The time between two steps.");
        static final Key<Duration> TAKES = Key.withDefault(
                "takes", Values.DURATION, Duration.ZERO, 0, "The time that a reading takes, at most 900 ms.");
        static final Shape SHAPE = new Shape(
                "simulated movement", "How a value moves that nothing measures.", START, MIN, MAX, STEP, EVERY, TAKES);

        private Movement() {}
    }

    /** Keys of a simulated source. */
    static final class Simulated {
        static final Key<Fields> SIMULATED = Key.required(
                "simulated", Movement.SHAPE, "A value that nothing measures: it goes up and down between two limits.");
        static final Shape SHAPE = new Shape("simulated source", "A value that nothing measures.", SIMULATED);

        private Simulated() {}
    }

    /** A source: its keys tell which kind it is. */
    static final Value<Fields> SOURCE = Values.named("sensor-source", new Source());

    private static final class Source implements Value<Fields> {
        @Override
        public @Nullable Fields read(Node node, Context context) {
            Shape host = HostSensorShapes.of(node);
            if (host != null) {
                return host.read(node, context);
            }
            boolean simulated =
                    node instanceof Node.Mapping mapping && mapping.entries().containsKey(Simulated.SIMULATED.name());
            return (simulated ? Simulated.SHAPE : FromRegister.SHAPE).read(node, context);
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of(
                    "anyOf",
                    List.of(
                            definitions.reference(FromRegister.SHAPE),
                            definitions.reference(HostSensorShapes.HWMON_SOURCE),
                            definitions.reference(HostSensorShapes.IIO_SOURCE),
                            definitions.reference(HostSensorShapes.THERMAL_ZONE_SOURCE),
                            definitions.reference(Simulated.SHAPE)));
        }
    }

    /** Keys of a range of values. */
    static final class Range {
        static final Key<Quantity> MIN = Key.required("min", QUANTITY_VALUE, "The lowest value.");
        static final Key<Quantity> MAX = Key.required("max", QUANTITY_VALUE, "The highest value.");
        static final Shape SHAPE = new Shape("value range", "The values that the sensor can have.", MIN, MAX);

        private Range() {}
    }

    /** Keys of one value, shared by sensors without axes and by axes. */
    static final class Channel {
        static final Key<SensorUnit> UNIT = Key.optional(
                "unit",
                SensorShapes.UNIT,
                "What is measured, by symbol or word, such as `\u00b0C`, `V` or `rpm`; a value of the host's has its own.");
        static final Key<Integer> SCALE = Key.optional(
                "scale",
                SensorShapes.SCALE,
                "Values count 10^scale of the unit; 0 if not given, for a value of the host's what its file counts.");
        static final Key<Fields> SOURCE = Key.optional("source", SensorShapes.SOURCE, "Where values come from.");
        static final Key<Quantity> RESOLUTION = Key.optional(
                "resolution",
                QUANTITY_VALUE,
                "The smallest difference of two values; what the source can tell apart if not given.");
        static final Key<Fields> RANGE = Key.optional(
                "range", SensorShapes.Range.SHAPE, "The values that it can have; all of the source's if not given.");

        private Channel() {}
    }

    /** An axis; its unit and scale are the sensor's if not given. */
    static final Shape AXIS = new Shape(
            "axis",
            "One axis of a sensor.",
            Channel.UNIT,
            Channel.SCALE,
            Channel.SOURCE,
            Channel.RESOLUTION,
            Channel.RANGE);

    /** Keys of intervals at equal distances. */
    static final class IntervalRange {
        static final Key<Duration> MIN = Key.required("min", Values.DURATION, "The shortest interval.");
        static final Key<Duration> MAX = Key.required("max", Values.DURATION, "The longest interval.");
        static final Key<Duration> STEP = Key.required("step", Values.DURATION, "The distance of two intervals.");
        static final Shape SHAPE = new Shape("interval range", "Intervals at equal distances.", MIN, MAX, STEP);

        private IntervalRange() {}
    }

    /**
     * The intervals that were written, one of them is null.
     *
     * @param listed as a list
     * @param range as a range
     */
    record Intervals(
            @Nullable List<Located<Duration>> listed,
            @Nullable Fields range) {}

    /** A list of intervals or a range. */
    static final Value<Intervals> INTERVALS = new Value<>() {
        private final Value<List<Located<Duration>>> list = Values.list(Values.DURATION);

        @Override
        public @Nullable Intervals read(Node node, Context context) {
            if (node instanceof Node.Mapping) {
                Fields range = IntervalRange.SHAPE.read(node, context);
                return range == null ? null : new Intervals(null, range);
            }
            List<Located<Duration>> listed = list.read(node, context);
            return listed == null ? null : new Intervals(listed, null);
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("anyOf", List.of(list.schema(definitions), definitions.reference(IntervalRange.SHAPE)));
        }
    };

    /** Keys of a sensor. */
    public static final class Sensor {
        static final Key<List<Named<String, Fields>>> AXES = Key.optional(
                "axes",
                Values.map(
                        "axis", text -> Values.name(text, LONGEST_NAME), Values.nameSchema(LONGEST_NAME, "!-~"), AXIS),
                "The axes, by name; for Linux the names end in _X, _Y and _Z.");
        static final Key<Long> TRIP_POINTS =
                Key.withDefault("trip-points", Values.number(255), 0L, 0, "How many thresholds an agent can set.");
        static final Key<Intervals> INTERVALS = Key.optional(
                "intervals",
                SensorShapes.INTERVALS,
                "The update intervals to choose from, as a list or as { min, max, step }; one of 1 s if not given.");
        static final Key<Duration> INTERVAL = Key.optional(
                "interval", Values.DURATION, "The update interval at the start; the shortest if not given.");
        static final Key<Boolean> TIMESTAMPS =
                Key.withDefault("timestamps", Values.BOOLEAN, false, false, "Whether readings can have timestamps.");
        static final Key<Integer> TIMESTAMP_SCALE =
                Key.withDefault("timestamp-scale", signed(-9, 0), -9, -9, "A timestamp counts 10^this s.");
        static final Key<Boolean> ASYNCHRONOUS = Key.withDefault(
                "asynchronous", Values.BOOLEAN, false, false, "Whether agents may read it asynchronously.");
        static final Key<Boolean> CONTINUOUS_UPDATES = Key.withDefault(
                "continuous-updates", Values.BOOLEAN, true, true, "Whether agents can have every value sent.");
        static final Key<Boolean> ENABLED = Key.withDefault(
                "enabled", Values.BOOLEAN, true, true, "Whether it is on at the start; Linux's hwmon never enables.");

        private static final Key<List<Located<Control>>> PERMISSIONS = UpstreamShapes.permissions(ResourceKind.SENSOR);

        public static final Shape SHAPE = new Shape(
                        "sensor",
                        "One sensor: a value, or one for each axis.",
                        UpstreamShapes.FROM,
                        PERMISSIONS,
                        Channel.UNIT,
                        Channel.SCALE,
                        Channel.SOURCE,
                        Channel.RESOLUTION,
                        Channel.RANGE,
                        AXES,
                        TRIP_POINTS,
                        INTERVALS,
                        INTERVAL,
                        TIMESTAMPS,
                        TIMESTAMP_SCALE,
                        ASYNCHRONOUS,
                        CONTINUOUS_UPDATES,
                        ENABLED)
                .rule(new Shape.Rule.ExactlyOne(List.of(Channel.SOURCE, AXES)))
                .rule(new Shape.Rule.AtMostOne(List.of(AXES, Channel.RESOLUTION)))
                .rule(new Shape.Rule.AtMostOne(List.of(AXES, Channel.RANGE)))
                .rule(new Shape.Rule.AtMostOne(List.of(AXES, TRIP_POINTS)))
                .rule(new Shape.Rule.Needs(PERMISSIONS, UpstreamShapes.FROM))
                .standIn(
                        UpstreamShapes.FROM,
                        PERMISSIONS,
                        TRIP_POINTS,
                        INTERVALS,
                        INTERVAL,
                        TIMESTAMPS,
                        TIMESTAMP_SCALE,
                        ASYNCHRONOUS,
                        CONTINUOUS_UPDATES,
                        ENABLED);

        private Sensor() {}
    }

    /** A whole number, decimal, with or without a sign. */
    private static Value<Integer> signed(int smallest, int largest) {
        return Values.scalar(
                text -> {
                    BigDecimal value = quantity(text).number();
                    if (value.stripTrailingZeros().scale() > 0
                            || !QUANTITY.matcher(text).replaceAll("$2").isEmpty()) {
                        throw new Malformed("is not a whole number");
                    }
                    if (value.compareTo(BigDecimal.valueOf(smallest)) < 0
                            || value.compareTo(BigDecimal.valueOf(largest)) > 0) {
                        throw new Malformed("is not in " + smallest + ".." + largest);
                    }
                    return value.intValueExact();
                },
                Map.of("type", "integer", "minimum", smallest, "maximum", largest));
    }

    private static Quantity quantity(String text) throws Malformed {
        Matcher matcher = QUANTITY.matcher(text);
        if (text.length() > LONGEST_NUMBER || !matcher.matches()) {
            throw new Malformed("is not a value; write a whole number in the sensor's scaled unit, or a number with its"
                    + " unit, like `42.5 \u00b0C`");
        }
        BigDecimal number = new BigDecimal(matcher.group(1).replace("_", "").replace('\u2212', '-'));
        String word = matcher.group(2);
        SensorUnit unit = SensorUnit.byWord().get(word);
        if (unit == null && !word.isEmpty()) {
            throw new Malformed("has the unknown unit " + Problems.quote(word));
        }
        return new Quantity(number, unit);
    }
}
