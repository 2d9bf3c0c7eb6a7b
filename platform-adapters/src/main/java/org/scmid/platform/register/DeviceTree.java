// The device tree of this host, as far as it says which device has which addresses.
package org.scmid.platform.register;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The device tree of this host ({@code /sys/firmware/devicetree/base}): a folder for each node, a file for each property,
 * whose numbers are big-endian cells of 32 bits. A node's {@code reg} has addresses of its parent's bus; each parent's
 * {@code ranges} says where these are in the bus above.
 */
final class DeviceTree {
    private static final int USUAL_ADDRESS_CELLS = 2;
    private static final int USUAL_SIZE_CELLS = 1;

    /**
     * A range of physical addresses.
     *
     * @param first address, unsigned
     * @param size in bytes
     */
    record Region(long first, long size) {
        boolean overlaps(long at, long length) {
            return Long.compareUnsigned(first, at + length - 1) <= 0
                    && Long.compareUnsigned(at, first + size - 1) <= 0
                    && size > 0;
        }
    }

    /**
     * A part of a bus and where it is in the bus above.
     *
     * @param child where it begins in the bus
     * @param parent where that is in the bus above
     */
    private record Range(long child, long parent, long size) {}

    private final Path base;

    DeviceTree(Path base) {
        this.base = base;
    }

    /** The physical addresses of a node's registers; those that no bus passes on are left out. */
    List<Region> regions(Path node) {
        List<Region> regions = new ArrayList<>();
        Path bus = node.getParent();
        if (bus == null || node.equals(base)) {
            return regions;
        }
        ByteBuffer reg = property(node, "reg");
        int addressCells = cells(bus, "#address-cells", USUAL_ADDRESS_CELLS);
        int sizeCells = cells(bus, "#size-cells", USUAL_SIZE_CELLS);
        while (addressCells > 0 && sizeCells > 0 && reg.remaining() >= 4 * (addressCells + sizeCells)) {
            long address = number(reg, addressCells);
            long size = number(reg, sizeCells);
            Long physical = physical(bus, address);
            if (physical != null) {
                regions.add(new Region(physical, size));
            }
        }
        return regions;
    }

    /** An address of a bus as the processor sees it; null if the bus does not pass it on. */
    private @Nullable Long physical(Path bus, long address) {
        long at = address;
        for (Path node = bus; node != null && !node.equals(base); node = node.getParent()) {
            if (!Files.exists(node.resolve("ranges"))) {
                return null;
            }
            List<Range> ranges = ranges(node);
            boolean isFound = ranges.isEmpty(); // an empty property: the same addresses
            for (Range range : ranges) {
                long inside = at - range.child;
                if (!isFound && Long.compareUnsigned(inside, range.size) < 0) {
                    at = range.parent + inside;
                    isFound = true;
                }
            }
            if (!isFound) {
                return null;
            }
        }
        return at;
    }

    private List<Range> ranges(Path node) {
        ByteBuffer text = property(node, "ranges");
        Path above = node.getParent();
        int childCells = cells(node, "#address-cells", USUAL_ADDRESS_CELLS);
        int sizeCells = cells(node, "#size-cells", USUAL_SIZE_CELLS);
        int parentCells = above == null ? childCells : cells(above, "#address-cells", USUAL_ADDRESS_CELLS);
        List<Range> ranges = new ArrayList<>();
        while (sizeCells > 0 && text.remaining() >= 4 * (childCells + parentCells + sizeCells)) {
            ranges.add(new Range(number(text, childCells), number(text, parentCells), number(text, sizeCells)));
        }
        return ranges;
    }

    /**
     * Every clock controller that the kernel's clock framework can have started without a device: an enabled node with
     * {@code #clock-cells} and registers, in a bus whose nodes get devices.
     */
    List<Path> clockControllers() {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(base)) {
            collect(base, found);
        }
        return found;
    }

    private void collect(Path bus, List<Path> found) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(bus, Files::isDirectory)) {
            for (Path node : children) {
                if (!isEnabled(node)) {
                    continue;
                }
                if (Files.exists(node.resolve("#clock-cells")) && Files.exists(node.resolve("reg"))) {
                    found.add(node);
                }
                String compatible = text(node, "compatible");
                if (compatible.contains("simple-bus") || compatible.contains("simple-mfd")) {
                    collect(node, found);
                }
            }
        } catch (IOException e) {
            // What cannot be read is not known to be driven.
        }
    }

    private static boolean isEnabled(Path node) {
        String status = text(node, "status");
        return status.isEmpty() || status.equals("okay") || status.equals("ok");
    }

    /** The first name of what a node is, such as {@code brcm,bcm2711-cprman}. */
    static String compatible(Path node) {
        String all = text(node, "compatible");
        int end = all.indexOf(' ');
        return end < 0 ? all : all.substring(0, end);
    }

    /** A property of strings, with spaces between them; empty if it is not there. */
    private static String text(Path node, String name) {
        return new String(property(node, name).array(), StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
    }

    private static int cells(Path node, String name, int otherwise) {
        ByteBuffer cells = property(node, name);
        int count = cells.remaining() == 4 ? cells.getInt() : otherwise;
        return count >= 0 && count <= 3 ? count : otherwise;
    }

    /** The lowest 64 bits of a number of several cells. */
    private static long number(ByteBuffer cells, int count) {
        long number = 0;
        for (int i = 0; i < count; i++) {
            number = (number << 32) | (cells.getInt() & 0xffff_ffffL);
        }
        return number;
    }

    private static ByteBuffer property(Path node, String name) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(node.resolve(name)));
        } catch (IOException e) {
            return ByteBuffer.allocate(0);
        }
    }
}
