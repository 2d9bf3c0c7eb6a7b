// The demo, as a user runs it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoTest {
    @ParameterizedTest
    @ValueSource(strings = {"pci", "mmio"})
    void theDemoShowsAGuestWhoseDriverGotItsRateAndBothSidesAgree(String bus) {
        Scmid.Ended demo = Scmid.command("demo", "--bus", bus);
        assertEquals(0, demo.status(), demo.output() + demo.errors());
        assertTrue(demo.output().contains("Every rate is the same on both sides."), demo.output());
        assertTrue(
                demo.output().lines().anyMatch(line -> line.matches("uart0 +100 MHz, on +100 MHz, on +linux.*")),
                demo.output());
    }
}
