// Some neighbouring bits of one register.
package org.scmid.config.register;

import org.scmid.config.document.Place;

/**
 * Some neighbouring bits of one register, written {@code register: cru+0x10, bits: 9..8} or {@code bit: 3}.
 *
 * @param window name of the register window, which the board has
 * @param offset byte offset of the register in the window; a multiple of the register width
 * @param high number of the field's highest bit
 * @param low number of its lowest bit, at most {@code high}
 * @param place where it is written
 */
public record FieldRef(String window, long offset, int high, int low, Place place) {

    /** Number of bits, 1 to 64. */
    public int width() {
        return high - low + 1;
    }

    /** The field's bits where they are in the register: bits 9..8 give 0x300. */
    public long mask() {
        return max() << low;
    }

    /** The largest raw value that the field can hold, unsigned: bits 9..8 give 3. */
    public long max() {
        return -1L >>> (64 - width());
    }
}
