// Phase-locked loops: rates by numbers from data sheets, and the order in which they are programmed.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.platform.TestBoards;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;

class PllTest {
    /** The PLLs of an STM32L4x5's RCC: one source and one PLLM for all, outputs with dividers and enables of their own. */
    private static final String STM32 = """
            board: stm32l4
            registers:
              cru: { size: 256 B, access: simulated, initial: { 0x00: 0x01000000, 0x0c: 0x01002801, 0x10: 0x00001000 } }
            clocks:
              msi:   { fixed: 4 MHz }
              hsi16: { fixed: 16 MHz }
              hse:   { fixed: 8 MHz }
              pll-source:
                parents: [msi, hsi16, hse]
                mux:     { register: cru+0x0c, bits: 1..0, values: [1, 2, 3] }
                divider: { register: cru+0x0c, bits: 6..4, kind: linear }
              pll:
                parent: pll-source
                pll:
                  feedback: { register: cru+0x0c, bits: 14..8, kind: one-based, min: 8, max: 86 }
                  input:  { min: 4 MHz, max: 16 MHz }
                  vco:    { min: 64 MHz, max: 344 MHz }
                  enable: { register: cru+0x00, bit: 24 }
              pll-r:
                parent: pll
                divider: { register: cru+0x0c, bits: 26..25, kind: table, table: { 0: 2, 1: 4, 2: 6, 3: 8 } }
                gate:    { register: cru+0x0c, bit: 24 }
                rates:   { max: 80 MHz }
                set-parent-rate: true
              pll-q:
                parent: pll
                divider: { register: cru+0x0c, bits: 22..21, kind: table, table: { 0: 2, 1: 4, 2: 6, 3: 8 } }
                gate:    { register: cru+0x0c, bit: 20 }
                rates:   { max: 80 MHz }
                set-parent-rate: true
              pllsai1:
                parent: pll-source
                pll:
                  feedback: { register: cru+0x10, bits: 14..8, kind: one-based, min: 8, max: 86 }
                  vco:    { min: 64 MHz, max: 344 MHz }
                  enable: { register: cru+0x00, bit: 26 }
            """;

    /** A PLL of a Zynq-7000's SLCR. */
    private static final String ZYNQ = """
            board: zynq
            registers:
              cru: { size: 512 B, access: simulated, initial: { 0x100: 0x00028008 } }
            clocks:
              ps-clk: { fixed: 33333333 Hz }
              arm-pll:
                parent: ps-clk
                pll:
                  feedback: { register: cru+0x100, bits: 18..12, kind: one-based, min: 13, max: 66 }
                  vco:      { min: 780 MHz, max: 1.6 GHz }
                  enable:
                    - { register: cru+0x100, bit: 1, enable: low }   # power-down
                    - { register: cru+0x100, bit: 0, enable: low }   # reset
                  bypass:   { register: cru+0x100, bit: 4 }
                  while-changing: bypass
            """;

    /** A PLL of an NPCM7xx: everything in one register, and it may be changed while it runs. */
    private static final String NPCM = """
            board: npcm
            registers:
              cru: { size: 64 B, access: simulated, initial: { 0x0c: 0x00222101, 0x10: 0x00c02105 } }
            clocks:
              refclk: { fixed: 25 MHz }
              pll0:
                parent: refclk
                pll:
                  reference: { register: cru+0x0c, bits: 5..0, kind: one-based }
                  feedback:  { register: cru+0x0c, bits: 27..16, kind: one-based }
                  post:
                    - { register: cru+0x0c, bits: 10..8, kind: one-based }
                    - { register: cru+0x0c, bits: 15..13, kind: one-based }
                  enable: { register: cru+0x0c, bit: 12, enable: low }
                  while-changing: run
              pll2:
                parent: refclk
                pll:
                  reference: { register: cru+0x10, bits: 5..0, kind: one-based }
                  feedback:  { register: cru+0x10, bits: 27..16, kind: one-based }
                  post:
                    - { register: cru+0x10, bits: 10..8, kind: one-based }
                    - { register: cru+0x10, bits: 15..13, kind: one-based }
            """;

    /** A PLL of a BCM2711's CPRMAN: whole number and fraction are in two registers. */
    private static final String BCM = """
            board: bcm2711
            registers:
              cru: { size: 64 B, access: simulated, write-key: 0x5a000000, initial: { 0x00: 0x5a021037 } }
            clocks:
              osc: { fixed: 54 MHz }
              plld:
                parent: osc
                pll:
                  reference: { register: cru+0x00, bits: 14..12, kind: one-based }
                  feedback:  { register: cru+0x00, bits: 9..0, kind: one-based }
                  fraction:  { register: cru+0x04, bits: 19..0 }
                  vco:       { min: 600 MHz, max: 3 GHz }
                  enable:
                    - { register: cru+0x00, bit: 16, enable: low }
                    - { register: cru+0x00, bit: 17 }
                  while-changing: run
            """;

