// Who may open a window, and when.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.scmid.linux.Fd;
import org.scmid.linux.Mapping;

class WindowFileTest {
    private static final long SIZE = 0x10000;

    private final Path path =
            Path.of("/dev/shm/scmid-window-file-test-" + ProcessHandle.current().pid());
    private final WindowFile file = new WindowFile(path, 0, SIZE, WindowFile.Kind.MEMORY_FILE);

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(path);
    }

    @Test
    void aWindowThatIsServedIsRefusedToOthersUntilItIsClosed() throws IOException {
        WindowFile.Opened first = file.open();
        IOException refused = assertThrows(IOException.class, () -> file.open());
        assertTrue(refused.toString().contains("is locked"), refused::toString);
        first.close();
        file.open().close();
    }

    /** What a VMM was given, and has mapped, outlives the service: with a lock in it no other service could ever start. */
    @Test
    void whoWasGivenTheFileDoesNotKeepItLocked() throws IOException {
        WindowFile.Opened first = file.open();
        try (Fd given = first.fd().duplicate();
                Mapping mapped = Mapping.map(given, 0, SIZE, true)) {
            first.close();
            file.open().close();
            mapped.putInt(0, 1);
        }
    }

    @Test
    void aFileThatIsNotThereIsMadeForItsOwnerOnlyAndHasAllOfItsMemory() throws IOException {
        file.open().close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(SIZE, Files.size(path));
        assertArrayEquals(new byte[(int) SIZE], Files.readAllBytes(path));
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        Path victim = path.resolveSibling(path.getFileName() + "-victim");
        Files.write(victim, new byte[(int) SIZE]);
        try {
            Files.createSymbolicLink(path, victim);
            expectRefused(file, "symbolic link");
            assertArrayEquals(new byte[(int) SIZE], Files.readAllBytes(victim));
        } finally {
            Files.delete(victim);
        }
    }

    @Test
    void aFileThatEverybodyMayWriteIsRefused() throws IOException {
        Files.write(path, new byte[(int) SIZE]);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        expectRefused(file, "may be written by everybody");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        file.open().close();
    }

    @Test
    void aMissingFolderIsNotMade() {
        Path folder = Path.of(
                "/dev/shm/scmid-no-such-folder-" + ProcessHandle.current().pid());
        expectRefused(at(folder.resolve("window")), "there is no folder " + folder);
        assertFalse(Files.exists(folder));
    }

    @Test
    void aFileOnADiskIsRefusedAndNothingIsLeftThere() throws IOException {
        Path disk = Files.createDirectories(Path.of("target/window-on-disk").toAbsolutePath());
        expectRefused(at(disk.resolve("window")), "is not a file in memory");
        try (Stream<Path> left = Files.list(disk)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aFolderIsRefused() {
        expectRefused(at(Path.of("/dev/shm")), "is a folder");
    }

    @Test
    void aFileThatIsAnotherByNowIsRecognised() throws IOException {
        try (WindowFile.Opened opened = file.open()) {
            assertFalse(file.isReplaced(opened));
            Files.delete(path);
            assertTrue(file.isReplaced(opened));
            Files.write(path, new byte[(int) SIZE]);
            assertTrue(file.isReplaced(opened));
        }
    }

    private static WindowFile at(Path place) {
        return new WindowFile(place, 0, SIZE, WindowFile.Kind.MEMORY_FILE);
    }

    private static void expectRefused(WindowFile refused, String why) {
        IOException failure = assertThrows(IOException.class, () -> refused.open());
        assertTrue(String.valueOf(failure.getMessage()).contains(why), failure::toString);
    }
}
