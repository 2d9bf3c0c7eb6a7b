// Where readers of parts of a board file get fields of registers from.
package org.scmid.config;

import org.jspecify.annotations.Nullable;
import org.scmid.config.Values.BitRange;

/**
 * Reads a field of a register that a part of a board file names, and checks it. Bits that are written are claimed too, so
 * that no other part has them.
 */
@FunctionalInterface
interface FieldSource {
    /**
     * The field, or null if it is wrong and the problems say so.
     *
     * @param part what has the key `register` and the key of the bits
     * @param bits the key of the bits
     * @param widest most bits that the field may have
     */
    @Nullable
    FieldRef field(Fields part, Key<BitRange> bits, int widest);
}
