// The socket file: who may connect, what may be replaced, what is removed.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UnixListenerTest {
    private static final int DAEMON_GROUP = 1;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path path = Path.of("");

    @BeforeEach
    void name() {
        path = folder.resolve("x.sock");
    }

    private static UnixSocket accepted(UnixListener listener) throws LinuxException {
        return Objects.requireNonNull(listener.accept(), "nobody has connected");
    }

    @Test
    void aConnectionIsAcceptedAndCarriesBytes() throws LinuxException {
        try (UnixListener listener = UnixListener.bind(path, 0600, -1)) {
            assertNull(listener.accept());
            try (UnixSocket client = UnixSocket.connect(path);
                    UnixSocket server = accepted(listener)) {
                assertNull(listener.accept());
                byte[] buffer = new byte[10];
                assertEquals(UnixSocket.WOULD_BLOCK, server.receive(buffer, 0, 10, null), "it must not block");
                assertEquals(3, client.send(new byte[] {1, 2, 3}, 0, 3));
                assertEquals(3, server.receive(buffer, 0, 10, null));
                assertEquals(ProcessHandle.current().pid(), server.peer().pid());
                assertEquals(ProcessHandle.current().pid(), client.peer().pid());
            }
        }
    }

    @Test
    void aWaitingConnectionIsToldByEpoll() throws LinuxException {
        try (UnixListener listener = UnixListener.bind(path, 0600, -1);
                Epoll epoll = Epoll.create(1)) {
            epoll.add(listener.fd(), Epoll.IN, 5);
            assertEquals(0, epoll.await(0));
            try (UnixSocket client = UnixSocket.connect(path)) {
                assertTrue(client.fd().isOpen());
                assertEquals(1, epoll.await(-1));
                accepted(listener).close();
                assertEquals(0, epoll.await(0));
            }
        }
    }

    @Test
    void aConnectionGivenUpBeforeItIsAcceptedEndsAtOnce() throws LinuxException {
        try (UnixListener listener = UnixListener.bind(path, 0600, -1)) {
            UnixSocket.connect(path).close();
            try (UnixSocket server = accepted(listener)) {
                assertEquals(UnixSocket.CLOSED, server.receive(new byte[1], 0, 1, null));
            }
        }
    }

    @Test
    void theModeIsAsGivenWhateverTheUmask() throws IOException {
        for (int mode : new int[] {0600, 0660, 0666, 0777, 0}) {
            try (UnixListener listener = UnixListener.bind(path, mode, -1)) {
                assertEquals(mode, (int) Files.getAttribute(path, "unix:mode") & 07777);
                assertEquals(path, listener.path());
            }
        }
    }

    @Test
    void theGroupIsAsGiven() throws IOException {
        int own = (int) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
        boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        int group = root ? DAEMON_GROUP : own;
        try (UnixListener listener = UnixListener.bind(path, 0660, group)) {
            assertTrue(listener.fd().isOpen());
            assertEquals(group, Files.getAttribute(path, "unix:gid"));
            assertEquals(0660, (int) Files.getAttribute(path, "unix:mode") & 07777);
        }
    }

    @Test
    void aFileThatAnEarlierProcessLeftIsReplaced() throws IOException {
        UnixListener dead = UnixListener.bind(path, 0600, -1);
        dead.fd().close(); // as SIGKILL does: the file stays
        assertTrue(Files.exists(path));
        LinuxException e = assertThrows(LinuxException.class, () -> UnixSocket.connect(path));
        assertEquals("connect(" + path + "): Connection refused (ECONNREFUSED)", e.getMessage());
        try (UnixListener next = UnixListener.bind(path, 0600, -1);
                UnixSocket client = UnixSocket.connect(path)) {
            assertTrue(client.fd().isOpen());
            assertNotNull(next.accept());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void aSocketThatIsListenedToIsLeftAlone() throws LinuxException {
        try (UnixListener first = UnixListener.bind(path, 0600, -1)) {
            LinuxException e = assertThrows(LinuxException.class, () -> UnixListener.bind(path, 0600, -1));
            assertEquals(
                    "bind(" + path + "): another process already listens on this socket (EADDRINUSE)", e.getMessage());
            accepted(first).close(); // the probe
            try (UnixSocket client = UnixSocket.connect(path)) {
                assertTrue(client.fd().isOpen());
                accepted(first).close();
            }
        }
    }

    @Test
    void aLiveSocketWithAFullQueueIsLeftAlone() throws LinuxException {
        try (UnixListener first = UnixListener.bind(path, 0600, -1);
                FdList waiting = new FdList()) {
            LinuxException full = assertThrows(LinuxException.class, () -> {
                while (waiting.room() > 0) {
                    waiting.add(UnixSocket.connect(path).fd());
                }
            });
            assertEquals(Errno.EAGAIN, full.errno());
            LinuxException e = assertThrows(LinuxException.class, () -> UnixListener.bind(path, 0600, -1));
            assertEquals(Errno.EADDRINUSE, e.errno());
            assertNotNull(first.accept());
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path, "precious");
        LinuxException e = assertThrows(LinuxException.class, () -> UnixListener.bind(path, 0600, -1));
        assertEquals(Errno.EEXIST, e.errno());
        assertTrue(e.getMessage().contains("not a socket"), e.getMessage());
        assertEquals("precious", Files.readString(path));
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        Path target = folder.resolve("target.sock");
        UnixListener dead = UnixListener.bind(target, 0600, -1);
        dead.fd().close();
        Files.createSymbolicLink(path, target);
        LinuxException e = assertThrows(LinuxException.class, () -> UnixListener.bind(path, 0600, -1));
        assertEquals(Errno.EEXIST, e.errno());
        assertTrue(Files.exists(target, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void closingRemovesTheFileOnce() throws IOException {
        UnixListener listener = UnixListener.bind(path, 0600, -1);
        listener.close();
        assertFalse(Files.exists(path));
        assertThrows(IllegalStateException.class, listener::accept);
        Files.createFile(path);
        listener.close();
        assertTrue(Files.exists(path));
    }

    @Test
    void closingLeavesAFileThatIsNoLongerItsOwn() throws IOException {
        UnixListener old = UnixListener.bind(path, 0600, -1);
        Files.delete(path);
        try (UnixListener next = UnixListener.bind(path, 0600, -1)) {
            old.close();
            assertTrue(Files.exists(path));
            UnixSocket.connect(path).close();
            accepted(next).close();
        }
    }

    @Test
    void aFolderThatIsMissingIsReported() {
        Path missing = folder.resolve("no-such-folder").resolve("x.sock");
        LinuxException e = assertThrows(LinuxException.class, () -> UnixListener.bind(missing, 0600, -1));
        assertEquals("bind(" + missing + "): No such file or directory (ENOENT)", e.getMessage());
    }

    @Test
    void aPathOf107BytesIsTheLongest() throws LinuxException {
        Path longest = folder.resolve("x".repeat(107 - folder.toString().length() - 1));
        try (UnixListener listener = UnixListener.bind(longest, 0600, -1)) {
            UnixSocket.connect(longest).close();
            accepted(listener).close();
        }
        Path tooLong = Path.of(longest + "x");
        for (LinuxException e : new LinuxException[] {
            assertThrows(LinuxException.class, () -> UnixListener.bind(tooLong, 0600, -1)),
            assertThrows(LinuxException.class, () -> UnixSocket.connect(tooLong))
        }) {
            assertEquals(Errno.ENAMETOOLONG, e.errno());
            assertTrue(e.getMessage().contains("107 bytes"), e.getMessage());
        }
    }
}
