// From the place of a window in a file of the configuration to the file that is mapped.
package org.scmid.platform.register;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scmid.config.window.RegionSpec;

/**
 * Where the window of an agent or of an upstream is, found by its {@link RegionSpec}.
 *
 * @param path the file or the device
 * @param offset of the window's first byte in it
 * @param size bytes
 * @param isDevice whether it is a device, and no file in memory
 */
public record RegionPlace(Path path, long offset, long size, boolean isDevice) {
    private static final Path PCI_DEVICES = Path.of("/sys/bus/pci/devices");
    private static final String IVSHMEM_VENDOR = "0x1af4";
    private static final String IVSHMEM_DEVICE = "0x1110";

    /**
     * Finds it. A PCI device is switched on if it is not.
     *
     * @param owner whose it is, for messages: {@code agent rtos}
     * @throws IOException if there is no such device, or it is too small; the message says so
     */
    public static RegionPlace of(String owner, RegionSpec region) throws IOException {
        return of(owner, region, PCI_DEVICES);
    }

    static RegionPlace of(String owner, RegionSpec region, Path pciDevices) throws IOException {
        return switch (region.location()) {
            case RegionSpec.File file -> new RegionPlace(file.path(), region.offset(), region.size(), false);
            case RegionSpec.Uio uio -> {
                UioDevice.MapPlace place =
                        UioDevice.mapOf("the window of " + owner, uio.name(), uio.map(), region.size());
                yield new RegionPlace(place.device(), place.offset(), region.size(), true);
            }
            case RegionSpec.Pci pci -> ofPci(owner, region, pciDevices.resolve(pci.address()), pci.address());
            case RegionSpec.Physical physical ->
                new RegionPlace(Path.of("/dev/mem"), physical.address() + region.offset(), region.size(), true);
        };
    }

    private static RegionPlace ofPci(String of, RegionSpec region, Path device, String address) throws IOException {
        String owner = "the window of " + of + ": ";
        if (!Files.isDirectory(device)) {
            throw new IOException(owner + "there is no PCI device " + address + "; `lspci -D` shows those there are");
        }
        String vendor = Files.readString(device.resolve("vendor")).strip();
        String number = Files.readString(device.resolve("device")).strip();
        if (!vendor.equals(IVSHMEM_VENDOR) || !number.equals(IVSHMEM_DEVICE)) {
            throw new IOException(owner + "PCI device " + address + " is " + vendor + ":" + number
                    + ", and an ivshmem device is " + IVSHMEM_VENDOR + ":" + IVSHMEM_DEVICE);
        }
        Path resource = device.resolve("resource2");
        if (!Files.exists(resource)) {
            throw new IOException(owner + "PCI device " + address + " has no BAR 2");
        }
        long bytes = Files.size(resource);
        if (region.offset() + region.size() > bytes) {
            throw new IOException(owner + "BAR 2 of PCI device " + address + " has " + bytes + " bytes where "
                    + (region.offset() + region.size()) + " are needed");
        }
        switchOn(owner, device, address);
        return new RegionPlace(resource, region.offset(), region.size(), true);
    }

    /** A device that no driver uses may not answer yet: its BAR can be mapped, but an access to it fails. */
    private static void switchOn(String owner, Path device, String address) throws IOException {
        Path enable = device.resolve("enable");
        try {
            if (Files.readString(enable).strip().equals("0")) {
                Files.writeString(enable, "1");
            }
        } catch (IOException e) {
            throw new IOException(
                    owner + "PCI device " + address + " cannot be switched on: " + e.getMessage()
                            + "; as root: echo 1 > " + enable,
                    e);
        }
    }
}
