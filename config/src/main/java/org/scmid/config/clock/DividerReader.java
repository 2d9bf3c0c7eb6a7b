// Turns a `divider`, or what has the same words, into its record, and checks what the shapes cannot.
package org.scmid.config.clock;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockShapes.Divider;
import org.scmid.config.clock.ClockShapes.DividerKind;
import org.scmid.config.document.Problems;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Values.Named;

/** Reads dividers: those of clocks, and those of phase-locked loops. */
final class DividerReader {
    private static final int WIDEST_FIELD = 32;
    private static final int WIDEST_POWER = 5;

    private final FieldReader fields;
    private final Problems problems;

    DividerReader(FieldReader fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /** Reads a divider; null if there is none, or it is wrong and the problems say so. */
    @Nullable
    DividerSpec read(@Nullable Fields divider) {
        if (divider == null) {
            return null;
        }
        DividerKind kind = divider.get(Divider.KIND);
        if (kind == null && divider.has(Divider.KIND)) {
            return null;
        }
        if (divider.has(Divider.INTEGER)) {
            return fractional(divider);
        }
        FieldRef field = fields.written(
                divider,
                divider.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT,
                kind == DividerKind.POWER_OF_TWO ? WIDEST_POWER : WIDEST_FIELD);
        if (divider.has(Divider.TABLE)) {
            return table(divider, field);
        }
        if (field == null || kind == null) {
            return null;
        }
        return switch (kind) {
            case LINEAR -> new DividerSpec.Linear(field);
            case ONE_BASED -> new DividerSpec.OneBased(field, divider.get(Divider.ZERO, DividerSpec.WhenZero.STOP));
            case POWER_OF_TWO -> new DividerSpec.PowerOfTwo(field);
            // Their keys are missing, which the rules of the shape have reported.
            case TABLE, FRACTIONAL -> null;
        };
    }

    private @Nullable DividerSpec table(Fields divider, @Nullable FieldRef field) {
        List<Named<Long, Long>> entries = divider.get(Divider.TABLE);
        if (entries == null || field == null) {
            return null;
        }
        if (entries.isEmpty() && divider.mapping(Divider.TABLE).isEmpty()) {
            problems.add(
                    divider.place(Divider.TABLE),
                    "`table` of " + divider.what()
                            + " is empty; give the divisor of each raw value, like `{0: 1, 1: 2}`");
        }
        SortedMap<Long, Long> divisors = new TreeMap<>();
        for (Named<Long, Long> entry : entries) {
            if (entry.key() > field.max()) {
                problems.add(
                        entry.place(),
                        "`table` of " + divider.what() + ": the raw value " + entry.key() + " does not fit "
                                + Problems.counted(field.width(), "bit") + "; the largest is " + field.max());
            }
            if (entry.value() != null) {
                divisors.put(entry.key(), entry.value());
            }
        }
        return divisors.isEmpty() ? null : new DividerSpec.Table(field, divisors);
    }

    private @Nullable DividerSpec fractional(Fields divider) {
        FieldRef integer = fields.written(divider, Divider.INTEGER, WIDEST_FIELD);
        FieldRef fraction = fields.written(divider, Divider.FRACTION, WIDEST_FIELD);
        if (integer == null || fraction == null) {
            return null;
        }
        if (integer.width() + fraction.width() > WIDEST_FIELD) {
            problems.add(
                    divider.place(Divider.INTEGER),
                    divider.what() + " has " + (integer.width() + fraction.width())
                            + " bits of integer and fraction; at most " + WIDEST_FIELD + " together are supported");
        }
        long least = divider.get(Divider.MIN, 1L);
        if (least > integer.max()) {
            problems.add(
                    divider.place(Divider.MIN),
                    "`min` of " + divider.what() + " does not fit " + Problems.counted(integer.width(), "bit")
                            + "; the largest is " + integer.max());
        }
        return new DividerSpec.Fractional(integer, fraction, least);
    }
}
