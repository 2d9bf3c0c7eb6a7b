// Finds a device of the host by what it is called.
package org.scmid.platform.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One folder of the host's devices, such as {@code /sys/class/hwmon}, whose entries are numbered as they come and are
 * therefore known by what is written in them.
 *
 * @param folder the folder
 * @param prefix how entries begin that are such devices
 * @param noun what such a device is called in messages, such as {@code hwmon chip}
 * @param names the files of a device of which one must hold the name that is looked for
 * @param byFolder whether a device is also known by its folder
 */
record HostDevices(Path folder, String prefix, String noun, List<String> names, boolean byFolder) {

    /**
     * Finds a device.
     *
     * @param wanted its name
     * @param parent the device that it belongs to; null if its name is enough
     * @param parentKey the board file's key for that; null if it has none
     * @return the device's folder, with all links followed
     * @throws IOException if there is none of this name or more than one
     */
    Path find(String wanted, @Nullable String parent, @Nullable String parentKey) throws IOException {
        TreeSet<String> others = new TreeSet<>();
        List<Path> named = new ArrayList<>();
        List<Path> found = new ArrayList<>();
        for (Path device : all()) {
            if (isCalled(device, wanted, others)) {
                named.add(device);
                if (parent == null || parent.equals(parentOf(device))) {
                    found.add(device);
                }
            }
        }
        if (found.size() == 1) {
            return found.getFirst().toRealPath();
        }
        if (found.size() > 1) {
            throw several(wanted, found, parentKey);
        }
        throw named.isEmpty() ? none(wanted, others) : elsewhere(wanted, named, String.valueOf(parent));
    }

    private List<Path> all() throws IOException {
        List<Path> devices = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, prefix + "*")) {
            entries.forEach(devices::add);
        } catch (IOException failure) {
            throw new IOException("the host has no " + noun + ": " + folder + " is not there", failure);
        }
        devices.sort(null);
        return devices;
    }

    private boolean isCalled(Path device, String wanted, TreeSet<String> others) {
        boolean called = byFolder && wanted.equals(name(device));
        for (String file : names) {
            String name = nameIn(device.resolve(file));
            if (name != null) {
                called |= name.equals(wanted);
                others.add(name);
            }
        }
        return called;
    }

    private static @Nullable String nameIn(Path file) {
        try {
            return HostFile.text(file);
        } catch (IOException gone) {
            return null; // not every device has every file, and one may go at any time
        }
    }

    /** The device that it belongs to: what its link says, or in whose folder it is. */
    private static String parentOf(Path device) throws IOException {
        Path link = device.resolve("device");
        if (Files.exists(link)) {
            return name(link.toRealPath());
        }
        Path parent = device.toRealPath().getParent();
        return parent == null ? "" : name(parent);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private IOException none(String wanted, TreeSet<String> others) {
        return new IOException("the host has no " + noun + " " + wanted + "; "
                + (others.isEmpty() ? "it has none at all" : "it has " + String.join(", ", others)));
    }

    private IOException elsewhere(String wanted, List<Path> named, String parent) throws IOException {
        return new IOException("no " + noun + " " + wanted + " belongs to " + parent + "; it belongs to "
                + String.join(", ", parents(named)));
    }

    private IOException several(String wanted, List<Path> found, @Nullable String parentKey) throws IOException {
        String remedy = parentKey == null
                ? name(found.getFirst()) + " instead of the name"
                : "`" + parentKey + ":` with one of " + String.join(", ", parents(found));
        return new IOException(
                "the host has " + found.size() + " of " + noun + " " + wanted + "; say which: write " + remedy);
    }

    private static List<String> parents(List<Path> devices) throws IOException {
        List<String> parents = new ArrayList<>();
        for (Path device : devices) {
            parents.add(parentOf(device));
        }
        return parents;
    }
}
