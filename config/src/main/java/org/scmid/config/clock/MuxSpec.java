// The multiplexer that selects a clock's parent.
package org.scmid.config.clock;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.register.FieldRef;

/**
 * The field that selects a clock's parent.
 *
 * @param field where it is, at most 32 bits
 * @param values the raw value of each parent, in the order of the clock's parents: all different, each fits the field.
 *     A raw value that is not in the list means no parent, 0 Hz, unless {@code also} has it
 * @param also further raw values, which are read and never written, and the position of the parent that each selects
 * @param status how it says which parent it runs from, after it was set; null if it does so at once
 */
public record MuxSpec(
        FieldRef field,
        List<Long> values,
        Map<Long, Integer> also,
        @Nullable Status status) {

    /** Copies the values. */
    public MuxSpec {
        values = List.copyOf(values);
        also = Collections.unmodifiableMap(new TreeMap<>(also));
    }

    /** A multiplexer with one raw value for each parent. */
    public MuxSpec(FieldRef field, List<Long> values) {
        this(field, values, Map.of(), null);
    }

    /**
     * The field by which a multiplexer says which parent it runs from. It is read at once, then after each interval.
     *
     * @param field where it is, which is only read
     * @param values its raw value for each parent, in the order of the clock's parents
     * @param timeout after which the switch counts as failed, more than 0
     * @param interval between two reads, more than 0
     */
    public record Status(FieldRef field, List<Long> values, Duration timeout, Duration interval) {
        /** Copies the values. */
        public Status {
            values = List.copyOf(values);
        }
    }
}
