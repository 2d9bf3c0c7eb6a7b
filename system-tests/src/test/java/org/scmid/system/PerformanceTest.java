// A guest's cpufreq changes levels of performance, and clock and supply follow in the registers.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.scmid.system.WholeBoard.CORE_LEVEL;
import static org.scmid.system.WholeBoard.CPU_DIVIDER;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
@ExtendWith(WholeBoard.Shared.class)
final class PerformanceTest {
    private static final String CPUFREQ = "/sys/devices/system/cpu/cpu0/cpufreq/";

    private final TestBoard board;
    private final LinuxGuest guest;

    PerformanceTest(WholeBoard whole) {
        board = whole.board();
        guest = whole.guest();
    }

    @Test
    void cpufreqKnowsTheLevelsAndSetsThem() {
        assertEquals(
                "scmi", guest.run("cat " + CPUFREQ + "scaling_driver").output().strip(), guest.complaints());
        assertEquals(
                List.of("300000", "600000", "1200000"),
                List.of(guest.run("tr ' ' '\\n' < " + CPUFREQ + "scaling_available_frequencies | grep . | sort -n")
                        .ok()
                        .strip()
                        .split("\n")));
        assertEquals("userspace", guest.read(CPUFREQ + "scaling_governor"));

        set(1_200_000, 0, 24); // 1.1 V is 800 mV + 24 * 12.5 mV
        set(300_000, 3, 4); // 850 mV
        set(600_000, 1, 12); // 950 mV
    }

    private void set(int kilohertz, int divider, int voltage) {
        guest.write(Integer.toString(kilohertz), CPUFREQ + "scaling_setspeed");
        Deadline.await(
                kilohertz + " kHz are set",
                () -> board.register(CPU_DIVIDER) == divider && board.register(CORE_LEVEL) == voltage,
                () -> "divider " + board.register(CPU_DIVIDER) + ", voltage " + board.register(CORE_LEVEL) + "\n"
                        + guest.complaints());
        assertEquals(Integer.toString(kilohertz), guest.read(CPUFREQ + "cpuinfo_cur_freq"));
        // The clock protocol says the same.
        assertEquals(kilohertz + "000", guest.read("/sys/kernel/debug/clk/cpu/clk_rate"));
    }
}
