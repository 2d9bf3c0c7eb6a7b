// Turns what a board file says about sensors into records, and checks what the shapes cannot.
package org.scmid.config.sensor;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.sensor.SensorShapes.Channel;
import org.scmid.config.sensor.SensorShapes.FromRegister;
import org.scmid.config.sensor.SensorShapes.IntervalRange;
import org.scmid.config.sensor.SensorShapes.Intervals;
import org.scmid.config.sensor.SensorShapes.Movement;
import org.scmid.config.sensor.SensorShapes.Quantity;
import org.scmid.config.sensor.SensorShapes.Range;
import org.scmid.config.sensor.SensorShapes.Sensor;
import org.scmid.config.sensor.SensorShapes.Simulated;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.Origin;
import org.scmid.config.upstream.UpstreamShapes;

/** Turns what a board file says about sensors into records, and checks what the shapes cannot. */
public final class SensorReader {
    private static final int WIDEST_FIELD = 32;
    private static final int MOST_AXES = 63;
    private static final int MOST_INTERVALS = 4095;
    private static final long LARGEST_RESOLUTION = (1 << 27) - 1;
    private static final int LARGEST_SCALE = 15;

    /** Sums and differences of some values must fit 64 bits. */
    private static final long LARGEST_VALUE = 1L << 60;

    /** SCMI writes an interval as 16 bits x 10^exponent. */
    private static final long MOST_DIGITS = 0xFFFF;

    private static final long LONGEST_READING_NANOS = 900_000_000;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    private final FieldReader registers;
    private final Map<String, Origin> remote;
    private final Problems problems;

    private SensorReader(FieldReader registers, Map<String, Origin> remote, Problems problems) {
        this.registers = registers;
        this.remote = remote;
        this.problems = problems;
    }

    /**
     * The sensors by name; those that are wrong are left out.
     *
     * @param remote whose those are that are other platforms'
     */
    public static Map<String, SensorSpec> read(
            List<Named<String, Fields>> written, FieldReader registers, Map<String, Origin> remote, Problems problems) {
        SensorReader reader = new SensorReader(registers, remote, problems);
        Map<String, SensorSpec> sensors = new LinkedHashMap<>();
        for (Named<String, Fields> named : written) {
            Fields fields = named.value();
            int before = problems.count();
            SensorSpec spec = fields == null ? null : reader.sensor(named, fields);
            if (spec != null && fields != null && fields.sound() && problems.count() == before) {
                sensors.put(named.key(), spec);
            }
        }
        return sensors;
    }

    private @Nullable SensorSpec sensor(Named<String, Fields> named, Fields sensor) {
        boolean isRemote = sensor.has(UpstreamShapes.FROM);
        SensorOffer offer = offer(remote.get(named.key()));
        if (isRemote && offer == null && !remote.containsKey(named.key())) {
            return null; // it was complained of
        }
        List<SensorSpec.Channel> channels =
                isRemote ? channels(named.key(), remote.get(named.key()), offer) : channels(named.key(), sensor);
        checkTripPoints(sensor, offer);
        UpdateIntervals written = intervals(sensor);
        if (sensor.has(Sensor.TIMESTAMP_SCALE) && !sensor.get(Sensor.TIMESTAMPS, false)) {
            problems.add(
                    sensor.keyPlace("timestamp-scale"),
                    sensor.what() + " has `timestamp-scale` but no timestamps; write `timestamps: true`");
        }
        if (written == null) {
            return null;
        }
        long interval = interval(sensor, written);
        UpdateIntervals offered = offered(written);
        return new SensorSpec(
                named.key(),
                offer == null ? sensor.has(Sensor.AXES) : offer.hasAxes(),
                channels,
                sensor.get(Sensor.TRIP_POINTS, 0L).intValue(),
                offered,
                Math.max(interval, offered.shortest()),
                sensor.get(Sensor.TIMESTAMPS, false),
                sensor.get(Sensor.TIMESTAMP_SCALE, -9),
                sensor.get(Sensor.ASYNCHRONOUS, false),
                sensor.get(Sensor.CONTINUOUS_UPDATES, true),
                sensor.get(Sensor.ENABLED, true),
                written.shortest() < UpdateIntervals.LEAST_NANOS ? shortestPlace(sensor) : null,
                named.place());
    }

