// Microcontrollers that stop answering, and that begin anew, while a guest and tools ask for their clocks.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.PARENT_SET;
import static org.scmid.system.Scmi.RATE_NOTIFY;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.clock;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of them at one service: what was set on one is set again when it is back, the other one's state is told. */
@Tag(LinuxGuest.TESTS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class UnsteadyMicrocontrollerTest {
    private static final List<String> BOTH = List.of("again", "told");
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** What scmid says that a command to a platform takes at most: five times the timeout. */
    private static final long LONGEST_MILLIS = 5_000;

    private static final Pattern SUMMARY =
            Pattern.compile("sent (\\d+) ok (\\d+) wrong (\\d+) timeout (\\d+) longest-ms (\\d+)");

    private static final int ON = 1;
    private static final int NEAREST = 1 << 3;
    private static final int RATE_CHANGED = Scmi.header(Scmi.CLOCK, 0, 0) | 3 << 8;
    private static final int TYPE_AND_MESSAGE = 0x3ffff;
    private static final int PLATFORM = 0;
    private static final int FIRST_MSI_HZ = 4_000_000;
    private static final int MSI_HZ = 24_000_000;
    private static final int LSE_HZ = 32_768;
    private static final String MSI = "stm32l4x5-rcc@40021000 msi_rc";
    private static final String USART2 = "stm32l4x5-usart@40004400 clk";
    private static final List<String> OF_THE_LOAD =
            List.of("stm32l4x5-uart@40004c00 clk", "stm32l4x5-uart@40005000 clk");

    private static final int MSI_AT = 0;
    private static final int USART2_AT = 1;
    private static final int LSE_AT = 2;

    private static final String BOARD = """
            board: two-microcontrollers
            upstreams:
              again: { transport: serial, port: again.tty, timeout: 1 s, when-back: apply }
              told:  { transport: serial, port: told.tty,  timeout: 1 s, when-back: report }
            clocks:
              again-msi:    { from: again/msi }
              again-usart2: { from: again/usart2 }
              again-lse:    { from: again/lse }
              again-uart4:  { from: again/uart4 }
              again-uart5:  { from: again/uart5 }
              told-msi:     { from: told/msi }
              told-usart2:  { from: told/usart2 }
              told-lse:     { from: told/lse }
              told-uart4:   { from: told/uart4 }
              told-uart5:   { from: told/uart5 }
            """;

    private static final String AGENTS = """
            agents:
              linux:
                transport: vhost-user
                socket: linux.sock
                mode: connect
                clocks: [again-msi, again-usart2, again-lse: read, told-msi, told-usart2, told-lse: read]
              load-again: { transport: socket, socket: again.sock, clocks: [again-uart4, again-uart5] }
              load-told:  { transport: socket, socket: told.sock, clocks: [told-uart4, told-uart5] }
            """;

    @TempDir
    private Path folder;

    /** A microcontroller, whose port has the same name each time. */
    private ModelledMachine boot(String name) {
        try {
            Path own = folder.resolve(name);
            Files.createDirectories(own);
            ModelledMachine machine = Microcontroller.bootMachine(own);
            Path port = folder.resolve(name + ".tty");
            Files.deleteIfExists(port);
            Files.createSymbolicLink(port, machine.serialPort());
            return machine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void paused_and_killed_under_load_they_delay_commands_by_a_bounded_time_and_have_what_was_set_as_configured() {
        ModelledMachine again = boot("again");
        ModelledMachine told = boot("told");
        try {
            TestBoard board = TestBoard.of(folder, BOARD, AGENTS);
            Scmid.command("upstream", board.board, "--save").ok();
            try (Scmid scmid = board.run()) {
                scmid.awaitSocket(folder.resolve("again.sock"));
                try (LinuxGuest guest = board.boot("linux", "pci")) {
                    String bootId = guest.bootId();
                    BOTH.forEach(name -> setUp(guest, name));
                    assertIsSet(again);
                    assertIsSet(told);
                    guest.scmiDone(clock(RATE_NOTIFY), firstOf("told") + MSI_AT, ON);
                    // It has the queue of replies until it ends.
                    String talk = guest.begin("scmi-raw -l 0 -d 4 -t 20000 >/run/said & talker=$!;"
                            + " echo $talker >/run/talker; wait $talker; tail -n 1 /run/said");
                    try (var ofAgain = new PlatformLoad(folder.resolve("again.sock"));
                            var ofTold = new PlatformLoad(folder.resolve("told.sock"))) {
                        pause(board, scmid, again, told);
                        assertIsSet(again);
                        assertIsSet(told);

                        again.close();
                        told.close();
                        again = boot("again");
                        told = boot("told");
                        awaitUp(board, 2);
                        assertIsRestored(again, guest);
                        assertIsTold(told, guest);
                        for (PlatformLoad load : List.of(ofAgain, ofTold)) {
                            load.awaitAnswers();
                            load.end();
                            System.out.println("unsteady microcontroller: " + load);
                            assertTrue(load.longestMillis() < LONGEST_MILLIS, load::toString);
                            assertTrue(load.failed() > 0, () -> "it was under load: " + load);
                        }
                    }
                    guest.run("kill -TERM $(cat /run/talker)").ok();
                    assertNothingIsLeft(board, scmid, guest, guest.await(talk).output());
                    assertLoadHasLetGo(again);
                    assertLoadHasLetGo(told);
                    setUp(guest, "told");
                    assertIsSet(told);
                    assertEquals(bootId, guest.bootId(), "the guest never rebooted");
                }
            }
        } finally {
            again.close();
            told.close();
        }
    }

    /** The guest's number of a microcontroller's first clock. */
    private static int firstOf(String name) {
        return name.equals("again") ? 0 : 3;
    }

    private static void setUp(LinuxGuest guest, String name) {
        int first = firstOf(name);
        guest.scmiDone(clock(RATE_SET), NEAREST, first + MSI_AT, MSI_HZ, 0);
        guest.scmiDone(clock(CONFIG_SET), first + MSI_AT, ON, 0);
        guest.scmiDone(clock(PARENT_SET), first + USART2_AT, first + LSE_AT);
        guest.scmiDone(clock(CONFIG_SET), first + USART2_AT, ON, 0);
    }

    private static void assertIsSet(ModelledMachine machine) {
        assertTrue(isSet(machine), () -> what(machine));
    }

    private static boolean isSet(ModelledMachine machine) {
        return machine.frequency(MSI).isOf(MSI_HZ) && machine.frequency(USART2).isOf(LSE_HZ);
    }

    private static String what(ModelledMachine machine) {
        return "MSI is at " + machine.frequency(MSI).text() + ", USART2 at "
                + machine.frequency(USART2).text();
    }

    /** They keep what they have; scmid looks for them, finds them again, and asks them again for the same. */
    private static void pause(TestBoard board, Scmid scmid, ModelledMachine again, ModelledMachine told) {
        again.pause();
        told.pause();
        Deadline pause = Deadline.in(PAUSE);
        Deadline.await(
                "five seconds have passed, and both are missed",
                () -> pause.isOver() && BOTH.stream().noneMatch(name -> isUp(board, name)),
                scmid.output()::text);
        again.goOn();
        told.goOn();
        awaitUp(board, 1);
    }

    private static JsonObject upstream(TestBoard board, String name) {
        return new JsonArray(Scmid.get(board.managementPort, "/api/upstreams"))
                .stream()
                        .map(JsonObject.class::cast)
                        .filter(each -> each.getString("name").equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    private static boolean isUp(TestBoard board, String name) {
        return upstream(board, name).getString("state").equals("up");
    }

    /** Both are there again, after they were lost so often. */
    private static void awaitUp(TestBoard board, int losses) {
        for (String name : BOTH) {
            Deadline.await(
                    name + " is back",
                    () -> isUp(board, name) && upstream(board, name).getInteger("losses") == losses,
                    () -> upstream(board, name).encode());
        }
    }

    private static void assertIsRestored(ModelledMachine machine, LinuxGuest guest) {
        Deadline.await("what was set is set again", () -> isSet(machine), () -> what(machine) + guest.complaints());
    }

    /** It has its first rates, and the guest learns of them. */
    private static void assertIsTold(ModelledMachine machine, LinuxGuest guest) {
        int[] event = guest.run("scmi-raw -n 1 -t 60000").words();
        assertEquals(RATE_CHANGED, event[0] & TYPE_AND_MESSAGE);
        assertEquals(List.of(PLATFORM, firstOf("told") + MSI_AT, FIRST_MSI_HZ), List.of(event[1], event[2], event[3]));
        assertTrue(machine.frequency(MSI).isOf(0), () -> what(machine));
        assertTrue(machine.frequency(USART2).isOf(0), () -> what(machine));
    }

    private static void assertNothingIsLeft(TestBoard board, Scmid scmid, LinuxGuest guest, String summary) {
        Matcher counts = SUMMARY.matcher(summary);
        assertTrue(counts.find(), summary);
        assertEquals("0", counts.group(4), "all commands ended: " + summary);
        assertTrue(Long.parseLong(counts.group(5)) < LONGEST_MILLIS * 4, "four at a time: " + summary);
        // All that the guest may have under way has room.
        Matcher after =
                SUMMARY.matcher(guest.run("scmi-raw -l 300 -d 64 -t 20000").ok());
        assertTrue(after.find());
        assertEquals("300", after.group(2), after.group());
        assertEquals("", guest.run("scmi-raw -e").ok(), "replies to nobody");

        String log = scmid.output().text();
        String metrics = Scmid.get(board.managementPort, "/metrics");
        for (String name : BOTH) {
            long missed = count(log, "upstream " + name + " was lost")
                    + count(log, "upstream " + name + " does not answer any more");
            assertEquals(2, missed, log);
            assertEquals(2, count(log, "upstream " + name + " is there again"), log);
            assertEquals(2, Metrics.sumOf(metrics, "scmid_upstream_losses_total", name), name);
            assertEquals(1, Metrics.sumOf(metrics, "scmid_upstream_up", name), name);
        }
    }

    private static long count(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }

    /** Nobody waits for off. */
    private static void assertLoadHasLetGo(ModelledMachine machine) {
        for (String clock : OF_THE_LOAD) {
            Deadline.await(
                    "nothing is left on by the load",
                    () -> machine.frequency(clock).isOf(0),
                    () -> clock + " is at " + machine.frequency(clock).text());
        }
    }
}
