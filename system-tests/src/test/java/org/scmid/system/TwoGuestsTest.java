// Two guests on one board: separate views, common hardware.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.scmid.system.Scmi.CONFIG_GET;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.NOT_FOUND;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.RATE_NOTIFY;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
final class TwoGuestsTest {
    private static final String AGENTS = """
            agents:
              left:
                transport: vhost-user
                socket: left.sock
                clocks: [osc, pll, spi, shared]
              right:
                transport: vhost-user
                socket: right.sock
                clocks: [shared, uart]
            """;

    @TempDir
    private Path folder;

    @Test
    void twoGuestsSeeOnlyTheirClocksShareEnablesAndAreToldOfChanges() {
        TestBoard board = TestBoard.withAgents(folder, AGENTS);
        try (Scmid scmid = board.run();
                LinuxGuest left = board.boot("left", "pci");
                LinuxGuest right = board.boot("right", "mmio")) {
            assertEquals(Set.of("osc", "pll", "spi", "shared"), left.clocks());
            assertEquals(Set.of("shared", "uart"), right.clocks());
            assertArrayEquals(
                    new int[] {clock(RATE_GET), NOT_FOUND}, right.scmi(clock(RATE_GET), 2), "an id that right lacks");

            // `shared` is 3 on the left and 0 on the right
            assertEquals(0, board.register(TestBoard.GATES) & TestBoard.SHARED_GATE);
            enable(left, 3, 1);
            enable(right, 0, 1);
            assertEquals(List.of("left", "right"), board.votes("shared"));
            assertEquals(TestBoard.SHARED_GATE, board.register(TestBoard.GATES) & TestBoard.SHARED_GATE);
            assertEquals(0, board.register(TestBoard.GATES) & TestBoard.SPI_GATE_OFF, "its parent is on too");
            enable(left, 3, 0);
            assertEquals(TestBoard.SHARED_GATE, board.register(TestBoard.GATES) & TestBoard.SHARED_GATE);
            assertArrayEquals(
                    new int[] {clock(CONFIG_GET), SUCCESS, 0, 0, 0},
                    left.scmi(clock(CONFIG_GET), 3, 0),
                    "off, as it has asked for");
            enable(right, 0, 0);
            assertEquals(0, board.register(TestBoard.GATES) & TestBoard.SHARED_GATE, "both let go");

            // the left's change of spi reaches the right as a change of `shared`
            assertArrayEquals(new int[] {clock(RATE_NOTIFY), SUCCESS}, right.scmi(clock(RATE_NOTIFY), 0, 1));
            String notification = right.begin("scmi-raw -n 1 -t 60000");
            assertArrayEquals(new int[] {clock(RATE_SET), SUCCESS}, left.scmi(clock(RATE_SET), 0, 2, 600_000_000, 0));
            int[] event = right.await(notification).words();
            assertEquals(Scmi.header(Scmi.CLOCK, 0, 0) | (3 << 8), event[0] & 0x3ffff, "a notification, RATE_CHANGED");
            assertEquals(1, event[1], "caused by agent 1, left");
            assertEquals(0, event[2], "the right's number of the clock");
            assertEquals(600_000_000, event[3]);
            assertEquals(0, event[4]);
            assertEquals(1, board.register(TestBoard.SPI_DIVIDER));
            assertEquals(false, scmid.openFiles().isEmpty());
        }
    }

    private static void enable(LinuxGuest guest, int id, int on) {
        assertArrayEquals(new int[] {clock(CONFIG_SET), SUCCESS}, guest.scmi(clock(CONFIG_SET), id, on, 0));
    }
}
