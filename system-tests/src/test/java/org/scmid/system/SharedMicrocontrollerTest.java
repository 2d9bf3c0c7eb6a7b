// Two guests and a tool with clocks of one microcontroller: separate views, common hardware.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.DENIED;
import static org.scmid.system.Scmi.NOT_FOUND;
import static org.scmid.system.Scmi.PARENT_SET;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.RATE_NOTIFY;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.SocketLink;

@Tag(LinuxGuest.TESTS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SharedMicrocontrollerTest {
    private static final int ON = 1;
    private static final int OFF = 0;
    private static final int NEAREST = 1 << 3;
    private static final int RATE_CHANGED = Scmi.header(Scmi.CLOCK, 0, 0) | 3 << 8;
    private static final int TYPE_AND_MESSAGE = 0x3ffff;
    private static final int PLATFORM = 0;
    private static final int LEFT = 1;

    private static final int LSE_HZ = 32_768;
    private static final int NEW_MSI_HZ = 24_000_000;
    private static final String USART2 = "stm32l4x5-usart@40004400 clk";
    private static final String MCO = "stm32l4x5-rcc@40021000 mco-out";

    /** The guests' monitors listen. A clock's position in a list is its agent's number of it. */
    private static final String AGENTS = """
            agents:
              left:
                transport: vhost-user
                socket: left.sock
                mode: connect
                clocks: [msi, mco, usart2, lse: read, pclk1: read]
              right:
                transport: vhost-user
                socket: right.sock
                mode: connect
                clocks: [mco: notify, usart2: [state]]
              stranger:
                transport: socket
                socket: stranger.sock
                clocks: [usart2: notify]
            """;

    private static final int LEFTS_MSI = 0;
    private static final int LEFTS_MCO = 1;
    private static final int LEFTS_USART2 = 2;
    private static final int LEFTS_LSE = 3;
    private static final int RIGHTS_MCO = 0;
    private static final int RIGHTS_USART2 = 1;
    private static final int STRANGERS_USART2 = 0;

    @TempDir
    private Path folder;

    private static String board(Path port) {
        return """
                board: shared
                upstreams:
                  mcu: { transport: serial, port: %s, timeout: 5 s }
                clocks: { all-of: mcu }
                """.formatted(port);
    }

    @Test
    void two_guests_see_only_their_clocks_of_one_microcontroller_and_share_its_votes_and_news() {
        try (ModelledMachine machine = Microcontroller.bootMachine(folder)) {
            TestBoard board = TestBoard.of(folder, board(machine.serialPort()), AGENTS);
            Scmid.command("upstream", board.board, "--save").ok();
            try (Scmid scmid = board.run()) {
                scmid.awaitSocket(folder.resolve("stranger.sock"));
                try (LinuxGuest left = board.boot("left", "pci");
                        LinuxGuest right = board.boot("right", "mmio");
                        var stranger = new PlatformAgent(
                                (loop, client) -> SocketLink.connect(loop, folder.resolve("stranger.sock"), client))) {
                    eachSeesItsOwn(left, right, stranger, machine);
                    bothAreToldAsPermitted(left, right, stranger);
                    votesOfBothCount(board, machine, left, right);
                }
            }
        }
    }

    private static void eachSeesItsOwn(
            LinuxGuest left, LinuxGuest right, PlatformAgent stranger, ModelledMachine machine) {
        assertEquals(Set.of("msi", "mco", "usart2", "lse", "pclk1"), left.clocks());
        assertEquals(Set.of("mco", "usart2"), right.clocks());
        assertEquals(NOT_FOUND, right.scmi(clock(RATE_GET), 2)[1], "a number that right lacks");

        left.scmiDone(clock(PARENT_SET), LEFTS_MCO, LEFTS_MSI);
        Frequency before = machine.frequency(MCO);
        assertEquals(DENIED, right.scmi(clock(RATE_SET), NEAREST, RIGHTS_MCO, 1_000_000, 0)[1]);
        assertEquals(DENIED, right.scmi(clock(CONFIG_SET), RIGHTS_MCO, OFF, 0)[1]);
        assertEquals(DENIED, right.scmi(clock(RATE_SET), NEAREST, RIGHTS_USART2, LSE_HZ, 0)[1]);
        assertEquals(DENIED, stranger.ask(clock(CONFIG_SET), STRANGERS_USART2, ON, 0)[0]);
        assertEquals(before, machine.frequency(MCO), "what was denied has changed nothing");
        assertFrequency(machine, 0);
    }

    /** MSI is left's alone, and what follows for MCO, or from another parent, the microcontroller tells. */
    private static void bothAreToldAsPermitted(LinuxGuest left, LinuxGuest right, PlatformAgent stranger) {
        left.scmiDone(clock(RATE_NOTIFY), LEFTS_MSI, ON);
        right.scmiDone(clock(RATE_NOTIFY), RIGHTS_MCO, ON);
        assertEquals(SUCCESS, stranger.ask(clock(RATE_NOTIFY), STRANGERS_USART2, ON)[0]);
        String toLeft = left.begin("scmi-raw -n 1 -t 60000");
        String toRight = right.begin("scmi-raw -n 1 -t 60000");
        left.scmiDone(clock(RATE_SET), NEAREST, LEFTS_MSI, NEW_MSI_HZ, 0);
        assertEvent(LEFT, LEFTS_MSI, NEW_MSI_HZ, left.await(toLeft).words());
        assertEvent(PLATFORM, RIGHTS_MCO, NEW_MSI_HZ, right.await(toRight).words());

        left.scmiDone(clock(PARENT_SET), LEFTS_USART2, LEFTS_LSE);
        int[] first = PlatformAgent.words(stranger.awaitNotification());
        assertArrayEquals(
                new int[] {PLATFORM, STRANGERS_USART2, LSE_HZ, 0},
                first,
                "the first that the stranger is told of at all");
    }

    private static void assertEvent(int agent, int clock, int hz, int[] event) {
        assertEquals(RATE_CHANGED, event[0] & TYPE_AND_MESSAGE);
        assertEquals(List.of(agent, clock, hz, 0), List.of(event[1], event[2], event[3], event[4]));
    }

    private static void votesOfBothCount(TestBoard board, ModelledMachine machine, LinuxGuest left, LinuxGuest right) {
        left.scmiDone(clock(CONFIG_SET), LEFTS_USART2, ON, 0);
        assertFrequency(machine, LSE_HZ);
        right.scmiDone(clock(CONFIG_SET), RIGHTS_USART2, ON, 0);
        assertEquals(List.of("left", "right"), board.votes("usart2"));

        left.scmiDone(clock(CONFIG_SET), LEFTS_USART2, OFF, 0);
        assertEquals(List.of("right"), board.votes("usart2"));
        left.scmi(clock(RATE_GET), LEFTS_USART2); // behind whatever the microcontroller was sent
        assertFrequency(machine, LSE_HZ);

        right.kill();
        Deadline.await("nobody needs it", () -> machine.frequency(USART2).isOf(0));
        assertEquals(List.of(), board.votes("usart2"));
    }

    private static void assertFrequency(ModelledMachine machine, int hz) {
        assertEquals(
                true,
                machine.frequency(USART2).isOf(hz),
                () -> "USART2 is at " + machine.frequency(USART2).text());
    }
}
