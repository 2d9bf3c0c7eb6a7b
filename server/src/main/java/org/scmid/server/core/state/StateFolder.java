// The folder of state files: what of it is trusted, and how files in it are opened and made.
package org.scmid.server.core.state;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Errno;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.NativeFile.Creation;
import org.scmid.linux.NativeFile.Identity;

/**
 * A folder that is the service's alone. Whoever could write in it would decide what agents hold, and, by links, which
 * files the service writes over. So the folder and each file is checked when it is opened: it is itself at its path, it is
 * this user's or root's, nobody else may write it, and a file has no second name elsewhere.
 */
public final class StateFolder {
    private static final System.Logger LOG = System.getLogger(StateFolder.class.getName());
    private static final int OWNER_ONLY = 0700;
    private static final int FOR_OTHERS = 0077;
    private static final int WRITABLE_BY_OTHERS = 0022;

    /** What a file is called until it is complete. */
    private static final String NEW = ".new";

    private final Path path;

    private StateFolder(Path path) {
        this.path = path;
    }

    /**
     * Opens the folder, and makes it if it is not there, with its parents. One that others may use is closed to them, and
     * the log says so, if it is the service's to change.
     *
     * @throws IOException if it cannot be made, or others may change what is in it; the message says what to do
     */
    public static StateFolder open(Path path) throws IOException {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw folderFailure(path, "is no folder; remove it", e);
        } catch (AccessDeniedException e) {
            throw folderFailure(path, "cannot be made: permission denied", e);
        } catch (FileSystemException e) {
            throw folderFailure(
                    path, "cannot be made: " + (e.getReason() == null ? "it is not there" : e.getReason()), e);
        }
        try (Fd fd = NativeFile.openFolder(path)) {
            closeToOthers(path, fd);
        } catch (LinuxException e) {
            String why = NativeFile.identity(path).isLink()
                    ? "is a symbolic link, and what it leads to may be anybody's; remove it"
                    : "cannot be opened: " + words(e);
            throw folderFailure(path, why, e);
        }
        return new StateFolder(path);
    }

    private static void closeToOthers(Path path, Fd fd) throws IOException {
        Identity folder = NativeFile.identity(fd);
        if (!folder.isOursOrRoots()) {
            throw folderFailure(
                    path, "belongs to another user (" + folder.uid() + "), who decides what is in it; remove it", null);
        }
        if ((folder.mode() & FOR_OTHERS) == 0) {
            return;
        }
        try {
            NativeFile.chmod(fd, OWNER_ONLY);
            LOG.log(System.Logger.Level.WARNING, "{0} was open to others; its mode is 0700 now", path);
        } catch (LinuxException e) {
            if ((folder.mode() & WRITABLE_BY_OTHERS) != 0) {
                throw folderFailure(
                        path, "may be written by others, who decide then what is in it; `chmod go-w` it", e);
            }
        }
    }

    Path path() {
        return path;
    }

    /**
     * Opens the file that services lock, and makes it if it is not there.
     *
     * @throws IOException if it cannot be opened, or is not only this service's
     */
    Fd openLock(String name) throws IOException {
        Fd fd = open(name, Creation.IF_MISSING);
        if (fd == null) {
            throw fileFailure(path.resolve(name), "was removed while it was opened", null);
        }
        return fd;
    }

    /**
     * Opens a state file.
     *
     * @return null if it is not there
     * @throws IOException if it cannot be opened, or is not only this service's
     */
    @Nullable
    Fd open(String name) throws IOException {
        return open(name, Creation.NEVER);
    }

    private @Nullable Fd open(String name, Creation creation) throws IOException {
        Path file = path.resolve(name);
        Fd fd;
        try {
            fd = NativeFile.openItself(file, creation);
        } catch (LinuxException e) {
            String why = switch (e.errno()) {
                case Errno.ENOENT -> null;
                case Errno.ELOOP -> "is a symbolic link, and what it leads to may be anybody's; remove it";
                case Errno.EISDIR, Errno.ENXIO -> "is no file; remove it";
                default -> "cannot be opened: " + words(e);
            };
            if (why == null) {
                return null;
            }
            throw fileFailure(file, why, e);
        }
        boolean sound = false;
        try {
            check(file, NativeFile.identity(fd));
            sound = true;
        } finally {
            if (!sound) {
                fd.close();
            }
        }
        return fd;
    }

    private static void check(Path file, Identity found) throws IOException {
        if (!found.isRegular()) {
            throw fileFailure(file, "is a pipe or a device, and no file; remove it", null);
        }
        if (!found.isOursOrRoots()) {
            throw fileFailure(
                    file, "belongs to another user (" + found.uid() + "), who decides what is in it; remove it", null);
        }
        if ((found.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw fileFailure(file, "may be written by others; remove it, and agents begin anew", null);
        }
        if (found.links() > 1) {
            throw fileFailure(file, "has another name elsewhere, and may be another's file; remove it", null);
        }
    }

    /**
     * Maps a state file that {@link #open(String)} has opened.
     *
     * @param size its bytes; they get their room now if they have none, as those of {@link #replace}
     */
    Mapping map(String name, Fd fd, long size) throws IOException {
        try {
            NativeFile.allocate(fd, size);
            return Mapping.map(fd, 0, size, true);
        } catch (LinuxException e) {
            throw fileFailure(path.resolve(name), "cannot be written: " + words(e), e);
        }
    }

    /**
     * Makes a file, complete, in the place of an old one of this name.
     *
     * @param length its bytes, all 0 in the beginning; they have their room on the file system, so that a mapping of them
     *     never faults for want of it
     * @param filler makes of the mapped file what is returned; the mapping is closed if the file cannot be put in its
     *     place
     * @throws IOException if there is no room for it, or it cannot be written; the old one is as it was then
     */
    <T> T replace(String name, long length, Function<Mapping, T> filler) throws IOException {
        Path file = path.resolve(name);
        Path beside = path.resolve(name + NEW);
        Mapping memory = null;
        boolean done = false;
        try {
            remove(beside); // of a service that was killed
            try (Fd fd = NativeFile.openItself(beside, Creation.ALWAYS)) {
                NativeFile.allocate(fd, length);
                memory = Mapping.map(fd, 0, length, true);
            }
            T made = filler.apply(memory);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done = true;
            return made;
        } catch (LinuxException e) {
            throw fileFailure(file, "cannot be written: " + words(e), e);
        } catch (FileSystemException e) {
            throw fileFailure(
                    file, "cannot be written: " + (e.getReason() == null ? "permission denied" : e.getReason()), e);
        } finally {
            if (!done) {
                giveUp(memory, beside);
            }
        }
    }

    private void giveUp(@Nullable Mapping memory, Path beside) {
        if (memory != null) {
            memory.close();
        }
        try {
            remove(beside);
        } catch (IOException e) {
            logUnclean(e);
        }
    }

    /** Removes a file, or whatever has its name and is no folder, if it is there. */
    private static void remove(Path file) throws IOException {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(file);
        }
    }

    /** Removes the files of this name, of a service that was killed too. What goes wrong is logged. */
    void forget(String name) {
        try {
            remove(path.resolve(name));
            remove(path.resolve(name + NEW));
        } catch (IOException e) {
            logUnclean(e);
        }
    }

    /** Removes files with this ending but for those of these names. What else is there stays: it is not ours. */
    void retain(String ending, Set<String> names) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + ending + "{," + NEW + "}")) {
            for (Path file : files) {
                boolean ours = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                if (ours && !names.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            logUnclean(e);
        }
    }

    private void logUnclean(IOException e) {
        LOG.log(System.Logger.Level.WARNING, "cannot clean " + path + ": " + e.getMessage());
    }

    private static String words(LinuxException e) {
        return Errno.text(e.errno()) + " (" + e.errnoName() + ")";
    }

    private static IOException folderFailure(Path folder, String why, @Nullable Throwable cause) {
        return new IOException("the state folder " + folder + " " + why, cause);
    }

    private static IOException fileFailure(Path file, String why, @Nullable Throwable cause) {
        return new IOException("the state file " + file + " " + why, cause);
    }
}
