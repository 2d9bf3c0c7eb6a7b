// Simulated hardware that answers by itself.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.platform.TestBoards;
import org.scmid.testing.HandLoop;

class SimulatedReactionsTest {
    private static final String BOARD = """
            board: reactions
            registers:
              pmu: { at: 0, size: 256 B, access: simulated, write-mask-shift: 16 }
              sta: { at: 0x1000, size: 256 B, access: simulated }
            clocks: {}
            power-domains:
              a: { switch: { register: pmu, bit: 0, on: low, status: { register: sta, bit: 0 } } }
              b:
                turn-on:  [write: { register: pmu, bits: 2..1, value: 1 }, write: { register: pmu, bits: 2..1, value: 3 }]
                turn-off: [write: { register: pmu, bits: 2..1, value: 0 }]
                state: { register: sta, bits: 2..1, value: 3 }
            resets:
              r: { register: sta+4, bit: 7, self-clearing: true }
            """;

    private final HandLoop time = new HandLoop();

    @SuppressWarnings("NullAway.Init")
    private Windows windows;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        windows = Windows.open(TestBoards.read(folder, BOARD), false, time::nanoTime);
    }

    private void write(String window, long offset, long value) {
        windows.window(window).write(offset, value);
    }

    private long read(String window, long offset) {
        return windows.window(window).read(offset);
    }

    @Test
    void theStatusFollowsTheSwitchAfterAWhile() {
        write("pmu", 0, 0x0001_0000);
        assertEquals(0, read("sta", 0));
        time.passMicros(SimulatedReactions.REACTION_MICROS - 1);
        assertEquals(0, read("sta", 0));
        time.passMicros(1);
        assertEquals(1, read("sta", 0));
        write("pmu", 0, 0x0001_0001);
        time.passMicros(SimulatedReactions.REACTION_MICROS);
        assertEquals(0, read("sta", 0));
    }

    @Test
    void aSwitchThatIsThrownBackInTimeHasNoEffect() {
        write("pmu", 0, 0x0001_0000);
        time.passMicros(10);
        write("pmu", 0, 0x0001_0001);
        time.passMicros(1000);
        assertEquals(0, read("sta", 0));
    }

    @Test
    void aWriteThatDoesNotTouchTheSwitchIsNoCause() {
        write("pmu", 0, 0x0080_0080);
        time.passMicros(1000);
        assertEquals(0, read("sta", 0));
    }

    @Test
    void aStateThatNoSequencePollsFollowsTheLastWrite() {
        write("pmu", 0, 0x0006_0002);
        time.passMicros(1000);
        assertEquals(0, read("sta", 0), "only the last write of the sequence switches");
        write("pmu", 0, 0x0006_0006);
        time.passMicros(1000);
        assertEquals(6, read("sta", 0));
        write("pmu", 0, 0x0006_0000);
        time.passMicros(1000);
        assertEquals(0, read("sta", 0));
    }

    @Test
    void aBitThatClearsItselfDoes() {
        write("sta", 4, 0xFF);
        assertEquals(0xFF, read("sta", 4));
        time.passMicros(SimulatedReactions.REACTION_MICROS);
        assertEquals(0x7F, read("sta", 4));
        write("sta", 4, 0xFF);
        time.passMicros(SimulatedReactions.REACTION_MICROS);
        assertEquals(0x7F, read("sta", 4));
    }
}
