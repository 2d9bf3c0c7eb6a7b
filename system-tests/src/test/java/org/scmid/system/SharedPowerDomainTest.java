// Two guests in one power domain: it is on while either needs it, whatever happens to the service or to a guest.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
final class SharedPowerDomainTest {
    private static final int SWITCH = 0x100;
    private static final int ON = 1 << 7;

    private static final String BOARD = """
            board: shared
            registers: { soc: { at: 0x10000000, size: 4 KiB, access: "file:cru.regs" } }
            clocks: { osc: { fixed: 24 MHz } }
            power-domains:
              media: { switch: { register: soc+0x100, bit: 7 } }
            """;

    /** The guests' monitors listen, so that the service can come back to them. */
    private static final String AGENTS = """
            agents:
              left:  { transport: vhost-user, socket: left.sock,  mode: connect, power-domains: [media] }
              right: { transport: vhost-user, socket: right.sock, mode: connect, power-domains: [media] }
            """;

    private static final String BUS = "/sys/devices/platform/pm-bus-0";

    @TempDir
    private Path folder;

    @Test
    void aDomainStaysOnWhileOneOfTwoGuestsNeedsItEvenIfTheServiceIsKilled() {
        TestBoard board = TestBoard.of(folder, BOARD, AGENTS);
        Scmid scmid = board.run();
        try (LinuxGuest left = boot(board, "left", "pci");
                LinuxGuest right = boot(board, "right", "mmio")) {
            assertFalse(board.isSet(SWITCH, ON), "nobody needs it");
            left.write("on", BUS + "/power/control");
            right.write("on", BUS + "/power/control");
            assertEquals(List.of("left", "right"), votes(board));
            assertTrue(board.isSet(SWITCH, ON));

            scmid.kill();
            scmid = board.run();
            assertEquals(List.of("left", "right"), votes(board), "after the service was killed");
            left.write("auto", BUS + "/power/control");
            Deadline.await("left's vote is gone", () -> votes(board).equals(List.of("right")), left::complaints);
            left.awaitText("suspended", BUS + "/power/runtime_status");
            assertTrue(board.isSet(SWITCH, ON), "right needs it");

            right.kill();
            Deadline.await("nobody needs it", () -> !board.isSet(SWITCH, ON));
            assertEquals(List.of(), votes(board));
        } finally {
            scmid.close();
        }
    }

    private static LinuxGuest boot(TestBoard board, String agent, String bus) {
        String overlay = board.overlayWithConsumers(agent).withBusIn("media").source();
        return LinuxGuest.boot(agent, board.guestFolder(agent), overlay, board.attach(agent, bus));
    }

    private static List<String> votes(TestBoard board) {
        return board.resource("power-domains", "media").getJsonArray("votes").stream()
                .map(Object::toString)
                .toList();
    }
}
