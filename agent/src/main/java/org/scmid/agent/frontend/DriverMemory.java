// A guest's memory made of memory files, to be shared with a back end.
package org.scmid.agent.frontend;

import java.util.ArrayList;
import java.util.List;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.MemFd;
import org.scmid.transport.virtqueue.BufferMemory;
import org.scmid.transport.virtqueue.Span;

/**
 * Guest memory of one or more regions. Guest-physical, user and file addresses all differ on purpose, so that a back end
 * that takes one for the other is found out.
 */
public final class DriverMemory implements BufferMemory, AutoCloseable {
    /** The distance between guest and user addresses. */
    private static final long USER_BASE = 0x7f00_0000_0000L;

    /**
     * One region.
     *
     * @param fd its memory file, {@code fileOffset + size} bytes long
     * @param guest guest-physical address of its first byte
     * @param user the address that a VMM would have it at
     * @param size bytes
     * @param fileOffset where it begins in the file
     * @param mapping the whole file
     */
    public record Region(Fd fd, long guest, long user, long size, long fileOffset, Mapping mapping) {}

    private final List<Region> regions = new ArrayList<>();

    /** Makes memory without regions. */
    public DriverMemory() {}

    /**
     * Adds a region of zeros.
     *
     * @param guest its guest-physical address
     * @param size bytes, a multiple of 4096
     * @param fileOffset where it begins in its file, a multiple of 4096
     * @return it
     */
    public Region add(long guest, long size, long fileOffset) throws LinuxException {
        Fd fd = MemFd.create("scmid-driver", fileOffset + size);
        try {
            Mapping mapping = Mapping.map(fd, 0, fileOffset + size, true);
            Region region = new Region(fd, guest, USER_BASE + guest, size, fileOffset, mapping);
            regions.add(region);
            return region;
        } catch (LinuxException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Sees to it that no back end can cut the regions off: without this an access may throw InternalError, since who has a
     * memory file can make it shorter.
     *
     * @throws LinuxException if a file refuses seals
     */
    public void seal() throws LinuxException {
        for (Region region : regions) {
            MemFd.sealSize(region.fd);
        }
    }

    /** All regions, in the order they were added. */
    public List<Region> regions() {
        return List.copyOf(regions);
    }

    /**
     * The region of a guest-physical address.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Region region(long guest) {
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            if (guest >= region.guest && guest - region.guest < region.size) {
                return region;
            }
        }
        throw new IllegalArgumentException("no memory at guest address 0x" + Long.toHexString(guest));
    }

    /** The user address of a guest-physical one. */
    public long user(long guest) {
        Region region = region(guest);
        return region.user + (guest - region.guest);
    }

    /** Writes from[0..length) to a guest-physical address, across adjoining regions if need be. */
    public void write(long guest, byte[] from, int length) {
        int done = 0;
        while (done < length) {
            Region region = region(guest + done);
            long inside = guest + done - region.guest;
            int part = (int) Math.min(length - done, region.size - inside);
            region.mapping.write(region.fileOffset + inside, from, done, part);
            done += part;
        }
    }

    /** Reads into[0..length) from a guest-physical address, across adjoining regions if need be. */
    public void read(long guest, byte[] into, int length) {
        int done = 0;
        while (done < length) {
            Region region = region(guest + done);
            long inside = guest + done - region.guest;
            int part = (int) Math.min(length - done, region.size - inside);
            region.mapping.read(region.fileOffset + inside, into, done, part);
            done += part;
        }
    }

    /** As a device would look an address up; false where there is no memory. */
    @Override
    public boolean locate(int descriptor, long address, long length, Span into) {
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            long inside = address - region.guest;
            if (address >= region.guest && inside < region.size) {
                into.set(region.mapping, region.fileOffset + inside, Math.min(length, region.size - inside));
                return true;
            }
        }
        return false;
    }

    /** Unmaps and closes everything. */
    @Override
    public void close() {
        for (Region region : regions) {
            region.mapping.close();
            region.fd.close();
        }
        regions.clear();
    }
}
