// Reads what a platform offers from a file that `scmid upstream --save` wrote.
package org.scmid.config.offer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Source;
import org.scmid.config.document.YamlReader;
import org.scmid.config.offer.OfferShapes.Change;
import org.scmid.config.offer.OfferShapes.Right;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** Reads an offer; resources that are wrong are left out, and the problems say so. */
final class OfferReader {
    private static final long LATENCY_UNKNOWN = 0xFFFF_FFFFL;

    private final Problems problems;

    private OfferReader(Problems problems) {
        this.problems = problems;
    }

    /** @throws ConfigException if nothing useful can be read */
    static @Nullable Offer read(String upstream, Source source, Problems problems) throws ConfigException {
        Node.Mapping root = YamlReader.read(source.name(), source.bytes(), problems);
        Fields file = OfferShapes.SHAPE.read(
                root, Value.Context.of("the offer of upstream " + Problems.quote(upstream), root.place(), problems));
        if (file == null) {
            return null;
        }
        String about = file.get(OfferShapes.PLATFORM);
        if (about != null && !about.equals(upstream)) {
            problems.add(
                    file.place(OfferShapes.PLATFORM),
                    "this file is about the upstream " + Problems.quote(about) + ", and not about "
                            + Problems.quote(upstream));
        }
        return new OfferReader(problems).offer(file);
    }

    private Offer offer(Fields file) {
        Set<String> clocks = new HashSet<>();
        file.get(OfferShapes.CLOCKS, List.of()).forEach(named -> clocks.add(named.key()));
        return new Offer(
                file.get(OfferShapes.VENDOR, ""),
                file.get(OfferShapes.SUB_VENDOR, ""),
                file.get(OfferShapes.IMPLEMENTATION_VERSION, 0L),
                all(file, OfferShapes.CLOCKS, (name, id, fields) -> clock(name, id, fields, clocks)),
                all(file, OfferShapes.POWER_DOMAINS, this::powerDomain),
                all(file, OfferShapes.SENSORS, this::sensor),
                all(file, OfferShapes.RESETS, this::reset),
                all(file, OfferShapes.VOLTAGE_DOMAINS, this::voltageDomain),
                all(file, OfferShapes.PERFORMANCE_DOMAINS, this::performanceDomain));
    }

    /** Reads a resource of one kind; null if it is wrong. */
    private interface Reading<T> {
        @Nullable
        T of(String name, int id, Fields fields);
    }

    private <T extends Offered> List<T> all(Fields file, Key<List<Named<String, Fields>>> key, Reading<T> reading) {
        List<T> all = new ArrayList<>();
        Map<Long, String> names = new HashMap<>();
        for (Named<String, Fields> named : file.get(key, List.of())) {
            Fields fields = named.value();
            Long id = fields == null ? null : fields.get(OfferShapes.ID);
            if (fields == null || id == null) {
                continue;
            }
            String other = names.putIfAbsent(id, named.key());
            if (other != null) {
                problems.add(
                        fields.place(OfferShapes.ID),
                        fields.what() + " has the id " + id + ", which " + Problems.quote(other) + " has already");
                continue;
            }
            T resource = fields.sound() ? reading.of(named.key(), Math.toIntExact(id), fields) : null;
            if (resource != null) {
                all.add(resource);
            }
        }
        all.sort(Comparator.comparingInt(Offered::id));
        return all;
    }

    private @Nullable ClockOffer clock(String name, int id, Fields fields, Set<String> clocks) {
        List<String> parents = new ArrayList<>();
        for (Located<String> parent : fields.get(OfferShapes.Clock.PARENTS, List.of())) {
            if (!clocks.contains(parent.value())) {
                problems.add(
                        parent.place(),
                        "a parent of " + fields.what() + " is " + Problems.quote(parent.value())
                                + ", and there is no such clock in this file"
                                + problems.didYouMean(parent.value(), clocks));
                return null;
            }
            parents.add(parent.value());
        }
        OfferedRates rates = null;
        OfferShapes.WrittenRates written = fields.get(OfferShapes.Clock.RATES);
        if (written != null) {
            rates = rates(fields, written);
            if (rates == null) {
                return null;
            }
        }
        return new ClockOffer(
                id,
                name,
                rates,
                parents,
                micros(fields, OfferShapes.Clock.ENABLE_DELAY, 0),
                may(fields, Right.SWITCH),
                may(fields, Right.SET_RATE),
                may(fields, Right.SET_PARENT),
                fields.get(OfferShapes.ASYNCHRONOUS, false),
                notifies(fields, Change.RATE));
    }

