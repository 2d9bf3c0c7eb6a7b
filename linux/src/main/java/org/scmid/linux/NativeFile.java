// Files as the other system calls of this package need them: by descriptor, with modes, locks and seals.
package org.scmid.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files, and asks and changes what java.nio.file does not reach. */
public final class NativeFile {
    private static final Path GROUPS = Path.of("/etc/group");
    private static final int OWNER_ONLY = 0600;
    private static final int SMALLEST_PAGE = 4096;

    private NativeFile() {}

    /**
     * Opens a file.
     *
     * @param path the file
     * @param mode what for
     * @param create whether to create it, for its owner only (mode 0600), if it is not there; it is never truncated
     * @param sync whether writes wait for the storage; for /dev/mem this asks for an uncached mapping (O_SYNC)
     * @return the descriptor, close-on-exec
     * @throws LinuxException ENOENT, EACCES and what else open(2) names
     */
    public static Fd open(Path path, OpenMode mode, boolean create, boolean sync) throws LinuxException {
        int flags = LibC.O_CLOEXEC | LibC.O_NOCTTY;
        flags |= mode == OpenMode.READ_WRITE ? LibC.O_RDWR : LibC.O_RDONLY;
        flags |= create ? LibC.O_CREAT : 0;
        flags |= sync ? LibC.O_SYNC : 0;
        return opened(path, flags);
    }

    /** Whether a file is made when it is opened. */
    public enum Creation {
        /** It must be there. */
        NEVER,
        /** It is made, for its owner only (mode 0600), if it is not there. */
        IF_MISSING,
        /** It is made, for its owner only (mode 0600), and must not be there. */
        ALWAYS
    }

    /**
     * Opens a file for reading and writing that is itself at this path, and not behind a symbolic link there. Does not
     * wait, whatever is there: it may be a pipe or a device.
     *
     * @param path the file; links in the folders before it are followed
     * @param creation whether to make it
     * @return the descriptor, close-on-exec
     * @throws LinuxException ELOOP if it is a symbolic link; EEXIST; ENXIO for a socket; and what else open(2) names
     */
    public static Fd openItself(Path path, Creation creation) throws LinuxException {
        int flags = LibC.O_CLOEXEC | LibC.O_NOCTTY | LibC.O_RDWR | LibC.O_NOFOLLOW | LibC.O_NONBLOCK;
        flags |= switch (creation) {
            case NEVER -> 0;
            case IF_MISSING -> LibC.O_CREAT;
            case ALWAYS -> LibC.O_CREAT | LibC.O_EXCL;
        };
        return opened(path, flags);
    }

    /**
     * Opens a folder that is itself at this path, and not behind a symbolic link there: to ask and to change what it is.
     *
     * @param path the folder; links in the folders before it are followed
     * @return the descriptor, close-on-exec
     * @throws LinuxException ENOTDIR if it is anything else, a symbolic link too; and what else open(2) names
     */
    public static Fd openFolder(Path path) throws LinuxException {
        return opened(path, LibC.O_CLOEXEC | LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW);
    }

    static Fd opened(Path path, int flags) throws LinuxException {
        int result = LibC.open(path.toString(), flags, OWNER_ONLY);
        if (result < 0) {
            throw new LinuxException("open(" + path + ")", -result);
        }
        return Fd.of(result);
    }

    /**
     * Which file it is, and whose.
     *
     * @param device the file system
     * @param inode the file on it
     * @param uid its owner
     * @param mode type and permission bits, as of stat(2)
     * @param links how many names it has
     */
    public record Identity(long device, long inode, int uid, int mode, int links) {
        /** Whether it is an ordinary file: no folder, pipe, socket or device. */
        public boolean isRegular() {
            return (mode & LibC.S_IFMT) == LibC.S_IFREG;
        }

        /** Whether it is a character device. */
        public boolean isCharacterDevice() {
            return (mode & LibC.S_IFMT) == LibC.S_IFCHR;
        }

