// Where the bytes of a window are: a piece of a file or a device, opened and mapped as one.
package org.scmid.transport.window;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.scmid.linux.Errno;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;

/**
 * The place of a window. Exactly its bytes are mapped, nothing before and nothing behind.
 *
 * @param path a file in shared memory, or a device that can be mapped
 * @param offset of the window's first byte, a multiple of 4 KiB
 * @param size of the window in bytes, a multiple of 4 KiB
 * @param kind what the path is
 */
public record WindowFile(Path path, long offset, long size, Kind kind) {
    /** What a window is in. */
    public enum Kind {
        /** A file on a file system in memory. Created with zeros, for its owner only, if it is not there. */
        MEMORY_FILE,
        /** A device or a resource of one: /dev/uio0, /dev/mem, resource2 of a PCI device. */
        DEVICE
    }

    /**
     * A window that is open; all is closed by {@link #close}.
     *
     * @param lock holds the lock of a file, and is for nobody else: whoever else had it, or a mapping made by it, would
     *     hold the lock too, and beyond the end of this process
     * @param fd may be given to others
     * @param mapping exactly the window
     */
    record Opened(Fd lock, Fd fd, Mapping mapping) implements AutoCloseable {
        @Override
        public void close() {
            mapping.close();
            fd.close();
            lock.close();
        }
    }

    /**
     * Opens and maps it; a file is locked against other services, as far as these bytes go.
     *
     * @throws IOException if it cannot be used; the message says why, and what to do
     */
    Opened open() throws IOException {
        if (kind == Kind.MEMORY_FILE && !Files.exists(path)) {
            create();
        }
        Fd lock = open(path);
        boolean opened = false;
        try {
            if (kind == Kind.MEMORY_FILE) {
                check(lock);
            }
            Opened window = openShared(lock);
            opened = true;
            return window;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    /** Opens the same file once more, whatever its name leads to by now. */
    private Opened openShared(Fd lock) throws IOException {
        Fd fd = open(Path.of("/proc/self/fd/" + lock.number()));
        boolean mapped = false;
        try {
            Opened window = new Opened(lock, fd, map(fd));
            mapped = true;
            return window;
        } finally {
            if (!mapped) {
                fd.close();
            }
        }
    }

    private Fd open(Path name) throws IOException {
        try {
            return NativeFile.open(name, OpenMode.READ_WRITE, false, false);
        } catch (LinuxException e) {
            throw new IOException("the window " + path + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private Mapping map(Fd fd) throws IOException {
        try {
            return Mapping.map(fd, offset, size, true);
        } catch (LinuxException e) {
            String hint = path.equals(Path.of("/dev/mem")) && e.errno() == Errno.EPERM
                    ? "; this kernel refuses it (CONFIG_STRICT_DEVMEM): reserve the memory and use a UIO device"
                    : "";
            throw new IOException("the window " + path + " cannot be mapped: " + e.getMessage() + hint, e);
        }
    }

    private void check(Fd fd) throws IOException {
        // A page fault in any other file may wait for a disk, or for a process that serves the file system, and with it
        // would wait every agent.
        if (NativeFile.seals(fd) < 0) {
            throw new IOException(
                    "the window " + path + " is not a file in memory: put it on tmpfs (/dev/shm, /run) or hugetlbfs");
        }
        long bytes = NativeFile.size(fd);
        if (bytes < offset + size) {
            throw new IOException("the window " + path + " has " + bytes + " bytes where " + (offset + size)
                    + " are needed; it is never made longer, because somebody may have it mapped: remove it while"
                    + " nobody uses it, or make `size` smaller");
        }
        if (!NativeFile.tryLock(fd, offset, size)) {
            throw new IOException("the window " + path + " is served already: another agent or another service has it");
        }
    }

    /** Makes the file beside its place and then gives it its name, so that nobody ever sees a shorter one. */
    private void create() throws IOException {
        Path target = path.toAbsolutePath();
        Path folder = target.getParent();
        Path fresh = target.resolveSibling(".scmid-" + ProcessHandle.current().pid() + "." + target.getFileName());
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.deleteIfExists(fresh);
            try (Fd fd = NativeFile.open(fresh, OpenMode.READ_WRITE, true, false)) {
                NativeFile.truncate(fd, offset + size);
            }
            Files.createLink(target, fresh);
        } catch (FileAlreadyExistsException e) {
            // Somebody else made it in this moment: then it is what is there.
        } catch (NoSuchFileException e) {
            throw new IOException("the window " + path + " cannot be created: its folder is gone", e);
        } catch (LinuxException e) {
            throw new IOException("the window " + path + " cannot be created: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(
                    "the window " + path + " cannot be created in its folder; may this user write there?", e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
