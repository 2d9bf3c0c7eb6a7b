// A folder that looks like the kernel's /sys.
package org.scmid.platform.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that looks like the kernel's {@code /sys}: devices in their places, and links to them by class and bus. */
public final class FakeSys {
    private final Path root;

    /** @param root an empty folder */
    public FakeSys(Path root) {
        this.root = root;
    }

    /** The folder. */
    public Path root() {
        return root;
    }

    /** Adds a chip of hwmon that belongs to a device; its files are written by {@link #write}. */
    public Path chip(int number, String name, String device) throws IOException {
        Path owner = root.resolve("devices/pci0/" + device);
        Path chip = Files.createDirectories(owner.resolve("hwmon/hwmon" + number));
        Files.createSymbolicLink(chip.resolve("device"), Path.of("../.."));
        link(root.resolve("class/hwmon/hwmon" + number), chip);
        write(chip, "name", name);
        return chip;
    }

    /** Adds a device of IIO that belongs to another. */
    public Path iio(int number, String name, String parent) throws IOException {
        Path device = Files.createDirectories(root.resolve("devices/i2c/" + parent + "/iio:device" + number));
        link(root.resolve("bus/iio/devices/iio:device" + number), device);
        write(device, "name", name);
        return device;
    }

    /** Adds a thermal zone. */
    public Path zone(int number, String type) throws IOException {
        Path zone = Files.createDirectories(root.resolve("devices/virtual/thermal/thermal_zone" + number));
        link(root.resolve("class/thermal/thermal_zone" + number), zone);
        write(zone, "type", type);
        return zone;
    }

    /** Takes a device away, as if it was unplugged: what {@link #chip} and the like gave. */
    public void remove(Path device) throws IOException {
        try (Stream<Path> all = Files.walk(device)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        for (String folder : List.of("class/hwmon", "bus/iio/devices", "class/thermal")) {
            Files.deleteIfExists(root.resolve(folder).resolve(device.getFileName()));
        }
    }

    /** Writes a file as the kernel shows it, with a line end. */
    public static void write(Path device, String file, Object content) {
        try {
            Files.writeString(device.resolve(file), content + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void link(Path link, Path to) throws IOException {
        Path folder = Files.createDirectories(link.resolve("..").normalize());
        Files.createSymbolicLink(link, folder.relativize(to));
    }
}
