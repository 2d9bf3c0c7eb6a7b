// Memory that has a descriptor, to be shared with another process.
package org.scmid.linux;

/** Anonymous memory files (memfd_create). */
public final class MemFd {
    /** No further seals can be added (F_SEAL_SEAL). */
    public static final int SEAL_SEAL = LibC.F_SEAL_SEAL;
    /** The file cannot shrink (F_SEAL_SHRINK), so that a mapping of it cannot fault. */
    public static final int SEAL_SHRINK = LibC.F_SEAL_SHRINK;
    /** The file cannot grow (F_SEAL_GROW). */
    public static final int SEAL_GROW = LibC.F_SEAL_GROW;

    private MemFd() {}

    /**
     * Makes a file of zeros that lives as long as somebody has it open or mapped, and that can be sealed.
     *
     * @param name what /proc shows for it, at most 249 bytes; need not be unique
     * @param size bytes
     * @return the descriptor, close-on-exec
     * @throws LinuxException ENOMEM, EMFILE, EINVAL for a bad name or size
     */
    public static Fd create(String name, long size) throws LinuxException {
        int result = LibC.memfdCreate(name, LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING);
        if (result < 0) {
            throw new LinuxException("memfd_create(" + name + ")", -result);
        }
        Fd fd = Fd.of(result);
        try {
            NativeFile.truncate(fd, size);
        } catch (LinuxException e) {
            fd.close();
            throw e;
        }
        return fd;
    }

    /**
     * Seals the size for good: nobody can shrink or grow the file any more.
     *
     * @param fd a file of {@link #create}
     * @throws LinuxException EPERM if it refuses seals, EINVAL if it is no memfd
     */
    public static void sealSize(Fd fd) throws LinuxException {
        int result = LibC.fcntl(fd.number(), LibC.F_ADD_SEALS, SEAL_SHRINK | SEAL_GROW);
        if (result < 0) {
            throw new LinuxException("fcntl(F_ADD_SEALS)", -result);
        }
    }
}
