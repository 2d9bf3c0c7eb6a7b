// The socket file that others connect to.
package org.scmid.linux;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A listening Unix stream socket and its file. */
public final class UnixListener implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final Path path;
    private final Fd fd;
    private final LibC.FileStatus file;

    private UnixListener(Path path, Fd fd, LibC.FileStatus file) {
        this.path = path;
        this.fd = fd;
        this.file = file;
    }

    /**
     * Makes the socket file and listens. A file that an earlier process left behind (nobody listens) is replaced. Mode
     * and group are set before anybody can connect.
     *
     * @param path the file, at most 107 bytes
     * @param mode its permission bits, as 0660; who may write may connect
     * @param groupIdOrMinus1 its group, or -1 to leave it as it comes
     * @return the listener
     * @throws LinuxException EADDRINUSE if somebody listens there already; EEXIST if something else than a socket is
     *     there; ENOENT if there is no such folder; EACCES; EPERM for a group that we may not give; ENAMETOOLONG
     */
    public static UnixListener bind(Path path, int mode, int groupIdOrMinus1) throws LinuxException {
        int socket = LibC.socket();
        if (socket < 0) {
            throw new LinuxException("socket", -socket);
        }
        Fd fd = Fd.of(socket);
        boolean done = false;
        try {
            int result = LibC.bind(socket, path.toString());
            if (result == -Errno.EADDRINUSE) {
                removeStale(path);
                result = LibC.bind(socket, path.toString());
            }
            if (result < 0) {
                throw failure("bind", path, -result);
            }
            LibC.FileStatus file = new LibC.FileStatus();
            result = LibC.lstat(path.toString(), file);
            if (result < 0) {
                throw new LinuxException("stat(" + path + ")", -result);
            }
            UnixListener listener = new UnixListener(path, fd, file);
            try {
                listener.open(mode, groupIdOrMinus1);
            } catch (LinuxException e) {
                listener.close();
                throw e;
            }
            done = true;
            return listener;
        } finally {
            if (!done) {
                fd.close();
            }
        }
    }

    /** Until listen, a connection is refused: nobody comes in by permissions that are not ours yet. */
    private void open(int mode, int groupIdOrMinus1) throws LinuxException {
        if (groupIdOrMinus1 >= 0) {
            NativeFile.chown(path, -1, groupIdOrMinus1);
        }
        NativeFile.chmod(path, mode);
        int result = LibC.listen(fd.number(), BACKLOG);
        if (result < 0) {
            throw new LinuxException("listen(" + path + ")", -result);
        }
        if (!ownsFile()) {
            // Another process that starts at the same time saw nobody listen, and put its own socket here.
            throw inUse(path);
        }
    }

    private static void removeStale(Path path) throws LinuxException {
        LibC.FileStatus found = new LibC.FileStatus();
        int result = LibC.lstat(path.toString(), found);
        if (result == -Errno.ENOENT) {
            return; // it has just gone
        }
        if (result < 0) {
            throw new LinuxException("stat(" + path + ")", -result);
        }
        if (!found.isSocket()) {
            throw new LinuxException(
                    "bind(" + path + ")", Errno.EEXIST, "a file that is not a socket is there; remove it first");
        }
        int errno = probe(path);
        switch (errno) {
            case Errno.ECONNREFUSED -> {
                // Stale: its process has ended without removing it.
            }
            case Errno.ENOENT -> {
                return;
            }
            // Connected; or too many wait to be accepted; or it is in use for another type of socket.
            case 0, Errno.EAGAIN, Errno.EPROTOTYPE -> throw inUse(path);
            default -> throw failure("connect", path, errno);
        }
        result = LibC.unlink(path.toString());
        if (result < 0 && result != -Errno.ENOENT) {
            throw new LinuxException("unlink(" + path + ")", -result);
        }
    }

    /** Tries whether somebody listens: 0 if so, else the errno of connect. */
    private static int probe(Path path) throws LinuxException {
        int socket = LibC.socket();
        if (socket < 0) {
            throw new LinuxException("socket", -socket);
        }
        int result = LibC.connect(socket, path.toString());
        LibC.close(socket);
        return -result;
    }

    private static LinuxException inUse(Path path) {
        return new LinuxException(
                "bind(" + path + ")", Errno.EADDRINUSE, "another process already listens on this socket");
    }

    static LinuxException failure(String call, Path path, int errno) {
        if (errno == Errno.ENAMETOOLONG) {
            return new LinuxException(
                    call + "(" + path + ")",
                    errno,
                    "the path of a socket may have " + LibC.SOCKET_PATH_MAX + " bytes at most");
        }
        return new LinuxException(call + "(" + path + ")", errno);
    }

    /**
     * The descriptor, to be waited for by {@link Epoll#IN}; still owned by this object.
     *
     * @return the descriptor
     */
    public Fd fd() {
        return fd;
    }

    /**
     * The socket file.
     *
     * @return the path as it was given
     */
    public Path path() {
        return path;
    }

    /**
     * Takes the next connection that waits.
     *
     * @return it, or null if there is none
     * @throws LinuxException EMFILE or ENFILE if no more files may be open; the connection still waits then
     */
    public @Nullable UnixSocket accept() throws LinuxException {
        int result = LibC.accept(fd.number());
        if (result == -Errno.EAGAIN || result == -Errno.ECONNABORTED) {
            return null;
        }
        if (result < 0) {
            throw new LinuxException("accept(" + path + ")", -result);
        }
        return UnixSocket.of(Fd.of(result));
    }

    /** Stops listening and removes the file, if it is still the one that {@link #bind} made; idempotent. */
    @Override
    public void close() {
        if (fd.isOpen()) {
            if (ownsFile()) {
                LibC.unlink(path.toString());
            }
            fd.close();
        }
    }

    private boolean ownsFile() {
        LibC.FileStatus now = new LibC.FileStatus();
        return LibC.lstat(path.toString(), now) == 0 && now.isSameFile(file);
    }
}
