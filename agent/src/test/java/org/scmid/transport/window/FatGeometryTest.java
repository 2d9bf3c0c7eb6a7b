// Where the parts of a fat virtqueue are, against numbers that were computed by hand.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.testing.HandLoop;
import org.scmid.transport.EventSink.Result;
import org.scmid.transport.PollPacing;
import org.scmid.transport.RecordingPort;
import org.scmid.transport.window.WindowFixture.Layout;

class FatGeometryTest {
    @ParameterizedTest
    @CsvSource({
        // entries, slot, q0 vring, q1 slots, q1 vring, used, total
        "2,   128,  0x2000,   0x4000,   0x5000,   0x1000, 0x7000",
        "32,  192,  0x3000,   0x5000,   0x7000,   0x1000, 0x9000",
        "64,  4096, 0x41000,  0x43000,  0x83000,  0x1000, 0x85000",
        "128, 192,  0x7000,   0x9000,   0xf000,   0x1000, 0x11000",
        "256, 128,  0x9000,   0xc000,   0x14000,  0x2000, 0x17000",
        "256, 4096, 0x101000, 0x104000, 0x204000, 0x2000, 0x207000"
    })
    void thePartsFollowEachOtherInPagesOf4KiB(
            int entries, int slot, String q0Vring, String q1Slots, String q1Vring, String used, String total) {
        FatGeometry geometry = new FatGeometry(entries, slot);
        assertEquals(0x1000, geometry.slots(0));
        assertEquals(Integer.decode(q0Vring), geometry.vring(0));
        assertEquals(Integer.decode(q1Slots), geometry.slots(1));
        assertEquals(Integer.decode(q1Vring), geometry.vring(1));
        assertEquals(Integer.decode(used), geometry.usedOffset());
        assertEquals(Integer.decode(total), geometry.totalBytes());
    }

    @ParameterizedTest
    @CsvSource({"2, 128", "4, 4096", "16, 1024", "32, 192", "64, 192", "128, 128"})
    void messagesGoBothWaysInAnyGeometry(int entries, int slot) throws IOException {
        try (WindowFixture f = new WindowFixture(Layout.FAT, new FatGeometry(entries, slot))) {
            f.server.start();
            f.untilReady();
            assertEquals(slot, f.driver.slotSize());
            for (int i = 0; i < 3 * entries; i++) {
                f.exchange(i);
            }
            int sent = 0;
            while (f.send(7) != 0) {
                sent++;
            }
            assertEquals(entries / 2, sent, "each request has a pair");
            for (int i = 0; i < sent; i++) {
                f.untilPolled();
            }
            for (int i = 0; i < entries; i++) {
                assertEquals(Result.SENT, f.offer(slot));
            }
            assertEquals(Result.NO_BUFFER, f.offer(slot));
            for (int i = 0; i < entries; i++) {
                f.untilPolled();
                assertEquals(Ending.EVENT, f.driver.ending());
                assertEquals(slot, f.driver.length());
                assertEquals((byte) slot, f.driver.message()[slot - 1]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"128, 192", "256, 128", "16, 4096"})
    void aWindowThatIsTooSmallIsRefused(int entries, int slot) {
        FatGeometry geometry = new FatGeometry(entries, slot);
        HandLoop loop = new HandLoop();
        WindowFile file =
                new WindowFile(Path.of("/dev/shm/never-made"), 0, WindowFixture.SIZE, WindowFile.Kind.MEMORY_FILE);
        WindowTransport.Attention attention = new WindowTransport.Attention(new PollPacing(loop), 0, null);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> WindowTransport.fat(loop, new RecordingPort(), file, 0, geometry, attention));
        assertTrue(String.valueOf(e.getMessage()).contains("" + geometry.totalBytes()), e.getMessage());
    }
}
