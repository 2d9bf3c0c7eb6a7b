// A service whose windows others have meddled with.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WindowStartTest {
    private static final String AGENTS = """
            agents:
              meddled:
                transport: fat-virtqueue
                region: { file: WINDOWS/meddled, size: 64 KiB }
                clocks: all
              other:
                transport: virtio-mmio
                region: { file: WINDOWS/other, size: 64 KiB }
                clocks: all
            """;

    @TempDir
    private Path folder;

    @Test
    void aWindowThatCannotBeServedKeepsNobodyElseFromBeingServedAndIsServedOnceItCan() throws IOException {
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS)) {
            Path window = windows.window("meddled");
            Files.write(window, new byte[64 << 10]);
            Files.setPosixFilePermissions(window, PosixFilePermissions.fromString("rw-rw-rw-"));
            try (Scmid scmid = windows.board.run()) {
                scmid.output().awaitText("agent meddled is not served", 0, "the service");
                assertTrue(scmid.output().text().contains("may be written by everybody"));
                try (RingAgent other = RingAgent.at("mmio", windows.window("other"))) {
                    other.awaitSession();
                    assertEquals(1000, other.load("1000", 4).ok());
                }
                Files.setPosixFilePermissions(window, PosixFilePermissions.fromString("rw-------"));
                try (RingAgent mended = RingAgent.at("fat", window)) {
                    mended.awaitSession();
                    assertEquals(1000, mended.load("1000", 4).ok());
                }
            }
        }
    }
}
