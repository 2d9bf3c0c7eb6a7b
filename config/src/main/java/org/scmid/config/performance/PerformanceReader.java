// Turns what a board file says about performance domains into records, and checks what the shapes cannot.
package org.scmid.config.performance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockReader;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.PossibleRates;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Units;
import org.scmid.config.performance.PerformanceShapes.Domain;
import org.scmid.config.performance.PerformanceShapes.Level;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.voltage.VoltageDomainSpec;

/** Turns what a board file says about performance domains into records, and checks what the shapes cannot. */
public final class PerformanceReader {
    private static final long LONGEST_LATENCY_MICROS = 0xffff;
    private static final long LONGEST_RATE_LIMIT_MICROS = 0xf_ffff;
    private static final long LARGEST_KILOHERTZ = 0xffff_ffffL;

    /** SCMI counts the levels that remain behind a first reply without levels in 16 bits. */
    private static final int MOST_LEVELS = 0xffff;

    private final ClockReader.Clocks clocks;
    private final Set<String> voltageNames;
    private final Map<String, VoltageDomainSpec> voltageDomains;
    private final Problems problems;
    private final Map<String, String> users = new HashMap<>();

    private PerformanceReader(
            ClockReader.Clocks clocks,
            Set<String> voltageNames,
            Map<String, VoltageDomainSpec> voltageDomains,
            Problems problems) {
        this.clocks = clocks;
        this.voltageNames = voltageNames;
        this.voltageDomains = voltageDomains;
        this.problems = problems;
    }

    /**
     * The performance domains by name; those that are wrong are left out.
     *
     * @param voltageNames all voltage domains that the file describes
     * @param voltageDomains those of them that are right
     */
    public static Map<String, PerformanceDomainSpec> read(
            List<Named<String, Fields>> written,
            ClockReader.Clocks clocks,
            Set<String> voltageNames,
            Map<String, VoltageDomainSpec> voltageDomains,
            Problems problems) {
        PerformanceReader reader = new PerformanceReader(clocks, voltageNames, voltageDomains, problems);
        Map<String, PerformanceDomainSpec> domains = new LinkedHashMap<>();
        for (Named<String, Fields> named : written) {
            Fields fields = named.value();
            int before = problems.count();
            PerformanceDomainSpec spec = fields == null ? null : reader.domain(named, fields);
            if (spec != null && fields != null && fields.sound() && problems.count() == before) {
                domains.put(named.key(), spec);
            }
        }
        return domains;
    }

    private @Nullable PerformanceDomainSpec domain(Named<String, Fields> named, Fields fields) {
        String clock = fields.get(Domain.CLOCK);
        String supply = fields.get(Domain.VOLTAGE_DOMAIN);
        checkClock(fields, clock);
        checkSupply(fields, supply);
        List<PerformanceLevelSpec> levels = levels(fields, clock, supply);
        if (clock == null || levels.isEmpty()) {
            return null;
        }
        long rateLimit = micros(
                fields, Domain.RATE_LIMIT, LONGEST_RATE_LIMIT_MICROS, "SCMI can say up to 1048575 us, about a second");
        return new PerformanceDomainSpec(
                named.key(),
                clock,
                supply,
                levels,
                sustained(fields, levels),
                fields.get(Domain.LEVEL_INDEXING, false),
                (int) rateLimit,
                named.place());
    }

    private void checkClock(Fields fields, @Nullable String clock) {
        if (clock == null) {
            return;
        }
        if (!clocks.all().keySet().contains(clock)) {
            problems.add(
                    fields.place(Domain.CLOCK),
                    "`clock` of " + fields.what() + ": there is no clock " + Problems.quote(clock)
                            + problems.didYouMean(clock, clocks.all().keySet()));
            return;
        }
        String other = users.putIfAbsent(clock, fields.what());
        if (other != null) {
            problems.add(
                    fields.place(Domain.CLOCK),
                    "`clock` of " + fields.what() + ": " + Problems.quote(clock) + " is already set by " + other
                            + "; a clock belongs to one performance domain");
        }
    }

    private void checkSupply(Fields fields, @Nullable String supply) {
        if (supply != null && !voltageNames.contains(supply)) {
            problems.add(
                    fields.place(Domain.VOLTAGE_DOMAIN),
                    "`voltage-domain` of " + fields.what() + ": there is no voltage domain " + Problems.quote(supply)
                            + (voltageNames.isEmpty()
                                    ? "; describe it under `voltage-domains`"
                                    : problems.didYouMean(supply, voltageNames)));
        }
    }

    // Levels

    private List<PerformanceLevelSpec> levels(Fields domain, @Nullable String clock, @Nullable String supply) {
        List<Located<Fields>> written = domain.get(Domain.LEVELS);
        List<PerformanceLevelSpec> levels = new ArrayList<>();
        if (written == null) {
            return levels;
        }
        if (written.isEmpty() && domain.sound()) {
            problems.add(
                    domain.place(Domain.LEVELS),
                    "`levels` of " + domain.what() + " is empty; give at least one, like `[{ frequency: 1 GHz }]`");
        }
        if (written.size() > MOST_LEVELS) {
            problems.add(
                    domain.place(Domain.LEVELS),
                    "`levels` of " + domain.what() + " has " + written.size() + " levels; SCMI can list "
                            + MOST_LEVELS);
            return levels;
        }
        boolean ordered = true;
        for (Located<Fields> item : written) {
            PerformanceLevelSpec level = level(domain, item, supply);
            if (level == null) {
                continue;
            }
            checkRate(domain, item, level, clock);
            if (ordered && !levels.isEmpty()) {
                ordered = checkOrder(domain, item, levels.getLast(), level);
            }
            levels.add(level);
        }
        return levels;
    }

