// A guest's window of shared memory behind its private memory, on QEMU's board virt.
package org.scmid.server.guest;

import org.jspecify.annotations.Nullable;
import org.scmid.config.service.MemoryWindow;
import org.scmid.config.service.TransportSpec;
import org.scmid.transport.SharedRegion;

/**
 * The memory of a guest that shares nothing but a window with the service. On QEMU's board {@code virt} memory begins at
 * {@link #MEMORY_BASE}: first what is private, then the window.
 *
 * @param memory bytes of private memory, a multiple of 4096
 * @param size bytes of the window, a multiple of 4096
 */
public record GuestWindow(long memory, long size) {
    /** Where the memory of QEMU's board {@code virt} begins. */
    public static final long MEMORY_BASE = 0x4000_0000L;

    /** The private memory of a guest whose owner does not say how much he wants. */
    public static final long DEFAULT_MEMORY = 256L << 20;

    private static final long PAGE = 4096;

    /** The guest-physical address of the window. */
    public long guestAddress() {
        return MEMORY_BASE + memory;
    }

    /** What the service gets to see. */
    SharedRegion shared() {
        return new SharedRegion(guestAddress(), size);
    }

    /**
     * The window that a guest is to have.
     *
     * @param agent whose guest it is; its {@code window} bounds what is possible
     * @param bus where the guest finds the device
     * @param memory bytes of private memory; null: what lies before the window's address if the agent fixes that, else
     *     {@link #DEFAULT_MEMORY}
     * @param size bytes of the window; null: as much as the agent's {@code window}
     * @return null if neither the size nor the agent asks for a window
     * @throws GuestException if it cannot be so; the message says why, and what can
     */
    public static @Nullable GuestWindow of(
            TransportSpec.VhostUser agent, QemuOptions.Bus bus, @Nullable Long memory, @Nullable Long size)
            throws GuestException {
        MemoryWindow bound = agent.window();
        if (bound != null) {
            return inside(bound, bus, memory, size == null ? bound.size() : size);
        }
        if (size == null) {
            return null;
        }
        checkSize(size, bus);
        return behind(memory == null ? DEFAULT_MEMORY : memory, size);
    }

    private static GuestWindow inside(MemoryWindow bound, QemuOptions.Bus bus, @Nullable Long memory, long bytes)
            throws GuestException {
        checkSize(bytes, bus);
        if (bytes > bound.size()) {
            throw new GuestException("a window of " + SharedRegion.shownSize(bytes)
                    + " is more than `window` of the service file lets this agent share, "
                    + SharedRegion.shownSize(bound.size()) + "; make one of the two fit the other");
        }
        Long fixed = bound.guestAddress();
        if (fixed == null) {
            return behind(memory == null ? DEFAULT_MEMORY : memory, bytes);
        }
        GuestWindow window = behind(memory == null ? before(fixed) : memory, bytes);
        SharedRegion allowed = new SharedRegion(fixed, bound.size());
        if (window.guestAddress() < fixed || window.guestAddress() + bytes > fixed + bound.size()) {
            throw new GuestException("with " + SharedRegion.shownSize(window.memory)
                    + " of private memory the window is " + window.shared()
                    + ", but `window` of the service file wants it in " + allowed
                    + (fixed > MEMORY_BASE
                            ? "; that takes " + SharedRegion.shownSize(before(fixed)) + ": leave --memory out"
                            : ""));
        }
        return window;
    }

    private static long before(long address) throws GuestException {
        if (address <= MEMORY_BASE) {
            throw new GuestException("the `guest-address` 0x" + Long.toHexString(address)
                    + " of the service file's `window` leaves no room for the guest's own memory, which on QEMU's board"
                    + " virt begins at 0x" + Long.toHexString(MEMORY_BASE) + "; choose one behind it, such as 0x"
                    + Long.toHexString(MEMORY_BASE + DEFAULT_MEMORY));
        }
        return address - MEMORY_BASE;
    }

    private static GuestWindow behind(long memory, long size) throws GuestException {
        if (memory <= 0 || memory % PAGE != 0 || memory > Long.MAX_VALUE - MEMORY_BASE - size) {
            throw new GuestException("a guest cannot have " + SharedRegion.shownSize(memory)
                    + " of private memory; give --memory a multiple of 4K");
        }
        return new GuestWindow(memory, size);
    }

    private static void checkSize(long bytes, QemuOptions.Bus bus) throws GuestException {
        if (bytes < bus.smallestWindow) {
            throw new GuestException("a window of " + SharedRegion.shownSize(bytes) + " is too small for Linux on the "
                    + bus + " bus: two rings of " + bus.entries + " entries, and 2 KiB for each of the " + bus.entries
                    + " buffers that it gives for notifications, take " + SharedRegion.shownSize(bus.smallestWindow)
                    + "; " + QemuSize.text(bus.goodWindow) + " is a good size");
        }
        if (bytes % PAGE != 0) {
            throw new GuestException("a window of " + SharedRegion.shownSize(bytes)
                    + " is not made of whole pages; give a multiple of 4K, such as " + QemuSize.text(bus.goodWindow));
        }
    }
}