    private @Nullable OfferedRates rates(Fields clock, OfferShapes.WrittenRates written) {
        return switch (written) {
            case OfferShapes.WrittenRates.Listed it -> {
                List<Long> hz = ascending(clock, OfferShapes.Clock.RATES, it.rates());
                yield hz == null ? null : new OfferedRates.Listed(hz);
            }
            case OfferShapes.WrittenRates.Range it -> {
                long lowest = it.fields().get(OfferShapes.RateRange.LOWEST, 0L);
                long highest = it.fields().get(OfferShapes.RateRange.HIGHEST, 0L);
                long step = it.fields().get(OfferShapes.RateRange.STEP, 1L);
                if (lowest > highest || step == 0) {
                    problems.add(
                            clock.place(OfferShapes.Clock.RATES),
                            "`rates` of " + clock.what()
                                    + (step == 0 ? ": a `step` is at least 1 Hz" : ": `lowest` is above `highest`"));
                    yield null;
                }
                yield new OfferedRates.Range(lowest, highest, step);
            }
        };
    }

    /** The values, if there is one and they ascend. */
    private <T extends Comparable<T>> @Nullable List<T> ascending(Fields fields, Key<?> key, List<Located<T>> written) {
        if (written.isEmpty()) {
            problems.add(fields.place(key), "`" + key.name() + "` of " + fields.what() + " is empty");
            return null;
        }
        List<T> values = new ArrayList<>();
        for (Located<T> value : written) {
            if (!values.isEmpty() && value.value().compareTo(values.getLast()) <= 0) {
                problems.add(
                        value.place(),
                        "`" + key.name() + "` of " + fields.what() + " must ascend, and here they do not");
                return null;
            }
            values.add(value.value());
        }
        return values;
    }

    private PowerDomainOffer powerDomain(String name, int id, Fields fields) {
        return new PowerDomainOffer(
                id, name, fields.get(OfferShapes.ASYNCHRONOUS, false), notifies(fields, Change.STATE));
    }

    private @Nullable SensorOffer sensor(String name, int id, Fields fields) {
        boolean asynchronous = fields.get(OfferShapes.ASYNCHRONOUS, false);
        if (!fields.has(OfferShapes.Sensor.AXES)) {
            SensorOffer.Channel channel = channel(name, fields);
            return channel == null ? null : new SensorOffer(id, name, false, List.of(channel), asynchronous);
        }
        List<SensorOffer.Channel> channels = new ArrayList<>();
        for (Named<String, Fields> axis : fields.get(OfferShapes.Sensor.AXES, List.of())) {
            SensorOffer.Channel channel = axis.value() == null ? null : channel(axis.key(), axis.value());
            if (channel == null) {
                return null;
            }
            channels.add(channel);
        }
        if (channels.isEmpty() || channels.size() > OfferShapes.MOST_CHANNELS) {
            problems.add(
                    fields.place(OfferShapes.Sensor.AXES),
                    "`axes` of " + fields.what() + " are " + channels.size() + "; a sensor has 1 to "
                            + OfferShapes.MOST_CHANNELS);
            return null;
        }
        return new SensorOffer(id, name, true, channels, asynchronous);
    }

    private SensorOffer.@Nullable Channel channel(String name, Fields fields) {
        long min = fields.get(OfferShapes.Sensor.MIN, Long.MIN_VALUE);
        long max = fields.get(OfferShapes.Sensor.MAX, Long.MAX_VALUE);
        if (min > max) {
            problems.add(fields.place(OfferShapes.Sensor.MIN), "`min` of " + fields.what() + " is above `max`");
            return null;
        }
        return new SensorOffer.Channel(
                name,
                Math.toIntExact(fields.get(OfferShapes.Sensor.TYPE, 0L)),
                Math.toIntExact(fields.get(OfferShapes.Sensor.SCALE, 0L)),
                Math.toIntExact(fields.get(OfferShapes.Sensor.RESOLUTION, 0L)),
                Math.toIntExact(fields.get(OfferShapes.Sensor.RESOLUTION_SCALE, 0L)),
                min,
                max);
    }

