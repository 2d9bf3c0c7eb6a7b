// A file of the kernel through which whole messages go: a character device, an entry of debugfs.
package org.scmid.linux;

import java.nio.file.Path;

/**
 * A file that takes one message by each write and gives one by each read. Reads never wait; whether writes do is the
 * kernel's. For one thread at a time.
 */
public final class MessageFile implements AutoCloseable {
    /** There is no message, or no room for one: wait for {@link Epoll#IN} or {@link Epoll#OUT}, where the file tells. */
    public static final int WOULD_BLOCK = -1;

    /** What a file is opened for. */
    public enum Use {
        /** Messages are read. */
        READ(LibC.O_RDONLY),
        /** Messages are written. */
        WRITE(LibC.O_WRONLY),
        /** Both. */
        BOTH(LibC.O_RDWR);

        private final int flags;

        Use(int flags) {
            this.flags = flags;
        }
    }

    private final Fd fd;

    private MessageFile(Fd fd) {
        this.fd = fd;
    }

    /**
     * Opens a file; non-blocking and close-on-exec.
     *
     * @param path the file
     * @param use what for
     * @return it
     * @throws LinuxException ENOENT, EACCES, EBUSY and what else the kernel says
     */
    public static MessageFile open(Path path, Use use) throws LinuxException {
        return new MessageFile(NativeFile.opened(path, LibC.O_CLOEXEC | LibC.O_NOCTTY | LibC.O_NONBLOCK | use.flags));
    }

    /**
     * Makes two that are connected to each other: what is written to one is read from the other. A write of nothing is
     * read as nothing, which is {@link #read}'s 0. They stand in for a file of the kernel and its other side.
     *
     * @return both
     * @throws LinuxException EMFILE if this process may not open more
     */
    public static MessageFile[] pair() throws LinuxException {
        int[] numbers = new int[2];
        int result = LibC.socketPair(LibC.SOCK_SEQPACKET, numbers);
        if (result < 0) {
            throw new LinuxException("socketpair", -result);
        }
        return new MessageFile[] {new MessageFile(Fd.of(numbers[0])), new MessageFile(Fd.of(numbers[1]))};
    }

    /**
     * The descriptor, to be waited for; still owned by this object.
     *
     * @return the descriptor
     */
    public Fd fd() {
        return fd;
    }

    /**
     * Reads the next message.
     *
     * @param into where it goes, from index 0; up to 32 KiB of it are used
     * @return how many bytes; 0 at an end, whatever that is of this file; {@link #WOULD_BLOCK} if there is none yet
     * @throws LinuxException ENODEV, EIO and what else the kernel says
     */
    public int read(byte[] into) throws LinuxException {
        return moved("read", LibC.read(fd.number(), into, 0, into.length));
    }

    /**
     * Writes a message.
     *
     * @param from where it is, from index 0
     * @param length its bytes, up to 32 KiB
     * @return how many bytes were taken; {@link #WOULD_BLOCK} if there is no room now
     * @throws LinuxException EMSGSIZE, EPIPE, ENODEV and what else the kernel says
     */
    public int write(byte[] from, int length) throws LinuxException {
        return moved("write", LibC.write(fd.number(), from, 0, length));
    }

    private int moved(String call, int result) throws LinuxException {
        if (result >= 0) {
            return result;
        }
        if (result == -Errno.EAGAIN) {
            return WOULD_BLOCK;
        }
        throw new LinuxException(call + "(" + fd + ")", -result);
    }

    /** Closes the descriptor; idempotent. */
    @Override
    public void close() {
        fd.close();
    }
}
