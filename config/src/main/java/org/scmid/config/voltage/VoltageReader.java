// Turns what a board file says about voltage domains into records, and checks what the shapes cannot.
package org.scmid.config.voltage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Units;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.voltage.VoltageShapes.Domain;
import org.scmid.config.voltage.VoltageShapes.Enable;
import org.scmid.config.voltage.VoltageShapes.Level;
import org.scmid.config.voltage.VoltageShapes.Range;

/** Turns what a board file says about voltage domains into records, and checks what the shapes cannot. */
public final class VoltageReader {
    private static final int WIDEST_LEVEL = 32;

    /** SCMI counts the levels that remain behind a first reply without levels in 16 bits. */
    private static final int MOST_LISTED = 0xFFFF;

    private final Problems problems;
    private final FieldReader registers;

    private VoltageReader(Problems problems, FieldReader registers) {
        this.problems = problems;
        this.registers = registers;
    }

    /** The voltage domains by name; those that are wrong are left out. */
    public static Map<String, VoltageDomainSpec> read(
            List<Named<String, Fields>> written, FieldReader registers, Problems problems) {
        VoltageReader reader = new VoltageReader(problems, registers);
        Map<String, VoltageDomainSpec> domains = new LinkedHashMap<>();
        for (Named<String, Fields> named : written) {
            Fields fields = named.value();
            int before = problems.count();
            VoltageDomainSpec spec = fields == null ? null : reader.domain(named, fields);
            if (spec != null && fields != null && fields.sound() && problems.count() == before) {
                domains.put(named.key(), spec);
            }
        }
        return domains;
    }

    private @Nullable VoltageDomainSpec domain(Named<String, Fields> named, Fields fields) {
        Fields level = fields.get(Domain.LEVEL);
        FieldRef field = level == null
                ? null
                : registers.written(
                        level, level.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT, WIDEST_LEVEL);
        Fields enable = fields.get(Domain.ENABLE);
        FieldRef bit = enable == null ? null : registers.written(enable, Enable.ENABLE_BIT, 1);
        VoltageLevels levels = levels(fields, level, field);
        if (levels == null) {
            return null;
        }
        if (levels.count() > 1 && !fields.has(Domain.LEVEL)) {
            problems.add(
                    fields.owner(),
                    fields.what() + " has " + levels.count() + " levels but no `level`, the field that selects one");
        }
        return new VoltageDomainSpec(
                named.key(),
                levels,
                field,
                enable == null || bit == null ? null : new GateSpec(bit, enable.get(Enable.ACTIVE, true)),
                fields.get(Domain.SETTLE, Duration.ZERO).toNanos() / 1000,
                fields.get(Domain.ASYNCHRONOUS, false),
                fields.get(Domain.CRITICAL, false),
                named.place());
    }

    private @Nullable VoltageLevels levels(Fields domain, @Nullable Fields level, @Nullable FieldRef field) {
        Fields range = domain.get(Domain.RANGE);
        if (range != null) {
            return range(range, level, field);
        }
        List<Located<Integer>> listed = domain.get(Domain.LEVELS);
        return listed == null ? null : listed(domain, listed, level, field);
    }

    // Levels at equal distances

