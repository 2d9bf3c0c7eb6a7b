// Who may open a window, and when.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        IOException refused = assertThrows(IOException.class, file::open);
        assertTrue(refused.toString().contains("is served already"), refused::toString);
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
}
