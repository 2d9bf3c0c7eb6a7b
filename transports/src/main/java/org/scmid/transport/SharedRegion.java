// A piece of a guest's memory that the service has mapped.
package org.scmid.transport;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A piece of its memory that an agent shares with the service.
 *
 * @param guestAddress the guest's address of its first byte
 * @param size bytes, at least 1
 */
public record SharedRegion(long guestAddress, long size) {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    /** {@code 4 MiB at guest address 0x50000000}. */
    @Override
    public String toString() {
        return shownSize(size) + " at guest address 0x" + Long.toHexString(guestAddress);
    }

    /** Regions for people, {@code 4 MiB at guest address 0x50000000, 1 GiB ...}; {@code nothing} if there are none. */
    public static String shown(List<SharedRegion> regions) {
        return regions.isEmpty()
                ? "nothing"
                : regions.stream().map(SharedRegion::toString).collect(Collectors.joining(", "));
    }

    /** A size for people, exact: {@code 4 MiB}, {@code 536 KiB}, {@code 100 bytes}. */
    public static String shownSize(long bytes) {
        if (bytes == 0 || bytes % KIB != 0) {
            return bytes + " bytes";
        }
        return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes / KIB + " KiB";
    }
}
