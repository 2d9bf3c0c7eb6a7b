// What this host's own kernel does with addresses that a window wants.
package org.scmid.platform.register;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.register.WindowSpec;

/**
 * Finds out whether a driver of this host's kernel uses the registers of a window, from three sources:
 *
 * <ul>
 *   <li>a device with a driver, whose node of the device tree has some of the addresses;
 *   <li>a region in {@code /proc/iomem} that is named after a device with a driver, for hosts without a device tree;
 *   <li>a clock controller of the device tree that got no device: the kernel has started its driver early.
 * </ul>
 *
 * <p>Drivers that hand the device out (UIO, VFIO) do not count. What cannot be read is not known to be driven.
 */
final class HostKernel {
    private static final List<String> BUSES = List.of("platform", "amba", "pci");

    private static final int CAP_SYS_RAWIO = 17;

    private final Path root;
    private final DeviceTree tree;

    /** @param root of the file system: {@code /} */
    HostKernel(Path root) {
        this.root = root;
        tree = new DeviceTree(real(root.resolve("sys/firmware/devicetree/base")));
    }

    /** @throws WindowException if the kernel drives the window, and the window is not said to be shared with it */
    void refuseIfDriven(WindowSpec spec) throws WindowException {
        if (spec.rules().sharedWithKernel()) {
            return;
        }
        String driver = driverOf(spec.at(), spec.size());
        if (driver != null) {
            throw new WindowException(
                    spec.name(),
                    String.format("0x%x..0x%x", spec.at(), spec.at() + spec.size() - 1)
                            + " is driven by this host's kernel: " + driver
                            + ". Each would undo what the other does. Keep the kernel away from the device (unbind the"
                            + " driver, or disable the node in the device tree), make the window smaller if it has more"
                            + " than it needs, or write `share-with-kernel: true` at the window if the two keep out of"
                            + " each other's way");
        }
    }

    private @Nullable String driverOf(long at, long size) {
        Set<Path> withDevice = new HashSet<>();
        for (String bus : BUSES) {
            String driver = driverOnBus(bus, at, size, withDevice);
            if (driver != null) {
                return driver;
            }
        }
        String claimed = claimant(at, size);
        if (claimed != null) {
            return claimed;
        }
        for (Path node : tree.clockControllers()) {
            if (!withDevice.contains(real(node)) && overlaps(node, at, size)) {
                return "the clock driver for " + DeviceTree.compatible(node) + ", which it starts early (node "
                        + node.getFileName() + ")";
            }
        }
        return null;
    }

    private @Nullable String driverOnBus(String bus, long at, long size, Set<Path> withDevice) {
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(root.resolve("sys/bus/" + bus + "/devices"))) {
            for (Path device : devices) {
                Path node = device.resolve("of_node");
                if (!Files.isDirectory(node)) {
                    continue;
                }
                withDevice.add(real(node));
                String driver = driver(device);
                if (driver != null && overlaps(real(node), at, size)) {
                    return described(driver, device);
                }
            }
        } catch (IOException e) {
            // This host has no such bus.
        }
        return null;
    }

    private boolean overlaps(Path node, long at, long size) {
        return tree.regions(node).stream().anyMatch(region -> region.overlaps(at, size));
    }

    /** The driver that a region of the memory map is named after. */
    private @Nullable String claimant(long at, long size) {
        for (Claim claim : claims()) {
            if (claim.region.overlaps(at, size)) {
                String device = claim.name.split(" ", 2)[0];
                for (String bus : BUSES) {
                    Path folder = root.resolve("sys/bus/" + bus + "/devices").resolve(device);
                    String driver = driver(folder);
                    if (driver != null) {
                        return described(driver, folder);
                    }
                }
            }
        }
        return null;
    }

    /** What the memory map has at an address, the innermost region; null if nothing, or if it may not be read. */
    @Nullable
    String nameAt(long at, long size) {
        String name = null;
        for (Claim claim : claims()) {
            if (claim.region.overlaps(at, size)) {
                name = claim.name;
            }
        }
        return name;
    }

    /** Whether some of the addresses are the memory that the kernel itself works in. */
    boolean isMemory(long at, long size) {
        return claims().stream()
                .anyMatch(claim -> claim.name.startsWith("System RAM") && claim.region.overlaps(at, size));
    }

    private record Claim(DeviceTree.Region region, String name) {}

    /** Lines such as {@code   fe101000-fe102fff : fe101000.cprman cprman@7e101000}; for others than root all are 0. */
    private List<Claim> claims() {
        try {
            return Files.readAllLines(root.resolve("proc/iomem")).stream()
                    .map(HostKernel::claim)
                    .filter(claim -> claim != null && claim.region.first() + claim.region.size() != 1)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static @Nullable Claim claim(String line) {
        int colon = line.indexOf(" : ");
        int dash = line.indexOf('-');
        if (dash < 0 || colon < dash) {
            return null;
        }
        try {
            long first = Long.parseUnsignedLong(line.substring(0, dash).strip(), 16);
            long last = Long.parseUnsignedLong(line.substring(dash + 1, colon).strip(), 16);
            return new Claim(
                    new DeviceTree.Region(first, last - first + 1),
                    line.substring(colon + 3).strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String described(String driver, Path device) {
        return "driver " + driver + ", device " + device.getFileName();
    }

    /** The name of a device's driver; null if it has none, or one that hands the device out. */
    private static @Nullable String driver(Path device) {
        try {
            String name = String.valueOf(device.resolve("driver").toRealPath().getFileName());
            return name.startsWith("uio") || name.startsWith("vfio") ? null : name;
        } catch (IOException e) {
            return null;
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /** The lockdown that the kernel is under, such as {@code integrity}; {@code none} if there is none or it is unknown. */
    String lockdown() {
        try {
            String all = Files.readString(root.resolve("sys/kernel/security/lockdown"));
            int open = all.indexOf('[');
            int close = all.indexOf(']');
            return open < 0 || close < open ? "none" : all.substring(open + 1, close);
        } catch (IOException e) {
            return "none";
        }
    }

    /** Whether this process may do raw I/O (CAP_SYS_RAWIO); true if that cannot be found out. */
    boolean mayDoRawIo() {
        try {
            for (String line : Files.readAllLines(root.resolve("proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    return ((Long.parseUnsignedLong(line.substring(7).strip(), 16) >>> CAP_SYS_RAWIO) & 1) != 0;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Then the refusal is explained without it.
        }
        return true;
    }
}
