// scmid ctl upstreams: how the platforms do that a service asks.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.upstream.Offers;
import org.scmid.server.management.ManagementServer;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;

@Timeout(120)
class CtlUpstreamsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private ScmiService start(String name, String board) throws Exception {
        Files.writeString(directory.resolve(name + "-board.yaml"), board.replace("DIR", directory.toString()));
        Path file = Files.writeString(
                directory.resolve(name + ".yaml"), """
                board: NAME-board.yaml
                agents:
                  NAME: { transport: socket, socket: DIR/NAME.sock, clocks: all }
                """.replace("NAME", name).replace("DIR", directory.toString()));
        return ScmiService.start(
                ConfigFiles.service(file, directory, Offers.NONE),
                ServiceOptions.persistent(directory.resolve(name + "-state")));
    }

    private static String upstreams(ManagementServer management) {
        return Invocation.of("ctl", "upstreams", "--at", "127.0.0.1:" + management.port())
                .ok();
    }

    /** What is listed, as soon as it is so; the test's time-out ends the wait. */
    private static String awaitUpstreams(ManagementServer management, Predicate<String> isSo) {
        String listed = upstreams(management);
        while (!isSo.test(listed)) {
            listed = upstreams(management);
        }
        return listed;
    }

    @Test
    void aPlatformThatIsNotThereIsListedWithTheReasonAndOneThatIsWithItsCommands() throws Exception {
        try (ScmiService bridge = start("bridge", """
                        board: bridge
                        upstreams:
                          mcu: { transport: socket, socket: DIR/mcu.sock, reconnect: 100 ms }
                        clocks: { all-of: mcu }
                        """);
                ManagementServer management = ManagementServer.start("127.0.0.1", 0, bridge)) {
            String away = awaitUpstreams(management, listed -> listed.contains(": down"));
            String socket = directory.resolve("mcu.sock").toString();
            assertTrue(
                    away.matches("mcu, the socket " + socket + ": down for \\d+ s, there is no socket " + socket
                            + "; 0 of 0 commands pending, 0 not answered in time, lost 0 times\n"),
                    away);
            try (ScmiService platform = start("mcu", "board: mcu\nclocks: { osc: { fixed: 24 MHz } }\n")) {
                assertEquals("mcu", platform.agents().getFirst().name());
                String there = awaitUpstreams(management, listed -> listed.contains(": up"));
                assertTrue(there.matches(".*: up for \\d+ s; \\d+ of [1-9]\\d* commands pending, .*\n"), there);
            }
            String lost = awaitUpstreams(management, listed -> listed.contains(": down"));
            assertTrue(lost.endsWith(", lost 1 time\n"), lost);
        }
    }

    @Test
    void aServiceWithoutPlatformsSaysSo() throws Exception {
        try (ScmiService service = start("plain", "board: plain\nclocks: { osc: { fixed: 24 MHz } }\n");
                ManagementServer management = ManagementServer.start("127.0.0.1", 0, service)) {
            assertEquals("the service asks no other platforms\n", upstreams(management));
        }
    }
}
