// The service dies and comes back under a guest that goes on talking.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestartTest {
    private static final Pattern SUMMARY = Pattern.compile("sent (\\d+) ok (\\d+) wrong (\\d+) timeout (\\d+)");

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
            String bootId = guest.run("cat /proc/sys/kernel/random/boot_id").ok();

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
            assertEquals(
                    bootId, guest.run("cat /proc/sys/kernel/random/boot_id").ok(), "the guest never rebooted");
        } finally {
            scmid.close();
        }
    }

    /** How many messages the service has answered since it started. */
    private static long messages(TestBoard board) {
        return Metrics.sum(Scmid.get(board.managementPort, "/metrics"), "scmid_messages_total");
    }
}
