// The ivshmem server: what a peer is sent, how both ring, who may come, and what hostile peers cannot do.
package org.scmid.transport.ivshmem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.frontend.IvshmemPeer;
import org.scmid.linux.Errno;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.FdList;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.MemFd;
import org.scmid.linux.NativeFile;
import org.scmid.linux.PeerIdentity;
import org.scmid.linux.UnixSocket;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.AgentLog;
import org.scmid.transport.Await;
import org.scmid.transport.ProcessState;
import org.scmid.transport.virtqueue.LittleEndian;
import org.scmid.transport.window.PeerBell;

/** Over real sockets. */
@Timeout(60)
class IvshmemServerTest {
    private static final int SIZE = 64 << 10;
    private static final long PATIENCE = 10_000_000_000L;
    private static final int RINGS = 2_000;

    private final Path path;
    private final RunningLoop loop = new RunningLoop();
    private final Fd memory = MemFd.create("scmid-driver-window", SIZE);
    private final Told told = new Told();
    private final IvshmemServer server;

    IvshmemServerTest(@TempDir Path folder) throws LinuxException {
        path = folder.resolve("window.sock");
        server = serverOn(path);
    }

    private IvshmemServer serverOn(Path socket) {
        return new IvshmemServer(loop, new AgentLog(IvshmemServer.class, loop, "test"), socket, 0600, -1, told);
    }

    /** What the server has told. */
    private static final class Told implements PeerBell.Listener {
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final AtomicInteger rings = new AtomicInteger();

        @Override
        public void peerConnected(PeerIdentity peer) {
            calls.add("connected " + peer.pid());
        }

        @Override
        public void peerGone() {
            calls.add("gone");
        }

        @Override
        public void rung() {
            rings.incrementAndGet();
        }

        void await(String... expected) throws Exception {
            Await.until("told " + List.of(expected), () -> calls.equals(List.of(expected)));
        }
    }

    private static final String CONNECTED =
            "connected " + ProcessHandle.current().pid();

    /** One message as it came. */
    private record Message(long number, List<Fd> fds) {}

    @BeforeEach
    void start() throws Exception {
        onLoop(() -> server.start(memory, NativeFile.size(memory)));
    }

    @AfterEach
    void stop() throws Exception {
        onLoop(server::close);
        memory.close();
        loop.close();
    }

    private interface Action {
        void run() throws Exception;
    }

    private void onLoop(Action action) throws Exception {
        loop.call(() -> {
            action.run();
            return true;
        });
    }

    private void ring(int vector) throws Exception {
        onLoop(() -> server.ring(vector));
    }

    private static List<Message> receive(UnixSocket socket, int count) throws Exception {
        List<Message> messages = new ArrayList<>();
        byte[] bytes = new byte[8];
        try (FdList fds = new FdList()) {
            for (int i = 0; i < count; i++) {
                Await.until("message " + i, () -> {
                    int n = socket.receive(bytes, 0, 8, fds);
                    assertTrue(n == 8 || n == UnixSocket.WOULD_BLOCK, n + " bytes");
                    return n == 8;
                });
                List<Fd> taken = new ArrayList<>();
                for (int f = 0; f < fds.count(); f++) {
                    taken.add(fds.take(f));
                }
                fds.clear();
                messages.add(new Message(LittleEndian.getLong(bytes, 0), taken));
            }
        }
        return messages;
    }

    private static void close(List<Message> messages) {
        for (Message message : messages) {
            message.fds().forEach(Fd::close);
        }
    }

    @Test
    void aFileThatHasMoreThanTheWindowIsNotGivenAway() throws Exception {
        LinuxException e = assertThrows(
                LinuxException.class,
                () -> serverOn(path.resolveSibling("more.sock")).start(memory, NativeFile.size(memory) / 2));
        assertTrue(String.valueOf(e.getMessage()).contains("exactly"), e.getMessage());
    }

