// From the place of a window in the service file to the file that is mapped.
package org.scmid.server.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scmid.config.window.RegionSpec;
import org.scmid.platform.register.UioDevice;
import org.scmid.transport.window.WindowFile;

/** Finds the file or the device that holds an agent's window. */
final class WindowPlace {
    private static final Path PCI_DEVICES = Path.of("/sys/bus/pci/devices");
    private static final String IVSHMEM_VENDOR = "0x1af4";
    private static final String IVSHMEM_DEVICE = "0x1110";

    private WindowPlace() {}

    /**
     * The window's file. A PCI device is switched on if it is not.
     *
     * @param agent the agent's name, for messages
     * @throws IOException if there is no such device, or it is too small; the message says so
     */
    static WindowFile of(String agent, RegionSpec region) throws IOException {
        return of(agent, region, PCI_DEVICES);
    }

    static WindowFile of(String agent, RegionSpec region, Path pciDevices) throws IOException {
        return switch (region.location()) {
            case RegionSpec.File file ->
                new WindowFile(file.path(), region.offset(), region.size(), WindowFile.Kind.MEMORY_FILE);
            case RegionSpec.Uio uio -> {
                UioDevice.MapPlace place =
                        UioDevice.mapOf("the window of agent " + agent, uio.name(), uio.map(), region.size());
                yield new WindowFile(place.device(), place.offset(), region.size(), WindowFile.Kind.DEVICE);
            }
            case RegionSpec.Pci pci -> ofPci(agent, region, pciDevices.resolve(pci.address()), pci.address());
            case RegionSpec.Physical physical ->
                new WindowFile(
                        Path.of("/dev/mem"),
                        physical.address() + region.offset(),
                        region.size(),
                        WindowFile.Kind.DEVICE);
        };
    }

    private static WindowFile ofPci(String agent, RegionSpec region, Path device, String address) throws IOException {
        String owner = "the window of agent " + agent + ": ";
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
        return new WindowFile(resource, region.offset(), region.size(), WindowFile.Kind.DEVICE);
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
