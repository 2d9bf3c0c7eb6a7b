// Bytes and descriptors over a connection, and every way it can end.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UnixSocketTest {
    private static final byte[] TEN = "0123456789".getBytes(StandardCharsets.US_ASCII);

    private final byte[] buffer = new byte[64 << 10];
    private final FdList fds = new FdList();
    private UnixSocket a;
    private UnixSocket b;

    @SuppressWarnings("NullAway.Init")
    UnixSocketTest() {}

    @BeforeEach
    void connect() throws LinuxException {
        UnixSocket[] pair = UnixSocket.pair();
        a = pair[0];
        b = pair[1];
    }

    @AfterEach
    void close() {
        fds.close();
        a.close();
        b.close();
    }

    @Test
    void bytesArriveWhereTheyAreWanted() throws LinuxException {
        assertEquals(4, a.send(TEN, 3, 4));
        Arrays.fill(buffer, (byte) '.');
        assertEquals(4, b.receive(buffer, 2, 100, null));
        assertEquals("..3456..", new String(buffer, 0, 8, StandardCharsets.US_ASCII));
    }

    @Test
    void nothingToReceiveWouldBlock() throws LinuxException {
        assertEquals(UnixSocket.WOULD_BLOCK, b.receive(buffer, 0, 10, null));
        assertEquals(UnixSocket.WOULD_BLOCK, b.receive(buffer, 0, 10, fds));
    }

    @Test
    void aSocketThatIsFullWouldBlockAndLosesNothing() throws LinuxException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] data = new byte[1 << 20];
        random.nextBytes(data);
        byte[] got = new byte[data.length];
        int sent = 0;
        int received = 0;
        int blocked = 0;
        while (received < data.length) {
            int result = sent < data.length
                    ? a.send(data, sent, Math.min(data.length - sent, 1 + random.nextInt(50_000)))
                    : UnixSocket.WOULD_BLOCK;
            if (result != UnixSocket.WOULD_BLOCK) {
                sent += result;
                continue;
            }
            blocked++;
            int length = Math.min(got.length - received, 1 + random.nextInt(50_000));
            int count = b.receive(got, received, length, random.nextBoolean() ? fds : null);
            assertTrue(count > 0 && count <= length, "seed " + seed);
            received += count;
        }
        assertTrue(blocked > 0);
        assertArrayEquals(data, got, "seed " + seed);
    }

    @Test
    void whatWasSentBeforeTheEndIsStillReceived() throws LinuxException {
        a.send(TEN, 0, 10);
        a.close();
        assertEquals(10, b.receive(buffer, 0, 100, fds));
        assertEquals(UnixSocket.CLOSED, b.receive(buffer, 0, 100, fds));
        assertEquals(UnixSocket.CLOSED, b.receive(buffer, 0, 100, null));
    }

    @Test
    void aPeerThatClosesWithoutReadingIsClosedToo() throws LinuxException {
        b.send(TEN, 0, 10);
        a.close();
        assertEquals(UnixSocket.CLOSED, b.receive(buffer, 0, 100, null)); // ECONNRESET underneath
    }

    @Test
    void sendingToAClosedPeerIsAnErrorAndNoSignal() throws LinuxException {
        a.close();
        LinuxException e = assertThrows(LinuxException.class, () -> b.send(TEN, 0, 10));
        assertEquals("send: Broken pipe (EPIPE)", e.getMessage());
        LinuxException f = assertThrows(LinuxException.class, () -> b.sendWithFds(TEN, 0, 10, b.fd()));
        assertEquals("sendmsg: Broken pipe (EPIPE)", f.getMessage());
    }

    @Test
    void aDescriptorArrivesAsTheSameFile() throws LinuxException {
        try (Fd memory = MemFd.create("shared", 4096);
                Mapping ours = Mapping.map(memory, 0, 4096, true)) {
            assertEquals(1, a.sendWithFds(TEN, 0, 1, memory));
            assertEquals(1, b.receive(buffer, 0, 100, fds));
            assertEquals(1, fds.count());
            try (Fd theirs = fds.take(0);
                    Mapping mapping = Mapping.map(theirs, 0, 4096, true)) {
                mapping.putInt(100, 42);
                assertEquals(42, ours.getInt(100));
                assertEquals(1, LibC.fcntl(theirs.number(), 1 /* F_GETFD */, 0), "close-on-exec");
            }
        }
    }

    @Test
    void descriptorsKeepTheirOrder() throws LinuxException {
        Fd[] sent = new Fd[8];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = MemFd.create("x", 100 + i);
        }
        a.sendWithFds(TEN, 0, 10, sent);
        b.receive(buffer, 0, 100, fds);
        assertEquals(8, fds.count());
        for (int i = 0; i < sent.length; i++) {
            try (Fd fd = fds.take(i)) {
                assertEquals(100 + i, NativeFile.size(fd));
            }
            sent[i].close();
        }
    }

    @Test
    void descriptorsComeWithTheFirstPieceOfAMessage() throws LinuxException {
        a.sendWithFds(TEN, 0, 10, a.fd(), b.fd());
        assertEquals(3, b.receive(buffer, 0, 3, fds));
        assertEquals(2, fds.count());
        assertEquals(7, b.receive(buffer, 3, 100, fds));
        assertEquals(2, fds.count());
        assertArrayEquals(TEN, Arrays.copyOf(buffer, 10));
    }

    @Test
    void descriptorsOfTwoMessagesAreAppended() throws LinuxException {
        a.sendWithFds(TEN, 0, 5, a.fd());
        a.sendWithFds(TEN, 5, 5, a.fd(), a.fd());
        assertEquals(5, b.receive(buffer, 0, 100, fds), "a read ends before the next descriptors");
        assertEquals(5, b.receive(buffer, 5, 100, fds));
        assertEquals(3, fds.count());
        assertArrayEquals(TEN, Arrays.copyOf(buffer, 10));
    }

    @Test
    void descriptorsThatNobodyTakesAreClosed() throws LinuxException {
        UnixSocket[] other = UnixSocket.pair();
        a.sendWithFds(TEN, 0, 1, other[0].fd(), other[0].fd(), other[0].fd());
        other[0].close();
        b.receive(buffer, 0, 100, fds);
        Fd taken = fds.take(1);
        fds.clear();
        assertEquals(0, fds.count());
        assertEquals(UnixSocket.WOULD_BLOCK, other[1].receive(buffer, 0, 1, null), "the one taken is open");
        taken.close();
        assertEquals(UnixSocket.CLOSED, other[1].receive(buffer, 0, 1, null), "all others are closed");
        other[1].close();
    }

    @Test
    void descriptorsForAReceiverWithoutAListAreClosed() throws LinuxException {
        UnixSocket[] other = UnixSocket.pair();
        a.sendWithFds(TEN, 0, 10, other[0].fd());
        other[0].close();
        assertEquals(10, b.receive(buffer, 0, 100, null));
        assertEquals(UnixSocket.CLOSED, other[1].receive(buffer, 0, 1, null));
        other[1].close();
    }

    @Test
    void moreDescriptorsThanTheListHasRoomForAreAnErrorAndNoLeak() throws LinuxException {
        UnixSocket[] other = UnixSocket.pair();
        Fd[] most = new Fd[FdList.CAPACITY];
        Arrays.fill(most, other[0].fd());
        a.sendWithFds(TEN, 0, 5, most);
        a.sendWithFds(TEN, 5, 5, most);
        other[0].close();
        assertEquals(5, b.receive(buffer, 0, 100, fds));
        assertEquals(FdList.CAPACITY, fds.count());
        fds.take(0).close();
        LinuxException e = assertThrows(LinuxException.class, () -> b.receive(buffer, 0, 100, fds));
        assertEquals(Errno.EMSGSIZE, e.errno());
        assertTrue(e.getMessage().contains("MSG_CTRUNC"), e.getMessage());
        assertEquals(FdList.CAPACITY, fds.count());
        assertEquals(UnixSocket.WOULD_BLOCK, other[1].receive(buffer, 0, 1, null));
        fds.clear();
        assertEquals(UnixSocket.CLOSED, other[1].receive(buffer, 0, 1, null));
        other[1].close();
    }

    @Test
    void aListThatHasRoomForSomeKeepsThose() throws LinuxException {
        for (int i = 0; i < FdList.CAPACITY - 2; i++) {
            fds.add(a.fd().duplicate());
        }
        a.sendWithFds(TEN, 0, 5, a.fd(), a.fd(), a.fd());
        assertThrows(LinuxException.class, () -> b.receive(buffer, 0, 100, fds));
        assertEquals(FdList.CAPACITY, fds.count());
        try (Fd last = fds.take(FdList.CAPACITY - 1)) {
            assertTrue(last.isOpen());
        }
    }

    @Test
    void aDescriptorIsTakenOnce() throws LinuxException {
        a.sendWithFds(TEN, 0, 1, a.fd());
        b.receive(buffer, 0, 1, fds);
        fds.take(0).close();
        assertThrows(IllegalStateException.class, () -> fds.take(0));
        assertThrows(IndexOutOfBoundsException.class, () -> fds.take(1));
        assertThrows(IndexOutOfBoundsException.class, () -> fds.take(-1));
        fds.clear();
        assertThrows(IndexOutOfBoundsException.class, () -> fds.take(0));
    }

    @Test
    void impossibleRequestsAreRefusedBeforeTheCall() {
        Fd[] tooMany = new Fd[FdList.CAPACITY + 1];
        Arrays.fill(tooMany, a.fd());
        assertThrows(IllegalArgumentException.class, () -> a.sendWithFds(TEN, 0, 1, tooMany));
        assertThrows(IllegalArgumentException.class, () -> a.sendWithFds(TEN, 0, 0, a.fd()));
        assertThrows(IllegalArgumentException.class, () -> a.receive(buffer, 0, 0, null));
        assertThrows(IndexOutOfBoundsException.class, () -> a.send(TEN, 5, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> a.sendWithFds(TEN, -1, 1, a.fd()));
        assertThrows(IndexOutOfBoundsException.class, () -> a.receive(TEN, 0, 11, fds));
    }

    @Test
    void connectingToNobodySaysWhy() {
        LinuxException e = assertThrows(LinuxException.class, () -> UnixSocket.connect(Path.of("/nonexistent/x.sock")));
        assertEquals("connect(/nonexistent/x.sock): No such file or directory (ENOENT)", e.getMessage());
    }

    @Test
    void aClosedSocketIsRefused() {
        a.close();
        a.close();
        assertFalse(a.fd().isOpen());
        assertThrows(IllegalStateException.class, () -> a.send(TEN, 0, 1));
        assertThrows(IllegalStateException.class, () -> a.receive(buffer, 0, 1, fds));
        assertThrows(IllegalStateException.class, a::peer);
    }

    @Test
    void thePeerOfAPairIsThisProcess() throws Exception {
        PeerIdentity peer = a.peer();
        assertEquals(ProcessHandle.current().pid(), peer.pid());
        assertTrue(peer.startTicks() > 0);
        assertEquals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), peer.uid());
        assertEquals(Files.getAttribute(Path.of("/proc/self"), "unix:gid"), peer.gid());
        assertTrue(peer.sameProcess(b.peer()));
    }

    @Test
    void aPidThatIsUsedAgainIsAnotherProcess() {
        PeerIdentity first = new PeerIdentity(100, 5000, 0, 0);
        assertTrue(first.sameProcess(new PeerIdentity(100, 5000, 1, 1)));
        assertFalse(first.sameProcess(new PeerIdentity(100, 5001, 0, 0)));
        assertFalse(first.sameProcess(new PeerIdentity(101, 5000, 0, 0)));
    }

    @Test
    void theStartTimeIsFoundBehindAnyProcessName() {
        String tail = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 424242 20\n";
        assertEquals(424242, PeerIdentity.startTicks("77 (java)" + tail));
        assertEquals(424242, PeerIdentity.startTicks("77 (a) 1 2 (b c) )" + tail));
        assertEquals(0, PeerIdentity.startTicks("77 (java) S 1 2"));
        assertEquals(0, PeerIdentity.startTicks(""));
    }

    @Test
    void aWaitEndsWithInputOrTheEndOfThePeerOrTheTime() throws LinuxException {
        UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket one = pair[0]) {
            assertFalse(one.awaitInput(1));
            assertTrue(one.awaitRoom(60_000));
            pair[1].send(new byte[] {7}, 0, 1);
            assertTrue(one.awaitInput(60_000));
            byte[] into = new byte[4];
            assertEquals(1, one.receive(into, 0, 4, null));
            assertFalse(one.awaitInput(0));
            pair[1].close();
            assertTrue(one.awaitInput(60_000));
            assertEquals(UnixSocket.CLOSED, one.receive(into, 0, 4, null));
        }
    }

    @Test
    void aSocketThatIsFullHasNoRoom() throws LinuxException {
        UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket one = pair[0];
                UnixSocket other = pair[1]) {
            byte[] bytes = new byte[32 * 1024];
            while (one.send(bytes, 0, bytes.length) != UnixSocket.WOULD_BLOCK) {
                // until it is full
            }
            assertFalse(one.awaitRoom(1));
            assertTrue(other.awaitInput(0));
        }
    }
}
