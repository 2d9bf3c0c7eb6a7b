// Pages name what there is: classes and their members, packages, files, headings, modules and tests.
package org.scmid.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** What looks like a class or a file of ours and is none. */
    private static final Set<String> OTHERS = Set.of(
            // Units of sensors.
            "Bq",
            "Gb",
            "Gs",
            "Gy",
            "Hz",
            "Pa",
            "Sv",
            // Benchmarks, as their tables show them: without the end of the class's name.
            "Loading",
            "EndToEnd",
            // Files of Cloud Hypervisor, crosvm, Xen, Jailhouse and Zephyr.
            "docs/generic-vhost-user.md",
            "docs/ivshmem.md",
            "release-notes.md",
            "docs/vsock.md",
            "docs/book/src/devices/vhost_user.md",
            "docs/misc/arm/device-tree/booting.txt",
            "docs/designs/argo.pandoc",
            "inter-cell-communication.md",
            "drivers/firmware/scmi");

    @SuppressWarnings("NullAway.Init")
    private static Sources sources;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    static List<String> pages() throws IOException {
        return Pages.files(ROOT, ".md").stream()
                .map(page -> ROOT.relativize(page).toString())
                .toList();
    }

    @BeforeAll
    static void readTheSources() throws IOException {
        sources = Sources.under(ROOT);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aPageNamesWhatThereIs(String page) throws IOException {
        assertEquals(List.of(), new Pages(ROOT, ROOT.resolve(page), sources, OTHERS).problems());
    }

    @Test
    void thePageOfTheArchitectureIsFullOfNames() throws IOException {
        var page = new Pages(ROOT, ROOT.resolve("docs/architecture.md"), sources, OTHERS);
        page.problems();
        assertTrue(page.names() > 100, () -> page.names() + " names were found");
    }

    @Test
    void eachNameThatThereIsNotIsFoundAtItsPlace() throws IOException {
        Files.createDirectories(folder.resolve("server/src"));
        Files.writeString(folder.resolve("server/pom.xml"), "<project/>");
        Files.writeString(folder.resolve("server/src/Clock.java"), """
                package org.scmid.server.core;
                final class Clock {
                    static final int MAX = 3;
                    record Range(long least) {}
                    long rate() { return parent(); }
                    // void commented() {}
                    long parent() { return gone(); }
                }
                """);
        Path page = Files.writeString(folder.resolve("page.md"), """
                # A page (of `Clock`)
                `Clock`, `Clock.rate`, `parent` and `rate()`; `Clock.MAX`, `Clock.Range.least`, `InternalError`, `Hz`,
                `org.scmid.server`, `server/core`, `server/src/Clock.java`, `server/target/any`, `/dev/mem`, `STATUS`,
                [here](#a-page-of-clock), [there](server/src/Clock.java), `mvn -pl server -Dtest=Clock#rate`
                `Klock`
                `Clock.commented` `Clock.gone`
                `Clock.rate`, `parent`, `rates`
                `Clock.Range.most`
                `setRates`
                `org.scmid.client`
                `server/loop` `server/src/Other.java` `./gone`
                [x](server/none.md) [y](#no-heading)
                `mvn -pl servers -Dtest=ClockTest#runs`
                ```
                 Clock ── ClockTree
                ```
                `other.md`
                """);

        assertEquals(
                List.of(
                        "page.md:5: there is no Klock",
                        "page.md:6: there is no Clock.commented",
                        "page.md:6: there is no Clock.gone",
                        "page.md:7: there is no Clock.rates",
                        "page.md:8: there is no Clock.Range.most",
                        "page.md:9: there is no setRates",
                        "page.md:10: there is no org.scmid.client",
                        "page.md:11: there is no server/loop",
                        "page.md:11: there is no server/src/Other.java",
                        "page.md:11: there is no ./gone",
                        "page.md:17: there is no other.md",
                        "page.md:15: there is no ClockTree",
                        "page.md:12: the link leads nowhere: server/none.md",
                        "page.md:12: no heading is linked to by #no-heading",
                        "page.md:13: there is no ClockTest.runs",
                        "page.md:13: there is no module servers"),
                new Pages(folder, page, Sources.under(folder), Set.of("Hz")).problems());
    }
}
