// A Linux guest whose kernel speaks MCTP on a UART: frames and packets that are not of our make.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** QEMU's pci-serial in the guest, the line discipline N_MCTP, and {@code scmi-mctp} of guests/linux above a socket of it. */
@Tag(LinuxGuest.TESTS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LinuxSerialTest {
    private static final String NO_OVERLAY = "/dts-v1/;\n/plugin/;\n&{/} { };\n";
    private static final List<String> UART = List.of("-chardev", "pty,id=mctp", "-device", "pci-serial,chardev=mctp");
    private static final String REDIRECTED = "char device redirected to ";
    private static final int TOKEN_SHIFT = 18;
    private static final int TYPE_AND_MESSAGE = 0x3ffff;
    private static final int RATE_CHANGED = Scmi.header(Scmi.CLOCK, 0, 0) | 3 << 8;

    @TempDir
    private Path folder;

    private static String agents(String port) {
        return """
                agents:
                  linux: { transport: serial, port: %s, clocks: [osc, pll, spi, shared, audio-reference-clock] }
                  other: { transport: socket, socket: other.sock, clocks: [osc: read] }
                """.formatted(port);
    }

    @Test
    void its_mctp_carries_commands_replies_and_notifications() {
        try (LinuxGuest guest = LinuxGuest.start("linux", folder, NO_OVERLAY, UART)) {
            int at = guest.console().awaitText(REDIRECTED, 0, "QEMU") + REDIRECTED.length();
            String port = guest.console().substring(at, guest.console().awaitText(" ", at, "QEMU"));
            guest.awaitReady();
            TestBoard board = TestBoard.withAgents(folder, agents(port));
            try (Scmid scmid = board.run()) {
                exchange(guest, board, scmid);
            }
        }
    }

    private static void exchange(LinuxGuest guest, TestBoard board, Scmid scmid) {
        List<int[]> said = talk(
                guest,
                "0x4000", // BASE: PROTOCOL_VERSION
                "0x5003 2", // CLOCK_ATTRIBUTES
                "0x5005 0 2 600000000 0", // CLOCK_RATE_SET
                "0x5006 2", // CLOCK_RATE_GET
                "0x5007 3 1 0", // CLOCK_CONFIG_SET
                "0x5008 4", // CLOCK_NAME_GET, whose reply is two packets
                "0x5006 2 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", // a command of two packets, which is too long
                "0x5009 2 1", // CLOCK_RATE_NOTIFY
                "0x5005 0 2 300000000 0");
        assertEquals(10, said.size(), () -> scmid.output().text());
        assertReply(said.get(0), Scmi.SUCCESS, 0x20001);
        assertEquals("spi", text(said.get(1), 3));
        assertReply(said.get(2), Scmi.SUCCESS);
        assertReply(said.get(3), Scmi.SUCCESS, 600_000_000, 0);
        assertReply(said.get(4), Scmi.SUCCESS);
        assertEquals("audio-reference-clock", text(said.get(5), 3));
        assertReply(said.get(6), Scmi.PROTOCOL_ERROR);
        assertReply(said.get(7), Scmi.SUCCESS);
        assertReply(said.get(8), Scmi.SUCCESS);
        int[] event = said.get(9);
        assertEquals(RATE_CHANGED, event[0] & TYPE_AND_MESSAGE);
        assertEquals(List.of(1, 2, 300_000_000, 0), List.of(event[1], event[2], event[3], event[4]));
        assertEquals(2, board.register(TestBoard.SPI_DIVIDER));
        assertEquals(List.of("linux"), board.votes("shared"));
        assertTrue(board.isSet(TestBoard.GATES, TestBoard.SHARED_GATE));
        String metrics = Scmid.get(board.managementPort, "/metrics");
        assertEquals(0, Metrics.sumOf(metrics, "scmid_malformed_total", "agent=\"linux\""), metrics);

        // Another start of the program is another agent: what was held is given up.
        assertReply(talk(guest, "0x5006 2").getFirst(), Scmi.SUCCESS, 300_000_000, 0);
        assertEquals(List.of(), board.votes("shared"));
    }

    /** Sends messages; what was answered, and after more than one the notification that follows. */
    private static List<int[]> talk(LinuxGuest guest, String... messages) {
        String options = messages.length > 1 ? "-n 1 " : "";
        String printed = guest.run(
                        "scmi-mctp -t 30000 " + options + "/dev/ttyS0 '" + String.join("' '", messages) + "'")
                .ok();
        var said = new ArrayList<int[]>();
        printed.lines()
                .forEach(line -> said.add(Arrays.stream(line.split(" ", -1))
                        .mapToInt(word -> Integer.parseUnsignedInt(word.substring(2), 16))
                        .toArray()));
        for (int i = 0; i < messages.length; i++) {
            assertEquals(i + 1, said.get(i)[0] >>> TOKEN_SHIFT, "the token of a reply");
        }
        return said;
    }

    private static void assertReply(int[] words, int... expected) {
        assertEquals(
                Arrays.stream(expected).boxed().toList(),
                Arrays.stream(words).skip(1).boxed().toList());
    }

    private static String text(int[] words, int from) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * (words.length - from + 1)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < words.length; i++) {
            bytes.putInt(words[i]);
        }
        String padded = new String(bytes.array(), StandardCharsets.US_ASCII);
        return padded.substring(0, padded.indexOf(0));
    }
}
