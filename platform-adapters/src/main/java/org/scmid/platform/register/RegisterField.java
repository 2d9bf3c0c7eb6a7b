// Some neighbouring bits of a register.
package org.scmid.platform.register;

/**
 * Some neighbouring bits of a register.
 *
 * @param register the register
 * @param mask the bits, where they are in it
 * @param shift the number of the lowest of them
 */
public record RegisterField(Register register, long mask, int shift) {
    /** The raw value that the register holds now. */
    public long read() {
        return valueIn(register.read());
    }

    /** The raw value in a word that was read from the register. */
    public long valueIn(long word) {
        return (word & mask) >>> shift;
    }

    /** A raw value where it stands in the register; what does not fit the field is cut off. */
    public long bits(long value) {
        return (value << shift) & mask;
    }

    /** Writes a raw value and keeps the register's other bits. */
    public void write(long value) {
        register.update(mask, bits(value));
    }

    /** The largest raw value. */
    public long max() {
        return mask >>> shift;
    }
}