    @Test
    void aPeerIsSentVersionIdMemoryAndTheBellsOfBothSidesInThisOrder() throws Exception {
        try (UnixSocket socket = UnixSocket.connect(path)) {
            List<Message> messages = receive(socket, 7);
            long[] numbers = messages.stream().mapToLong(Message::number).toArray();
            int[] fds = messages.stream().mapToInt(m -> m.fds().size()).toArray();
            assertArrayEquals(new long[] {0, 1, -1, 0, 0, 1, 1}, numbers);
            assertArrayEquals(new int[] {0, 0, 1, 1, 1, 1, 1}, fds);
            for (int i = 3; i < 7; i++) {
                assertTrue(EventFd.isEventFd(messages.get(i).fds().getFirst()), "message " + i);
            }
            assertEquals(UnixSocket.WOULD_BLOCK, socket.receive(new byte[8], 0, 8, null), "nothing comes after");
            close(messages);
        }
    }

    @Test
    void theMemoryIsTheWindow() throws Exception {
        try (IvshmemPeer peer = IvshmemPeer.connect(path);
                Mapping window = Mapping.map(memory, 0, SIZE, true)) {
            assertEquals(SIZE, peer.memory().size());
            peer.memory().putInt(0x40, 0x1234_5678);
            assertEquals(0x1234_5678, window.getInt(0x40));
        }
    }

    @Test
    void eachVectorRingsItsOwnBell() throws Exception {
        try (UnixSocket socket = UnixSocket.connect(path)) {
            List<Message> messages = receive(socket, 7);
            try (EventFd q0 = EventFd.adopt(messages.get(5).fds().getFirst());
                    EventFd q1 = EventFd.adopt(messages.get(6).fds().getFirst())) {
                ring(0);
                assertTrue(q0.drain());
                assertFalse(q1.drain());
                ring(1);
                assertFalse(q0.drain());
                assertTrue(q1.drain());
            }
            close(messages);
        }
    }

