// One register: how a few of its bits are changed.
package org.scmid.platform.register;

import org.jspecify.annotations.Nullable;

/**
 * One register of a window. There is one object for each register that a board uses, so that fields of one register
 * are known by identity and can be changed in one store.
 */
public final class Register {
    private final RegisterWindow window;
    private final long offset;
    private final long writeKey;
    private final int writeMaskShift;
    private final long keepable;
    private @Nullable WriteProcedure procedure;

    Register(RegisterWindow window, long offset, long writeKey, int writeMaskShift) {
        this.window = window;
        this.offset = offset;
        this.writeKey = writeKey;
        this.writeMaskShift = writeMaskShift;
        // What stands in the mask's half is an order about a write, not a value: it must not be written back.
        keepable = writeMaskShift < 0 ? -1L : (1L << writeMaskShift) - 1;
    }

    /** From now on it is read and written by rules; before it is used. */
    void follow(WriteProcedure rules) {
        procedure = rules;
    }

    /** The window that it is in. */
    public RegisterWindow window() {
        return window;
    }

    /** Its byte offset in the window. */
    public long offset() {
        return offset;
    }

    /**
     * Reads the whole word, zero-extended.
     *
     * @throws RegisterAccessException if it cannot be reached
     */
    public long read() {
        WriteProcedure rules = procedure;
        return rules == null ? window.read(offset) : rules.read();
    }

    /**
     * Changes some bits and keeps the others: one read, then one store, which carries the window's write key and write
     * mask if it has them. A register with rules takes more accesses, and may have to wait for hardware up to 50 us at a
     * time.
     *
     * @param mask the bits that may change
     * @param bits their new values, where they are in the register; bits outside the mask are ignored
     * @throws RegisterAccessException if it cannot be reached, or hardware does not do what the rules wait for
     */
    public void update(long mask, long bits) {
        WriteProcedure rules = procedure;
        if (rules == null) {
            window.write(offset, ordered((kept(window.read(offset)) & ~mask) | (bits & mask), mask));
        } else {
            rules.update(mask, bits);
        }
    }

    /** What of a word that was read may be written back. */
    long kept(long word) {
        return word & keepable;
    }

    /** A word as it must be written to change some bits. */
    long ordered(long word, long mask) {
        return word | writeKey | (writeMaskShift < 0 ? 0 : mask << writeMaskShift);
    }

    long writeKey() {
        return writeKey;
    }

    @Override
    public String toString() {
        return window.name() + "+0x" + Long.toHexString(offset);
    }
}
