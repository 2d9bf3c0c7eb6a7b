// scmid on a machine whose own SCMI platform it shares out, by the raw mode of the machine's kernel.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.RATE_NOTIFY;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An outer scmid is the platform: it owns the registers, and the kernel of an emulated arm64 machine is its agent, by
 * vhost-user. On that machine another scmid serves its own agents by that kernel. The kernel's own drivers go on meanwhile.
 */
final class KernelUpstreamTest {
    private static final int UART = 2;
    private static final int AT_FIRST = 12_000_000;
    private static final int INSIDE = 100_000_000;
    private static final int OUTSIDE = 150_000_000;
    private static final int MOST_LOOKS = 900;
    private static final String SOCKET = "/run/inside.sock";

    private static final String BOARD = """
            board: of-the-kernel
            upstreams:
              host: { transport: kernel, timeout: 20 s }
            clocks: { all-of: host }
            """;
    private static final String SERVICE = """
            board: board.yaml
            management: { listen: none }
            agents:
              inside: { transport: socket, socket: %s, clocks: all }
            """.formatted(SOCKET);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void agentsOfTheMachineUseTheClocksOfItsPlatformAndAreToldOfChangesOutside() throws IOException {
        TestBoard platform = TestBoard.withAgents(folder, """
                agents:
                  machine: { transport: vhost-user, socket: machine.sock, clocks: all }
                  outside: { transport: socket, socket: outside.sock, clocks: all }
                """);
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("board.yaml"), BOARD);
        Files.writeString(files.resolve("service.yaml"), SERVICE);
        try (Scmid outer = platform.run();
                Arm64Host machine =
                        Arm64Host.bootAsAgent(files, platform.overlay("machine"), platform.attach("machine", "pci"))) {
            machine.run("touch /run/talk.log").ok();
            machine.begin(machine.scmid("run service.yaml --runtime-dir /run/scmid") + " >/run/scmid.log 2>&1");
            String getRate = SocketTalk.message(clock(RATE_GET), UART);
            String setRate = SocketTalk.message(clock(RATE_SET), 0, UART, INSIDE, 0);
            String switchOn = SocketTalk.message(clock(CONFIG_SET), UART, 1, 0);
            String subscribe = SocketTalk.message(clock(RATE_NOTIFY), UART, 1);
            List<String> messages = List.of(getRate, setRate, getRate, switchOn, subscribe, "next");
            machine.begin(machine.main(SocketTalk.class, "", SOCKET + " " + String.join(" ", messages))
                    + " >/run/talk.log 2>&1");

            List<String> answers = said(machine, messages.size() - 1);
            String rate = getRate + ": 0,";
            assertEquals(
                    List.of(
                            rate + SocketTalk.message(AT_FIRST, 0),
                            setRate + ": 0",
                            rate + SocketTalk.message(INSIDE, 0),
                            switchOn + ": 0",
                            subscribe + ": 0"),
                    answers,
                    () -> log(machine));
            assertEquals(
                    INSIDE,
                    platform.clock("uart").getLong("rate_hz"),
                    outer.output().text());
            assertEquals(List.of("machine"), platform.votes("uart"));
            assertTrue(platform.isSet(TestBoard.GATES, TestBoard.UART_GATE));

            try (SocketAgent outside = SocketAgent.connect(folder.resolve("outside.sock"))) {
                assertEquals(SUCCESS, outside.call(clock(RATE_SET), 0, UART, OUTSIDE, 0)[0]);
            }
            String told = said(machine, messages.size()).getLast();
            assertTrue(told.startsWith("next: ") && told.endsWith("," + SocketTalk.message(UART, OUTSIDE, 0)), told);
            String log = log(machine);
            assertEquals(2, log.split("this is experimental", -1).length, "it is said once: " + log);
            assertTrue(log.contains("upstream host is there"), log);
        }
    }

    /** So many lines of what the agent on the machine was answered; the machine looks, since each look costs it a process. */
    private static List<String> said(Arm64Host machine, int lines) {
        String look = "n=0; until [ $(wc -l </run/talk.log) -ge " + lines + " ] || [ $n -ge " + MOST_LOOKS
                + " ]; do n=$((n+1)); usleep 100000; done; cat /run/talk.log";
        List<String> said = machine.run(look).ok().lines().toList();
        assertEquals(lines, said.size(), () -> said + "\n" + log(machine));
        return said;
    }

    private static String log(Arm64Host machine) {
        return machine.run("cat /run/scmid.log; dmesg | grep -i scmi").output();
    }
}
