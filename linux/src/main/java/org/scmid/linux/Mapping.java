// Memory that is shared with a file, a guest, another process or a device.
package org.scmid.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A mapping of a file's bytes, little-endian, shared with whoever maps the same file. No access allocates.
 *
 * <ul>
 *   <li>An access outside [0, {@link #size}) throws IndexOutOfBoundsException, one after {@link #close}
 *       IllegalStateException.
 *   <li>An access to bytes that the file no longer has, because a peer shrank it, throws InternalError; see {@link
 *       #raiseFault} for when. Treat it as the end of that peer. There is no compare-and-set or exchange: on such bytes
 *       it would end the JVM.
 *   <li>Plain accesses may have any address. Acquire, release and register accesses must be aligned to their width,
 *       else they throw IllegalArgumentException: check addresses that a peer has given beforehand.
 * </ul>
 */
public final class Mapping implements AutoCloseable {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort U16_ANY = U16.withByteAlignment(1);
    private static final ValueLayout.OfInt U32_ANY = U32.withByteAlignment(1);
    private static final ValueLayout.OfLong U64_ANY = U64.withByteAlignment(1);

    private static final VarHandle BYTE = JAVA_BYTE.varHandle();
    private static final VarHandle SHORT = U16.varHandle();
    private static final VarHandle INT = U32.varHandle();
    private static final VarHandle LONG = U64.varHandle();

    private static final Object FAULT_POINT = new Object();

    private final MemorySegment segment;
    private final Arena arena;
    private final boolean device;
    private boolean open = true;

    /** Compiled code leaves out even a volatile read whose value nobody uses; a device may need it nevertheless. */
    @SuppressWarnings("UnusedVariable")
    private long lastRead;

    @SuppressWarnings("MustBeClosed") // close() closes it
    private Mapping(long address, long length, boolean device) {
        this.device = device;
        // Shared, not confined: management threads may look, and it measured no slower.
        this.arena = Arena.ofShared();
        this.segment = LibC.memory(address, length, arena);
    }

    /**
     * Maps a part of a file, shared with others that map it (MAP_SHARED). The descriptor may be closed afterwards.
     *
     * @param fd the file; opened for writing if the mapping is writable
     * @param offset where it starts, a multiple of the page size
     * @param length bytes, from 1; may go beyond the file's end, where every access faults
     * @param writable whether it can be written
     * @return the mapping
     * @throws LinuxException EACCES if the file is not opened for this, EINVAL for a bad offset or length, ENODEV for a
     *     file that cannot be mapped, ENOMEM
     */
    public static Mapping map(Fd fd, long offset, long length, boolean writable) throws LinuxException {
        return map(fd, offset, length, writable, false);
    }

    /**
     * As {@link #map}, for writing, of a device's memory. Every access to it that is aligned is exactly one access of the
     * machine, in {@link #read} and {@link #write} too, which use aligned ones only: on arm64 any other faults.
     *
     * @param fd the device, opened for reading and writing
     * @param offset where it starts, a multiple of the page size
     * @param length bytes, from 1
     * @return the mapping
     * @throws LinuxException as {@link #map}; EPERM if the kernel keeps this memory for itself
     */
    public static Mapping mapDevice(Fd fd, long offset, long length) throws LinuxException {
        return map(fd, offset, length, true, true);
    }

    private static Mapping map(Fd fd, long offset, long length, boolean writable, boolean device)
            throws LinuxException {
        int protection = LibC.PROT_READ | (writable ? LibC.PROT_WRITE : 0);
        long address = LibC.mmap(length, protection, LibC.MAP_SHARED, fd.number(), offset);
        if (address < 0) {
            throw new LinuxException("mmap(" + fd + ", " + offset + ", " + length + ")", (int) -address);
        }
        return new Mapping(address, length, device);
    }

    /**
     * Makes writable memory of zeros, of no file.
     *
     * @param length bytes, from 1
     * @return the mapping
     * @throws LinuxException EINVAL for a bad length, ENOMEM
     */
    public static Mapping anonymous(long length) throws LinuxException {
        int protection = LibC.PROT_READ | LibC.PROT_WRITE;
        long address = LibC.mmap(length, protection, LibC.MAP_SHARED | LibC.MAP_ANONYMOUS, -1, 0);
        if (address < 0) {
            throw new LinuxException("mmap(anonymous, " + length + ")", (int) -address);
        }
        return new Mapping(address, length, false);
    }

    /**
     * Its length.
     *
     * @return bytes
     */
    public long size() {
        return segment.byteSize();
    }

    /**
     * Reads a byte.
     *
     * @param at offset in bytes
     * @return the value, signed
     */
    public byte getByte(long at) {
        return segment.get(JAVA_BYTE, at);
    }

    /**
     * Reads 16 bits.
     *
     * @param at offset in bytes
     * @return the value, 0 to 65535
     */
    public int getU16(long at) {
        return Short.toUnsignedInt(segment.get(U16_ANY, at));
    }

    /**
     * Reads 32 bits.
     *
     * @param at offset in bytes
     * @return the value
     */
    public int getInt(long at) {
        return segment.get(U32_ANY, at);
    }

    /**
     * Reads 64 bits.
     *
     * @param at offset in bytes
     * @return the value
     */
    public long getLong(long at) {
        return segment.get(U64_ANY, at);
    }

    /**
     * Writes a byte.
     *
     * @param at offset in bytes
     * @param v the value
     */
    public void putByte(long at, byte v) {
        segment.set(JAVA_BYTE, at, v);
    }

    /**
     * Writes 16 bits.
     *
     * @param at offset in bytes
     * @param v the value; its upper half is ignored
     */
    public void putU16(long at, int v) {
        segment.set(U16_ANY, at, (short) v);
    }

    /**
     * Writes 32 bits.
     *
     * @param at offset in bytes
     * @param v the value
     */
    public void putInt(long at, int v) {
        segment.set(U32_ANY, at, v);
    }

    /**
     * Writes 64 bits.
     *
     * @param at offset in bytes
     * @param v the value
     */
    public void putLong(long at, long v) {
        segment.set(U64_ANY, at, v);
    }

    /**
     * Reads 16 bits before everything that follows: what the peer wrote before it released the value can be seen.
     *
     * @param at offset in bytes, aligned to 2
     * @return the value, 0 to 65535
     */
    public int getU16Acquire(long at) {
        return Short.toUnsignedInt((short) SHORT.getAcquire(segment, at));
    }

    /**
     * Writes 16 bits after everything before: a peer that acquires the value sees that too.
     *
     * @param at offset in bytes, aligned to 2
     * @param v the value; its upper half is ignored
     */
    public void putU16Release(long at, int v) {
        // Not setRelease: interpreted, that is an exchange, and the JVM dies of one that faults.
        VarHandle.releaseFence();
        SHORT.set(segment, at, (short) v);
    }

    /**
     * As {@link #getU16Acquire}, 32 bits.
     *
     * @param at offset in bytes, aligned to 4
     * @return the value
     */
    public int getIntAcquire(long at) {
        return (int) INT.getAcquire(segment, at);
    }

    /**
     * As {@link #putU16Release}, 32 bits.
     *
     * @param at offset in bytes, aligned to 4
     * @param v the value
     */
    public void putIntRelease(long at, int v) {
        VarHandle.releaseFence();
        INT.set(segment, at, v);
    }

    /**
     * Orders all accesses before against all after, a write against a later read included: needed between publishing an
     * index and reading whether the peer wants to be told.
     */
    public static void fullFence() {
        VarHandle.fullFence();
    }

    /**
     * Copies out of the mapping.
     *
     * @param at offset in bytes
     * @param to where the bytes go
     * @param toOffset from which index
     * @param length how many bytes
     */
    public void read(long at, byte[] to, int toOffset, int length) {
        if (device) {
            Objects.checkFromIndexSize(at, length, size());
            Objects.checkFromIndexSize(toOffset, length, to.length);
            AlignedCopy.read(segment, at, to, toOffset, length);
            return;
        }
        MemorySegment.copy(segment, JAVA_BYTE, at, to, toOffset, length);
    }

    /**
     * Copies into the mapping.
     *
     * @param at offset in bytes
     * @param from where the bytes are
     * @param fromOffset from which index
     * @param length how many bytes
     */
    public void write(long at, byte[] from, int fromOffset, int length) {
        if (device) {
            Objects.checkFromIndexSize(at, length, size());
            Objects.checkFromIndexSize(fromOffset, length, from.length);
            AlignedCopy.write(segment, at, from, fromOffset, length);
            return;
        }
        MemorySegment.copy(from, fromOffset, segment, JAVA_BYTE, at, length);
    }

    /**
     * Reads a device register by one access of exactly its width, in program order with other register accesses.
     *
     * @param at offset in bytes, aligned to the width
     * @param widthBits 8, 16, 32 or 64
     * @return the value, zero-extended
     * @throws IllegalArgumentException for another width or a misaligned offset
     */
    public long readRegister(long at, int widthBits) {
        long value = switch (widthBits) {
            case 8 -> (byte) BYTE.getVolatile(segment, at) & 0xffL;
            case 16 -> (short) SHORT.getVolatile(segment, at) & 0xffffL;
            case 32 -> (int) INT.getVolatile(segment, at) & 0xffff_ffffL;
            case 64 -> (long) LONG.getVolatile(segment, at);
            default -> throw noSuchWidth(widthBits);
        };
        lastRead = value;
        return value;
    }

    /**
     * Writes a device register by one access of exactly its width, in program order with other register accesses.
     *
     * @param at offset in bytes, aligned to the width
     * @param widthBits 8, 16, 32 or 64
     * @param value the value; bits above the width are ignored
     * @throws IllegalArgumentException for another width or a misaligned offset
     */
    public void writeRegister(long at, int widthBits, long value) {
        // Not setVolatile, for the same reason as in putU16Release. The fences order the write, and keep it from being
        // joined with another or left out.
        VarHandle.fullFence();
        switch (widthBits) {
            case 8 -> BYTE.set(segment, at, (byte) value);
            case 16 -> SHORT.set(segment, at, (short) value);
            case 32 -> INT.set(segment, at, (int) value);
            case 64 -> LONG.set(segment, at, value);
            default -> throw noSuchWidth(widthBits);
        }
        VarHandle.fullFence();
    }

    private static IllegalArgumentException noSuchWidth(int widthBits) {
        return new IllegalArgumentException("a register is 8, 16, 32 or 64 bits wide, not " + widthBits);
    }

    /**
     * Makes the fault of an earlier access come now. Compiled code goes on for a while after an access to bytes that a
     * peer has cut off, with any value, before InternalError is thrown. Call this at the end of the work for one peer,
     * inside the try block that catches the error: then it cannot come up in the work for another.
     *
     * @throws InternalError if an access of this thread has faulted and not thrown yet
     */
    public static void raiseFault() {
        Thread.holdsLock(FAULT_POINT);
    }

    /**
     * Whether it can be accessed.
     *
     * @return false once {@link #close} was called
     */
    public synchronized boolean isOpen() {
        return open;
    }

    /** Unmaps; idempotent. Another thread's access fails from now on, it never reads what is mapped there next. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            long address = segment.address();
            arena.close(); // returns once no thread is amid an access
            LibC.munmap(address, segment.byteSize());
        }
    }
}
