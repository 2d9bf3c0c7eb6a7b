// Folders of a service on file systems that take nothing.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts in a namespace of its own; skipped where that is not possible. */
class FileSystemsTest {
    private static final String COMMAND = Path.of(System.getProperty("scmid.home"))
            .resolve("scmid")
            .toAbsolutePath()
            .normalize()
            .toString();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private record Ended(int status, String output) {}

    @BeforeEach
    void aService() throws IOException {
        Files.createDirectory(folder.resolve("run"));
        Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents:
                  a: { transport: socket, clocks: all }
                management: { listen: none }
                """);
    }

    /** Starts the service with a file system at its runtime folder; as another user if the kernel lets root have more. */
    private Ended runOn(String mount, String user) throws IOException, InterruptedException {
        String mounted = "mount -t tmpfs " + mount + " none run || exit 99; ";
        assumeTrue(sh(mounted).status != 99, "here nobody can mount: tmpfs " + mount);
        return sh(mounted + "exec timeout 60 " + user + " '" + COMMAND + "' run service.yaml --runtime-dir run");
    }

    private Ended sh(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("unshare", "--mount", "sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        // unshare itself ends with 1 where it is not allowed.
        return new Ended(output.startsWith("unshare:") ? 99 : status, output);
    }

    private static void assertRefused(Ended ended, String reason) {
        assertEquals(1, ended.status, ended.output);
        assertTrue(ended.output.contains("run/"), ended.output);
        assertTrue(ended.output.contains(reason), ended.output);
        assertFalse(ended.output.contains("\tat "), ended.output);
    }

    @Test
    void aReadOnlyFileSystemIsNamed() throws Exception {
        assertRefused(runOn("-o ro", ""), "Read-only file system");
    }

    @Test
    void aFullFileSystemIsNamed() throws Exception {
        // Room for the folders and the lock, and for no page of a state file.
        assertRefused(runOn("-o size=4k,nr_inodes=4", ""), "No space left on device");
    }

    @Test
    void anExhaustedQuotaIsNamed() throws Exception {
        String nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups";
        assertRefused(runOn("-o mode=1777,usrquota,usrquota_block_hardlimit=4k", nobody), "Disk quota exceeded");
    }
}