    // Those of other platforms

    private static @Nullable SensorOffer offer(@Nullable Origin origin) {
        return origin != null && origin.offer() instanceof SensorOffer offer ? offer : null;
    }

    /** What the platform said of its values; nothing in particular if that is not known. */
    private static List<SensorSpec.Channel> channels(
            String name, @Nullable Origin origin, @Nullable SensorOffer offer) {
        if (origin == null || offer == null) {
            SensorSource nothing = SensorSource.Simulated.constant(0);
            return List.of(new SensorSpec.Channel(name, SensorUnit.UNSPECIFIED, 0, nothing, 0, 0, 0, 0));
        }
        List<SensorSpec.Channel> channels = new ArrayList<>();
        for (SensorOffer.Channel each : offer.channels()) {
            channels.add(new SensorSpec.Channel(
                    offer.hasAxes() ? each.name() : name,
                    SensorUnit.byCode(each.type()),
                    each.scale(),
                    new SensorSource.Remote(origin, channels.size(), each.min(), each.max()),
                    each.resolution(),
                    each.resolutionScale(),
                    each.min(),
                    each.max()));
        }
        return channels;
    }

    private void checkTripPoints(Fields sensor, @Nullable SensorOffer offer) {
        if (offer != null && offer.hasAxes() && sensor.get(Sensor.TRIP_POINTS, 0L) > 0) {
            problems.add(
                    sensor.place(Sensor.TRIP_POINTS),
                    sensor.what() + " has `trip-points`, and the platform's sensor has axes; only a sensor without"
                            + " them has trip points");
        }
    }

    // Values and axes

    private List<SensorSpec.Channel> channels(String name, Fields sensor) {
        List<SensorSpec.Channel> channels = new ArrayList<>();
        if (!sensor.has(Sensor.AXES)) {
            addChannel(channels, name, sensor, sensor);
            return channels;
        }
        List<Named<String, Fields>> axes = sensor.get(Sensor.AXES, List.of());
        int written = sensor.mapping(Sensor.AXES).size();
        if (written > MOST_AXES || (written == 0 && sensor.sound())) {
            problems.add(
                    sensor.place(Sensor.AXES),
                    "`axes` of " + sensor.what() + " has " + written + " axes; a sensor with axes has 1 to 63");
        }
        for (Named<String, Fields> axis : axes) {
            Fields fields = axis.value();
            if (fields != null) {
                addChannel(channels, axis.key(), fields, sensor);
            }
        }
        return channels;
    }

    private void addChannel(List<SensorSpec.Channel> channels, String name, Fields part, Fields sensor) {
        if (part != sensor && !part.has(Channel.SOURCE)) {
            problems.add(part.owner(), part.what() + " lacks the key `source`: " + Channel.SOURCE.doc());
        }
        Fields written = part.get(Channel.SOURCE);
        boolean isHost = written != null && HostSensorReader.isHost(written);
        HostUnit host = written == null ? null : HostSensorReader.unit(written, problems);
        Fields says = part.has(Channel.UNIT) ? part : sensor;
        SensorUnit unit = says.get(Channel.UNIT);
        if (host != null && host.unit() != null) {
            unit = unitOfHost(says, host.unit());
        } else if (!says.has(Channel.UNIT) && (!isHost || host != null)) {
            problems.add(part.owner(), part.what() + " lacks the key `unit`: " + Channel.UNIT.doc());
        }
        Integer scale = scale(part, sensor, host);
        if (unit == null || scale == null || written == null || (isHost && host == null)) {
            return;
        }
        Measure measure = new Measure(unit, scale);
        SensorSource source = host == null ? source(written, measure) : host(written, measure, host);
        if (source != null) {
            SensorSpec.Channel channel = channel(name, part, measure, source, written.has(Simulated.SIMULATED));
            if (channel != null) {
                channels.add(channel);
            }
        }
    }