    private ResetOffer reset(String name, int id, Fields fields) {
        return new ResetOffer(
                id,
                name,
                micros(fields, OfferShapes.Reset.LATENCY, LATENCY_UNKNOWN),
                fields.get(OfferShapes.ASYNCHRONOUS, false));
    }

    private @Nullable VoltageDomainOffer voltageDomain(String name, int id, Fields fields) {
        List<Integer> levels = ascending(
                fields, OfferShapes.VoltageDomain.LEVELS, fields.get(OfferShapes.VoltageDomain.LEVELS, List.of()));
        if (levels == null) {
            return null;
        }
        int step = fields.get(OfferShapes.VoltageDomain.STEP, 0);
        if (step != 0 && levels.size() != 2) {
            problems.add(
                    fields.place(OfferShapes.VoltageDomain.STEP),
                    "`step` of " + fields.what() + ": of a range the `levels` are two, the lowest and the highest");
            return null;
        }
        return new VoltageDomainOffer(id, name, levels, step, fields.get(OfferShapes.ASYNCHRONOUS, false));
    }

    private @Nullable PerformanceDomainOffer performanceDomain(String name, int id, Fields fields) {
        List<Located<Long>> numbers = new ArrayList<>();
        List<PerformanceDomainOffer.Level> levels = new ArrayList<>();
        for (Located<Fields> written : fields.get(OfferShapes.PerformanceDomain.LEVELS, List.of())) {
            Fields level = written.value();
            long hz = level.get(OfferShapes.PerformanceDomain.FREQUENCY, 0L);
            if (hz % 1000 != 0 || hz / 1000 > 0xFFFF_FFFFL) {
                problems.add(
                        level.place(OfferShapes.PerformanceDomain.FREQUENCY),
                        "`frequency` of a level of " + fields.what()
                                + " must be a whole number of kHz that 32 bits can hold");
                return null;
            }
            long number = level.get(OfferShapes.PerformanceDomain.LEVEL, 0L);
            numbers.add(new Located<>(number, written.place()));
            levels.add(new PerformanceDomainOffer.Level(
                    number,
                    hz / 1000,
                    level.get(OfferShapes.PerformanceDomain.POWER, 0L),
                    Math.toIntExact(level.get(OfferShapes.PerformanceDomain.LATENCY, 0L)),
                    level.get(OfferShapes.PerformanceDomain.INDEX, 0L)));
        }
        List<Long> ascending = ascending(fields, OfferShapes.PerformanceDomain.LEVELS, numbers);
        if (ascending == null) {
            return null;
        }
        int sustained = ascending.indexOf(fields.get(OfferShapes.PerformanceDomain.SUSTAINED, 0L));
        if (sustained < 0) {
            problems.add(
                    fields.place(OfferShapes.PerformanceDomain.SUSTAINED),
                    "`sustained` of " + fields.what() + " is none of its levels");
            return null;
        }
        return new PerformanceDomainOffer(
                id,
                name,
                levels,
                sustained,
                fields.get(OfferShapes.PerformanceDomain.LEVEL_INDEXING, false),
                Math.toIntExact(fields.get(OfferShapes.PerformanceDomain.RATE_LIMIT, 0L)),
                may(fields, Right.SET_LEVEL),
                may(fields, Right.SET_LIMITS),
                notifies(fields, Change.LEVEL),
                notifies(fields, Change.LIMITS));
    }

    private static boolean may(Fields fields, Right right) {
        return fields.get(OfferShapes.MAY, List.of()).stream().anyMatch(it -> it.value() == right);
    }

    private static boolean notifies(Fields fields, Change change) {
        return fields.get(OfferShapes.NOTIFIES, List.of()).stream().anyMatch(it -> it.value() == change);
    }

    private static long micros(Fields fields, Key<Duration> key, long absent) {
        Duration written = fields.get(key);
        return written == null ? absent : Math.min(written.toNanos() / 1000, LATENCY_UNKNOWN);
    }
}
