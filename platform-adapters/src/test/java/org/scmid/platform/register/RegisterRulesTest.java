// Registers that want more than a plain load and a plain store, and simulated ones that insist on it.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.platform.Allocation;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.TestBoards;
import org.scmid.platform.WatchedWindow;

class RegisterRulesTest {
    @TempDir
    Path folder;

    /** A board with one window and its registers, which behave as its rules say. */
    private final class Rig {
        final Board board;
        final WatchedWindow window;
        final Windows windows;

        Rig(String keys) throws IOException, ConfigException {
            this(keys, keys);
        }

        /** With registers that behave by other rules than the board says. */
        Rig(String keys, String behaviour) throws IOException, ConfigException {
            board = read(keys);
            window = WatchedWindow.of(read(behaviour));
            windows = window.windows(board);
        }

        private Board read(String keys) throws IOException, ConfigException {
            return TestBoards.read(folder, """
                    board: x
                    registers:
                      cru: { at: 0, size: 4 KiB, access: simulated, %s }
                    clocks: {}
                    """.formatted(keys));
        }

        RegisterField field(long offset, int high, int low) {
            return windows.field(BoardBuilder.bits(offset, high, low));
        }
    }

    @Test
    void eachStoreIsBetweenWhatUnlocksAndWhatLocks() throws Exception {
        Rig zynq = new Rig("unlock: [{ at: 0x8, value: 0xdf0d }], lock: [{ at: 0x4, value: 0x767b }],"
                + " initial: { 0x154: 0x3f03 }");

        zynq.field(0x154, 13, 8).write(0x14);

        assertEquals(List.of("0x8=0xdf0d", "0x154=0x1403", "0x4=0x767b"), zynq.window.stores());
        assertEquals(0x1403, zynq.window.peek(0x154));
        zynq.window.poke(0x154, 7);
        assertEquals(0x1403, zynq.window.peek(0x154), "it is locked again");
        zynq.window.poke(0x8, 0xdf0e);
        zynq.window.poke(0x154, 7);
        assertEquals(0x1403, zynq.window.peek(0x154), "and another key does not unlock it");
        assertEquals(0, zynq.window.peek(0x8), "key registers cannot be read");
    }

    @Test
    void severalKeysMustComeInTheirOrder() throws Exception {
        Rig kick = new Rig("unlock: [{ at: 0x38, value: 0x83e70b13 }, { at: 0x3c, value: 0x95a4f1e0 }]");

        kick.window.poke(0x3c, 0x95a4f1e0L);
        kick.window.poke(0x38, 0x83e70b13L);
        kick.window.poke(0x10, 1);
        assertEquals(0, kick.window.peek(0x10));

        kick.field(0x10, 0, 0).write(1);
        assertEquals(1, kick.window.peek(0x10));
    }

    @Test
    void aWriteProtectionCanWantTheInverseOfTheWord() throws Exception {
        Rig renesas = new Rig("unlock: [{ at: 0x900, value: inverse }], initial: { 0x74: 0x100 }");

        renesas.field(0x74, 5, 0).write(0x21);

        assertEquals(List.of("0x900=0xfffffede", "0x74=0x121"), renesas.window.stores());
        assertEquals(0x121, renesas.window.peek(0x74));
        renesas.window.poke(0x74, 0x122);
        assertEquals(0x121, renesas.window.peek(0x74), "one inverse allows one store");
    }

    @Test
    void aStoreThatIsNeededTwiceIsMadeTwice() throws Exception {
        Rig rig = new Rig("rules: { 0x10: { write-twice: true } }");

        rig.field(0x10, 7, 4).write(3);
        rig.field(0x14, 7, 4).write(3);

        assertEquals(List.of("0x10=0x30", "0x10=0x30", "0x14=0x30"), rig.window.stores());
        assertEquals(0x30, rig.window.peek(0x10));
        rig.window.poke(0x10, 0);
        assertEquals(0x30, rig.window.peek(0x10), "one store changes nothing");

        Rig all = new Rig("write-twice: true");
        all.field(0x20, 0, 0).write(1);
        assertEquals(List.of("0x20=0x1", "0x20=0x1"), all.window.stores());
    }

    @Test
    void bitsAreSetAndClearedWhereTheRuleSaysWithoutAnyRead() throws Exception {
        Rig tegra = new Rig("initial: { 0x10: 0x8 }, rules: { 0x10: { set: 0x320, clear: 0x324 } }");

        RegisterField gate = tegra.field(0x10, 6, 6);
        long reads = tegra.window.reads();
        gate.write(1);
        tegra.field(0x10, 3, 3).write(0);

        assertEquals(reads, tegra.window.reads());
        assertEquals(List.of("0x320=0x40", "0x324=0x8"), tegra.window.stores());
        assertEquals(1, gate.read());
        assertEquals(0x40, tegra.window.peek(0x10));
    }

