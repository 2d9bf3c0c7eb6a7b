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
                    SharedRegion.shownSize(size)
                            + (shared == 0 ? "" : ", and " + SharedRegion.shownSize(shared) + " are shared already"));
        }
        boolean inside = guestAddress == ANYWHERE
                || (region.guestAddress() >= guestAddress
                        && region.guestAddress() + region.size() <= guestAddress + size);
        if (!inside) {
            throw refused(region, "only what lies in " + new SharedRegion(guestAddress, size));
        }
    }

    private static RefusedException refused(SharedRegion region, String allowed) {
        return RefusedException.memory(
                "the VMM shares " + region + ", but `window` in the service file allows this" + " agent " + allowed
                        + "; `scmid guest qemu` prints the options that share the window and nothing else");
    }
}
