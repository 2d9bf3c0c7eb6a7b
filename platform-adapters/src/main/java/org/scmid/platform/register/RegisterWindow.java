// The one seam between what knows registers and what knows how they are reached.
package org.scmid.platform.register;

/**
 * A window of registers of one width. Every read and every write is one access of exactly that width, in program order,
 * and none is left out: reading may have effects, and two writes of one value are two writes.
 *
 * <p>Offsets are bytes from the window's start. An offset that is negative, not a multiple of the width, or not inside
 * the window is a fault of the caller: {@link IndexOutOfBoundsException} or {@link IllegalArgumentException}. A window
 * is used by one thread at a time.
 */
public interface RegisterWindow extends AutoCloseable {
    /** The window's name in the board file. */
    String name();

    /** Length in bytes. */
    long size();

    /** Width of a register in bits: 8, 16, 32 or 64. */
    int width();

    /**
     * Reads a register.
     *
     * @param offset its byte offset
     * @return its value, zero-extended
     */
    long read(long offset);

    /**
     * Writes a register.
     *
     * @param offset its byte offset
     * @param value what to write; bits above the width are ignored
     */
    void write(long offset, long value);

    /** Lets go of the window. A second call does nothing; an access after it is an {@link IllegalStateException}. */
    @Override
    void close();
}
