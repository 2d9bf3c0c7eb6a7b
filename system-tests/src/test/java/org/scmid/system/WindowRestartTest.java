// The service and guests at windows are killed and started again, in the middle of messages.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WindowRestartTest {
    private static final String AGENTS = """
            agents:
              mmio:
                transport: virtio-mmio
                region: { file: WINDOWS/mmio, size: 64 KiB }
                clocks: [uart, spi]
              fat:
                transport: fat-virtqueue
                region: { file: WINDOWS/fat, size: 64 KiB }
                notify: { ivshmem: fat.sock }
                clocks: [uart, spi]
              watcher:
                transport: fat-virtqueue
                region: { file: WINDOWS/watcher, size: 64 KiB }
                clocks: [uart, spi]
            """;

    @TempDir
    private Path folder;

    @Test
    void guestsGoOnWhenTheServiceIsKilledAmidTheirMessages() {
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS)) {
            Scmid scmid = windows.board.run();
            try (BareMetalGuest mmio = windows.bareMetal("mmio");
                    BareMetalGuest fat = windows.bareMetal("fat")) {
                mmio.awaitReady();
                fat.awaitReady();
                mmio.run("enable 0");
                fat.run("enable 1");
                for (int round = 1; round <= 3; round++) {
                    long before = commands(windows, "mmio");
                    mmio.beginLoad(30_000, 8);
                    fat.beginLoad(30_000, 8);
                    Deadline.await("the load is under way", () -> commands(windows, "mmio") > before + 1000);
                    scmid.kill();
                    scmid = windows.board.run();
                    for (BareMetalGuest guest : List.of(mmio, fat)) {
                        LoadResult load = guest.awaitLoad();
                        assertEquals(0, load.wrong(), () -> "of " + load);
                        assertEquals(
                                load.sent(),
                                load.ok() + load.timeout() + load.restarted(),
                                () -> "each command ended once: " + load);
                        assertTrue(load.ok() > 15_000, () -> "most were answered: " + load);
                        assertTrue(load.timeout() + load.restarted() <= 16, () -> "only those in flight: " + load);
                    }
                    // what the drivers held is held again
                    Deadline.await(
                            "mmio has its clock",
                            () -> windows.board.votes("uart").equals(List.of("mmio")));
                    Deadline.await(
                            "fat has its clock",
                            () -> windows.board.votes("spi").equals(List.of("fat")));
                    assertEquals("rate 0 12000000", mmio.run("rate 0"));
                }
                assertEquals(0, scmid.stop());
                scmid = windows.board.run();
                Deadline.await("mmio is back", () -> windows.board.votes("uart").equals(List.of("mmio")));
            } finally {
                scmid.close();
            }
        }
    }

    @Test
    void aGuestThatIsKilledAmidItsMessagesComesBackAndTheOthersDoNotNotice() {
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS);
                Scmid scmid = windows.board.run();
                RingAgent watcher = RingAgent.at("fat", windows.window("watcher"));
                BareMetalGuest mmio = windows.bareMetal("mmio");
                BareMetalGuest fat = windows.bareMetal("fat")) {
            watcher.awaitSession();
            mmio.awaitReady();
            fat.awaitReady();
            watcher.beginLoad("1000000", 4);
            for (BareMetalGuest guest : List.of(mmio, fat)) {
                String agent = guest == mmio ? "mmio" : "fat";
                guest.run("enable 0");
                assertEquals(List.of(agent), windows.board.votes("uart"));
                long before = commands(windows, agent);
                guest.beginLoad(1_000_000, 8);
                Deadline.await("the load is under way", () -> commands(windows, agent) > before + 1000);
                guest.bootAgain();
                guest.awaitReady();
                assertEquals(List.of(), windows.board.votes("uart"), "the new guest holds nothing");
                assertEquals("rate 0 12000000", guest.run("rate 0"));
                LoadResult load = LoadResult.of(guest.run("load 1000 8"));
                assertEquals(1000, load.ok(), () -> "of " + load);
            }
            LoadResult undisturbed = watcher.awaitLoad();
            assertEquals(
                    1_000_000,
                    undisturbed.ok(),
                    () -> "of " + undisturbed + scmid.output().text());
            assertTrue(watcher.awaitSession().startsWith("session 1 "), "it still is its first session");
        }
    }

    @Test
    void aDriverThatBeginsAnewAgainAndAgainIsServedEachTime() {
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS);
                Scmid scmid = windows.board.run()) {
            for (int round = 0; round < 20; round++) {
                try (RingAgent agent = RingAgent.at("mmio", windows.window("mmio"))) {
                    assertTrue(
                            agent.awaitSession().startsWith("session 1 "),
                            () -> scmid.output().text());
                    assertEquals("reply 0 -", agent.call(0x14, 7, "000000000100000000000000"), "enable");
                    assertEquals(List.of("mmio"), windows.board.votes("uart"));
                    agent.beginLoad("100000", 16);
                    agent.kill(); // amid its messages, most of the time
                }
            }
        }
    }

    /** How many commands an agent has had answered. */
    private static long commands(WindowBoard windows, String agent) {
        return Metrics.sumOf(
                Scmid.get(windows.board.managementPort, "/metrics"), "scmid_messages_total", "agent=\"" + agent + "\"");
    }
}