    /** A fraction whose modulus is in a register. */
    private static final String MODULUS = """
            board: modulus
            registers:
              cru: { size: 64 B, access: simulated, initial: { 0x00: 20, 0x04: 1, 0x08: 3 } }
            clocks:
              osc: { fixed: 24 MHz }
              pll:
                parent: osc
                pll:
                  feedback: { register: cru+0x00, bits: 6..0, kind: one-based }
                  fraction:
                    register: cru+0x04
                    bits: 23..0
                    modulus-register: { register: cru+0x08, bits: 23..0 }
            """;

    @TempDir
    Path folder;

    /** A board and its registers. */
    private record Hardware(WatchedWindow window, ClockTree tree) {
        Clock clock(String name) {
            return tree.get(name);
        }

        Outcome set(String name, long hz, Rounding rounding) {
            return tree.setRate(tree.get(name), hz, rounding);
        }

        /** What was stored since the last call. */
        List<String> stores() {
            List<String> stores = List.copyOf(window.stores());
            window.stores().clear();
            return stores;
        }
    }

    private Hardware hardware(String yaml) throws Exception {
        Board board = TestBoards.read(folder, yaml);
        WatchedWindow window = WatchedWindow.of(board);
        return new Hardware(window, new ClockTree(board, window.windows(board)));
    }

    @Test
    void aRateIsParentByReferenceTimesFeedbackByPostDividers() throws Exception {
        Hardware stm32 = hardware(STM32);
        assertEquals(160_000_000, stm32.clock("pll").rate(), "4 MHz x 40");
        assertEquals(80_000_000, stm32.clock("pll-r").rate());
        assertEquals(1_333_333_320, hardware(ZYNQ).clock("arm-pll").rate(), "33.3 MHz x 40");
        Hardware npcm = hardware(NPCM);
        assertEquals(850_000_000, npcm.clock("pll0").rate(), "25 MHz x 34");
        assertEquals(960_000_000, npcm.clock("pll2").rate(), "25 MHz / 5 x 192");
        npcm.window.poke(0x0c, 0x0022_6402);
        assertEquals(35_416_666, npcm.clock("pll0").rate(), "25 MHz / 2 x 34 / 4 / 3");
    }

    @Test
    void aFractionIsAddedToTheFeedback() throws Exception {
        Hardware bcm = hardware(BCM);
        assertEquals(2_970_000_000L, bcm.clock("plld").rate(), "54 MHz x 55");
        bcm.window.poke(0x04, 0x5a08_e38e);
        assertEquals(2_999_999_988L, bcm.clock("plld").rate(), "54 MHz x (55 + 582542 / 2^20)");
        assertEquals(488_000_000, hardware(MODULUS).clock("pll").rate(), "24 MHz x (20 + 1/3)");
    }

    @Test
    void aModulusOfZeroMeansNoFraction() throws Exception {
        Hardware modulus = hardware(MODULUS);
        modulus.window.poke(0x08, 0);
        assertEquals(480_000_000, modulus.clock("pll").rate());
        assertEquals(Outcome.OK, modulus.set("pll", 500_000_000, Rounding.NEAREST));
        assertEquals(504_000_000, modulus.clock("pll").rate());
    }

    @Test
    void theFractionThatIsChosenIsTheNearest() throws Exception {
        Hardware bcm = hardware(BCM);
        assertEquals(Outcome.OK, bcm.set("plld", 2_999_999_990L, Rounding.NEAREST));
        assertEquals(2_999_999_988L, bcm.clock("plld").rate(), "a step is 51 Hz");
        Hardware modulus = hardware(MODULUS);
        assertEquals(Outcome.OK, modulus.set("pll", 499_000_000, Rounding.NEAREST));
        assertEquals(496_000_000, modulus.clock("pll").rate(), "24 MHz x (20 + 2/3)");
        assertEquals(List.of("0x4=0x2"), modulus.stores(), "the modulus stays");
    }

    @Test
    void aLoopThatIsOffHasTheRateThatItWouldHave() throws Exception {
        Hardware zynq = hardware(ZYNQ);
        assertTrue(zynq.clock("arm-pll").enabled());
        zynq.window.poke(0x100, 0x2_800a);
        assertFalse(zynq.clock("arm-pll").enabled(), "powered down");
        assertEquals(1_333_333_320, zynq.clock("arm-pll").rate());
        zynq.window.poke(0x100, 0x2_8009);
        assertFalse(zynq.clock("arm-pll").enabled(), "in reset");
    }

