// What a new ivshmem peer is sent, as far as its socket takes it.
package org.scmid.transport.ivshmem;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.transport.virtqueue.LittleEndian;

/** The messages of {@link Ivshmem}, in order; all but the last. */
final class Handshake {
    private static final int COUNT = 3 + 2 * Ivshmem.VECTORS;

    private final byte[] bytes = new byte[COUNT * Ivshmem.MESSAGE_BYTES];
    private final @Nullable Fd[] fds = new Fd[COUNT];
    private int messages;
    private int sent;

    /**
     * @param id the peer's id
     * @param memory what it maps
     * @param ours by which it rings us, one for each vector
     * @param theirs by which we ring it, likewise; all descriptors stay the caller's
     */
    Handshake(int id, Fd memory, Fd[] ours, Fd[] theirs) {
        add(Ivshmem.VERSION, null);
        add(id, null);
        add(Ivshmem.MEMORY, memory);
        for (Fd fd : ours) {
            add(Ivshmem.SERVER_ID, fd);
        }
        for (Fd fd : theirs) {
            add(id, fd);
        }
    }

    private void add(long number, @Nullable Fd fd) {
        LittleEndian.putLong(bytes, messages * Ivshmem.MESSAGE_BYTES, number);
        fds[messages++] = fd;
    }

    /**
     * Sends on, without waiting.
     *
     * @return whether all is sent; if not, call it again when the socket takes more
     * @throws LinuxException if the peer is gone
     */
    boolean send(UnixSocket socket) throws LinuxException {
        while (sent < bytes.length) {
            int message = sent / Ivshmem.MESSAGE_BYTES;
            int within = sent % Ivshmem.MESSAGE_BYTES;
            // One by one: a descriptor goes with the first byte of its own message.
            Fd fd = within == 0 ? fds[message] : null;
            int length = Ivshmem.MESSAGE_BYTES - within;
            int count = fd == null ? socket.send(bytes, sent, length) : socket.sendWithFds(bytes, sent, length, fd);
            if (count == UnixSocket.WOULD_BLOCK) {
                return false;
            }
            sent += count;
        }
        return true;
    }
}
