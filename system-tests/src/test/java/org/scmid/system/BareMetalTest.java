// The same bare-metal driver code over each of its three ways.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BareMetalTest {
    private static final String AGENTS = """
            agents:
              trapped:
                transport: vhost-user
                socket: trapped.sock
                clocks: all
              ring:
                transport: virtio-mmio
                region: { file: WINDOWS/ring, size: 64 KiB }
                clocks: all
              ring-bells:
                transport: virtio-mmio
                region: { file: WINDOWS/ring-bells, size: 64 KiB }
                notify: { ivshmem: ring-bells.sock }
                clocks: all
              fat:
                transport: fat-virtqueue
                region: { file: WINDOWS/fat, size: 64 KiB }
                clocks: all
              fat-bells:
                transport: fat-virtqueue
                region: { file: WINDOWS/fat-bells, size: 64 KiB }
                notify: { ivshmem: fat-bells.sock }
                clocks: all
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "trapped, link virtio-mmio interrupts",
        "ring, link virtio-mmio-ring polled",
        "ring-bells, link virtio-mmio-ring interrupts",
        "fat, link fat-virtqueue polled",
        "fat-bells, link fat-virtqueue interrupts"
    })
    void aGuestWithoutAnOperatingSystemUsesItsClocks(String agent, String link) {
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS);
                Scmid scmid = windows.board.run();
                BareMetalGuest guest = BareMetalGuest.start(agent, attach(windows, agent))) {
            assertEquals(link, guest.awaitReady(), () -> scmid.output().text());
            assertEquals("clocks 6", guest.run("clocks"));
            assertEquals("rate 0 24000000", guest.run("rate 0"));
            assertEquals("set 2 12000000", guest.run("set 2 12000000"));
            guest.run("enable 2");
            assertEquals(List.of(agent), windows.board.votes("uart"));
            assertEquals(
                    TestBoard.UART_GATE, windows.board.register(TestBoard.GATES) & TestBoard.UART_GATE, "its gate");
            assertEquals("error set NOT_FOUND", guest.answer("set 6 1"));
            assertEquals("reply -4", guest.run("call 20 6 06000000"), "NOT_FOUND");
            LoadResult load = LoadResult.of(guest.run("load 3000 16"));
            assertEquals(3000, load.ok(), () -> "of " + load);
            assertEquals("restart 2", guest.run("restart"), "the driver's second session");
            assertEquals("rate 2 12000000", guest.run("rate 2"));
            guest.console().send("off");
            guest.console().awaitEnd();
            assertEquals(List.of(), windows.board.votes("uart"), "an agent that says goodbye gives its votes back");
        }
    }

    private static List<String> attach(WindowBoard windows, String agent) {
        return agent.equals("trapped")
                ? Scmid.words(
                        Scmid.command("guest", "qemu", windows.board.service, agent, "--bus", "mmio", "--memory", "64M")
                                .ok())
                : windows.attach(agent);
    }
}
