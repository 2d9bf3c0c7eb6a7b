// The regions of its guest's memory that a VMM has shared, and both ways to find something in them.
package org.scmid.transport.vhostuser;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.transport.SharedRegion;
import org.scmid.transport.virtqueue.BufferMemory;
import org.scmid.transport.virtqueue.RingLayout;
import org.scmid.transport.virtqueue.Span;

/**
 * Maps regions, and translates guest-physical addresses (descriptors) and the VMM's user addresses (rings) to them.
 * Regions never overlap in either, and lie in the lower half of the 64-bit space, so that signed arithmetic is right.
 */
final class GuestMemory implements BufferMemory, AutoCloseable {
    /** As many as are asked for by ADD_MEM_REG; a machine with hot-plugged memory needs some dozens. */
    static final int MAX_REGIONS = 128;

    /**
     * How much one front end may have mapped, more than any guest's memory. Mapped addresses are all that a memory file
     * with nothing in it costs, but the process has 128 TiB of them for all its guests.
     */
    private static final long MOST_MAPPED = 1L << 42;

    /**
     * What the front end says of a region.
     *
     * @param guest guest-physical address of the first byte
     * @param size bytes
     * @param user the same byte's address in the VMM
     * @param fileOffset the same byte's place in the file
     */
    record Region(long guest, long size, long user, long fileOffset) {
        SharedRegion shared() {
            return new SharedRegion(guest, size);
        }

        @Override
        public String toString() {
            return "region of " + size + " bytes at guest address 0x" + Long.toHexString(guest);
        }
    }

    /**
     * A region in the process.
     *
     * @param base what to subtract from the place of a byte in the file for its place in the mapping
     */
    private record Mapped(Region region, Mapping mapping, long base) {
        private long at(long intoRegion) {
            return region.fileOffset - base + intoRegion;
        }
    }

    private final MemoryLimit limit;

    /** Sorted by guest address. */
    private Mapped[] regions = new Mapped[0];

    private @Nullable Mapped lastHit;

    /** Memory with nothing in it yet, that never gets more than the limit allows. */
    GuestMemory(MemoryLimit limit) {
        this.limit = limit;
    }

    /** What is shared, the lowest guest address first. */
    List<SharedRegion> shared() {
        return Arrays.stream(regions).map(mapped -> mapped.region.shared()).toList();
    }

    /** What bounds it. */
    MemoryLimit limit() {
        return limit;
    }

    /**
     * Maps one more region.
     *
     * @param fd its file; stays the caller's
     * @throws RefusedException if it cannot be used; nothing has changed then
     */
    void add(Region region, Fd fd) throws RefusedException, LinuxException {
        if (regions.length == MAX_REGIONS) {
            throw RefusedException.memory("more than " + MAX_REGIONS + " memory regions");
        }
        check(region);
        Mapped mapped = map(region, fd);
        Mapped[] more = Arrays.copyOf(regions, regions.length + 1);
        more[regions.length] = mapped;
        Arrays.sort(more, Comparator.comparingLong(one -> one.region.guest));
        regions = more;
    }

    /**
     * Takes one out and unmaps it. Who has a {@link RingLayout} in it must stop using it.
     *
     * @throws RefusedException if there is none at these addresses with this size
     */
    void remove(Region region) throws RefusedException {
        for (int i = 0; i < regions.length; i++) {
            Region found = regions[i].region;
            if (found.guest == region.guest && found.user == region.user && found.size == region.size) {
                Mapping mapping = regions[i].mapping;
                Mapped[] fewer = new Mapped[regions.length - 1];
                System.arraycopy(regions, 0, fewer, 0, i);
                System.arraycopy(regions, i + 1, fewer, i, fewer.length - i);
                regions = fewer;
                lastHit = null;
                mapping.close();
                return;
            }
        }
        throw RefusedException.memory("there is no " + region + " to remove");
    }

    /** Takes over the regions of another, which is empty afterwards; unmaps its own. */
    void replaceBy(GuestMemory other) {
        close();
        regions = other.regions;
        other.regions = new Mapped[0];
        other.lastHit = null;
    }

    /** Unmaps everything. */
    @Override
    public void close() {
        for (Mapped mapped : regions) {
            mapped.mapping.close();
        }
        regions = new Mapped[0];
        lastHit = null;
    }

