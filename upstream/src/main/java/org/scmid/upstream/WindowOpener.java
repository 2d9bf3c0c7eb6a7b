// Opens the window of a platform as its driver.
package org.scmid.upstream;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.config.window.RegionSpec;
import org.scmid.linux.Errno;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;
import org.scmid.platform.register.RegionPlace;

/**
 * Opens the window of a platform. Its server has made it; here nothing is made or locked. Nothing of it waits: what could
 * is refused.
 */
final class WindowOpener {
    private static final int WRITABLE_BY_OTHERS = 0002;

    private WindowOpener() {}

    /** @throws IOException if there is none, or not the whole of it; the message says why */
    static DriverWindow open(String upstream, RegionSpec region) throws IOException {
        RegionPlace place = RegionPlace.of("upstream " + upstream, region);
        try (Fd fd = place.isDevice() ? device(place) : file(place)) {
            Mapping mapping = place.isDevice()
                    ? Mapping.mapDevice(fd, place.offset(), place.size())
                    : Mapping.map(fd, place.offset(), place.size(), true);
            return new DriverWindow(mapping, 0, place.size(), region.guestAddress());
        }
    }

    private static Fd device(RegionPlace place) throws IOException {
        try {
            return NativeFile.open(place.path(), OpenMode.READ_WRITE, false, false);
        } catch (LinuxException e) {
            throw failure(place.path(), "cannot be opened: " + e.getMessage(), e);
        }
    }

    private static Fd file(RegionPlace place) throws IOException {
        Fd fd;
        try {
            fd = NativeFile.openItself(place.path(), NativeFile.Creation.NEVER);
        } catch (LinuxException e) {
            throw failure(
                    place.path(),
                    switch (e.errno()) {
                        case Errno.ENOENT -> "is not there: its server has not made it";
                        case Errno.ELOOP -> "is a symbolic link, and what it leads to may be anything; name the file";
                        case Errno.EISDIR -> "is a folder; name a file";
                        case Errno.EACCES -> "may not be read and written by this user; see `ls -l`";
                        default -> "cannot be opened: " + e.getMessage();
                    },
                    e);
        }
        boolean isSound = false;
        try {
            check(place, fd);
            isSound = true;
            return fd;
        } finally {
            if (!isSound) {
                fd.close();
            }
        }
    }

    private static void check(RegionPlace place, Fd fd) throws IOException {
        // A page fault in any other file may wait for a disk, and with it would wait every agent.
        if (NativeFile.seals(fd) < 0) {
            throw failure(place.path(), "is not a file in memory, as on tmpfs (/dev/shm, /run) or hugetlbfs", null);
        }
        NativeFile.Identity identity = NativeFile.identity(fd);
        if ((identity.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw failure(
                    place.path(),
                    "may be written by everybody, and whoever may write it is the platform; `chmod o-w` it",
                    null);
        }
        long bytes = NativeFile.size(fd);
        if (bytes < place.offset() + place.size()) {
            throw failure(
                    place.path(),
                    "has " + bytes + " bytes where " + (place.offset() + place.size()) + " are needed",
                    null);
        }
    }

    private static IOException failure(Path path, String why, @Nullable Throwable cause) {
        return new IOException("the window " + path + " " + why, cause);
    }
}
