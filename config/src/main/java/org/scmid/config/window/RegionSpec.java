// Where the window of shared memory of an agent is.
package org.scmid.config.window;

import java.nio.file.Path;

/**
 * The window of an agent.
 *
 * @param location what the memory is in
 * @param offset of the window's first byte in it, a multiple of 4096
 * @param size of the window in bytes, a multiple of 4096, at least that
 * @param guestAddress the address that the guest counts its first byte as, a multiple of 4096
 */
public record RegionSpec(Location location, long offset, long size, long guestAddress) {
    /** The least that a virtio-mmio ring can be in: a page of registers, and one for rings and buffers. */
    public static final long SMALLEST_MMIO_WINDOW = 8192;

    /** What a window's memory is in. */
    public sealed interface Location {
        /** How messages name it. */
        String shown();
    }

    /**
     * A file in shared memory.
     *
     * @param path the file; made by the service if it is not there
     */
    public record File(Path path) implements Location {
        @Override
        public String shown() {
            return path.toString();
        }
    }

    /**
     * A map of a UIO device of the host.
     *
     * @param name the device's name, as in /sys/class/uio/uio0/name
     * @param map which of its maps, from 0
     */
    public record Uio(String name, int map) implements Location {
        @Override
        public String shown() {
            return "map " + map + " of the UIO device " + name;
        }
    }

    /**
     * BAR 2 of an ivshmem device of the machine that the service runs in.
     *
     * @param address its PCI address, such as 0000:00:02.0
     */
    public record Pci(String address) implements Location {
        @Override
        public String shown() {
            return "the PCI device " + address;
        }
    }

    /**
     * Physical memory of the host.
     *
     * @param address of its first byte, a multiple of 4096
     */
    public record Physical(long address) implements Location {
        @Override
        public String shown() {
            return "physical memory from 0x" + Long.toHexString(address);
        }
    }
}