    /** The unit of a file of the host's; null if the board file says another, which the problems say then. */
    private @Nullable SensorUnit unitOfHost(Fields says, SensorUnit measured) {
        SensorUnit unit = says.get(Channel.UNIT);
        if (!says.has(Channel.UNIT) || unit == measured) {
            return measured;
        }
        if (unit != null) {
            problems.add(
                    says.place(Channel.UNIT),
                    "`unit` of " + says.what() + ": " + Problems.quote(says.text(Channel.UNIT))
                            + " is not what its source measures, which is "
                            + Problems.quote(measured.words().getFirst()) + "; write that, or leave `unit` out");
        }
        return null;
    }

    /** The part's own scale, else the sensor's, else what the host's file counts, else 0; null if it is wrong. */
    private static @Nullable Integer scale(Fields part, Fields sensor, @Nullable HostUnit host) {
        if (part.has(Channel.SCALE)) {
            return part.get(Channel.SCALE);
        }
        if (sensor.has(Channel.SCALE)) {
            return sensor.get(Channel.SCALE);
        }
        return host == null ? 0 : host.scale();
    }

    /** What plain numbers of a sensor count. */
    private record Measure(SensorUnit unit, int scale) {}

    private SensorSpec.@Nullable Channel channel(
            String name, Fields part, Measure measure, SensorSource source, boolean movementIsSaid) {
        long min = source.lowest();
        long max = source.highest();
        Fields range = part.get(Channel.RANGE);
        if (range != null) {
            min = value(range, Range.MIN, measure, min);
            max = value(range, Range.MAX, measure, max);
            if (min > max) {
                problems.add(range.place(Range.MIN), range.what() + ": `min` " + min + " is more than `max` " + max);
            }
        }
        long resolution = value(part, Channel.RESOLUTION, measure, source.step());
        int resolutionScale = measure.scale();
        while (resolution > LARGEST_RESOLUTION && resolutionScale < LARGEST_SCALE) {
            resolution /= 10;
            resolutionScale++;
        }
        if (resolution < 0 || resolution > LARGEST_RESOLUTION) {
            problems.add(
                    part.place(Channel.RESOLUTION),
                    "`resolution` of " + part.what() + " must be from 0 to " + LARGEST_RESOLUTION);
            return null;
        }
        SensorSource used = source instanceof SensorSource.Host host && !movementIsSaid
                ? host.simulatedAs(min + (max - min) / 2)
                : source;
        return new SensorSpec.Channel(
                name, measure.unit(), measure.scale(), used, (int) resolution, resolutionScale, min, max);
    }

    /** The value of a key in 10^scale of the unit; the default too if it is wrong, which the problems say. */
    private long value(Fields part, Key<Quantity> key, Measure measure, long absent) {
        Quantity quantity = part.get(key);
        if (quantity == null) {
            return absent;
        }
        BigDecimal number = quantity.number();
        String what = Problems.quote(key.name()) + " of " + part.what();
        if (quantity.unit() != null) {
            if (quantity.unit() != measure.unit()) {
                problems.add(
                        part.place(key),
                        what + ": " + Problems.quote(part.text(key)) + " is not in the sensor's unit, "
                                + Problems.quote(measure.unit().words().getFirst()));
                return absent;
            }
            number = number.scaleByPowerOfTen(-measure.scale());
        }
        if (number.stripTrailingZeros().scale() > 0) {
            problems.add(
                    part.place(key),
                    what + ": " + Problems.quote(part.text(key)) + " is not a whole number of 10^" + measure.scale()
                            + " " + measure.unit().words().getFirst() + "; choose a smaller `scale`"
                            + (quantity.unit() == null ? ", or write the unit behind it" : ""));
            return absent;
        }
        if (number.abs().compareTo(BigDecimal.valueOf(LARGEST_VALUE)) > 0) {
            problems.add(part.place(key), what + ": " + Problems.quote(part.text(key)) + " is beyond 2^60");
            return absent;
        }
        return number.longValueExact();
    }

    // Sources

    private @Nullable SensorSource source(Fields written, Measure measure) {
        return written.has(Simulated.SIMULATED)
                ? movement(written.get(Simulated.SIMULATED), measure)
                : register(written, measure);
    }

    private @Nullable SensorSource host(Fields source, Measure measure, HostUnit unit) {
        HostChannel channel = HostSensorReader.channel(source);
        SensorSource.Simulated simulation = source.has(HostSensorShapes.SIMULATED)
                ? movement(source.get(HostSensorShapes.SIMULATED), measure)
                : SensorSource.Simulated.constant(0);
        return channel == null || simulation == null
                ? null
                : new SensorSource.Host(channel, unit.exponent() - measure.scale(), simulation);
    }