    @Test
    void bothVectorsOfThePeerAreHeardAgainAndAgain() throws Exception {
        try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
            for (int i = 1; i <= 10; i++) {
                int expected = i;
                peer.ring(i % 2);
                Await.until("ring " + i, () -> told.rings.get() == expected);
            }
        }
    }

    @Test
    void thePeerHearsTheServerAgainAndAgain() throws Exception {
        try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
            for (int i = 0; i < 10; i++) {
                ring(i % 2);
                assertTrue(peer.awaitRing(i % 2, PATIENCE));
                assertFalse(peer.awaitRing(0, 0) || peer.awaitRing(1, 0));
            }
        }
    }

    @Test
    void ringingNobodyDoesNothingAndAThirdVectorIsRefused() throws Exception {
        assertFalse(loop.call(server::connected));
        ring(0);
        ring(1);
        onLoop(() -> assertThrows(IndexOutOfBoundsException.class, () -> server.ring(2)));
        onLoop(() -> assertThrows(IndexOutOfBoundsException.class, () -> server.ring(-1)));
        assertEquals(List.of(), told.calls);
    }

    @Test
    void aPeerIsAnnouncedOnceItHasEverything() throws Exception {
        try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
            told.await(CONNECTED);
            assertTrue(loop.call(server::connected));
            assertEquals(1, peer.id());
        }
        told.await(CONNECTED, "gone");
        assertFalse(loop.call(server::connected));
    }

    @Test
    void aSecondPeerIsRefusedAndTheFirstIsNotDisturbed() throws Exception {
        try (IvshmemPeer first = IvshmemPeer.connect(path)) {
            LinuxException refused = assertThrows(LinuxException.class, () -> IvshmemPeer.connect(path));
            assertEquals(Errno.ECONNRESET, refused.errno());
            ring(0);
            assertTrue(first.awaitRing(0, PATIENCE));
            first.ring(1);
            Await.until("rung", () -> told.rings.get() == 1);
            told.await(CONNECTED);
        }
    }

    @Test
    void aPeerThatComesAgainGetsAnotherId() throws Exception {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
                assertTrue(ids.add(peer.id()), "id " + peer.id() + " again");
                ring(0);
                assertTrue(peer.awaitRing(0, PATIENCE));
            }
        }
        assertEquals(Set.of(1, 2, 3, 4, 5), ids);
    }

    @Test
    void idsHave16BitsAndAreNeverThatOfTheServer() {
        assertEquals(1, IvshmemServer.idAfter(0));
        assertEquals(65535, IvshmemServer.idAfter(65534));
        assertEquals(1, IvshmemServer.idAfter(65535));
    }

    @Test
    void aNewPeerIsTakenWhereItsPredecessorsEndWasNotNoticedYet() throws Exception {
        IvshmemPeer first = IvshmemPeer.connect(path);
        told.await(CONNECTED);
        // This holds the loop, which finds the new connection ready before the end of the old one.
        UnixSocket second = loop.call(() -> {
            UnixSocket connected = UnixSocket.connect(path);
            first.close();
            return connected;
        });
        told.await(CONNECTED, "gone", CONNECTED);
        close(receive(second, 7));
        second.close();
    }

    @Test
    void bellsThatAnEarlierPeerKeptRingNobody() throws Exception {
        List<Message> kept;
        try (UnixSocket socket = UnixSocket.connect(path)) {
            kept = receive(socket, 7);
        }
        told.await(CONNECTED, "gone");
        try (IvshmemPeer peer = IvshmemPeer.connect(path);
                EventFd toServer = EventFd.adopt(kept.get(3).fds().getFirst());
                EventFd toPeer = EventFd.adopt(kept.get(5).fds().getFirst())) {
            toServer.signal();
            toPeer.signal();
            peer.ring(0);
            Await.until("rung", () -> told.rings.get() == 1);
            assertFalse(peer.awaitRing(0, 0));
            ring(0);
            assertTrue(peer.awaitRing(0, PATIENCE));
            assertEquals(1, told.rings.get());
        }
        close(kept);
    }

    @Test
    void aPeerThatSendsAnythingIsSentAway() throws Exception {
        try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
            assertEquals(1, peer.socket().send(new byte[1], 0, 1));
            assertTrue(peer.awaitGone(PATIENCE));
            told.await(CONNECTED, "gone");
        }
        IvshmemPeer.connect(path).close();
    }

    @Test
    void descriptorsThatAPeerSendsAreClosed() throws Exception {
        IvshmemPeer.connect(path).close();
        told.await(CONNECTED, "gone");
        long fds = ProcessState.openFds();
        try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
            assertEquals(1, peer.socket().sendWithFds(new byte[1], 0, 1, memory, memory, memory));
            assertTrue(peer.awaitGone(PATIENCE));
        }
        assertEquals(fds, ProcessState.openFds());
    }

    @Test
    void aPeerThatNeverReadsKeepsNobodyWaiting() throws Exception {
        try (UnixSocket silent = UnixSocket.connect(path)) {
            told.await(CONNECTED);
            onLoop(() -> {
                for (int i = 0; i < RINGS; i++) {
                    server.ring(i & 1);
                }
            });
            assertTrue(loop.call(server::connected), "it keeps its own place");
            close(receive(silent, 7));
        }
        told.await(CONNECTED, "gone");
    }

    @Test
    void aPeerThatJamsItsBellsDoesNotStopTheLoop() throws Exception {
        try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
            peer.bell(0).jam();
            peer.bell(1).jam();
            ring(0);
            ring(1);
            assertTrue(peer.awaitRing(0, PATIENCE) && peer.awaitRing(1, PATIENCE));
        }
    }

    @Test
    void aPeerThatJamsTheServersBellsIsHeardNevertheless() throws Exception {
        try (UnixSocket socket = UnixSocket.connect(path)) {
            List<Message> messages = receive(socket, 7);
            try (EventFd bell = EventFd.adopt(messages.get(3).fds().getFirst())) {
                bell.jam();
                Await.until("rung", () -> told.rings.get() == 1);
                bell.signal();
                Await.until("rung again", () -> told.rings.get() == 2);
            }
            close(messages);
        }
        told.await(CONNECTED, "gone");
    }

    @Test
    void aThousandConnectionsLeaveNothingBehind() throws Exception {
        IvshmemPeer.connect(path).close();
        Await.until("gone", () -> told.calls.contains("gone"));
        long fds = ProcessState.openFds();
        for (int i = 0; i < 1000; i++) {
            whenThereIsRoom(() -> UnixSocket.connect(path)).close();
        }
        try (IvshmemPeer peer = whenThereIsRoom(() -> IvshmemPeer.connect(path))) {
            ring(1);
            assertTrue(peer.awaitRing(1, PATIENCE));
        }
        Await.until("all noticed", () -> !loop.call(server::connected) && ProcessState.openFds() == fds);
    }

    /** Connects, again and again while the backlog is full. */
    private static <T> T whenThereIsRoom(Callable<T> connect) throws Exception {
        List<T> connected = new ArrayList<>();
        Await.until("room in the backlog", () -> {
            try {
                return connected.add(connect.call());
            } catch (LinuxException e) {
                assertEquals(Errno.EAGAIN, e.errno());
                return false;
            }
        });
        return connected.getFirst();
    }

    @Test
    void nothingOfAPeerIsLeftBehind() throws Exception {
        IvshmemPeer.connect(path).close();
        told.await(CONNECTED, "gone");
        long fds = ProcessState.openFds();
        for (int i = 0; i < 20; i++) {
            try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
                peer.ring(0);
            }
            int calls = 2 * i + 4;
            Await.until("gone", () -> told.calls.size() == calls);
        }
        assertEquals(fds, ProcessState.openFds());
        assertEquals(0, ProcessState.driverMappings());
    }

    @Test
    void aServerThatClosesSaysSoAndRemovesItsSocket() throws Exception {
        try (UnixSocket socket = UnixSocket.connect(path)) {
            close(receive(socket, 7));
            onLoop(server::close);
            List<Message> last = receive(socket, 1);
            assertEquals(List.of(new Message(0, List.of())), last);
            Await.until("closed", () -> socket.receive(new byte[8], 0, 8, null) == UnixSocket.CLOSED);
            told.await(CONNECTED, "gone");
            assertFalse(Files.exists(path));
        }
        onLoop(server::close);
        ring(0);
        told.await(CONNECTED, "gone");
    }

    @Test
    void aFileThatCannotBeAPciBarIsRefused() throws Exception {
        Path other = path.resolveSibling("other.sock");
        for (long size : new long[] {0, 2048, 0x9000}) {
            try (Fd region = MemFd.create("scmid-driver-window", size)) {
                LinuxException refused = assertThrows(
                        LinuxException.class, () -> serverOn(other).start(region, NativeFile.size(region)));
                assertEquals(
                        "ivshmem(" + other + "): the window's file has " + size
                                + " bytes; as an ivshmem device it needs a power of two, from 4096 (EINVAL)",
                        refused.getMessage());
                assertFalse(Files.exists(other));
            }
        }
    }

    @Test
    void aSocketThatIsInUseIsRefused() {
        assertThrows(LinuxException.class, () -> serverOn(path).start(memory, NativeFile.size(memory)));
    }

    @Test
    void ringingAllocatesNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (IvshmemPeer peer = IvshmemPeer.connect(path)) {
            told.await(CONNECTED);
            long least = loop.call(() -> {
                long fewest = Long.MAX_VALUE;
                for (int attempt = 0; attempt < 500 && fewest > 0; attempt++) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < RINGS; i++) {
                        server.ring(i & 1);
                    }
                    fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
                }
                return fewest;
            });
            assertEquals(0, least, "bytes in " + RINGS + " rings");
            assertTrue(peer.awaitRing(0, PATIENCE));
        }
    }
}