    @Override
    public boolean locate(int descriptor, long address, long length, Span into) {
        Mapped hit = lastHit;
        if (hit == null || !contains(hit.region, address)) {
            hit = find(address);
            if (hit == null) {
                return false;
            }
            lastHit = hit;
        }
        long inside = address - hit.region.guest;
        into.set(hit.mapping, hit.at(inside), Math.min(length, hit.region.size - inside));
        return true;
    }

    /** What an address outside means, for a log line: what there is, and where to look. */
    @Override
    public String describe() {
        return "its VMM shares " + SharedRegion.shown(shared()) + "; "
                + (limit.limits()
                        ? "look at the device's `memory-region` in the guest's device tree, which must name a"
                                + " `restricted-dma-pool` at this place (`scmid guest dts`), at"
                                + " CONFIG_DMA_RESTRICTED_POOL of the guest's kernel, and at `iommu_platform=on` of"
                                + " the device in QEMU"
                        : "is all of the guest's memory, or the window that its driver uses, shared?");
    }

    /**
     * Finds a part of a ring by the VMM's user address.
     *
     * @return null if it does not lie within one region
     */
    RingLayout.@Nullable Part ringPart(long user, long bytes) {
        for (Mapped mapped : regions) {
            Region region = mapped.region;
            long into = user - region.user;
            if (user >= region.user && into < region.size && bytes <= region.size - into) {
                return new RingLayout.Part(mapped.mapping, mapped.at(into));
            }
        }
        return null;
    }

    private @Nullable Mapped find(long address) {
        int low = 0;
        int high = regions.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Mapped mapped = regions[middle];
            if (contains(mapped.region, address)) {
                return mapped;
            }
            if (address < mapped.region.guest) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    private static boolean contains(Region region, long address) {
        return address >= region.guest && address - region.guest < region.size;
    }

    private void check(Region region) throws RefusedException {
        boolean possible = region.size > 0
                && region.guest >= 0
                && region.user >= 0
                && region.fileOffset >= 0
                && region.guest + region.size > 0
                && region.user + region.size > 0
                && region.fileOffset + region.size > 0;
        if (!possible) {
            throw RefusedException.memory("a " + region + " is impossible");
        }
        limit.check(region.shared(), sharedBytes());
        for (Mapped mapped : regions) {
            Region other = mapped.region;
            if (overlap(region.guest, other.guest, region.size, other.size)
                    || overlap(region.user, other.user, region.size, other.size)) {
                throw RefusedException.memory("a " + region + " overlaps the " + other);
            }
        }
    }

    private static boolean overlap(long a, long b, long aSize, long bSize) {
        return a < b + bSize && b < a + aSize;
    }

    private Mapped map(Region region, Fd fd) throws RefusedException, LinuxException {
        // Only memory files have seals. Any other file may sit on a file system whose server never answers a page fault
        // (FUSE), and that would stop every guest.
        if (NativeFile.seals(fd) < 0) {
            throw RefusedException.memory("the " + region + " is not in a memory file: use memory-backend-memfd, or"
                    + " memory-backend-file on tmpfs or hugetlbfs, with share=on");
        }
        long end = region.fileOffset + region.size;
        long fileSize = NativeFile.size(fd);
        if (fileSize < end) {
            throw RefusedException.memory(
                    "the file of the " + region + " has " + fileSize + " bytes where " + end + " are needed");
        }
        // Whole pages, of the kind that the file has: the pages that hold the region, and no others.
        long page = NativeFile.pageSize(fd);
        long base = region.fileOffset & -page;
        long rounded = end > Long.MAX_VALUE - page ? end : (end + page - 1) & -page;
        long length = Math.min(rounded, fileSize) - base;
        if (length > MOST_MAPPED - mappedBytes()) {
            throw RefusedException.memory("the " + region + " would need " + length + " bytes mapped; with the others"
                    + " that is more than " + (MOST_MAPPED >> 40) + " TiB");
        }
        return new Mapped(region, Mapping.map(fd, base, length, true), base);
    }

    private long sharedBytes() {
        long bytes = 0;
        for (Mapped mapped : regions) {
            bytes += mapped.region.size;
        }
        return bytes;
    }

    private long mappedBytes() {
        long bytes = 0;
        for (Mapped mapped : regions) {
            bytes += mapped.mapping.size();
        }
        return bytes;
    }
}