    private @Nullable VoltageLevels range(Fields range, @Nullable Fields level, @Nullable FieldRef field) {
        Integer min = range.get(Range.MIN);
        Integer max = range.get(Range.MAX);
        Integer step = range.get(Range.STEP);
        if (min == null || max == null || step == null) {
            return null;
        }
        if (step == 0) {
            problems.add(range.place(Range.STEP), "`step` of " + range.what() + " must be more than 0 V");
            return null;
        }
        if (max <= min) {
            problems.add(
                    range.place(Range.MAX),
                    "`max` of " + range.what() + ": " + Units.showVoltage(max) + " must be more than `min` "
                            + Units.showVoltage(min) + "; for a single level write `levels: [" + Units.showVoltage(min)
                            + "]`");
            return null;
        }
        if ((max - min) % step != 0) {
            int last = min + (max - min) / step * step;
            problems.add(
                    range.place(Range.MAX),
                    "`max` of " + range.what() + ": " + Units.showVoltage(max)
                            + " is not a whole number of steps above `min`; the level below it is "
                            + Units.showVoltage(last));
            return null;
        }
        long start = level == null ? 0 : level.get(Level.START, 0L);
        if (level != null && level.has(Level.VALUES)) {
            problems.add(
                    level.keyPlace("values"),
                    level.what() + " has `values`, which go with `levels`; with `range` the raw value of the lowest is"
                            + " `start`");
        }
        VoltageLevels.Range levels = new VoltageLevels.Range(min, max, step, start);
        long last = levels.raw(levels.count() - 1);
        if (field != null && level != null && last > field.max()) {
            problems.add(
                    level.place(level.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT),
                    level.what() + ": the highest of " + levels.count() + " levels has the raw value " + last
                            + ", which does not fit a field whose largest value is " + field.max());
        }
        return levels;
    }

    // Single levels

    private @Nullable VoltageLevels listed(
            Fields domain, List<Located<Integer>> listed, @Nullable Fields level, @Nullable FieldRef field) {
        if (listed.isEmpty()) {
            if (domain.sound()) {
                problems.add(
                        domain.place(Domain.LEVELS), "`levels` of " + domain.what() + " is empty; give at least one");
            }
            return null;
        }
        if (listed.size() > MOST_LISTED) {
            problems.add(
                    domain.place(Domain.LEVELS),
                    "`levels` of " + domain.what() + " has " + listed.size() + " levels; SCMI can list " + MOST_LISTED
                            + ", use `range`");
            return null;
        }
        for (int i = 1; i < listed.size(); i++) {
            int below = listed.get(i - 1).value();
            if (listed.get(i).value() <= below) {
                problems.add(
                        listed.get(i).place(),
                        "`levels` of " + domain.what() + ": "
                                + Units.showVoltage(listed.get(i).value()) + " comes after " + Units.showVoltage(below)
                                + "; list each level once, the lowest first, and give `values` in the same order");
                return null;
            }
        }
        List<Long> raws = raws(domain, listed.size(), level, field);
        return raws == null ? null : new VoltageLevels.Listed(Values.values(listed), raws);
    }

    private @Nullable List<Long> raws(Fields domain, int levels, @Nullable Fields level, @Nullable FieldRef field) {
        List<Long> raws = new ArrayList<>();
        List<Located<Long>> written = level == null ? null : level.get(Level.VALUES);
        if (level != null && level.has(Level.START)) {
            problems.add(
                    level.keyPlace("start"),
                    level.what() + " has `start`, which goes with `range`; with `levels` the raw values are `values`");
        }
        if (written == null || level == null) {
            for (long i = 0; i < levels; i++) {
                raws.add(i);
            }
            if (level != null && level.has(Level.VALUES)) {
                return null;
            }
            if (field != null && level != null && levels - 1L > field.max()) {
                problems.add(
                        level.owner(),
                        level.what() + " can hold " + (field.max() + 1) + " levels; " + domain.what() + " has "
                                + levels);
            }
            return raws;
        }
        Map<Long, Place> seen = new HashMap<>();
        for (Located<Long> value : written) {
            raws.add(value.value());
            Place earlier = seen.putIfAbsent(value.value(), value.place());
            if (earlier != null) {
                problems.add(
                        value.place(),
                        "`values` of " + level.what() + " has " + Long.toUnsignedString(value.value())
                                + " twice; every level needs a raw value of its own");
            } else if (field != null && Long.compareUnsigned(value.value(), field.max()) > 0) {
                problems.add(
                        value.place(),
                        "`values` of " + level.what() + ": " + Long.toUnsignedString(value.value())
                                + " does not fit the field; the largest is " + field.max());
            }
        }
        if (raws.size() != levels) {
            problems.add(
                    level.place(Level.VALUES),
                    "`values` of " + level.what() + " has " + raws.size() + " for " + levels
                            + " levels; give one for each, in the order of the levels");
        }
        return raws;
    }
}
