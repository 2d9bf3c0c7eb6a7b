// How single bits of registers are changed, and what simulated registers do with it.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.register.Access;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;

class RegisterTest {
    @Test
    void aFieldIsWrittenInOneStoreAndTheOtherBitsStay() {
        Board board = new BoardBuilder().initial(0x10, 0xffff_ffffL).build();
        WatchedWindow window = WatchedWindow.of(board);
        RegisterField field = window.windows(board).field(BoardBuilder.bits(0x10, 9, 8));

        field.write(2);

        assertEquals(List.of("0x10=0xfffffeff"), window.stores());
        assertEquals(2, field.read());
        assertEquals(3, field.max());
    }

    @Test
    void whatDoesNotFitTheFieldIsCutOff() {
        Board board = new BoardBuilder().build();
        WatchedWindow window = WatchedWindow.of(board);

        window.windows(board).field(BoardBuilder.bits(0x10, 9, 8)).write(0xffff);

        assertEquals(0x300, window.peek(0x10));
    }

    @Test
    void fieldsOfOneRegisterShareIt() {
        Board board = new BoardBuilder().build();
        Windows windows = WatchedWindow.of(board).windows(board);

        assertSame(
                windows.field(BoardBuilder.bits(0x10, 9, 8)).register(),
                windows.field(BoardBuilder.bits(0x10, 0, 0)).register());
    }

    @Test
    void aWriteKeyIsInEveryWordThatIsWrittenAndNotKept() {
        Board board =
                new BoardBuilder().writeKey(0x5a00_0000L).initial(0x10, 0x11).build();
        WatchedWindow window = WatchedWindow.of(board);

        window.windows(board).field(BoardBuilder.bits(0x10, 7, 4)).write(3);

        assertEquals(List.of("0x10=0x5a000031"), window.stores());
        assertEquals(0x31, window.peek(0x10));
        window.poke(0x10, 0x77);
        assertEquals(0x31, window.peek(0x10), "a word without the key changes nothing");
    }

    @Test
    void aWriteMaskNamesTheBitsThatChangeAndIsNotKept() {
        Board board =
                new BoardBuilder().writeMaskShift(16).initial(0x10, 0x8421).build();
        WatchedWindow window = WatchedWindow.of(board);
        RegisterField field = window.windows(board).field(BoardBuilder.bits(0x10, 7, 4));

        field.write(5);

        assertEquals(List.of("0x10=0xf08451"), window.stores());
        assertEquals(0x8451, window.peek(0x10));
        window.poke(0x10, 0x0001_0000L);
        assertEquals(0x8450, window.peek(0x10), "only the bits of the mask change");
    }

    @Test
    void aMaskThatPlainMemoryKeptIsNotWrittenBack() {
        Board board = new BoardBuilder().writeMaskShift(16).build();
        WatchedWindow window = WatchedWindow.of(new BoardBuilder().build());
        Windows windows = window.windows(board);

        windows.field(BoardBuilder.bits(0x10, 7, 4)).write(5);
        windows.field(BoardBuilder.bits(0x10, 0, 0)).write(1);

        assertEquals(List.of("0x10=0xf00050", "0x10=0x10051"), window.stores());
    }

    @Test
    void registersStartWithTheirInitialValuesAndHaveTheirWidth() {
        for (int width : new int[] {8, 16, 32, 64}) {
            TreeMap<Long, Long> initial = new TreeMap<>();
            initial.put(8L, -1L);
            SimulatedWindow window =
                    new SimulatedWindow(BoardBuilder.window(new Access.Simulated(), 0, 0x1_0000_0000L, width, initial));

            assertEquals(-1L >>> (64 - width), window.read(8));
            assertEquals(0, window.read(0));
            window.write(0xffff_fff8L, 0x1_2345_6789_abcdL);
            assertEquals(0x1_2345_6789_abcdL & (-1L >>> (64 - width)), window.read(0xffff_fff8L));
        }
    }

    @Test
    void anAccessBesideTheRegistersIsRefused() {
        SimulatedWindow window =
                new SimulatedWindow(BoardBuilder.window(new Access.Simulated(), 0, 16, 32, new TreeMap<>()));

        assertThrows(IndexOutOfBoundsException.class, () -> window.read(16));
        assertThrows(IndexOutOfBoundsException.class, () -> window.read(-4));
        assertThrows(IllegalArgumentException.class, () -> window.write(2, 0));
        window.close();
        assertThrows(IllegalStateException.class, () -> window.read(0));
    }
}
