// Finds a UIO device and the map of it that holds a window of registers.
package org.scmid.platform.register;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.scmid.config.register.WindowSpec;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;

/**
 * A device of Linux's UIO: {@code /sys/class/uio/uioN} with its {@code name} and, for each {@code maps/mapM}, the
 * physical {@code addr}, the {@code size} and the {@code offset} of the registers in the first page. Map M is mapped
 * from {@code /dev/uioN} at M pages.
 */
public final class UioDevice {
    private static final Path CLASS = Path.of("/sys/class/uio");
    private static final Path DEVICES = Path.of("/dev");

    private UioDevice() {}

    static MappedWindow open(WindowSpec spec, String name) throws WindowException {
        return open(spec, name, CLASS, DEVICES);
    }

    static MappedWindow open(WindowSpec spec, String name, Path classFolder, Path devices) throws WindowException {
        Path device = find("register window " + spec.name(), name, classFolder);
        Map map = choose(spec, name, device);
        Path node = devices.resolve(String.valueOf(device.getFileName()));
        try (Fd fd = NativeFile.open(node, OpenMode.READ_WRITE, false, true)) {
            return MappedWindow.map(spec, fd, map.number * PageSize.bytes(), map.start);
        } catch (LinuxException e) {
            throw new WindowException(spec.name(), e.getMessage() + " (UIO device " + name + ")", e);
        }
    }

    /**
     * Where a map can be mapped from.
     *
     * @param device the device's file
     * @param offset of the map's first byte in it; it says which map is meant, so that nothing can begin amid a map
     */
    public record MapPlace(Path device, long offset) {}

    /**
     * Finds a map of a device, by number, for memory that is shared through it.
     *
     * @param owner what it is for, for messages, such as {@code the window of agent rtos}
     * @param name the device's name, or uioN
     * @param map the number of the map, from 0
     * @param size how many bytes are needed, from the map's beginning
     * @throws WindowException if there is no such device or map, or it is too small
     */
    public static MapPlace mapOf(String owner, String name, int map, long size) throws WindowException {
        return mapOf(owner, name, map, size, CLASS, DEVICES);
    }

    static MapPlace mapOf(String owner, String name, int map, long size, Path classFolder, Path devices)
            throws WindowException {
        Path device = find(owner, name, classFolder);
        Path entry = device.resolve("maps/map" + map);
        long bytes;
        long start;
        try {
            bytes = Long.decode(text(entry.resolve("size")));
            start = Long.decode(text(entry.resolve("offset")));
        } catch (NoSuchFileException e) {
            throw WindowException.of(owner, "UIO device " + name + " has no map " + map, e);
        } catch (IOException | NumberFormatException e) {
            throw WindowException.of(
                    owner, "map " + map + " of UIO device " + name + " cannot be read: " + e.getMessage(), e);
        }
        if (size > bytes) {
            throw WindowException.of(
                    owner,
                    "map " + map + " of UIO device " + name + " has " + bytes + " bytes where " + size + " are needed",
                    null);
        }
        if (start != 0) {
            throw WindowException.of(
                    owner, "map " + map + " of UIO device " + name + " does not begin with a page of its own", null);
        }
        Path node = devices.resolve(String.valueOf(device.getFileName()));
        return new MapPlace(node, map * PageSize.bytes());
    }

    /** Map number and where the window starts in it. */
    private record Map(int number, long start) {}

    private static Path find(String owner, String name, Path classFolder) throws WindowException {
        TreeSet<String> there = new TreeSet<>();
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(classFolder)) {
            for (Path device : devices) {
                String itsName = text(device.resolve("name"));
                there.add(itsName);
                if (name.equals(itsName) || name.equals(String.valueOf(device.getFileName()))) {
                    found.add(device);
                }
            }
        } catch (IOException e) {
            throw WindowException.of(
                    owner,
                    "there is no UIO device " + name + ": " + classFolder + " cannot be read; is the kernel's uio"
                            + " driver loaded?",
                    e);
        }
        if (found.isEmpty()) {
            throw WindowException.of(
                    owner,
                    "there is no UIO device " + name + "; "
                            + (there.isEmpty() ? "there is none at all" : "there are " + String.join(", ", there)),
                    null);
        }
        if (found.size() > 1) {
            throw WindowException.of(
                    owner,
                    found.size() + " UIO devices are named " + name + "; write uioN for one of them, such as "
                            + found.getFirst().getFileName(),
                    null);
        }
        return found.getFirst();
    }

    private static Map choose(WindowSpec spec, String name, Path device) throws WindowException {
        StringBuilder there = new StringBuilder();
        try {
            for (int number = 0; Files.isDirectory(device.resolve("maps/map" + number)); number++) {
                Path map = device.resolve("maps/map" + number);
                long address = Long.decode(text(map.resolve("addr")));
                long size = Long.decode(text(map.resolve("size")));
                long offset = Long.decode(text(map.resolve("offset")));
                long skipped = spec.at() == 0 ? 0 : spec.at() - address;
                if (skipped >= 0 && skipped <= size - spec.size()) {
                    return new Map(number, offset + skipped);
                }
                there.append(there.isEmpty() ? "" : ", ")
                        .append(String.format("0x%x..0x%x", address, address + size - 1));
            }
        } catch (IOException | NumberFormatException e) {
            throw new WindowException(
                    spec.name(), "the maps of UIO device " + name + " cannot be read: " + e.getMessage(), e);
        }
        throw new WindowException(
                spec.name(),
                String.format(
                        "UIO device %s maps %s, which does not hold %d bytes at 0x%x",
                        name, there.isEmpty() ? "nothing" : there, spec.size(), spec.at()));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
