/* The memory that messages are read from and written to: a checked little-endian window on a byte array. */
package org.scmid.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A reusable little-endian window on a byte array.
 *
 * <p>The window is private memory: a transport copies a message into it once, before anybody looks at it, so that what
 * was checked cannot change. Every access is checked against the window, not against the array; one that leaves the
 * window throws {@link IndexOutOfBoundsException}, which a payload that {@linkplain Payload#isComplete() is complete}
 * never causes. Positions count bytes from the start of the window. Not safe for use by several threads.
 */
public final class MessageBuffer {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NOTHING = new byte[0];

    private byte[] bytes = NOTHING;
    private int offset;
    private int length;

    /** An empty window; give it memory with {@link #wrap(byte[], int, int)}. */
    public MessageBuffer() {}

    /**
     * A window on new memory, filled with zeros.
     *
     * @param capacity bytes, at least 0
     */
    public MessageBuffer(int capacity) {
        wrap(new byte[capacity]);
    }

    /** Moves the window to the whole of {@code array}. */
    public MessageBuffer wrap(byte[] array) {
        return wrap(array, 0, array.length);
    }

    /**
     * Moves the window.
     *
     * @param array the memory, not copied
     * @param from first byte of the window in the array
     * @param size bytes in the window
     * @throws IndexOutOfBoundsException if the array does not contain the window
     */
    public MessageBuffer wrap(byte[] array, int from, int size) {
        Objects.checkFromIndexSize(from, size, array.length);
        bytes = array;
        offset = from;
        length = size;
        return this;
    }

    /** Bytes in the window. */
    public int length() {
        return length;
    }

    /** The memory under the window, not a copy. */
    public byte[] array() {
        return bytes;
    }

    /** Where the window starts in {@link #array()}. */
    public int arrayOffset() {
        return offset;
    }

    /** The byte at {@code at}, 0..255. */
    public int getU8(int at) {
        return bytes[index(at, 1)] & 0xFF;
    }

    /** Writes the low eight bits of {@code value}. */
    public void putU8(int at, int value) {
        bytes[index(at, 1)] = (byte) value;
    }

    /** The 32-bit word at {@code at}; as unsigned by {@link Integer#toUnsignedLong}. */
    public int getU32(int at) {
        return (int) INTS.get(bytes, index(at, Integer.BYTES));
    }

    /** Writes a 32-bit word. */
    public void putU32(int at, int value) {
        INTS.set(bytes, index(at, Integer.BYTES), value);
    }

    /** The 64-bit value at {@code at}: SCMI's low word, then its high word. */
    public long getU64(int at) {
        return (long) LONGS.get(bytes, index(at, Long.BYTES));
    }

    /** Writes a 64-bit value: its low word, then its high word. */
    public void putU64(int at, long value) {
        LONGS.set(bytes, index(at, Long.BYTES), value);
    }

    /** Copies {@code size} bytes of the window into {@code target}. */
    public void getBytes(int at, byte[] target, int targetOffset, int size) {
        System.arraycopy(bytes, index(at, size), target, targetOffset, size);
    }

    /** Copies {@code size} bytes of {@code source} into the window. */
    public void putBytes(int at, byte[] source, int sourceOffset, int size) {
        System.arraycopy(source, sourceOffset, bytes, index(at, size), size);
    }

    /** Writes {@code size} zero bytes. */
    public void putZeros(int at, int size) {
        int from = index(at, size);
        for (int i = from; i < from + size; i++) {
            bytes[i] = 0;
        }
    }

    private int index(int at, int size) {
        return offset + Objects.checkFromIndexSize(at, size, length);
    }
}
