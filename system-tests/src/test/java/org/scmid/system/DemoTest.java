// The demo, as a user runs it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(LinuxGuest.TESTS)
final class DemoTest {
    @ParameterizedTest
    @ValueSource(strings = {"pci", "mmio"})
    void theDemoShowsAGuestWhoseDriversGotWhatTheyAskedForAndBothSidesAgree(String bus) {
        Scmid.Ended demo = Scmid.command("demo", "--bus", bus);
        assertEquals(0, demo.status(), demo.output() + demo.errors());
        assertTrue(demo.output().contains("Every rate is the same on both sides."), demo.output());
        assertTrue(demo.output().contains("Every voltage and level of performance is, too."), demo.output());
        for (String row : List.of(
                "uart0 +100 MHz, on +100 MHz, on +linux",
                "power domain +gpu-pd +on +on +linux",
                "reset +uart0-rst +- +released",
                "performance +cpu +600 MHz +600 MHz",
                "voltage domain +vdd-sd +1.8 V, on +1.8 V, on +linux",
                "sensor +soc-temp +42 °C +42 °C",
                "sensor +accel +\\S+ \\S+ 9\\.\\d+ m/s² +\\S+ \\S+ 9\\.\\d+ m/s²")) {
            assertTrue(demo.output().lines().anyMatch(line -> line.matches(row)), row + "\n" + demo.output());
        }
    }

    @Test
    void theDemoOfACoprocessorShowsAGuestWhoseDriverSetsTheMicrocontrollersClock() {
        Scmid.Ended demo = Scmid.command("demo", "--coprocessor");
        assertEquals(0, demo.status(), demo.output() + demo.errors());
        assertTrue(demo.output().contains("Every rate is the same on both sides."), demo.output());
        assertTrue(
                demo.output().lines().anyMatch(line -> line.matches("msi +24 MHz, on +24 MHz, on +linux")),
                demo.output());
        assertTrue(
                demo.output().contains("What the guest asked for is what the microcontroller runs at."), demo.output());
    }
}
