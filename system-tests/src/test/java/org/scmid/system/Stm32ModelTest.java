// The board stm32l4x5 against QEMU's model of the reset and clock control.
package org.scmid.system;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * QEMU 10 models the whole tree. Its faults, by RM0351 and this board's file:
 *
 * <ul>
 *   <li>An output of the RCC shows what goes into its last part: without its own divider and gate. What is behind those is
 *       seen at the devices.
 *   <li>The peripherals on the AHB, and PWR, run from SYSCLK, where hardware has HCLK and PCLK1.
 *   <li>HPRE from 12 on divides by 32, 64, 128 and 256, where hardware has 64, 128, 256 and 512.
 *   <li>MCO keeps its last source while none is selected.
 *   <li>HSE or the PLL stays off if it is switched on while the system or the PLLs run from it.
 *   <li>A change of MSISRANGE counts from the next write of CR on.
 *   <li>The PLLs run from MSI until PLLCFGR is written, though it selects no source.
 * </ul>
 */
final class Stm32ModelTest extends BoardModelTest {
    private static final long RCC = 0x40021000L;
    private static final long CR = RCC;
    private static final long CFGR = RCC + 0x08;
    private static final long PLLCFGR = RCC + 0x0c;
    private static final long BDCR = RCC + 0x90;
    private static final long CSR = RCC + 0x94;
    private static final long[] PLL_CONFIGURATIONS = {PLLCFGR, RCC + 0x10, RCC + 0x14};
    private static final long[] ENABLES = {RCC + 0x48, RCC + 0x4c, RCC + 0x50, RCC + 0x58, RCC + 0x5c, RCC + 0x60};
    private static final long APB2ENR = RCC + 0x60;
    private static final int FIREWALL_ON = 1 << 7;
    private static final long CCIPR = RCC + 0x88;

    private static final int MSI_ON = 1;
    private static final int MSI_RANGE_SELECT = 1 << 3;
    private static final int HSI_ON = 1 << 8;
    private static final int HSE_ON = 1 << 16;
    private static final int HSE_READY = 1 << 17;
    private static final int PLL_ON = 1 << 24;
    private static final int PLL_READY = 1 << 25;
    private static final int SYSTEM_FROM_MSI = ~3;
    private static final int SYSTEM_STATUS = 0xc;
    private static final int PLLS_FROM_MSI = 1;

    @Override
    String board() {
        return "stm32l4x5";
    }

    @Override
    ModelledMachine machine(Path folder) {
        return ModelledMachine.start(
                "qemu-system-arm", "b-l475e-iot01a", folder, "-global", "stm32l4x5-rcc.hse_frequency=8000000");
    }

    @Override
    Block block() {
        return new Block(RCC, 0x98);
    }

    @Override
    Map<String, Expectation> expectations() {
        var expected = new TreeMap<String, Expectation>();
        new Stm32Clocks(() -> registers().read(CFGR))
                .expectations()
                .forEach((clock, hz) -> expected.put(clock, hz::applyAsLong));
        return expected;
    }

    /**
     * What is ready, what the system runs from, and why it was reset. And what hardware keeps by itself: that stays on, and
     * until the next reset so does the firewall; and MSI goes by MSIRANGE once it has begun to.
     */
    @Override
    Map<Long, Integer> statusBits() {
        int kept = MSI_ON | MSI_RANGE_SELECT | HSI_ON | HSE_ON | PLL_ON;
        return Map.of(CR, 0x2a020402 | kept, CFGR, 0x0c, BDCR, 0x02, CSR, 0xff000002, APB2ENR, FIREWALL_ON);
    }

    /** Once its parent is msi-run it stays that, see {@link #statusBits}. */
    @Override
    Set<String> headstrong() {
        return Set.of("msi");
    }

    /** The PLL cannot be switched off while the system runs from it, so its settings cannot be changed then. */
    @Override
    boolean mayBeRefused(ModelledService service, ClockRequests.Request request) {
        boolean isOfPll = request.clock().equals("pll") || service.isBelow(request.clock(), "pll");
        return isOfPll && request.kind().equals("rate") && (registers().read(CFGR) & SYSTEM_STATUS) == SYSTEM_STATUS;
    }

    @Override
    void prepare(QtestTap registers) {
        registers.write(PLLCFGR, registers.read(PLLCFGR));
    }

    @Override
    QtestTap.Repair repair() {
        return (tap, address, value) -> {
            if (address == CR || address == CFGR || address == PLLCFGR || address == CSR) {
                repair(tap);
            }
        };
    }

    private static void repair(QtestTap tap) {
        tap.write(CR, tap.read(CR));
        int control = tap.read(CR);
        boolean hseIsStuck = (control & HSE_ON) != 0 && (control & HSE_READY) == 0;
        boolean pllIsStuck = (control & PLL_ON) != 0 && (control & PLL_READY) == 0;
        if (hseIsStuck || pllIsStuck) {
            int configuration = tap.read(CFGR);
            int plls = tap.read(PLLCFGR);
            tap.write(CFGR, configuration & SYSTEM_FROM_MSI);
            tap.write(PLLCFGR, (plls & ~3) | PLLS_FROM_MSI);
            tap.write(CR, control);
            tap.write(PLLCFGR, plls);
            tap.write(CFGR, configuration);
        }
    }

    @Override
    void randomState(QtestTap registers, Random random) {
        for (long configuration : PLL_CONFIGURATIONS) {
            int feedback = random.nextInt(8, 87);
            registers.write(configuration, (random.nextInt() & 0x07738073) | (feedback << 8));
        }
        registers.write(CSR, (random.nextInt() & 1) | (random.nextInt(4, 8) << 8));
        registers.write(BDCR, random.nextInt() & 0x03008301);
        registers.write(CCIPR, random.nextInt());
        for (long enable : ENABLES) {
            registers.write(enable, random.nextInt());
        }
        registers.write(CR, (random.nextInt() & 0x15010109) | (random.nextInt(12) << 4));
        registers.write(CFGR, (random.nextInt() & 0x07003ff3) | (random.nextInt(5) << 28));
        repair(registers);
    }
}