        /** Whether it is a symbolic link. */
        public boolean isLink() {
            return (mode & LibC.S_IFMT) == LibC.S_IFLNK;
        }

        /** Whether it is the user's whom this process runs as, or root's. */
        public boolean isOursOrRoots() {
            return uid == 0 || uid == user();
        }

        /** Whether it is the same file, whatever its owner and its permissions are by now. */
        public boolean isSameFile(Identity other) {
            return device == other.device && inode == other.inode;
        }
    }

    /** The number of the user whom this process runs as. */
    public static int user() {
        return LibC.geteuid();
    }

    /**
     * Which file is open.
     *
     * @throws LinuxException if statx fails
     */
    public static Identity identity(Fd fd) throws LinuxException {
        LibC.FileStatus status = new LibC.FileStatus();
        int result = LibC.fstat(fd.number(), status);
        if (result < 0) {
            throw new LinuxException("fstat(" + fd + ")", -result);
        }
        return status.identity();
    }

    /**
     * Which file is at a path; a symbolic link is a file of its own.
     *
     * @throws LinuxException ENOENT and what else statx(2) names
     */
    public static Identity identity(Path path) throws LinuxException {
        LibC.FileStatus status = new LibC.FileStatus();
        int result = LibC.lstat(path.toString(), status);
        if (result < 0) {
            throw new LinuxException("lstat(" + path + ")", -result);
        }
        return status.identity();
    }

    /**
     * The length of an open file.
     *
     * @param fd the file
     * @return bytes; 0 for a device
     * @throws LinuxException if fstat fails
     */
    public static long size(Fd fd) throws LinuxException {
        LibC.FileStatus status = new LibC.FileStatus();
        int result = LibC.fstat(fd.number(), status);
        if (result < 0) {
            throw new LinuxException("fstat(" + fd + ")", -result);
        }
        return status.size;
    }

    /**
     * The size of the pages that a memory file is made of: those of the system, or huge ones.
     *
     * @param fd a memfd, or a file of tmpfs or hugetlbfs
     * @return bytes, a power of two from 4096: what offsets and lengths of mappings are rounded to
     * @throws LinuxException if fstat fails
     */
    public static long pageSize(Fd fd) throws LinuxException {
        LibC.FileStatus status = new LibC.FileStatus();
        int result = LibC.fstat(fd.number(), status);
        if (result < 0) {
            throw new LinuxException("fstat(" + fd + ")", -result);
        }
        return Math.max(SMALLEST_PAGE, Integer.highestOneBit(status.blockSize));
    }

    /**
     * Sets the length of a file; what is added reads as zero.
     *
     * @param fd the file, opened for writing
     * @param size bytes, from 0
     * @throws LinuxException EPERM if it is sealed against this, ENOSPC, EINVAL for a device or a negative size
     */
    public static void truncate(Fd fd, long size) throws LinuxException {
        int result = LibC.ftruncate(fd.number(), size);
        if (result < 0) {
            throw new LinuxException("ftruncate(" + fd + ", " + size + ")", -result);
        }
    }

    /**
     * Gives a file all the room that it needs up to a length, so that no write before it can fail for want of room, by a
     * mapping neither: there it would be a fault. What is in the file stays; what is added reads as zero.
     *
     * @param fd the file, opened for writing
     * @param size bytes, from 1
     * @throws LinuxException ENOSPC, EDQUOT, ENODEV if it is no ordinary file
     */
    public static void allocate(Fd fd, long size) throws LinuxException {
        int result = LibC.allocate(fd.number(), size);
        if (result < 0) {
            throw new LinuxException("fallocate(" + fd + ", " + size + ")", -result);
        }
    }

    /**
     * Takes the exclusive lock of a file (flock) without waiting. It is held until every duplicate of the descriptor is
     * closed; the end of the process does that too, SIGKILL included.
     *
     * @param fd the file
     * @return false if another open file description holds it
     * @throws LinuxException if the file system has no locks
     */
    public static boolean tryLock(Fd fd) throws LinuxException {
        int result = LibC.flock(fd.number(), LibC.LOCK_EX | LibC.LOCK_NB);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        if (result < 0) {
            throw new LinuxException("flock(" + fd + ")", -result);
        }
        return true;
    }

