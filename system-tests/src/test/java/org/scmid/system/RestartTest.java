// The service dies and comes back under a guest that goes on talking.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.CLOCK_ATTRIBUTES;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
final class RestartTest {
    private static final Pattern SUMMARY = Pattern.compile("sent (\\d+) ok (\\d+) wrong (\\d+) timeout (\\d+)");

    private static final int NAME_WORDS = 4;

    @TempDir
    private Path folder;

    @Test
    void killedThreeTimesUnderAGuestThatTalksTheServiceLosesNoMessageAndNoVote() {
        TestBoard board = TestBoard.withOneAgent(folder, "connect");
        List<String> attach = board.attach("linux", "pci");
        String overlay = board.overlay("linux");
        Scmid scmid = board.run();
        // QEMU waits for the service here, the service for QEMU: whoever comes last.
        try (LinuxGuest guest = LinuxGuest.boot("linux", board.guestFolder("linux"), overlay, attach)) {
            assertArrayEquals(new int[] {clock(CONFIG_SET), SUCCESS}, guest.scmi(clock(CONFIG_SET), 3, 1, 0));
            assertEquals(List.of("linux"), board.votes("spi"));
            String bootId = guest.bootId();

            String talk =
                    guest.begin("scmi-raw -l 0 -d 8 -t 60000 & talker=$!; echo $talker > /run/talker; wait $talker");
            for (int time = 1; time <= 3; time++) {
                long before = messages(board);
                Deadline.await("the guest talks", () -> messages(board) > before + 100, guest.console()::text);
                scmid.kill();
                scmid = board.run();
                Scmid cameBack = scmid;
                Deadline.await(
                        "the guest talks to the service that came back",
                        () -> messages(board) > 100,
                        () -> guest.console().text() + cameBack.output().text());
                assertEquals(List.of("linux"), board.votes("spi"), "the vote is there after kill " + time);
            }
            guest.run("kill -TERM $(cat /run/talker)").ok();
            String summary = guest.await(talk).output();
            Matcher counts = SUMMARY.matcher(summary);
            assertTrue(counts.find(), summary);
            assertEquals(counts.group(1), counts.group(2), summary);
            assertEquals("0", counts.group(3), summary);
            assertEquals("0", counts.group(4), summary);
            assertTrue(Integer.parseInt(counts.group(2)) > 600, summary);
            assertEquals(bootId, guest.bootId(), "the guest never rebooted");
        } finally {
            scmid.close();
        }
    }

    @Test
    void aGuestKeepsItsIdsAndVotesWhenTheServiceComesBackWithOtherClocksAndFindsTheNewOrderAfterItsReset() {
        TestBoard board = TestBoard.withAgents(folder, agentWith("audio-reference-clock, uart, spi, osc"));
        Scmid scmid = board.run();
        try (LinuxGuest guest = board.boot("linux", "pci")) {
            assertArrayEquals(
                    new int[] {clock(RATE_SET), SUCCESS}, guest.scmi(clock(RATE_SET), 0, 1, 100_000_000, 0), "of uart");
            for (int id = 0; id < 3; id++) {
                assertArrayEquals(new int[] {clock(CONFIG_SET), SUCCESS}, guest.scmi(clock(CONFIG_SET), id, 1, 0));
            }
            assertEquals(List.of("audio-reference", "uart", "spi", "osc"), clocksOf(guest, 4));
            assertEquals("12000000", rateOf(guest, "audio-reference-clock"));
            assertTrue(board.isSet(TestBoard.GATES, TestBoard.AUDIO_GATE | TestBoard.UART_GATE));
            String bootId = guest.bootId();

            scmid.stop();
            board.changeAgents(agentWith("osc, spi, uart, pll"));
            scmid = board.run();
            assertEquals(List.of("status -4", "uart", "spi", "osc", "pll"), clocksOf(guest, 5));
            // What the guest's kernel has registered goes by the ids that it discovered.
            assertEquals("100000000", rateOf(guest, "uart"));
            assertEquals("150000000", rateOf(guest, "spi"));
            assertEquals("24000000", rateOf(guest, "osc"));
            assertEquals("0", rateOf(guest, "audio-reference-clock"), "Linux's rate of a clock that is not found");
            assertEquals(List.of("linux"), board.votes("uart"));
            assertEquals(List.of("linux"), board.votes("spi"));
            assertEquals(List.of(), board.votes("audio-reference-clock"));
            assertFalse(board.isSet(TestBoard.GATES, TestBoard.AUDIO_GATE), "nobody wants it any more");
            assertTrue(board.isSet(TestBoard.GATES, TestBoard.UART_GATE));
            scmid.output()
                    .awaitText("agent linux: what it holds of clock audio-reference-clock is given up", 0, "the log");
            assertArrayEquals(new int[] {clock(CONFIG_SET), SUCCESS}, guest.scmi(clock(CONFIG_SET), 1, 0, 0));
            assertEquals(List.of(), board.votes("uart"), "the clock that it means is the one that is switched off");
            assertFalse(board.isSet(TestBoard.GATES, TestBoard.UART_GATE));
            assertEquals(bootId, guest.bootId(), "the guest never rebooted");

            guest.qmp().execute("system_reset");
            guest.awaitReady();
            assertEquals(List.of("osc", "spi", "uart", "pll", "status -4"), clocksOf(guest, 5));
            scmid.output().awaitText("agent linux: its ids are those of the service file from now on", 0, "the log");
            assertEquals("100000000", rateOf(guest, "uart"));
            assertEquals("1200000000", rateOf(guest, "pll"));
            assertEquals(List.of(), board.votes("spi"), "after it was reset");
            assertArrayEquals(new int[] {clock(CONFIG_SET), SUCCESS}, guest.scmi(clock(CONFIG_SET), 2, 1, 0));
            assertEquals(List.of("linux"), board.votes("uart"));
        } finally {
            scmid.close();
        }
    }

    private static String agentWith(String clocks) {
        return """
                agents:
                  linux:
                    transport: vhost-user
                    socket: linux.sock
                    mode: connect
                    clocks: [%s]
                """.formatted(clocks);
    }

    /** What CLOCK_ATTRIBUTES says that the guest's first ids are: names of at most 15 letters. */
    private static List<String> clocksOf(LinuxGuest guest, int ids) {
        var names = new ArrayList<String>();
        for (int id = 0; id < ids; id++) {
            int[] reply = guest.scmi(clock(CLOCK_ATTRIBUTES), id);
            names.add(reply[1] == SUCCESS ? name(reply) : "status " + reply[1]);
        }
        return names;
    }

    private static String name(int[] attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(NAME_WORDS * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < NAME_WORDS; word++) {
            bytes.putInt(attributes[3 + word]); // after the header, the status and the attributes
        }
        String padded = new String(bytes.array(), StandardCharsets.US_ASCII);
        return padded.substring(0, padded.indexOf(0));
    }

    /** The rate in Hz that the guest's kernel is told when it asks for that of a clock that it has registered. */
    private static String rateOf(LinuxGuest guest, String clock) {
        return guest.read("/sys/kernel/debug/clk/" + clock + "/clk_rate");
    }

    /** How many messages the service has answered since it started. */
    private static long messages(TestBoard board) {
        return Metrics.sum(Scmid.get(board.managementPort, "/metrics"), "scmid_messages_total");
    }
}