    private @Nullable PerformanceLevelSpec level(Fields domain, Located<Fields> item, @Nullable String supply) {
        Fields fields = item.value();
        Long frequency = fields.get(Level.FREQUENCY);
        if (frequency == null) {
            return null;
        }
        if (frequency < 1000 || frequency / 1000 > LARGEST_KILOHERTZ) {
            problems.add(
                    fields.place(Level.FREQUENCY),
                    "`frequency` of a level of " + domain.what() + ": " + Units.showRate(frequency)
                            + " must be from 1 kHz to 4294967295 kHz, which is what SCMI can say");
            return null;
        }
        int voltage = voltage(domain, fields, supply);
        long latency = micros(fields, Level.LATENCY, LONGEST_LATENCY_MICROS, "SCMI can say up to 65535 us");
        return new PerformanceLevelSpec(
                fields.get(Level.LEVEL, frequency / 1000), frequency, voltage, fields.get(Level.POWER, 0L), (int)
                        latency);
    }

    private int voltage(Fields domain, Fields level, @Nullable String supply) {
        Integer voltage = level.get(Level.VOLTAGE);
        if (supply == null) {
            if (level.has(Level.VOLTAGE) && !domain.has(Domain.VOLTAGE_DOMAIN)) {
                problems.add(
                        level.keyPlace("voltage"),
                        "a level of " + domain.what() + " has `voltage`, but the domain has no `voltage-domain`");
            }
            return 0;
        }
        if (voltage == null) {
            if (!level.has(Level.VOLTAGE)) {
                problems.add(
                        level.owner(),
                        "a level of " + domain.what() + " lacks the key `voltage`: what " + Problems.quote(supply)
                                + " must give");
            }
            return 0;
        }
        VoltageDomainSpec spec = voltageDomains.get(supply);
        if (spec != null && spec.levels().position(voltage) < 0) {
            problems.add(
                    level.place(Level.VOLTAGE),
                    "`voltage` of a level of " + domain.what() + ": " + Units.showVoltage(voltage)
                            + " is not a level of " + Problems.quote(supply) + "; they are from "
                            + Units.showVoltage(spec.levels().lowest()) + " to "
                            + Units.showVoltage(spec.levels().highest()));
        }
        return voltage;
    }

    /** The clock must be able to have the rate, or every attempt to set the level would fail. */
    private void checkRate(Fields domain, Located<Fields> item, PerformanceLevelSpec level, @Nullable String clock) {
        ClockSpec spec = clock == null ? null : clocks.sound().get(clock);
        PossibleRates possible = clock == null ? null : clocks.possible().get(clock);
        if (spec == null || possible == null) {
            return;
        }
        String what = "`frequency` of a level of " + domain.what() + ": " + Units.showRate(level.hertz());
        Place place = item.value().place(Level.FREQUENCY);
        if (level.hertz() < spec.rates().min() || level.hertz() > spec.rates().max()) {
            problems.add(place, what + " is outside the `rates` of clock " + Problems.quote(spec.name()));
        } else if (!possible.mayBe(level.hertz())) {
            problems.add(
                    place,
                    what + " is no rate that clock " + Problems.quote(spec.name())
                            + " can have; its rates are between " + Units.showRate(possible.lowest()) + " and "
                            + Units.showRate(possible.highest()));
        }
    }

    private boolean checkOrder(
            Fields domain, Located<Fields> item, PerformanceLevelSpec below, PerformanceLevelSpec level) {
        String what = "`levels` of " + domain.what() + ": ";
        if (level.hertz() <= below.hertz()) {
            problems.add(
                    item.value().place(Level.FREQUENCY),
                    what + Units.showRate(level.hertz()) + " comes after " + Units.showRate(below.hertz())
                            + "; list each frequency once, the lowest first");
            return false;
        }
        if (level.level() <= below.level()) {
            problems.add(
                    item.value().place(Level.LEVEL),
                    what + "level " + level.level() + " comes after " + below.level()
                            + "; a faster level needs a larger number");
            return false;
        }
        if (level.microvolts() != 0 && level.microvolts() < below.microvolts()) {
            problems.add(
                    item.value().place(Level.VOLTAGE),
                    what + Units.showVoltage(level.microvolts()) + " at " + Units.showRate(level.hertz())
                            + " is less than " + Units.showVoltage(below.microvolts()) + " at "
                            + Units.showRate(below.hertz()) + "; a faster level must not need less");
            return false;
        }
        return true;
    }

    private int sustained(Fields fields, List<PerformanceLevelSpec> levels) {
        Long sustained = fields.get(Domain.SUSTAINED);
        if (sustained == null) {
            return levels.size() - 1;
        }
        for (int i = 0; i < levels.size(); i++) {
            if (levels.get(i).hertz() == sustained) {
                return i;
            }
        }
        problems.add(
                fields.place(Domain.SUSTAINED),
                "`sustained` of " + fields.what() + ": no level has the frequency " + Units.showRate(sustained)
                        + (levels.size() <= 16
                                ? "; the levels have "
                                        + Problems.allOf(levels.stream()
                                                .map(level -> Units.showRate(level.hertz()))
                                                .toList())
                                : ""));
        return levels.size() - 1;
    }

    private long micros(Fields fields, Key<Duration> key, long longest, String limit) {
        long micros = fields.get(key, Duration.ZERO).toNanos() / 1000;
        if (micros > longest) {
            problems.add(fields.place(key), "`" + key.name() + "` of " + fields.what() + " is too long; " + limit);
        }
        return micros;
    }
}
