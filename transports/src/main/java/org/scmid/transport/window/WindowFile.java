// Where the bytes of a window are: a piece of a file or a device, opened and mapped as one.
package org.scmid.transport.window;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
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
    private static final int WRITABLE_BY_OTHERS = 0002;
    private static final int PIECE = 64 << 10;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

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
     * @param identity which file it is
     */
    record Opened(Fd lock, Fd fd, Mapping mapping, NativeFile.Identity identity) implements AutoCloseable {
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
        if (kind == Kind.MEMORY_FILE && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            create();
        }
        Fd lock = openFirst();
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

    /** Whether the path leads to another file by now, or to none: then whoever comes next has another memory. */
    boolean isReplaced(Opened opened) {
        if (kind == Kind.DEVICE) {
            return false;
        }
        try {
            return !NativeFile.identity(path).isSameFile(opened.identity);
        } catch (LinuxException e) {
            return true;
        }
    }

    private Fd openFirst() throws IOException {
        try {
            // A link could lead to any file that this user may write, another guest's memory for example.
            return kind == Kind.MEMORY_FILE
                    ? NativeFile.openItself(path, NativeFile.Creation.NEVER)
                    : NativeFile.open(path, OpenMode.READ_WRITE, false, false);
        } catch (LinuxException e) {
            String why = switch (e.errno()) {
                case Errno.ELOOP -> "is a symbolic link, and what it leads to may be anything; name the file";
                case Errno.EISDIR -> "is a folder; name a file";
                case Errno.EACCES -> "may not be read and written by this user; see `ls -l`";
                default -> "cannot be opened: " + e.getMessage();
            };
            throw failure(why, e);
        }
    }

    /** Opens the same file once more, whatever its name leads to by now. */
    private Opened openShared(Fd lock) throws IOException {
        Fd fd = NativeFile.open(Path.of("/proc/self/fd/" + lock.number()), OpenMode.READ_WRITE, false, false);
        boolean mapped = false;
        try {
            Opened window = new Opened(lock, fd, map(fd), NativeFile.identity(fd));
            mapped = true;
            return window;
        } finally {
            if (!mapped) {
                fd.close();
            }
        }
    }

    private Mapping map(Fd fd) throws IOException {
        try {
            return kind == Kind.DEVICE ? Mapping.mapDevice(fd, offset, size) : Mapping.map(fd, offset, size, true);
        } catch (LinuxException e) {
            String hint = path.equals(Path.of("/dev/mem")) && e.errno() == Errno.EPERM
                    ? "; this kernel refuses it (CONFIG_STRICT_DEVMEM): reserve the memory and use a UIO device"
                    : "";
            throw failure("cannot be mapped: " + e.getMessage() + hint, e);
        }
    }

    private void check(Fd fd) throws IOException {
        checkIsMemory(fd);
        checkOwner(NativeFile.identity(fd));
        long bytes = NativeFile.size(fd);
        if (bytes < offset + size) {
            throw failure(
                    "has " + bytes + " bytes where " + (offset + size) + " are needed; it is never made longer, because"
                            + " somebody may have it mapped: remove it while nobody uses it, or make `size` smaller",
                    null);
        }
        if (!NativeFile.tryLock(fd, offset, size)) {
            throw failure("is locked: another agent or another service has it", null);
        }
    }

    /**
     * A page fault in any other file may wait for a disk, or for a process that serves the file system, and with it would
     * wait every agent.
     */
    private void checkIsMemory(Fd fd) throws IOException {
        if (NativeFile.seals(fd) < 0) {
            throw failure("is not a file in memory: put it on tmpfs (/dev/shm, /run) or hugetlbfs", null);
        }
    }

    /** Who may write the file is the agent: anybody could have put one there, in a folder like /dev/shm. */
    private void checkOwner(NativeFile.Identity file) throws IOException {
        if (!file.isOursOrRoots()) {
            throw failure(
                    "belongs to another user (" + file.uid()
                            + "): whoever may write it is the agent; remove it, and the"
                            + " service makes it, or make it yourself for the VMM's group",
                    null);
        }
        if ((file.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw failure(
                    "may be written by everybody, and whoever may write it is the agent; `chmod o-w` it, or remove it",
                    null);
        }
    }

    /** Makes the file beside its place and then gives it its name, so that nobody ever sees a shorter one. */
    private void create() throws IOException {
        Path target = path.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw failure("cannot be made: there is no folder " + folder, null);
        }
        Path fresh = null;
        try {
            fresh = Files.createTempFile(folder, ".scmid-", ".window", OWNER_ONLY);
            try (Fd fd = NativeFile.openItself(fresh, NativeFile.Creation.NEVER)) {
                checkIsMemory(fd);
            }
            fill(fresh);
            Files.createLink(target, fresh);
        } catch (FileAlreadyExistsException e) {
            // Somebody else made it in this moment: then it is what is there.
        } catch (AccessDeniedException e) {
            throw failure("cannot be made: this user may not write in " + folder, e);
        } catch (FileSystemException e) {
            throw failure("cannot be made in " + folder + ": " + e.getReason(), e);
        } finally {
            if (fresh != null) {
                Files.deleteIfExists(fresh);
            }
        }
    }

    /** Zeros that are written take their memory now; a page that is only promised could be missing later. */
    private void fill(Path fresh) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(PIECE);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            long left = offset + size;
            while (left > 0) {
                zeros.clear().limit((int) Math.min(PIECE, left));
                left -= channel.write(zeros);
            }
        } catch (IOException e) {
            throw failure(
                    "cannot be made: there is no room for " + (offset + size) + " bytes (" + e.getMessage() + ")", e);
        }
    }

    private IOException failure(String why, @Nullable Throwable cause) {
        return new IOException("the window " + path + " " + why, cause);
    }
}
