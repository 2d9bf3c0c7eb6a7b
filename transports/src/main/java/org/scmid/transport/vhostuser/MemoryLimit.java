// How much of its guest's memory a front end may share, and where.
package org.scmid.transport.vhostuser;

import org.scmid.transport.SharedRegion;

/**
 * What is accepted of the memory that a front end offers. Nothing beyond it is ever mapped.
 *
 * @param size bytes that all regions together may have; {@link #NONE} if there is no limit
 * @param guestAddress guest-physical address of the window that every region must lie in, its length being {@code size};
 *     {@link #ANYWHERE} if they may be anywhere
 */
public record MemoryLimit(long size, long guestAddress) {
    /** No limit: as a {@code size}. */
    private static final long NONE = Long.MAX_VALUE;

    /** As a {@code guestAddress}: the regions may be anywhere. */
    public static final long ANYWHERE = -1;

    /** The whole of the guest's memory may be shared. */
    public static final MemoryLimit UNLIMITED = new MemoryLimit(NONE, ANYWHERE);

    /** Whether there is a limit. */
    public boolean limits() {
        return size != NONE;
    }

    /**
     * Checks one more region.
     *
     * @param region its end is below 2^63
     * @param shared bytes that are shared already
     * @throws RefusedException if it is more than may be shared, or elsewhere; the message says what to do
     */
    void check(SharedRegion region, long shared) throws RefusedException {
        if (!limits()) {
            return;
        }
        if (region.size() > size - shared) {
            throw refused(
                    region,
                    "more than the window of " + SharedRegion.shownSize(size)
                            + (shared == 0
                                    ? ""
                                    : ", of which " + SharedRegion.shownSize(shared) + " are shared already"));
        }
        if (guestAddress != ANYWHERE
                && (region.guestAddress() < guestAddress
                        || region.guestAddress() + region.size() > guestAddress + size)) {
            throw refused(region, "not inside the window, " + new SharedRegion(guestAddress, size));
        }
    }

    private static RefusedException refused(SharedRegion region, String why) {
        return RefusedException.memory("the VMM shares " + region + ", " + why + ", that the service file sets for this"
                + " agent; `scmid guest qemu` prints the options that share the window only");
    }
}