    private @Nullable SensorSource register(Fields source, Measure measure) {
        FieldRef field =
                registers.read(source, source.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT, WIDEST_FIELD);
        Integer multiply = source.get(FromRegister.MULTIPLY);
        Long divide = source.get(FromRegister.DIVIDE);
        if (multiply != null && multiply == 0) {
            problems.add(
                    source.place(FromRegister.MULTIPLY),
                    "`multiply` of " + source.what() + " must not be 0: every value would be the same");
            return null;
        }
        if (field == null || field.width() > WIDEST_FIELD || multiply == null || divide == null) {
            return null;
        }
        boolean signed = source.get(FromRegister.SIGNED, false);
        SensorSource.Register plain = new SensorSource.Register(field, signed, multiply, divide, 0);
        if (Math.max(-plain.lowest(), plain.highest()) > LARGEST_VALUE) {
            problems.add(source.owner(), source.what() + " can give values beyond 2^60; choose a larger `divide`");
        }
        return new SensorSource.Register(field, signed, multiply, divide, value(source, FromRegister.ADD, measure, 0));
    }

    private SensorSource.@Nullable Simulated movement(@Nullable Fields movement, Measure measure) {
        if (movement == null) {
            return null;
        }
        long start = value(movement, Movement.START, measure, 0);
        long min = value(movement, Movement.MIN, measure, start);
        long max = value(movement, Movement.MAX, measure, start);
        long step = value(movement, Movement.STEP, measure, 0);
        long every = movement.get(Movement.EVERY, DEFAULT_INTERVAL).toNanos();
        if (min > max && movement.has(Movement.MIN) && movement.has(Movement.MAX)) {
            problems.add(
                    movement.place(Movement.MIN), movement.what() + ": `min` " + min + " is more than `max` " + max);
        } else if (start < min || start > max) {
            problems.add(
                    movement.place(Movement.START),
                    "`start` of " + movement.what() + ": " + start + " is not between `min` " + min + " and `max` "
                            + max);
        }
        if (step < 0) {
            problems.add(movement.place(Movement.STEP), "`step` of " + movement.what() + " must not be negative");
        }
        if (every == 0) {
            problems.add(movement.place(Movement.EVERY), "`every` of " + movement.what() + " must be more than 0");
        }
        long takes = movement.get(Movement.TAKES, Duration.ZERO).toNanos();
        if (takes > LONGEST_READING_NANOS) {
            problems.add(
                    movement.place(Movement.TAKES),
                    "`takes` of " + movement.what() + " is more than 900 ms; after a second a reading has failed");
        }
        return new SensorSource.Simulated(start, min, max, step, every, takes);
    }

    // Intervals

    private @Nullable UpdateIntervals intervals(Fields sensor) {
        Intervals written = sensor.get(Sensor.INTERVALS);
        if (written == null) {
            return sensor.has(Sensor.INTERVALS)
                    ? null
                    : new UpdateIntervals.Listed(List.of(
                            sensor.get(Sensor.INTERVAL, DEFAULT_INTERVAL).toNanos()));
        }
        if (written.range() != null) {
            return range(written.range());
        }
        return written.listed() == null ? null : listed(sensor, written.listed());
    }

    private @Nullable UpdateIntervals listed(Fields sensor, List<Located<Duration>> written) {
        String what = "`intervals` of " + sensor.what();
        List<Long> nanos = new ArrayList<>();
        for (Located<Duration> interval : written) {
            long value = interval.value().toNanos();
            checkInterval(value, interval.place(), what);
            if (!nanos.isEmpty() && value <= nanos.getLast()) {
                problems.add(interval.place(), what + ": list each interval once, the shortest first");
            }
            nanos.add(value);
        }
        if (nanos.isEmpty() || nanos.size() > MOST_INTERVALS) {
            if (sensor.sound()) {
                problems.add(
                        sensor.place(Sensor.INTERVALS),
                        what + " has " + nanos.size() + " intervals; 1 to " + MOST_INTERVALS + " are possible");
            }
            return null;
        }
        return new UpdateIntervals.Listed(nanos);
    }

