// The multiplexer that selects a clock's parent.
package org.scmid.config;

import java.util.List;

/**
 * The field that selects a clock's parent.
 *
 * @param field where it is, at most 32 bits
 * @param values the raw value of each parent, in the order of the clock's parents: all different, each fits the field.
 *     A raw value that is not in the list means no parent, 0 Hz
 */
public record MuxSpec(FieldRef field, List<Long> values) {

    /** Copies the values. */
    public MuxSpec {
        values = List.copyOf(values);
    }
}
