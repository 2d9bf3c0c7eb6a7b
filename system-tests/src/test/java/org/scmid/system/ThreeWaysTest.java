// One service, one board, three machines at the same time, each reached in another way.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.RATE_NOTIFY;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
final class ThreeWaysTest {
    private static final String AGENTS = """
            agents:
              linux:
                transport: vhost-user
                socket: linux.sock
                clocks: [osc, pll, spi, shared]
              mmio:
                transport: virtio-mmio
                region: { file: WINDOWS/mmio, size: 64 KiB }
                clocks: [spi, uart]
              fat:
                transport: fat-virtqueue
                region: { file: WINDOWS/fat, size: 64 KiB }
                notify: { ivshmem: fat.sock }
                clocks: [shared, audio-reference-clock, spi]
            """;

    @TempDir
    private Path folder;

    @Test
    void linuxByVhostUserAndBareMetalByBothWindowsShareOneBoardAndAreToldOfChanges() {
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS);
                Scmid scmid = windows.board.run();
                BareMetalGuest mmio = windows.bareMetal("mmio");
                BareMetalGuest fat = windows.bareMetal("fat");
                LinuxGuest linux = windows.board.boot("linux", "pci")) {
            TestBoard board = windows.board;
            assertEquals("link virtio-mmio-ring polled", mmio.awaitReady());
            assertEquals("link fat-virtqueue interrupts", fat.awaitReady());

            // each lists and sets the clocks of its own view
            assertEquals("clocks 2", mmio.run("clocks"));
            assertEquals("clocks 3", fat.run("clocks"));
            assertEquals(4, linux.scmi(Scmi.header(Scmi.CLOCK, 1, 0))[2] & 0xffff, "clocks of PROTOCOL_ATTRIBUTES");
            assertEquals("set 1 12000000", mmio.run("set 1 12000000"));
            assertEquals(1, board.register(TestBoard.SOURCE) & 0x7f, "24 MHz / 2 for the uart");
            assertEquals("set 1 8000000", fat.run("set 1 8000000"));
            assertEquals(3, board.register(TestBoard.AUDIO_DIVIDER), "24 MHz / 3 for the audio clock");
            fat.run("enable 0");
            assertEquals(TestBoard.SHARED_GATE, board.register(TestBoard.GATES) & TestBoard.SHARED_GATE);
            assertEquals(List.of("fat"), board.votes("shared"));

            // a change by one is told to all three: Linux changes spi, from which `shared` runs
            mmio.run("subscribe 0");
            fat.run("subscribe 0");
            assertArrayEquals(new int[] {clock(RATE_NOTIFY), SUCCESS}, linux.scmi(clock(RATE_NOTIFY), 2, 1));
            String notification = linux.begin("scmi-raw -n 1 -t 60000");
            assertArrayEquals(new int[] {clock(RATE_SET), SUCCESS}, linux.scmi(clock(RATE_SET), 0, 2, 600_000_000, 0));
            assertEquals(1, linux.await(notification).words()[1], "caused by agent 1, Linux itself");
            assertEquals("event clock 0 rate 600000000", mmio.awaitLine("event clock"));
            assertEquals("event clock 0 rate 600000000", fat.awaitLine("event clock"));
            assertEquals(1, board.register(TestBoard.SPI_DIVIDER));

            // the mmio guest changes it back
            notification = linux.begin("scmi-raw -n 1 -t 60000");
            assertEquals("set 0 300000000", mmio.run("set 0 300000000"));
            assertEquals("event clock 0 rate 300000000", fat.awaitLine("event clock"));
            int[] event = linux.await(notification).words();
            assertEquals(2, event[1], "caused by agent 2, mmio");
            assertEquals(2, event[2], "Linux' number of spi");
            assertEquals(300_000_000, event[3]);
            assertEquals(2, board.register(TestBoard.SPI_DIVIDER));

            // and the fat one
            notification = linux.begin("scmi-raw -n 1 -t 60000");
            assertEquals("set 2 150000000", fat.run("set 2 150000000"));
            assertEquals("event clock 0 rate 150000000", mmio.awaitLine("event clock 0 rate 150000000"));
            assertEquals(150_000_000, linux.await(notification).words()[3]);
            assertEquals(3, board.register(TestBoard.SPI_DIVIDER));

            // both windows carry many messages at once, and the doorbells rang in both directions
            assertLoadIsRight(mmio);
            assertLoadIsRight(fat);
            String stats = fat.run("stats");
            assertTrue(number(stats, "interrupts") > 0, stats);
            assertTrue(number(stats, "doorbells") > 0, stats);
            assertEquals(0, number(mmio.run("stats"), "interrupts"), "nobody rings a polled window");
            assertTrue(
                    scmid.mappings().stream()
                                    .filter(line -> line.contains("/scmid-test-"))
                                    .count()
                            == 2,
                    "2 windows");
        }
    }

    private static void assertLoadIsRight(BareMetalGuest guest) {
        LoadResult load = LoadResult.of(guest.run("load 2000 8"));
        assertEquals(2000, load.ok(), () -> "of " + load);
    }

    private static long number(String stats, String name) {
        return LoadResult.of(stats).all().getOrDefault(name, -1L);
    }
}
