// The two sides' formulas of a fat virtqueue's geometry, written apart, agree.
package org.scmid.agent.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scmid.transport.window.FatGeometry;

class FatSlotsTest {
    @Test
    void bothSidesPutEverythingInTheSamePlaceForEveryLegalGeometry() {
        for (int entries = 2; entries <= 256; entries *= 2) {
            for (int slot = 128; slot <= 4096; slot += 64) {
                assertTrue(FatSlots.isLegal(entries, slot));
                FatGeometry server = new FatGeometry(entries, slot);
                FatSlots expected = new FatSlots(
                        entries,
                        slot,
                        server.slots(0),
                        server.vring(0),
                        server.slots(1),
                        server.vring(1),
                        server.usedOffset(),
                        server.totalBytes());
                assertEquals(expected, FatSlots.of(entries, slot));
            }
        }
    }

    @Test
    void bothSidesRefuseTheSameNumbers() {
        int[][] numbers = {
            {0, 192}, {1, 192}, {3, 192}, {48, 192}, {512, 192}, {-2, 192}, {Integer.MIN_VALUE, 192},
            {32, 0}, {32, 64}, {32, 127}, {32, 160}, {32, 4160}, {32, -192}, {32, Integer.MIN_VALUE}
        };
        for (int[] pair : numbers) {
            assertTrue(!FatSlots.isLegal(pair[0], pair[1]), pair[0] + " × " + pair[1]);
            assertThrows(IllegalArgumentException.class, () -> new FatGeometry(pair[0], pair[1]));
        }
    }
}
