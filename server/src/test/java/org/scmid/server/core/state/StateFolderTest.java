// What is remembered of agents is read from, and written to, nothing that others could have put there.
package org.scmid.server.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.server.core.LogRecords;

@Timeout(60)
class StateFolderTest {
    private static final String BOOT = "11111111-2222-3333-4444-555555555555";
    private static final int SOMEBODY = 12_345;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void aFolderThatIsNotThereYet() {
        folder = directory.resolve("state").resolve("service");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private String refusal() {
        return String.valueOf(assertThrows(IOException.class, () -> {
                    try (AgentStateStore store = AgentStateStore.open(folder, BOOT)) {
                        store.load("a", List.of(), Numbering.parse("")).close();
                    }
                })
                .getMessage());
    }

    private void remember() throws IOException {
        try (AgentStateStore store = AgentStateStore.open(folder, BOOT)) {
            store.load("a", List.of(), Numbering.parse("")).close();
        }
    }

    @Test
    void foldersAreMadeForTheirOwnerOnly() throws Exception {
        remember();
        assertEquals("rwx------", mode(folder));
        assertEquals("rwx------", mode(directory.resolve("state")));
        assertEquals("rw-------", mode(folder.resolve("a.state")));
    }

    @Test
    void aFolderThatIsOpenToOthersIsClosedAndTheLogSaysSo() throws Exception {
        remember();
        for (String open : List.of("rwxrwxrwx", "rwx-w----", "rwxr-xr-x")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(open));
            try (LogRecords log = new LogRecords(Level.WARNING)) {
                remember();
                assertTrue(log.text().contains(folder + " was open to others; its mode is 0700 now"), log::text);
            }
            assertEquals("rwx------", mode(folder));
        }
    }

    @Test
    void aFolderOrAFileOfAnotherUserIsRefused() throws Exception {
        assumeTrue(NativeFile.user() == 0, "only root can give files away");
        remember();
        NativeFile.chown(folder.resolve("a.state"), SOMEBODY, -1);
        assertEquals(
                "the state file " + folder.resolve("a.state")
                        + " belongs to another user (12345), who decides what is in it; remove it",
                refusal());
        NativeFile.chown(folder, SOMEBODY, -1);
        assertEquals(
                "the state folder " + folder + " belongs to another user (12345), who decides what is in it; remove it",
                refusal());
    }

    @Test
    void aFileThatOthersMayWriteIsRefused() throws Exception {
        remember();
        Files.setPosixFilePermissions(folder.resolve("a.state"), PosixFilePermissions.fromString("rw-rw----"));
        assertTrue(refusal().endsWith("a.state may be written by others; remove it, and agents begin anew"));
    }

    @Test
    void noSymbolicLinkIsFollowed() throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "precious\n");
        for (String name : List.of("lock", "a.state")) {
            remember();
            Files.delete(folder.resolve(name));
            Files.createSymbolicLink(folder.resolve(name), precious);
            assertTrue(refusal().contains(name + " is a symbolic link"), name);
            Files.delete(folder.resolve(name));
        }
        Files.createSymbolicLink(folder.resolve("a.state.new"), precious);
        remember();
        assertEquals("precious\n", Files.readString(precious));

        Files.move(folder, directory.resolve("elsewhere"));
        Files.createSymbolicLink(folder, directory.resolve("elsewhere"));
        assertTrue(refusal().contains(folder + " is a symbolic link"));
    }

    @Test
    void noOtherFileIsWrittenOverThroughASecondName() throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "precious\n");
        remember();
        Files.delete(folder.resolve("a.state"));
        Files.createLink(folder.resolve("a.state.new"), precious);
        remember();
        assertEquals("precious\n", Files.readString(precious));
        Files.delete(folder.resolve("a.state"));
        Files.createLink(folder.resolve("a.state"), precious);
        assertTrue(refusal().contains("a.state has another name elsewhere"));
        assertEquals("precious\n", Files.readString(precious));
    }

    @Test
    void aPipeAFolderOrADeviceIsRefusedAtOnce() throws Exception {
        remember();
        Path file = folder.resolve("a.state");
        Files.delete(file);
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "600", file.toString())
                        .start()
                        .waitFor());
        assertEquals("the state file " + file + " is a pipe or a device, and no file; remove it", refusal());
        Files.delete(file);
        Files.createDirectory(file);
        assertEquals("the state file " + file + " is no file; remove it", refusal());
    }

    @Test
    void aFileThatNobodyCouldHaveWrittenIsDropped() throws Exception {
        remember();
        try (var file = new RandomAccessFile(folder.resolve("a.state").toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        try (LogRecords log = new LogRecords(Level.INFO)) {
            remember();
            assertTrue(log.text().contains("agent a: what was stored is dropped: it is too long"), log::text);
        }
        assertTrue(Files.size(folder.resolve("a.state")) < 4096);
    }

    @Test
    void whatAKilledServiceLeftOfAgentsThatAreGoneIsRemoved() throws Exception {
        remember();
        for (String name : List.of("gone.state", "gone.state.new", "a.state.new", "notes.new")) {
            Files.writeString(folder.resolve(name), "x");
        }
        try (AgentStateStore store = AgentStateStore.open(folder, BOOT)) {
            store.retain(Set.of("a"));
            for (String name : List.of("gone.state", "gone.state.new", "a.state.new")) {
                assertFalse(Files.exists(folder.resolve(name)), name);
            }
            assertTrue(Files.exists(folder.resolve("a.state")) && Files.exists(folder.resolve("notes.new")));
            Files.writeString(folder.resolve("a.state.new"), "x");
            store.forget("a");
            assertFalse(Files.exists(folder.resolve("a.state")));
            assertFalse(Files.exists(folder.resolve("a.state.new")));
        }
    }

    @Test
    void whatCannotBePutInItsPlaceIsUnmappedAndRemoved() throws Exception {
        StateFolder opened = StateFolder.open(folder);
        Files.createDirectories(folder.resolve("x").resolve("in the way"));
        Mapping[] made = new Mapping[1];
        String message = assertThrows(IOException.class, () -> opened.replace("x", 100, memory -> made[0] = memory))
                .getMessage();
        assertTrue(
                String.valueOf(message).startsWith("the state file " + folder.resolve("x") + " cannot be written: "));
        assertThrows(IllegalStateException.class, () -> made[0].getInt(0), "it is unmapped");
        assertFalse(Files.exists(folder.resolve("x.new")));
    }

    /** A mapping of a page that has no room yet would end in a fault when it is written. */
    @Test
    void aFileHasItsRoomBeforeItIsMapped() throws Exception {
        StateFolder opened = StateFolder.open(folder);
        opened.replace("x", 100_000, memory -> memory).close();
        Object blocks = Files.getAttribute(folder.resolve("x"), "unix:size");
        assertEquals(100_000L, blocks);
        IOException refused = assertThrows(
                IOException.class,
                () -> opened.replace("y", 1L << 60, memory -> memory).close());
        assertTrue(
                String.valueOf(refused.getMessage())
                        .startsWith("the state file " + folder.resolve("y") + " cannot be written: "),
                refused::toString);
        assertFalse(Files.exists(folder.resolve("y")) || Files.exists(folder.resolve("y.new")));
    }
}
