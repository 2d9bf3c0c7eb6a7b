// The multiplexer that selects a clock's parent.
package org.scmid.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The field that selects a clock's parent.
 *
 * @param field where it is, at most 32 bits
 * @param values the raw value of each parent, in the order of the clock's parents: all different, each fits the field.
 *     A raw value that is not in the list means no parent, 0 Hz, unless {@code also} has it
 * @param also further raw values, which are read and never written, and the position of the parent that each selects
 */
public record MuxSpec(FieldRef field, List<Long> values, Map<Long, Integer> also) {

    /** Copies the values. */
    public MuxSpec {
        values = List.copyOf(values);
        also = Collections.unmodifiableMap(new TreeMap<>(also));
    }

    /** A multiplexer with one raw value for each parent. */
    public MuxSpec(FieldRef field, List<Long> values) {
        this(field, values, Map.of());
    }
}
