// One register: how a few of its bits are changed.
package org.scmid.platform.register;

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

    Register(RegisterWindow window, long offset, long writeKey, int writeMaskShift) {
        this.window = window;
        this.offset = offset;
        this.writeKey = writeKey;
        this.writeMaskShift = writeMaskShift;
        // What stands in the mask's half is an order about a write, not a value: it must not be written back.
        keepable = writeMaskShift < 0 ? -1L : (1L << writeMaskShift) - 1;
    }

    /** The window that it is in. */
    public RegisterWindow window() {
        return window;
    }

    /** Its byte offset in the window. */
    public long offset() {
        return offset;
    }

    /** Reads the whole word, zero-extended. */
    public long read() {
        return window.read(offset);
    }

    /**
     * Changes some bits and keeps the others: one read, then one store, which carries the window's write key and write
     * mask if it has them.
     *
     * @param mask the bits that may change
     * @param bits their new values, where they are in the register; bits outside the mask are ignored
     */
    public void update(long mask, long bits) {
        long word = (window.read(offset) & keepable & ~mask) | (bits & mask) | writeKey;
        if (writeMaskShift >= 0) {
            word |= mask << writeMaskShift;
        }
        window.write(offset, word);
    }

    @Override
    public String toString() {
        return window.name() + "+0x" + Long.toHexString(offset);
    }
}
