// What a guest leaves behind, and what it keeps.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(LinuxGuest.TESTS)
final class GuestLifecycleTest {
    private static final int SPI = 3;

    @TempDir
    private Path folder;

    @Test
    void aKilledGuestLeavesNoVotesNoDescriptorsAndNoMappings() {
        TestBoard board = TestBoard.withOneAgent(folder, "listen");
        try (Scmid scmid = board.run()) {
            // A first request, so that what the management API opens once is open.
            assertEquals(List.of(), board.votes("spi"));
            List<String> files = scmid.openFiles();
            try (LinuxGuest guest = board.boot("linux", "pci")) {
                enable(guest);
                assertEquals(List.of("linux"), board.votes("spi"));
                assertNotEquals(0, guestMappings(scmid), "guest memory is mapped while it runs");
                guest.kill();
                Deadline.await("the vote is gone", () -> board.votes("spi").isEmpty());
                Deadline.await("the clock is off", () -> spiIsOff(board));
                assertEquals(0, guestMappings(scmid));
                Deadline.await(
                        "nothing is open that was not open before",
                        () -> newIn(scmid.openFiles(), files).isEmpty(),
                        () -> newIn(scmid.openFiles(), files).toString());
            }
        }
    }

    @Test
    void aGuestThatIsResetLosesItsVotesAndOneThatIsPausedKeepsThem() {
        TestBoard board = TestBoard.withOneAgent(folder, "listen");
        try (Scmid scmid = board.run();
                LinuxGuest guest = board.boot("linux", "pci")) {
            enable(guest);

            guest.qmp().execute("stop");
            assertEquals(List.of("linux"), board.votes("spi"), "while it is paused");
            guest.qmp().execute("cont");
            // an answered message shows that the rings run again
            assertArrayEquals(
                    new int[] {clock(Scmi.CONFIG_GET), SUCCESS, 0, 1, 0}, guest.scmi(clock(Scmi.CONFIG_GET), SPI, 0));
            assertEquals(List.of("linux"), board.votes("spi"), "after it was resumed");

            guest.qmp().execute("system_reset");
            guest.awaitReady();
            assertEquals(List.of(), board.votes("spi"), "after it was reset");
            assertEquals(true, spiIsOff(board));
            assertEquals(true, scmid.openFiles().size() > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pci", "mmio"})
    void aGuestMayReboot(String bus) {
        TestBoard board = TestBoard.withOneAgent(folder, "listen");
        try (Scmid scmid = board.run();
                LinuxGuest guest = board.boot("linux", bus)) {
            enable(guest);
            guest.begin("reboot");
            guest.awaitReady();
            assertEquals(List.of(), board.votes("spi"));
            enable(guest);
            assertEquals(List.of("linux"), board.votes("spi"));
            assertEquals(true, scmid.openFiles().size() > 0);
        }
    }

    @Test
    void inConnectModeAnotherMachineStartsWithoutVotes() {
        TestBoard board = TestBoard.withOneAgent(folder, "connect");
        try (Scmid scmid = board.run()) {
            try (LinuxGuest first = board.boot("linux", "pci")) {
                enable(first);
                assertEquals(List.of("linux"), board.votes("spi"));
            }
            try (LinuxGuest second = board.boot("linux", "pci")) {
                assertEquals(List.of(), board.votes("spi"));
                enable(second);
            }
            assertEquals(true, scmid.openFiles().size() > 0);
        }
    }

    private static void enable(LinuxGuest guest) {
        assertArrayEquals(new int[] {clock(CONFIG_SET), SUCCESS}, guest.scmi(clock(CONFIG_SET), SPI, 1, 0));
    }

    private static boolean spiIsOff(TestBoard board) {
        JsonObject clock = board.clock("spi");
        return !clock.getBoolean("enabled")
                && (board.register(TestBoard.GATES) & TestBoard.SPI_GATE_OFF) == TestBoard.SPI_GATE_OFF;
    }

    private static long guestMappings(Scmid scmid) {
        return scmid.mappings().stream().filter(line -> line.contains("memfd:")).count();
    }

    /** What is open now and was not before; each occurrence counts. */
    private static List<String> newIn(List<String> now, List<String> before) {
        var added = new ArrayList<>(now);
        before.forEach(added::remove);
        return added;
    }
}
