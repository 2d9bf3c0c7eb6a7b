// Files by descriptor: opening, sizes, locks, seals, permissions, groups.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aFileThatIsMissingIsNamedWithTheCallAndTheErrno() {
        Path missing = folder.resolve("missing");
        LinuxException e =
                assertThrows(LinuxException.class, () -> NativeFile.open(missing, OpenMode.READ_ONLY, false, false));
        assertEquals("open(" + missing + "): No such file or directory (ENOENT)", e.getMessage());
        assertEquals(Errno.ENOENT, e.errno());
        assertEquals("ENOENT", e.errnoName());
        assertEquals("open(" + missing + ")", e.call());
    }

    @Test
    void aCreatedFileIsItsOwnersOnly() throws IOException {
        Path path = folder.resolve("state");
        try (Fd fd = NativeFile.open(path, OpenMode.READ_WRITE, true, false)) {
            NativeFile.truncate(fd, 4096);
            assertEquals(4096, NativeFile.size(fd));
        }
        assertEquals(0600, (int) Files.getAttribute(path, "unix:mode") & 07777);
    }

    @Test
    void openingAFileThatIsThereKeepsItsContent() throws IOException {
        Path path = folder.resolve("state");
        Files.writeString(path, "kept");
        try (Fd fd = NativeFile.open(path, OpenMode.READ_WRITE, true, false)) {
            assertEquals(4, NativeFile.size(fd));
        }
        assertEquals("kept", Files.readString(path));
    }

    @Test
    void aFileOpenedWithSyncAsksForIt() throws LinuxException {
        try (Fd fd = NativeFile.open(folder.resolve("x"), OpenMode.READ_WRITE, true, true)) {
            assertEquals(LibC.O_SYNC, LibC.fcntl(fd.number(), LibC.F_GETFL, 0) & LibC.O_SYNC);
        }
    }

    @Test
    void truncateRefusesANegativeSize() throws LinuxException {
        try (Fd fd = MemFd.create("x", 1)) {
            LinuxException e = assertThrows(LinuxException.class, () -> NativeFile.truncate(fd, -1));
            assertEquals(Errno.EINVAL, e.errno());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early, which is the point
    void aLockIsRefusedUntilItsHolderCloses() throws LinuxException {
        Path path = folder.resolve("lock");
        try (Fd holder = NativeFile.open(path, OpenMode.READ_WRITE, true, false);
                Fd other = NativeFile.open(path, OpenMode.READ_WRITE, true, false)) {
            assertTrue(NativeFile.tryLock(holder));
            assertTrue(NativeFile.tryLock(holder), "the holder may ask again");
            assertFalse(NativeFile.tryLock(other));
            holder.close();
            assertTrue(NativeFile.tryLock(other));
        }
    }

    @Test
    @SuppressWarnings("try") // closes early, which is the point
    void aRangeIsRefusedWhileAnotherDescriptionHasAByteOfIt() throws LinuxException {
        Path path = folder.resolve("ranges");
        try (Fd holder = NativeFile.open(path, OpenMode.READ_WRITE, true, false);
                Fd other = NativeFile.open(path, OpenMode.READ_WRITE, false, false)) {
            assertTrue(NativeFile.tryLock(holder, 4096, 4096));
            assertTrue(NativeFile.tryLock(other, 0, 4096), "the bytes before are free");
            assertFalse(NativeFile.tryLock(other, 4095, 2));
            holder.close();
            assertTrue(NativeFile.tryLock(other, 4095, 2));
        }
    }

    @Test
    void aSealedSizeCannotBeChanged() throws LinuxException {
        try (Fd fd = MemFd.create("x", 4096)) {
            assertEquals(0, NativeFile.seals(fd));
            MemFd.sealSize(fd);
            assertEquals(MemFd.SEAL_SHRINK | MemFd.SEAL_GROW, NativeFile.seals(fd));
            LinuxException e = assertThrows(LinuxException.class, () -> NativeFile.truncate(fd, 0));
            assertEquals(Errno.EPERM, e.errno());
            assertEquals(4096, NativeFile.size(fd));
        }
    }

    @Test
    void aFileThatCannotBeSealedSaysSo() throws LinuxException {
        try (Fd fd = NativeFile.open(Path.of("/proc/self/stat"), OpenMode.READ_ONLY, false, false)) {
            assertEquals(-1, NativeFile.seals(fd));
        }
        try (EventFd event = EventFd.create()) {
            LinuxException e = assertThrows(LinuxException.class, () -> MemFd.sealSize(event.fd()));
            assertEquals("fcntl(F_ADD_SEALS): Invalid argument (EINVAL)", e.getMessage());
        }
    }

    @Test
    void aMemFdWithABadSizeLeavesNothingOpen() throws LinuxException {
        int next = lowestFreeNumber();
        assertThrows(LinuxException.class, () -> MemFd.create("x", -1));
        assertEquals(next, lowestFreeNumber());
    }

    private static int lowestFreeNumber() throws LinuxException {
        try (Fd fd = MemFd.create("probe", 1)) {
            return fd.number();
        }
    }

    @Test
    void permissionsAreSetAsGiven() throws IOException {
        Path path = Files.createFile(folder.resolve("x"));
        NativeFile.chmod(path, 0640);
        assertEquals(0640, (int) Files.getAttribute(path, "unix:mode") & 07777);
        LinuxException e = assertThrows(LinuxException.class, () -> NativeFile.chmod(folder.resolve("y"), 0600));
        assertTrue(e.getMessage().endsWith("y, 0600): No such file or directory (ENOENT)"), e.getMessage());
    }

    @Test
    void changingTheOwnerToNobodyInParticularChangesNothing() throws IOException {
        Path path = Files.createFile(folder.resolve("x"));
        Object before = Files.getAttribute(path, "unix:gid");
        NativeFile.chown(path, -1, -1);
        assertEquals(before, Files.getAttribute(path, "unix:gid"));
    }

    @Test
    void groupsAreFoundByNameOrNumber() throws IOException {
        Path groups = folder.resolve("group");
        Files.writeString(groups, "root:x:0:\nkvm:x:104:alice,bob\n\nbroken\n42:x:7:\nodd:x:-3:\n");
        assertEquals(0, NativeFile.groupId("root", groups));
        assertEquals(104, NativeFile.groupId("kvm", groups));
        assertEquals(7, NativeFile.groupId("42", groups), "a name comes before a number");
        assertEquals(43, NativeFile.groupId("43", groups));
        assertEquals(-1, NativeFile.groupId("odd", groups));
        assertEquals(-1, NativeFile.groupId("broken", groups));
        assertEquals(-1, NativeFile.groupId("nobody-has-this", groups));
        assertEquals(-1, NativeFile.groupId("", groups));
        assertEquals(-1, NativeFile.groupId("-1", groups));
        assertEquals(-1, NativeFile.groupId("+1", groups));
        assertEquals(-1, NativeFile.groupId("kvm", folder.resolve("missing")));
        assertEquals(0, NativeFile.groupId("root"));
    }

    @Test
    void theBootIsNamedByAUuid() throws LinuxException {
        String id = BootId.read();
        assertTrue(id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), id);
        assertEquals(id, BootId.read());
    }
}
