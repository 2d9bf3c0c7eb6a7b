// The numbers that the service file and both sides of a window agree on.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.scmid.config.window.SlotsSpec;
import org.scmid.transport.window.FatGeometry;

class WindowSizeTest {
    @Test
    void theServiceFileAsksForAsMuchAsAFatVirtqueueTakes() {
        for (int entries = 2; entries <= 256; entries *= 2) {
            for (int slotSize = 128; slotSize <= 4096; slotSize += 64) {
                assertEquals(
                        new FatGeometry(entries, slotSize).totalBytes(),
                        new SlotsSpec(entries, slotSize).neededBytes(),
                        entries + " entries of " + slotSize + " bytes");
            }
        }
    }
}
