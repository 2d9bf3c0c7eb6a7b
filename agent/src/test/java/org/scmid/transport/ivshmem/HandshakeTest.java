// The handshake when the peer's socket takes nothing for a while.
package org.scmid.transport.ivshmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.FdList;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MemFd;
import org.scmid.linux.UnixSocket;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(30)
class HandshakeTest {
    private static final int ID = 7;
    private static final long[] NUMBERS = {0, ID, -1, 0, 0, ID, ID};

    private final Fd memory = MemFd.create("scmid-driver", 4096);
    private final EventFd bell = EventFd.create();
    private final UnixSocket[] pair = UnixSocket.pair();
    private final Fd[] bells = {bell.fd(), bell.fd()};
    private final Handshake handshake = new Handshake(ID, memory, bells, bells);
    private final FdList fds = new FdList();

    HandshakeTest() throws LinuxException {}

    @AfterEach
    void close() {
        fds.close();
        bell.close();
        memory.close();
        pair[0].close();
        pair[1].close();
    }

    /** Fills the socket, until it takes nothing more. */
    private long fill() throws LinuxException {
        byte[] bytes = new byte[4096];
        long filled = 0;
        for (int length = bytes.length; length > 0; length /= 2) {
            for (int n = pair[0].send(bytes, 0, length); n > 0; n = pair[0].send(bytes, 0, length)) {
                filled += n;
            }
        }
        return filled;
    }

    private void drop(long count) throws LinuxException {
        byte[] bytes = new byte[4096];
        long left = count;
        while (left > 0) {
            int n = pair[1].receive(bytes, 0, (int) Math.min(left, bytes.length), fds);
            assertTrue(n > 0);
            left -= n;
        }
        assertEquals(0, fds.count());
    }

    private void expect(int message) throws LinuxException {
        byte[] bytes = new byte[8];
        assertEquals(8, pair[1].receive(bytes, 0, 8, fds));
        assertEquals(NUMBERS[message], LittleEndian.getLong(bytes, 0), "message " + message);
        assertEquals(message < 2 ? 0 : 1, fds.count(), "descriptors with message " + message);
        fds.clear();
    }

    @Test
    void whatTheSocketDoesNotTakeIsSentLaterAndNothingTwice() throws LinuxException {
        long filled = fill();
        assertFalse(handshake.send(pair[0]));
        assertFalse(handshake.send(pair[0]));
        drop(filled);
        assertTrue(handshake.send(pair[0]));
        for (int message = 0; message < NUMBERS.length; message++) {
            expect(message);
        }
        assertTrue(handshake.send(pair[0]));
        assertEquals(UnixSocket.WOULD_BLOCK, pair[1].receive(new byte[8], 0, 8, fds));
    }

    @Test
    void aPeerThatIsGoneIsAnError() {
        pair[1].close();
        assertThrows(LinuxException.class, () -> handshake.send(pair[0]));
    }
}
