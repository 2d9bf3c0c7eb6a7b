// What the board calls critical is on, whoever wants what.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Switch;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.Windows;
import org.scmid.server.core.Bench;
import org.scmid.testing.HandLoop;

class CriticalHoldTest {
    private static final String BOARD = """
            board: critical
            registers: { r: { at: 0x1000, size: 4 KiB, access: simulated } }
            clocks:
              osc: { fixed: 24 MHz }
              other: { fixed: 48 MHz, gate: { register: r+0x0, bit: 3 } }
              bus: { parents: [osc, other], mux: { register: r+0x4, bit: 0 }, gate: { register: r+0x0, bit: 0 } }
              cpu: { parent: bus, gate: { register: r+0x0, bit: 1 }, critical: true }
              uart: { parent: bus, gate: { register: r+0x0, bit: 2 } }
            power-domains:
              cpu-pd: { feeds: [cpu], switch: { register: r+0x8, bit: 0 } }
              above: { switch: { register: r+0x8, bit: 1 } }
              ram-pd: { parent: above, switch: { register: r+0x8, bit: 2 }, critical: true }
              gpu-pd: { parent: above, switch: { register: r+0x8, bit: 3 } }
            voltage-domains:
              ram: { levels: [1.2 V], enable: { register: r+0xc, bit: 0 }, critical: true }
              card: { levels: [3.3 V], enable: { register: r+0xc, bit: 1 } }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RegisterWindow registers;

    @SuppressWarnings("NullAway.Init")
    private Drivers drivers;

    @BeforeEach
    void aServiceHasTakenItsVotes() throws Exception {
        Board board = Bench.board(directory, BOARD);
        Windows windows = Windows.open(board, true);
        registers = windows.window("r");
        drivers = new Hardware(board, windows, OpenedGates.inMemory(), null, null, new HandLoop()).drivers();
        CriticalHold.takeAll(board, drivers);
    }

    private Switch clock(int index) {
        return drivers.clocks().get(index);
    }

    /** Somebody switches it on and off again, and off once more. */
    private static void use(Switch hardware) {
        assertEquals(Outcome.OK, hardware.acquire(Waiter.NOBODY));
        assertEquals(Outcome.OK, hardware.release(Waiter.NOBODY));
        hardware.stop(Waiter.NOBODY);
    }

    @Test
    void itIsOnFromTheStartWithAllThatItDependsOn() {
        assertIsOn();
    }

    private void assertIsOn() {
        assertEquals(0b0011, registers.read(0x0), "cpu, and the bus above it");
        assertEquals(0b0111, registers.read(0x8), "the domain that feeds it; ram, and what that needs");
        assertEquals(0b01, registers.read(0xc));
    }

    @Test
    void nobodyStopsItNorWhatItDependsOn() {
        clock(3).stop(Waiter.NOBODY);
        drivers.supplies().forEach(CriticalHoldTest::use);
        drivers.powerDomains().forEach(CriticalHoldTest::use);
        drivers.clocks().forEach(CriticalHoldTest::use);
        assertIsOn();
    }

    @Test
    void itGoesOnWithAnotherParent() {
        assertEquals(Outcome.OK, drivers.clocks().get(2).setParent(1, Waiter.NOBODY));
        assertEquals(0b1011, registers.read(0x0), "the new parent was started");
        use(clock(1));
        assertTrue((registers.read(0x0) & 0b1000) != 0);
        assertFalse((registers.read(0x4) & 1) == 0);
    }
}