    @Test
    void aBypassedLoopPassesItsParentWhetherItIsOnOrOff() throws Exception {
        Hardware zynq = hardware(ZYNQ);
        for (long word : new long[] {0x2_8018, 0x2_801b}) {
            zynq.window.poke(0x100, word);
            assertEquals(33_333_333, zynq.clock("arm-pll").rate());
            assertTrue(zynq.clock("arm-pll").enabled());
        }
    }

    @Test
    void theFirstUserSwitchesTheLoopOnInTheFilesOrderAndTheLastOffInTheOther() throws Exception {
        Hardware zynq = hardware(ZYNQ);
        zynq.window.poke(0x100, 0x2_800b);
        zynq.tree.acquire(zynq.clock("arm-pll"));
        assertEquals(List.of("0x100=0x28009", "0x100=0x28008"), zynq.stores());
        zynq.tree.release(zynq.clock("arm-pll"));
        assertEquals(List.of("0x100=0x28009", "0x100=0x2800b"), zynq.stores());
    }

    @Test
    void aLoopIsOnBeforeTheGatesBehindItOpen() throws Exception {
        Hardware stm32 = hardware(STM32);
        stm32.window.poke(0x00, 0);
        stm32.tree.acquire(stm32.clock("pll-q"));
        assertEquals(List.of("0x0=0x1000000", "0xc=0x1102801"), stm32.stores());
        stm32.tree.release(stm32.clock("pll-q"));
        assertEquals(List.of("0xc=0x1002801", "0x0=0x0"), stm32.stores());
    }

    @Test
    void aSharedLoopIsLeftAloneIfADividerWillDo() throws Exception {
        Hardware stm32 = hardware(STM32);
        assertEquals(Outcome.OK, stm32.set("pll-r", 40_000_000, Rounding.NEAREST));
        assertEquals(List.of("0xc=0x3002801"), stm32.stores());
        assertEquals(160_000_000, stm32.clock("pll").rate());
    }

    @Test
    void whatBelongsToTheFeedbackIsWrittenWithItAndOnlyThen() throws Exception {
        Hardware pll = hardware("""
                board: followed
                registers:
                  cru: { size: 64 B, access: simulated, initial: { 0x00: 0x14, 0x10: 0xf0 } }
                clocks:
                  osc: { fixed: 10 MHz }
                  pll:
                    parent: osc
                    pll:
                      feedback: { register: cru+0x00, bits: 7..0, kind: one-based, min: 10, max: 66 }
                      with-feedback:
                        - { register: cru+0x10, bits: 3..0, values: { 13: 6, 16: 10, 31: 2 } }
                        - { register: cru+0x10, bits: 7..4, values: { 13: 1 } }
                      post: { register: cru+0x04, bits: 3..0, kind: linear }
                      vco: { min: 200 MHz, max: 400 MHz }
                """);
        assertEquals(Outcome.OK, pll.set("pll", 100_000_000, Rounding.NEAREST));
        assertEquals(List.of("0x4=0x1"), pll.stores(), "200 MHz / 2: the feedback stays, and what belongs to it");
        assertEquals(Outcome.OK, pll.set("pll", 150_000_000, Rounding.NEAREST));
        assertEquals(List.of("0x0=0x1e", "0x10=0x1a"), pll.stores(), "of 16 to 30");
        assertEquals(Outcome.OK, pll.set("pll", 350_000_000, Rounding.NEAREST));
        assertTrue(pll.stores().contains("0x10=0x12"), "of 31 and more");
    }

    @Test
    void aLoopIsOffWhileItsSettingsChange() throws Exception {
        Hardware stm32 = hardware(STM32);
        assertEquals(Outcome.OK, stm32.set("pll-r", 72_000_000, Rounding.NEAREST));
        assertEquals(72_000_000, stm32.clock("pll-r").rate());
        assertEquals(144_000_000, stm32.clock("pll").rate(), "the divider behind it stays");
        assertEquals(List.of("0x0=0x0", "0xc=0x1002401", "0x0=0x1000000"), stm32.stores());
    }

    @Test
    void aLoopThatIsOffIsSetAndStaysOff() throws Exception {
        Hardware stm32 = hardware(STM32);
        assertEquals(Outcome.OK, stm32.set("pllsai1", 344_000_000, Rounding.NEAREST));
        assertEquals(List.of("0x10=0x5600"), stm32.stores());
        assertFalse(stm32.clock("pllsai1").enabled());
    }

    @Test
    void aRunningClockBesideItKeepsItsLimits() throws Exception {
        Hardware stm32 = hardware(STM32);
        stm32.tree.acquire(stm32.clock("pll-q"));
        stm32.stores();
        assertEquals(Outcome.OK, stm32.set("pll-r", 72_000_000, Rounding.NEAREST));
        assertEquals(72_000_000, stm32.clock("pll-q").rate(), "at 288 MHz it would have 144 MHz");
        assertEquals(List.of("0x0=0x0", "0xc=0x1102401", "0x0=0x1000000"), stm32.stores());
    }

