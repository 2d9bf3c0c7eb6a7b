// A guest is asked to reboot and to shut down, and does; what it asks for itself is carried out.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.NOT_SUPPORTED;
import static org.scmid.system.Scmi.SUCCESS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
final class SystemPowerTest {
    private static final int GRACEFUL = 1;
    private static final int SHUTDOWN = 0;
    private static final int SUSPEND = 4;

    @TempDir
    private Path folder;

    @Test
    void aGuestRebootsAndShutsDownWhenTheServiceAsksAndMayAskForWhatIsConfigured() {
        Path witness = folder.resolve("shutdown-was-asked-for");
        TestBoard board = TestBoard.withAgents(folder, """
                agents:
                  linux:
                    transport: vhost-user
                    socket: linux.sock
                    system-power:
                      shutdown: { run: [touch, %s] }
                      cold-reset: ignore
                """.formatted(witness));
        try (Scmid scmid = board.run();
                LinuxGuest guest = board.boot("linux", "pci")) {
            // Linux never sends this message, but a guest may.
            assertFalse(Files.exists(witness));
            ask(guest, SHUTDOWN, SUCCESS);
            Deadline.await("the configured command ran", () -> Files.exists(witness));
            ask(guest, SUSPEND, NOT_SUPPORTED);

            power(board, "shutdown", "--forceful");
            Deadline.await(
                    "Linux has ignored what is not graceful",
                    () -> guest.run("dmesg").ok().contains("Ignoring forceful notification"));

            power(board, "cold-reset");
            guest.awaitReady();

            power(board, "shutdown", "--timeout", "60s");
            guest.awaitEnd();
            String said = guest.console().text();
            assertEquals(3, said.split("reboot: ", -1).length, said);
            assertTrue(said.contains("reboot: Restarting system"), said);
            assertTrue(said.strip().endsWith("reboot: Power down"), said);
            assertTrue(scmid.pid() > 0);
        }
    }

    private static void power(TestBoard board, String... stateAndOptions) {
        var command = new ArrayList<Object>(List.of("ctl", "power", "--at", board.managementPort, "linux"));
        command.addAll(List.of(stateAndOptions));
        Scmid.command(command.toArray()).ok();
    }

    private static void ask(LinuxGuest guest, int state, int status) {
        int header = Scmi.header(Scmi.SYSTEM, Scmi.SYSTEM_POWER_STATE_SET, 0);
        assertArrayEquals(new int[] {header, status}, guest.scmi(header, GRACEFUL, state));
    }
}
