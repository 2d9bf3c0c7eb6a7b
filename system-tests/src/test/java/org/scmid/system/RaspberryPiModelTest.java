// The board raspberrypi-4 against QEMU's model of the clock manager.
package org.scmid.system;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * QEMU 10 models PLLs, their channels and the clock generators. Its faults:
 *
 * <ul>
 *   <li>It looks for the generator of a written register by a wrong number: a write of DIV computes nothing, a write of CTL
 *       computes that of the generator 16 bytes below, and both for the first and the last generators of the block nothing.
 *       So {@code BUSY} may stay as it was.
 *   <li>The VPU's clock stands while its ENABLE is 0, which is no bit in hardware.
 *   <li>A divider of a channel that is 0 divides by 255, where hardware divides by 256.
 *   <li>A PLL's feedback is doubled by a bit of ANA1, as in the BCM2835; the BCM2711 has no such prescaler.
 * </ul>
 */
final class RaspberryPiModelTest extends BoardModelTest {
    private static final long CPRMAN = 0xfe101000L;
    private static final long PASSWORD = 0x5a000000L;
    private static final int BELOW = 0x10;
    private static final long[] ANA1 = {CPRMAN + 0x1014, CPRMAN + 0x1034, CPRMAN + 0x1054};
    private static final long LOCK = CPRMAN + 0x114;
    private static final int PRESCALER = 1 << 14;
    private static final int ENABLE = 1 << 4;
    private static final int BUSY = 1 << 7;

    /** Clocks whose generator has another one 16 bytes above, by which it can be computed anew. */
    private static final Map<String, Integer> GENERATORS = Map.ofEntries(
            Map.entry("h264", 0x28),
            Map.entry("isp", 0x30),
            Map.entry("cam0", 0x40),
            Map.entry("cam1", 0x48),
            Map.entry("dpi", 0x68),
            Map.entry("gp0", 0x70),
            Map.entry("gp1", 0x78),
            Map.entry("gp2", 0x80),
            Map.entry("hsm", 0x88),
            Map.entry("otp", 0x90),
            Map.entry("pcm", 0x98),
            Map.entry("pwm", 0xa0),
            Map.entry("emmc", 0x1c0));

    private static final Map<String, Integer> CHANNELS = Map.ofEntries(
            Map.entry("plla_core", 0x1400),
            Map.entry("plla_per", 0x1500),
            Map.entry("pllc_core0", 0x1620),
            Map.entry("pllc_core1", 0x1420),
            Map.entry("pllc_core2", 0x1320),
            Map.entry("pllc_per", 0x1520),
            Map.entry("plld_core", 0x1440),
            Map.entry("plld_per", 0x1540));

    @Override
    String board() {
        return "raspberrypi-4";
    }

    @Override
    ModelledMachine machine(Path folder) {
        return ModelledMachine.start(
                "qemu-system-aarch64", "raspi4b", folder, "-global", "bcm2835-cprman.xosc-freq-hz=54000000");
    }

    @Override
    Block block() {
        return new Block(CPRMAN, 0x2000);
    }

    @Override
    Map<String, Expectation> expectations() {
        var expected = new TreeMap<String, Expectation>();
        GENERATORS
                .keySet()
                .forEach(clock -> expected.put("bcm2835-cprman " + clock + "-out", service -> output(service, clock)));
        return expected;
    }

    private long output(ModelledService service, String clock) {
        for (String above = clock; !above.isEmpty(); above = service.parent(above)) {
            Integer channel = CHANNELS.get(above);
            if (channel != null && (registers().read(CPRMAN + channel) & 0xff) == 0) {
                return ANYTHING;
            }
        }
        return service.output(clock);
    }

    @Override
    void prepare(QtestTap registers) {
        for (long ana1 : ANA1) {
            registers.write(ana1, (registers.read(ana1) & ~PRESCALER) | PASSWORD);
        }
        GENERATORS.values().forEach(generator -> repair(registers, generator));
    }

    @Override
    QtestTap.Repair repair() {
        return (tap, address, value) -> {
            int offset = (int) (address - CPRMAN);
            if (isGenerator(offset & ~7)) {
                repair(tap, offset & ~7);
            }
        };
    }

    private static boolean isGenerator(int offset) {
        return (offset >= 0x08 && offset <= 0xf8) || (offset >= 0x190 && offset <= 0x1d0);
    }

    @Override
    Map<Long, Integer> statusBits() {
        var bits = new TreeMap<Long, Integer>();
        for (int offset = 0; offset < 0x200; offset += 8) {
            if (isGenerator(offset)) {
                bits.put(CPRMAN + offset, BUSY);
            }
        }
        bits.put(LOCK, -1);
        return bits;
    }

    @Override
    int othersLookedAt() {
        return Integer.MAX_VALUE;
    }

    /** Has the generator's BUSY follow its ENABLE, and its frequency its registers. */
    private static void repair(QtestTap tap, int generator) {
        long control = CPRMAN + generator;
        int value = tap.read(control);
        int settled = (value & ENABLE) != 0 ? value | BUSY : value & ~BUSY;
        tap.write(control, settled | PASSWORD);
        if (GENERATORS.containsValue(generator)) {
            long above = control + BELOW;
            tap.write(above, tap.read(above) | PASSWORD);
        }
    }

    @Override
    void randomState(QtestTap registers, Random random) {
        GENERATORS.values().forEach(generator -> {
            long control = CPRMAN + generator;
            int source = new int[] {1, 4, 5, 6}[random.nextInt(4)];
            registers.write(control, PASSWORD | source | (random.nextBoolean() ? ENABLE : 0));
            registers.write(control + 4, PASSWORD | 1 << 12 | random.nextInt(1 << 24));
        });
        GENERATORS.values().forEach(generator -> repair(registers, generator));
    }
}
