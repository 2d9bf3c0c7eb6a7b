// Turns the `mux` of a clock into its record, and checks what the shapes cannot.
package org.scmid.config.clock;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockShapes.Mux;
import org.scmid.config.document.Problems;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** Reads multiplexers. */
final class MuxReader {
    private static final int WIDEST_FIELD = 32;

    private final FieldReader fields;
    private final ReadyReader readies;
    private final Problems problems;

    MuxReader(FieldReader fields, ReadyReader readies, Problems problems) {
        this.fields = fields;
        this.readies = readies;
        this.problems = problems;
    }

    /**
     * Reads a multiplexer.
     *
     * @param names the clock's parents
     * @return null if there is none, or it is wrong and the problems say so
     */
    @Nullable
    MuxSpec read(@Nullable Fields mux, List<String> names) {
        int parents = names.size();
        if (mux == null) {
            return null;
        }
        FieldRef field =
                fields.written(mux, mux.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT, WIDEST_FIELD);
        if (parents == 0) {
            return null;
        }
        List<Long> values = rawValues(mux, Mux.VALUES, field, parents);
        if (values == null && mux.has(Mux.VALUES)) {
            return null;
        }
        List<Long> raw = values == null ? countUp(mux, field, parents) : values;
        MuxSpec.Status status = readies.status(
                mux.get(Mux.STATUS),
                (part, key, its) -> part.has(key) ? rawValues(part, key, its, parents) : raw,
                WIDEST_FIELD);
        return field == null ? null : new MuxSpec(field, raw, also(mux, field, raw, names), status);
    }

    /** 0, 1, 2 ..., one for each parent. */
    private List<Long> countUp(Fields mux, @Nullable FieldRef field, int parents) {
        List<Long> values = new ArrayList<>();
        for (long i = 0; i < parents; i++) {
            values.add(i);
        }
        if (field != null && Long.compareUnsigned(parents - 1L, field.max()) > 0) {
            problems.add(
                    mux.owner(),
                    mux.what() + " has " + Problems.counted(field.width(), "bit") + ", which select among "
                            + (field.max() + 1) + " parents at most; there are " + parents);
        }
        return values;
    }

    /** The raw values that were written, one for each parent; null if none were, or no list. */
    private @Nullable List<Long> rawValues(
            Fields part, Key<List<Located<Long>>> key, @Nullable FieldRef field, int parents) {
        List<Located<Long>> written = part.get(key);
        if (written == null) {
            return null;
        }
        String what = Problems.quote(key.name()) + " of " + part.what();
        List<Long> values = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Located<Long> value : written) {
            values.add(value.value());
            if (!seen.add(value.value())) {
                problems.add(
                        value.place(),
                        what + " has " + value.value() + " twice; every parent needs a raw value of its own");
            }
            if (field != null && Long.compareUnsigned(value.value(), field.max()) > 0) {
                problems.add(
                        value.place(),
                        what + ": " + Long.toUnsignedString(value.value()) + " does not fit "
                                + Problems.counted(field.width(), "bit") + "; the largest is " + field.max());
            }
        }
        if (values.size() != parents) {
            problems.add(
                    part.place(key),
                    what + " has " + Problems.counted(values.size(), "value") + " for "
                            + Problems.counted(parents, "parent") + "; give one for each, in the order of the parents");
        }
        return values;
    }

    /** Further raw values of a multiplexer, and the positions of the parents that they select. */
    private Map<Long, Integer> also(Fields mux, FieldRef field, List<Long> values, List<String> names) {
        Map<Long, Integer> also = new LinkedHashMap<>();
        for (Named<Long, String> item : mux.get(Mux.ALSO, List.of())) {
            String name = item.value();
            if (name == null) {
                continue; // it was not a text
            }
            String what = "`also` of " + mux.what();
            int position = names.indexOf(name);
            if (position < 0) {
                problems.add(
                        item.place(), what + " names " + Problems.quote(name) + ", which is none of its `parents`");
            }
            if (values.contains(item.key())) {
                problems.add(item.place(), what + " has " + item.key() + ", which `values` have already; remove one");
            }
            if (Long.compareUnsigned(item.key(), field.max()) > 0) {
                problems.add(
                        item.place(),
                        what + ": " + Long.toUnsignedString(item.key()) + " does not fit "
                                + Problems.counted(field.width(), "bit") + "; the largest is " + field.max());
            }
            also.put(item.key(), Math.max(0, position));
        }
        return also;
    }
}
