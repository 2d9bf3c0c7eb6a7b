// What README shows works as it is written.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
final class ReadmeTest {
    private static final Pattern FILE = Pattern.compile("```yaml\n# (\\S+)\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @BeforeEach
    void writeTheFilesThatItShows() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("scmid.home"), "README.md"));
        Matcher files = FILE.matcher(readme);
        int count = 0;
        while (files.find()) {
            Files.writeString(folder.resolve(files.group(1)), files.group(2));
            count++;
        }
        assertEquals(2, count, "a board file and a service file");
    }

    @Test
    void itsBoardAndServiceFilesAreRightAndDrawn() {
        Scmid.command("check", folder.resolve("board.yaml")).ok();
        Scmid.command("check", folder.resolve("service.yaml")).ok();
        String tree = Scmid.command("tree", folder.resolve("board.yaml")).ok();
        assertTrue(tree.contains("1.2 GHz"), tree);
    }

    @Test
    void itsServiceServesAGuestThatIsAttachedAsThePrintedOptionsSay() {
        Path service = folder.resolve("service.yaml");
        String overlay = Scmid.command("guest", "dts", service, "linux").ok();
        String attach = Scmid.command("guest", "qemu", service, "linux").ok();
        try (Scmid scmid = Scmid.run(service, "--runtime-dir", folder.resolve("run"));
                LinuxGuest guest = LinuxGuest.boot("linux", folder, overlay, Scmid.words(attach))) {
            assertEquals(
                    "24000000",
                    guest.run("cat /sys/kernel/debug/clk/uart/clk_rate").ok().strip());
            assertTrue(scmid.pid() > 0);
        }
    }
}