    @Test
    void ratesOutsideTheOscillatorsRangeAreNotPossible() throws Exception {
        Hardware stm32 = hardware(STM32);
        assertEquals(Outcome.UNSUPPORTED_RATE, stm32.set("pllsai1", 345_000_000, Rounding.DOWN));
        assertEquals(Outcome.UNSUPPORTED_RATE, stm32.set("pllsai1", 63_000_000, Rounding.DOWN));
        RateDescription rates = stm32.tree.describe(stm32.clock("pllsai1"));
        assertTrue(rates.isRange());
        assertEquals(64_000_000, rates.lowest());
        assertEquals(344_000_000, rates.highest());
    }

    @Test
    void aSourceThatWouldTakeARunningLoopOutOfItsRangesIsRefused() throws Exception {
        Hardware stm32 = hardware(STM32);
        Clock source = stm32.clock("pll-source");
        assertEquals(Outcome.OUT_OF_LIMITS, stm32.tree.setParent(source, 1), "16 MHz x 40");
        assertEquals(Outcome.UNSUPPORTED_RATE, stm32.set("pll-source", 2_000_000, Rounding.DOWN), "input 4 MHz");
        assertEquals(List.of(), stm32.stores());
        stm32.window.poke(0x00, 0);
        assertEquals(Outcome.OK, stm32.tree.setParent(source, 1), "nothing runs");
    }

    @Test
    void aLoopIsBypassedAndOffBeneathWhileItsSettingsChange() throws Exception {
        Hardware zynq = hardware(ZYNQ);
        assertEquals(Outcome.OK, zynq.set("arm-pll", 1_000_000_000, Rounding.DOWN));
        assertEquals(999_999_990, zynq.clock("arm-pll").rate());
        assertEquals(
                List.of(
                        "0x100=0x28018",
                        "0x100=0x28019",
                        "0x100=0x2801b",
                        "0x100=0x1e01b",
                        "0x100=0x1e019",
                        "0x100=0x1e018",
                        "0x100=0x1e008"),
                zynq.stores());
    }

    @Test
    void aBypassThatWouldBeTooFastIsLeftOut() throws Exception {
        Hardware zynq = hardware(ZYNQ.replace("780 MHz", "1 Hz")
                .replace("bypass:   {", "post: { register: cru+0x10, bits: 7..0, kind: linear }\n      bypass:   {"));
        zynq.window.poke(0x10, 199);
        List<Long> between = new ArrayList<>();
        zynq.window.afterStore(() -> between.add(zynq.clock("arm-pll").rate()));
        assertEquals(6_666_666, zynq.clock("arm-pll").rate());
        assertEquals(Outcome.OK, zynq.set("arm-pll", 5_000_000, Rounding.NEAREST));
        assertEquals("0x100=0x28009", zynq.stores().getFirst(), "off without a bypass");
        assertFalse(between.contains(33_333_333L));
    }

    @Test
    void aNewRateEndsABypass() throws Exception {
        Hardware zynq = hardware(ZYNQ);
        zynq.window.poke(0x100, 0x2_801b);
        assertEquals(Outcome.OK, zynq.set("arm-pll", 1_333_333_320, Rounding.DOWN));
        assertEquals(List.of("0x100=0x28019", "0x100=0x28018", "0x100=0x28008"), zynq.stores());
        assertEquals(1_333_333_320, zynq.clock("arm-pll").rate());
    }

    @Test
    void fieldsOfOneRegisterChangeInOneStoreWhereTheLoopRunsOn() throws Exception {
        Hardware npcm = hardware(NPCM);
        assertEquals(Outcome.OK, npcm.set("pll0", 35_416_667, Rounding.DOWN));
        assertEquals(1, npcm.stores().size());
        assertEquals(35_416_666, npcm.clock("pll0").rate());
    }

    @Test
    void whatMakesItSlowerIsStoredBeforeWhatMakesItFaster() throws Exception {
        Hardware bcm = hardware(BCM);
        bcm.window.poke(0x04, 0x5a08_e38e);
        assertEquals(Outcome.OK, bcm.set("plld", 2_956_500_000L, Rounding.NEAREST), "54.75");
        assertEquals(List.of("0x0=0x5a021036", "0x4=0x5a0c0000"), bcm.stores());
        assertEquals(Outcome.OK, bcm.set("plld", 2_999_999_988L, Rounding.NEAREST));
        assertEquals(List.of("0x4=0x5a08e38e", "0x0=0x5a021037"), bcm.stores());
    }
}
