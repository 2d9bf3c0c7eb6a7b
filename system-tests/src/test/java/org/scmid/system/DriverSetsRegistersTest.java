// A real driver's requests arrive as register bits.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
final class DriverSetsRegistersTest {
    @TempDir
    private Path folder;

    @Test
    void theRealTimeClocksDriverSetsARateSelectsAParentAndEnablesAndTheRegistersSaySo() {
        TestBoard board = TestBoard.withOneAgent(folder, "listen");
        String overlay = board.overlayWithConsumers("linux")
                .withRealTimeClockOn("uart", 100_000_000)
                .source();
        try (Scmid scmid = board.run()) {
            assertEquals(0x001, board.register(TestBoard.SOURCE), "osc/2 at first");
            assertEquals(0, board.register(TestBoard.GATES) & TestBoard.UART_GATE, "off at first");

            try (LinuxGuest guest =
                    LinuxGuest.boot("linux", board.guestFolder("linux"), overlay, board.attach("linux", "pci"))) {
                Deadline.await(
                        "the PL031 driver is bound",
                        () -> guest.run("ls /sys/class/rtc").ok().contains("rtc0"),
                        () -> guest.run("cat /sys/kernel/debug/devices_deferred")
                                .output());

                // 100 MHz is pll/12: source 1 in bits 9..8, 11 in bits 6..0
                assertEquals((1 << 8) | 11, board.register(TestBoard.SOURCE));
                assertEquals(TestBoard.UART_GATE, board.register(TestBoard.GATES) & TestBoard.UART_GATE);
                assertEquals(100_000_000, board.clock("uart").getLong("rate_hz"));
                assertEquals("pll", board.clock("uart").getString("parent"));

                // the neighbours in the same registers are as they were
                assertEquals(TestBoard.SPI_GATE_OFF, board.register(TestBoard.GATES) & TestBoard.SPI_GATE_OFF);
                assertEquals(0x3, board.register(TestBoard.SPI_DIVIDER));

                guest.run("echo 9010000.pl031 > /sys/bus/amba/drivers/rtc-pl031/unbind")
                        .ok();
                Deadline.await(
                        "the unbound driver's clock is off",
                        () -> (board.register(TestBoard.GATES) & TestBoard.UART_GATE) == 0);
            }
            assertTrue(scmid.pid() > 0);
        }
    }
}
