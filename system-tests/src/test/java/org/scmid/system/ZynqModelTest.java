// The board zynq-7000 against QEMU's model of the system-level control registers.
package org.scmid.system;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * QEMU 10 models the three PLLs, and the source, divider and gates of the UARTs; it holds all other registers. It has no
 * fault that is known here.
 */
final class ZynqModelTest extends BoardModelTest {
    private static final long SLCR = 0xf8000000L;
    private static final long UNLOCK = SLCR + 0x008;
    private static final long LOCKED = SLCR + 0x00c;
    private static final long UNLOCK_KEY = 0xdf0d;
    private static final long FIRST_CLOCK = SLCR + 0x120;
    private static final long LAST_CLOCK = SLCR + 0x1a8;
    private static final long[] PLLS = {SLCR + 0x100, SLCR + 0x104, SLCR + 0x108};

    @Override
    String board() {
        return "zynq-7000";
    }

    @Override
    ModelledMachine machine(Path folder) {
        return ModelledMachine.start("xilinx-zynq-a9", folder);
    }

    @Override
    Block block() {
        return new Block(SLCR, 0x400);
    }

    @Override
    Map<String, Expectation> expectations() {
        return Map.of(
                "xilinx-zynq_slcr@f8000000 uart0_ref_clk", service -> service.output("uart0"),
                "xilinx-zynq_slcr@f8000000 uart1_ref_clk", service -> service.output("uart1"),
                "xilinx-zynq_slcr@f8000000 ps_clk", service -> service.output("ps_clk"),
                "cadence_uart@e0000000 refclk", service -> service.output("uart0"),
                "cadence_uart@e0001000 refclk", service -> service.output("uart1"));
    }

    /** Whether it is locked. */
    @Override
    Map<Long, Integer> statusBits() {
        return Map.of(LOCKED, 1);
    }

    @Override
    void randomState(QtestTap registers, Random random) {
        registers.write(UNLOCK, UNLOCK_KEY);
        for (long address = FIRST_CLOCK; address <= LAST_CLOCK; address += Integer.BYTES) {
            registers.write(address, random.nextInt());
        }
        for (long pll : PLLS) {
            registers.write(pll, random.nextInt());
        }
    }
}
