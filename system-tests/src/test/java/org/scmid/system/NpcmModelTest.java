// The board npcm750 against QEMU's model of the clock control block.
package org.scmid.system;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * QEMU 10 models the tree down to the dividers, and no gates. Its faults:
 *
 * <ul>
 *   <li>A write computes frequencies before the register has the new value, so that they are one write late; and a PLL
 *       that is switched off keeps its frequency.
 *   <li>{@code tock} passes PLL_GFX undivided, where hardware passes half of it.
 * </ul>
 */
final class NpcmModelTest extends BoardModelTest {
    private static final long CLK = 0xf0801000L;
    private static final long SELECT = CLK + 0x04;
    private static final long[] PLLS = {CLK + 0x0c, CLK + 0x10, CLK + 0x54, CLK + 0x60};
    private static final long[] DIVIDERS = {CLK + 0x08, CLK + 0x2c, CLK + 0x58};
    private static final long[] GATES = {CLK, CLK + 0x28, CLK + 0x30};
    /** Of 25 MHz, so that it stays below 2^32 Hz, where the model does not reckon any more. */
    private static final int LARGEST_MULTIPLE = 170;

    private static final int POWER_DOWN = 1 << 12;
    private static final int LOCK_LOST = 1 << 30;
    private static final int LOCKED = 1 << 31;

    @Override
    String board() {
        return "npcm750";
    }

    @Override
    ModelledMachine machine(Path folder) {
        return ModelledMachine.start("npcm750-evb", folder);
    }

    @Override
    Block block() {
        return new Block(CLK, 0x68); // behind it are counters
    }

    @Override
    Map<String, Expectation> expectations() {
        var expected = new TreeMap<String, Expectation>();
        Map.ofEntries(
                        Map.entry("clkref", "refclk"),
                        Map.entry("utmi-clock", "usb_bridge"),
                        Map.entry("gfxm-clock", "gfxm"),
                        Map.entry("sdhc-clock", "sdhc"),
                        Map.entry("mmc-clock", "mmc"),
                        Map.entry("adc-clock", "adc"),
                        Map.entry("timer-clock", "timer"),
                        Map.entry("uart-clock", "uart"),
                        Map.entry("apb1-clock", "apb1"),
                        Map.entry("apb2-clock", "apb2"),
                        Map.entry("apb3-clock", "apb3"),
                        Map.entry("apb4-clock", "apb4"),
                        Map.entry("apb5-clock", "apb5"),
                        Map.entry("spix-clock", "spix"),
                        Map.entry("spi0-clock", "spi0"),
                        Map.entry("ahb3-spi3-clock", "spi3"),
                        Map.entry("clk4", "ahb"),
                        Map.entry("clk2", "axi"),
                        Map.entry("mc-clock", "mc"),
                        Map.entry("system-clock", "cpu"),
                        Map.entry("mc-phy-clock", "mc_phy"),
                        Map.entry("pixel-clock", "gfx_pixel"))
                .forEach((output, clock) ->
                        expected.put("npcm7xx-clk@f0801000 " + output, service -> service.output(clock)));
        for (String clock : new String[] {"tock", "clkout"}) {
            expected.put(
                    "npcm7xx-clk@f0801000 " + clock, service -> twiceFromGraphics(service) * service.output(clock));
        }
        return expected;
    }

    private static int twiceFromGraphics(ModelledService service) {
        return service.parent("tock").equals("pll_gfx_div2") ? 2 : 1;
    }

    @Override
    QtestTap.Repair repair() {
        return (tap, address, value) -> {
            if (Set.of(PLLS[0], PLLS[1], PLLS[2], PLLS[3]).contains(address)) {
                repairPll(tap, address, value);
            } else if (address == SELECT
                    || address == DIVIDERS[0]
                    || address == DIVIDERS[1]
                    || address == DIVIDERS[2]) {
                tap.write(address, value);
            }
        };
    }

    /** A PLL is locked, and was not at some time. */
    @Override
    Map<Long, Integer> statusBits() {
        var bits = new TreeMap<Long, Integer>();
        for (long pll : PLLS) {
            bits.put(pll, LOCKED | LOCK_LOST);
        }
        return bits;
    }

    private static void repairPll(QtestTap tap, long address, long value) {
        if ((value & POWER_DOWN) != 0) {
            tap.write(address, value & ~POWER_DOWN); // computes, while the register says that it is off
        }
        tap.write(address, value & ~LOCK_LOST);
    }

    @Override
    void randomState(QtestTap registers, Random random) {
        for (long pll : PLLS) {
            int input = random.nextInt(1, 64);
            int feedback = random.nextInt(1, Math.min(LARGEST_MULTIPLE * input, 4096));
            int value = input
                    | random.nextInt(1, 8) << 8
                    | random.nextInt(1, 8) << 13
                    | feedback << 16
                    | (random.nextInt(4) == 0 ? POWER_DOWN : 0);
            registers.write(pll, value);
            repairPll(registers, pll, value);
        }
        for (int twice = 0; twice < 2; twice++) {
            registers.write(SELECT, selection(new Random(random.nextLong())));
        }
        for (long gates : GATES) {
            registers.write(gates, random.nextInt());
        }
        for (long divider : DIVIDERS) {
            int value = random.nextInt();
            registers.write(divider, value);
            registers.write(divider, value);
        }
        registers.write(SELECT, registers.read(SELECT));
    }

    /** Sources that the board file knows. */
    private static int selection(Random random) {
        return random.nextInt(3)
                | ((2 * random.nextInt(2)) << 4)
                | (random.nextInt(4) << 6)
                | (random.nextInt(4) << 8)
                | (random.nextInt(2, 4) << 10)
                | ((2 * random.nextInt(2)) << 12)
                | (random.nextInt(4) << 14)
                | (random.nextInt(4) << 16)
                | (random.nextInt(5) << 18)
                | (random.nextInt(2, 4) << 21)
                | (random.nextInt(2, 4) << 23);
    }
}