    @Test
    void aRegisterCanBeWhereItsOwnBitsAreSet() throws Exception {
        Rig stm32mp1 = new Rig("initial: { 0xa00: 1 }, rules: { 0xa00..0xa3c/8: { set: +0, clear: +4 } }");

        stm32mp1.field(0xa00, 4, 4).write(1);
        stm32mp1.field(0xa00, 0, 0).write(0);
        stm32mp1.field(0xa08, 2, 2).write(1);

        assertEquals(List.of("0xa00=0x10", "0xa04=0x1", "0xa08=0x4"), stm32mp1.window.stores());
        assertEquals(0x10, stm32mp1.window.peek(0xa00));
        assertEquals(0x10, stm32mp1.window.peek(0xa04), "it shows the same bits");
    }

    @Test
    void flagsThatAOneClearsAndBitsThatMustBeOneAreWrittenAsTheyMust() throws Exception {
        Rig rig = new Rig(
                "initial: { 0x10: 0x80000001 }, rules: { 0x10: { write-zero: 0xc0000000, write-one: 0x10000 } }");

        rig.field(0x10, 3, 0).write(5);

        assertEquals(List.of("0x10=0x10005"), rig.window.stores());
        assertEquals(0x8001_0005L, rig.window.peek(0x10), "the flag is still there");
        rig.window.poke(0x10, 0x8000_0000L);
        assertEquals(0, rig.window.peek(0x10), "a 1 clears it");
    }

    @Test
    void whatCannotBeReadIsWhatWasWrittenLast() throws Exception {
        Rig rig = new Rig("rules: { 0x10: { write-only: 0x1200 } }");

        RegisterField field = rig.field(0x10, 3, 0);
        assertEquals(0, field.read());
        assertEquals(0x12, rig.field(0x10, 15, 8).read(), "before it is written it has its reset value");
        field.write(5);

        assertEquals(5, field.read());
        assertEquals(List.of("0x10=0x1205"), rig.window.stores());
        assertEquals(0, rig.window.peek(0x10));
        assertEquals(0, rig.window.reads());
    }

    @Test
    void aRegisterCanBeReadElsewhere() throws Exception {
        Rig rig = new Rig("initial: { 0x10: 0x700 }, rules: { 0x10: { read-at: +0x100 } }");

        RegisterField field = rig.field(0x10, 3, 0);
        field.write(5);

        assertEquals(5, field.read());
        assertEquals(List.of("0x10=0x705"), rig.window.stores());
        assertEquals(0x705, rig.window.peek(0x110));
        assertEquals(0, rig.window.peek(0x10));
    }

    @Test
    void aPlainRegisterNeedsNeitherKeyNorMask() throws Exception {
        Rig rockchip = new Rig("write-mask-shift: 16, rules: { 0x8: { plain: true } }");
        rockchip.field(0x8, 23, 0).write(0x123456);
        rockchip.field(0x4, 3, 0).write(2);
        assertEquals(List.of("0x8=0x123456", "0x4=0xf0002"), rockchip.window.stores());
        assertEquals(0x123456, rockchip.window.peek(0x8));

        Rig key = new Rig("write-key: 0x5a000000, rules: { 0x8: { plain: true } }");
        key.field(0x8, 31, 24).write(0x11);
        assertEquals(List.of("0x8=0x11000000"), key.window.stores());
        assertEquals(0x1100_0000, key.window.peek(0x8));
    }

    private static final String CPRMAN = "write-key: 0x5a000000, initial: { 0x70: 0x16, 0x74: 0x1000 }, rules: {"
            + " 0x70..0x1f8/8: { stop: { bit: 4, busy: 7 } },"
            + " 0x74..0x1fc/8: { stop: { at: -4, bit: 4, busy: 7 } } }";

    @Test
    void whatMustStandStillIsStoppedWaitedForAndRunsAgain() throws Exception {
        Rig cprman = new Rig(CPRMAN);

        cprman.field(0x74, 23, 12).write(5);
        assertEquals(List.of("0x70=0x5a000006", "0x74=0x5a005000", "0x70=0x5a000016"), cprman.window.stores());
        assertEquals(0x5000, cprman.window.peek(0x74));

        cprman.window.stores().clear();
        cprman.field(0x70, 3, 0).write(1);
        assertEquals(3, cprman.window.stores().size(), cprman.window.stores()::toString);
        assertEquals(0x11 | 0x80, cprman.window.peek(0x70), "it runs from the other source, and says so");
    }