    private @Nullable UpdateIntervals range(Fields range) {
        Duration min = range.get(IntervalRange.MIN);
        Duration max = range.get(IntervalRange.MAX);
        Duration step = range.get(IntervalRange.STEP);
        if (min == null || max == null || step == null) {
            return null;
        }
        int before = problems.count();
        checkInterval(min.toNanos(), range.place(IntervalRange.MIN), "`min` of " + range.what());
        checkInterval(max.toNanos(), range.place(IntervalRange.MAX), "`max` of " + range.what());
        checkInterval(step.toNanos(), range.place(IntervalRange.STEP), "`step` of " + range.what());
        if (problems.count() > before) {
            return null;
        }
        long span = max.toNanos() - min.toNanos();
        if (span <= 0) {
            problems.add(range.place(IntervalRange.MAX), "`max` of " + range.what() + " must be more than `min`");
        } else if (span % step.toNanos() != 0) {
            problems.add(
                    range.place(IntervalRange.MAX),
                    "`max` of " + range.what() + " is not a whole number of steps above `min`");
        }
        return new UpdateIntervals.Range(min.toNanos(), max.toNanos(), step.toNanos());
    }

    /** What of the intervals is not shorter than the least, and in place of those that are, the least. */
    private static UpdateIntervals offered(UpdateIntervals written) {
        long least = UpdateIntervals.LEAST_NANOS;
        if (written.shortest() >= least) {
            return written;
        }
        return switch (written) {
            case UpdateIntervals.Listed listed ->
                new UpdateIntervals.Listed(listed.nanos().stream()
                        .map(nanos -> Math.max(nanos, least))
                        .distinct()
                        .toList());
            case UpdateIntervals.Range range -> offered(range);
        };
    }

    /** A range begins at the first of its intervals that is long enough, and that SCMI can say. */
    private static UpdateIntervals offered(UpdateIntervals.Range range) {
        long least = UpdateIntervals.LEAST_NANOS;
        long steps = (least - range.shortest() + range.step() - 1) / range.step();
        if (steps > (range.longest() - range.shortest()) / range.step()) {
            return new UpdateIntervals.Listed(List.of(least));
        }
        long first = range.shortest() + steps * range.step();
        // A few steps at most: the longest can be said, so 16 bits of digits are enough for what ends as it does.
        while (first < range.longest() && !canBeSaid(first)) {
            first += range.step();
        }
        return first == range.longest()
                ? new UpdateIntervals.Listed(List.of(first))
                : new UpdateIntervals.Range(first, range.longest(), range.step());
    }

    /** Where the shortest interval is written. */
    private static Place shortestPlace(Fields sensor) {
        Intervals written = sensor.get(Sensor.INTERVALS);
        if (written == null) {
            return sensor.place(Sensor.INTERVAL);
        }
        return written.listed() == null
                ? Objects.requireNonNull(written.range()).place(IntervalRange.MIN)
                : written.listed().getFirst().place();
    }

    private static boolean canBeSaid(long nanos) {
        BigInteger digits = BigDecimal.valueOf(nanos).stripTrailingZeros().unscaledValue();
        return digits.compareTo(BigInteger.valueOf(MOST_DIGITS)) <= 0;
    }

    private void checkInterval(long nanos, Place place, String what) {
        if (nanos == 0) {
            problems.add(place, what + ": an update interval must be more than 0");
        } else if (!canBeSaid(nanos)) {
            problems.add(
                    place,
                    what + ": SCMI cannot say this exactly; use fewer digits, at most " + MOST_DIGITS
                            + " times a power of ten");
        }
    }

    private long interval(Fields sensor, UpdateIntervals intervals) {
        Duration interval = sensor.get(Sensor.INTERVAL);
        if (interval == null) {
            return intervals.shortest();
        }
        String what = "`interval` of " + sensor.what();
        checkInterval(interval.toNanos(), sensor.place(Sensor.INTERVAL), what);
        if (!intervals.has(interval.toNanos())) {
            problems.add(sensor.place(Sensor.INTERVAL), what + " is not one of its `intervals`");
        }
        return interval.toNanos();
    }
}