    /**
     * Takes the exclusive lock of a range of bytes without waiting (an open file description lock): as {@link
     * #tryLock(Fd)}, and independent of it.
     *
     * @param fd the file, opened for writing
     * @param start first byte
     * @param length bytes, from 1; they need not exist
     * @return false if another open file description holds a lock of one of these bytes
     * @throws LinuxException if this kind of file has no locks
     */
    public static boolean tryLock(Fd fd, long start, long length) throws LinuxException {
        int result = LibC.lockBytes(fd.number(), start, length);
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        if (result < 0) {
            throw new LinuxException("fcntl(" + fd + ", F_OFD_SETLK)", -result);
        }
        return true;
    }

    /**
     * The seals of a memfd.
     *
     * @param fd the file
     * @return a set of {@link MemFd#SEAL_SHRINK} and the like; -1 if this kind of file has no seals
     */
    public static int seals(Fd fd) {
        return Math.max(-1, LibC.fcntl(fd.number(), LibC.F_GET_SEALS, 0));
    }

    /**
     * Sets the permissions of a file.
     *
     * @param fd the file or folder
     * @param mode permission bits, as 0600
     * @throws LinuxException EPERM if it is not ours, EROFS
     */
    public static void chmod(Fd fd, int mode) throws LinuxException {
        chmod(Path.of("/proc/self/fd/" + fd.number()), mode);
    }

    /**
     * Sets the permissions of a file.
     *
     * @param path the file; a symbolic link is followed
     * @param mode permission bits, as 0660
     * @throws LinuxException EPERM if it is not ours, ENOENT
     */
    public static void chmod(Path path, int mode) throws LinuxException {
        int result = LibC.chmod(path.toString(), mode);
        if (result < 0) {
            throw new LinuxException("chmod(" + path + ", 0" + Integer.toOctalString(mode) + ")", -result);
        }
    }

    /**
     * Sets the owner of a file.
     *
     * @param path the file; a symbolic link is followed
     * @param uid the user, or -1 to leave it
     * @param gid the group, or -1 to leave it
     * @throws LinuxException EPERM if we may not, ENOENT
     */
    public static void chown(Path path, int uid, int gid) throws LinuxException {
        int result = LibC.chown(path.toString(), uid, gid);
        if (result < 0) {
            throw new LinuxException("chown(" + path + ", " + uid + ", " + gid + ")", -result);
        }
    }

    /**
     * The number of a group of /etc/group.
     *
     * @param name its name; digits that name no group are taken as the number itself
     * @return the group's number, or -1 if it is unknown
     */
    public static int groupId(String name) {
        return groupId(name, GROUPS);
    }

    static int groupId(String name, Path groups) {
        try {
            for (String line : Files.readAllLines(groups, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1); // name:password:gid:members
                if (fields.length >= 3 && fields[0].equals(name)) {
                    return number(fields[2]);
                }
            }
        } catch (IOException e) {
            // No list of groups: only a number can be known.
        }
        return number(name);
    }

    private static int number(String digits) {
        try {
            int value = Integer.parseInt(digits);
            return value >= 0 && Character.isDigit(digits.charAt(0)) ? value : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The whole content of a small file of /proc, which has no size to ask for. */
    static String readSmall(Path path) throws LinuxException {
        byte[] content = new byte[LibC.IO_BYTES];
        int length;
        try (Fd fd = open(path, OpenMode.READ_ONLY, false, false)) {
            length = LibC.read(fd.number(), content, 0, content.length);
        }
        if (length < 0) {
            throw new LinuxException("read(" + path + ")", -length);
        }
        return new String(content, 0, length, StandardCharsets.ISO_8859_1);
    }
}