    @Test
    void bitsThatMustBeOneAreLeftAloneByTheStoreThatStopsWhatRuns() throws Exception {
        Rig cprman = new Rig("write-key: 0x5a000000, initial: { 0x70: 0x416 }, rules: {"
                + " 0x70: { stop: { bit: 4, busy: 7 }, write-one: 0x240, write-zero: 0x400 } }");

        cprman.field(0x70, 3, 0).write(1);

        assertEquals(
                List.of("0x70=0x5a000406", "0x70=0x5a000241", "0x70=0x5a000251"),
                cprman.window.stores(),
                "nothing of it changes while it runs");
    }

    @Test
    void whatStandsStillStaysSoAndItsOwnBitIsSimplyWritten() throws Exception {
        Rig cprman = new Rig(CPRMAN);
        RegisterField enable = cprman.field(0x70, 4, 4);

        enable.write(0);
        cprman.field(0x74, 23, 12).write(5);
        cprman.field(0x70, 3, 0).write(1);
        enable.write(1);

        assertEquals(
                List.of("0x70=0x5a000006", "0x74=0x5a005000", "0x70=0x5a000001", "0x70=0x5a000011"),
                cprman.window.stores());
        assertEquals(0x91, cprman.window.peek(0x70));
    }

    @Test
    void simulatedHardwareThatRunsIsNotChangedBehindItsBack() throws Exception {
        Rig cprman = new Rig(CPRMAN);
        cprman.window.poke(0x74, 0x5a00_5000L);
        cprman.window.poke(0x70, 0x5a00_0011L);
        assertEquals(0x1000, cprman.window.peek(0x74));
        assertEquals(0x96, cprman.window.peek(0x70));
    }

    @Test
    void whatDoesNotStandStillInTimeRunsOnAndIsNotChanged() throws Exception {
        Rig stuck = new Rig(
                "rules: { 0x10: { stop: { at: 0, bit: 0, busy: 7, timeout: 50 us } } }", "initial: { 0: 0x81 }");

        long start = System.nanoTime();
        RegisterAccessException failure = assertThrows(
                RegisterAccessException.class, () -> stuck.field(0x10, 3, 0).write(5));

        assertTrue(System.nanoTime() - start >= 50_000);
        assertEquals("cru+0x0: bit 7 is still 1 after 50 us, so cru+0x10 cannot be changed", failure.getMessage());
        assertEquals(List.of("0x0=0x80", "0x0=0x81"), stuck.window.stores());
        assertEquals(0, stuck.window.peek(0x10));
    }

    @Test
    void aBusyBitIsWaitedForBeforeAndAfterAStore() throws Exception {
        Rig imx = new Rig("rules: { 0x14: { busy: { at: 0x48, bit: 1 } } }");

        imx.field(0x14, 3, 0).write(5);
        imx.window.poke(0x14, 7);
        imx.window.poke(0x14, 8);
        assertEquals(7, imx.window.peek(0x14), "a store while it is busy is lost");
        imx.field(0x14, 3, 0).write(6);
        assertEquals(6, imx.window.peek(0x14));

        Rig low = new Rig("rules: { 0x14: { busy: { at: 0x48, bit: 1, active: low } } }", "initial: { 0x48: 0 }");
        assertThrows(RegisterAccessException.class, () -> low.field(0x14, 3, 0).write(5));
        assertEquals(List.of(), low.window.stores());
    }

    @Test
    void aCommitBitIsSetAfterTheStoreAndHardwareTakesItBack() throws Exception {
        Rig qualcomm = new Rig("initial: { 0xff0: 0x80000000 }, rules: { 0xff4: { commit: { at: -4, bit: 0 } } }");

        qualcomm.field(0xff4, 10, 8).write(5);

        assertEquals(List.of("0xff4=0x500", "0xff0=0x80000001"), qualcomm.window.stores());
        assertEquals(0x8000_0000L, qualcomm.window.peek(0xff0));
    }

    @Test
    void aCommitBitOfTheRegisterItselfTakesAStoreOfItsOwn() throws Exception {
        Rig allwinner = new Rig("rules: { 0xf4: { commit: { bit: 16 } } }");

        allwinner.field(0xf4, 3, 0).write(5);
        allwinner.field(0xf4, 21, 20).write(1);

        assertEquals(List.of("0xf4=0x5", "0xf4=0x10005", "0xf4=0x100005", "0xf4=0x110005"), allwinner.window.stores());
        assertEquals(0x10_0005, allwinner.window.peek(0xf4));
    }

    @Test
    void aCommitBitThatIsPulsedIsSetAndClearedAgainAndNobodyWaits() throws Exception {
        Rig broadcom =
                new Rig("initial: { 0x104: 0x2a0 }, rules: { 0x10: { commit: { at: 0x104, bit: 6, pulse: true } } }");

        broadcom.field(0x10, 7, 0).write(5);

        assertEquals(List.of("0x10=0x5", "0x104=0x2e0", "0x104=0x2a0"), broadcom.window.stores());
        assertEquals(0x2a0, broadcom.window.peek(0x104));
    }

