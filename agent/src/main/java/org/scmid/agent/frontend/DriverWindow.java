// A window of shared memory as the agent's side of a ring in it sees it.
package org.scmid.agent.frontend;

import java.nio.file.Path;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;
import org.scmid.transport.virtqueue.BufferMemory;
import org.scmid.transport.virtqueue.Span;

/**
 * The memory that an agent and the server share. Offsets count from the window's first byte; addresses, which go into
 * descriptors and queue registers, are offset + {@link #guestAddress}. Any byte of it can be written, by whoever plays an
 * agent that has lost its mind; an access outside it throws IndexOutOfBoundsException.
 */
public final class DriverWindow implements BufferMemory, AutoCloseable {
    private final Mapping mapping;
    private final long base;
    private final long size;
    private final long guestAddress;

    /**
     * A window in a mapping, which is closed with it.
     *
     * @param mapping what holds it
     * @param base where it begins in the mapping, a multiple of 4096
     * @param size bytes
     * @param guestAddress the address of its first byte, as the agent and the server agreed
     */
    public DriverWindow(Mapping mapping, long base, long size, long guestAddress) {
        if (base < 0 || base % 4096 != 0 || size < 4096 || size > mapping.size() - base) {
            throw new IllegalArgumentException(
                    "a window of " + size + " bytes at " + base + " of a mapping of " + mapping.size());
        }
        this.mapping = mapping;
        this.base = base;
        this.size = size;
        this.guestAddress = guestAddress;
    }

    /**
     * Maps a window of a file that is there.
     *
     * @param file the file, which others map too
     * @param offset where the window begins in it, a multiple of 4096
     * @param size bytes
     * @param guestAddress the address of its first byte
     * @throws LinuxException if it cannot be opened or mapped
     */
    public static DriverWindow open(Path file, long offset, long size, long guestAddress) throws LinuxException {
        try (Fd fd = NativeFile.open(file, OpenMode.READ_WRITE, false, false)) {
            return new DriverWindow(Mapping.map(fd, offset, size, true), 0, size, guestAddress);
        }
    }

    /** Its length in bytes. */
    public long size() {
        return size;
    }

    /** The address of its first byte. */
    public long guestAddress() {
        return guestAddress;
    }

    /** The address of the byte at an offset. */
    public long address(long offset) {
        return guestAddress + offset;
    }

    /** Reads 32 bits, before everything that follows. */
    public int load(long offset) {
        return mapping.getIntAcquire(at(offset, 4));
    }

    /** Writes 32 bits, after everything before. */
    public void store(long offset, int value) {
        mapping.putIntRelease(at(offset, 4), value);
    }

    /** Copies bytes into the window. */
    public void write(long offset, byte[] from, int length) {
        mapping.write(at(offset, length), from, 0, length);
    }

    /** Copies bytes out of the window. */
    public void read(long offset, byte[] into, int length) {
        mapping.read(at(offset, length), into, 0, length);
    }

    @Override
    public boolean locate(int descriptor, long address, long length, Span into) {
        long offset = address - guestAddress;
        if (offset < 0 || offset >= size) {
            return false;
        }
        into.set(mapping, base + offset, Math.min(length, size - offset));
        return true;
    }

    /** Unmaps it. */
    @Override
    public void close() {
        mapping.close();
    }

    private long at(long offset, long length) {
        if (offset < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of a window of " + size);
        }
        return base + offset;
    }
}