    @Test
    void aPulsedBitOfTheRegisterItselfTakesTwoStoresOfItsOwn() throws Exception {
        Rig rig = new Rig("rules: { 0xf4: { commit: { bit: 16, pulse: true } } }");

        rig.field(0xf4, 3, 0).write(5);

        assertEquals(List.of("0xf4=0x5", "0xf4=0x10005", "0xf4=0x5"), rig.window.stores());
    }

    @Test
    void aCommitThatHardwareIgnoresIsAFailure() throws Exception {
        Rig stuck = new Rig("rules: { 0xf4: { commit: { bit: 16 } } }", "initial: {}");
        RegisterAccessException failure = assertThrows(
                RegisterAccessException.class, () -> stuck.field(0xf4, 3, 0).write(5));
        assertTrue(String.valueOf(failure.getMessage()).contains("bit 16 is still 1 after 20 us"));
    }

    @Test
    void aRegisterThatIsLockedUntilTheNextResetIsLeftAlone() throws Exception {
        Rig rig = new Rig("rules: { 0x10: { lock-bit: { at: 0x20, bit: 31 } } }");
        RegisterField field = rig.field(0x10, 3, 0);
        field.write(5);
        rig.window.poke(0x20, 0x8000_0000L);

        RegisterAccessException refusal = assertThrows(RegisterAccessException.class, () -> field.write(6));

        assertTrue(String.valueOf(refusal.getMessage()).contains("locked by bit 31 of cru+0x20"));
        assertEquals(List.of("0x10=0x5"), rig.window.stores());
        rig.window.poke(0x10, 7);
        assertEquals(5, rig.window.peek(0x10));
    }

    @Test
    void theBytesOfABigEndianRegisterAreInTheOtherOrder() throws Exception {
        for (int width : new int[] {8, 16, 32, 64}) {
            Files.deleteIfExists(folder.resolve("regs"));
            Board board = TestBoards.read(folder, """
                    board: x
                    registers:
                      w: { size: 16, width: %d, endian: big, access: "file:regs", initial: { 8: 0x12 } }
                    clocks: {}
                    """.formatted(width));
            try (Windows windows = Windows.open(board, false)) {
                RegisterWindow window = windows.window("w");
                assertEquals(0x12, window.read(8));
                window.write(0, 0x8182_8384_8586_8788L);
                assertEquals(0x8182_8384_8586_8788L & -1L >>> (64 - width), window.read(0));
            }
            byte[] expected = new byte[16];
            for (int i = 0; i < width / 8; i++) {
                expected[i] = (byte) (0x88 - width / 8 + 1 + i);
            }
            expected[8 + width / 8 - 1] = 0x12;
            assertArrayEquals(expected, Files.readAllBytes(folder.resolve("regs")));
        }
    }

    @Test
    void aQemuOfEitherByteOrderGivesABigEndianRegister() throws Exception {
        Board board = TestBoards.read(folder, """
                board: x
                registers:
                  w: { at: 0x1000, size: 16, endian: big, access: "qtest:q" }
                clocks: {}
                """);
        for (String order : List.of("little", "big")) {
            Files.deleteIfExists(folder.resolve("q"));
            try (FakeQemu qemu = new FakeQemu(
                            folder.resolve("q"),
                            command -> command.equals("endianness") ? "OK " + order + "\n" : "OK 0x11223344\n");
                    Windows windows = Windows.open(board, false)) {
                assertEquals(
                        order.equals("big") ? 0x1122_3344 : 0x4433_2211,
                        windows.window("w").read(0));
                assertEquals(2, qemu.commands().size());
            }
        }
    }

    @Test
    void aChangeByTheRulesAllocatesNothing() throws Exception {
        Rig rig = new Rig(CPRMAN + ", unlock: [{ at: 0xf00, value: 1 }], lock: [{ at: 0xf00, value: 2 }]");
        rig.window.countOnly();
        RegisterField divider = rig.field(0x74, 23, 12);
        assertEquals(0, Allocation.ofRuns(() -> divider.write((divider.read() + 1) & 0xff)));
    }

    @Test
    void theStartReadsAndWritesNothing() throws Exception {
        Rig rig = new Rig(CPRMAN + ", unlock: [{ at: 0xf00, value: 1 }]");
        rig.field(0x74, 23, 12);
        rig.field(0x70, 4, 4);
        assertEquals(0, rig.window.reads() + rig.window.writes());
        assertEquals(Map.of(), Map.copyOf(rig.board.clocks()));
    }
}
