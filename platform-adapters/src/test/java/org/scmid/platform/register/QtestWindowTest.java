// Registers of a QEMU: what is said on its socket, and what a QEMU that misbehaves can do.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.register.Access;
import org.scmid.config.register.WindowSpec;
import org.scmid.platform.TestBoards;

class QtestWindowTest {
    private static final int SOON_MILLIS = 50;
    private static final int LATE_MILLIS = 20_000;

    @TempDir
    Path folder;

    private Path socket() {
        return folder.resolve("qtest");
    }

    private WindowSpec spec(int width) {
        return org.scmid.platform.BoardBuilder.window(
                new Access.Qtest(socket()), 0xf800_0000L, 0x1000, width, new TreeMap<>());
    }

    private FakeQemu qemu(Function<String, @Nullable String> answers) throws IOException {
        return new FakeQemu(socket(), command -> command.equals("endianness") ? "OK little\n" : answers.apply(command));
    }

    private QtestConnection connect(int timeoutMillis) throws WindowException {
        return QtestConnection.open("cru", socket(), timeoutMillis, System::nanoTime);
    }

    private RegisterWindow window() throws WindowException {
        return new QtestWindow(spec(32), connect(LATE_MILLIS));
    }

    private static String messageOf(RegisterWindow window) {
        return String.valueOf(assertThrows(RegisterAccessException.class, () -> window.read(4))
                .getMessage());
    }

    @Test
    void everyWidthHasItsOwnCommandAndAddressesBeginWhereTheWindowIs() throws IOException {
        try (FakeQemu qemu = qemu(command -> command.startsWith("read") ? "OK 0x8182838485868788\n" : "OK\n")) {
            QtestConnection connection = connect(LATE_MILLIS);
            for (int width : new int[] {8, 16, 32, 64}) {
                RegisterWindow window = new QtestWindow(spec(width), connection);
                assertEquals(0x8182_8384_8586_8788L & -1L >>> (64 - width), window.read(0x18));
                window.write(0x10, 0xff12_3456_789a_bcdeL);
            }
            assertEquals(
                    List.of(
                            "endianness",
                            "readb 0xf8000018",
                            "writeb 0xf8000010 0xde",
                            "readw 0xf8000018",
                            "writew 0xf8000010 0xbcde",
                            "readl 0xf8000018",
                            "writel 0xf8000010 0x789abcde",
                            "readq 0xf8000018",
                            "writeq 0xf8000010 0xff123456789abcde"),
                    qemu.commands());
        }
    }

    @Test
    void onAMachineOfTheOtherByteOrderWordsAreTurnedRound() throws IOException {
        try (FakeQemu qemu = new FakeQemu(
                socket(),
                command -> command.equals("endianness")
                        ? "OK big\n"
                        : command.startsWith("read") ? "OK 0x0000000012345678\n" : "OK\n")) {
            RegisterWindow window = window();
            assertEquals(0x7856_3412L, window.read(0));
            window.write(0, 1);
            assertEquals("writel 0xf8000000 0x1000000", qemu.commands().getLast());
        }
    }

    @Test
    void anAnswerMayComeInPiecesAndInterruptsMayComeBetween() throws IOException {
        try (FakeQemu qemu = qemu(command -> "IRQ raise 3\n|O|K 0x|2|a|\r\n|IRQ lower 3\n")) {
            RegisterWindow window = window();
            for (int i = 0; i < 200; i++) {
                assertEquals(0x2a, window.read(4));
            }
            assertEquals(1, qemu.clients());
        }
    }

    @Test
    void whatIsNoAnswerIsAFailureAndTheNextAccessConnectsAnew() throws IOException {
        for (String garbage : List.of(
                "FAIL Unknown command 'readl'\n",
                "OK\n",
                "OK 42\n",
                "OK 0x\n",
                "OK 0x12345678123456789\n",
                "OK 0xzz\n",
                "OKAY 0x1\n",
                "ok 0x1\n",
                "\n",
                "OK 0x1 0x2\n",
                "\u0001\u0002\n",
                "x".repeat(300))) {
            AtomicLong count = new AtomicLong();
            try (FakeQemu qemu = qemu(command -> count.getAndIncrement() == 0 ? garbage : "OK 0x7\n")) {
                RegisterWindow window = window();
                String message = messageOf(window);
                assertTrue(message.startsWith("qtest:" + socket() + ": QEMU answers "), message);
                assertTrue(message.chars().noneMatch(c -> c < ' '), message);
                assertEquals(7, window.read(4), garbage);
                assertEquals(2, qemu.clients());
                window.close();
            }
            java.nio.file.Files.delete(socket());
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsNotTakenForTheNext() throws IOException {
        try (FakeQemu qemu = qemu(command -> command.startsWith("write") ? "OK\nOK 0x1\n" : "OK 0x7\n")) {
            RegisterWindow window = window();
            window.write(0, 1);
            assertTrue(messageOf(window).contains("a line too many"));
            assertEquals(7, window.read(4));
            assertEquals(2, qemu.clients());
        }
    }

    @Test
    void aQemuThatIsSilentCostsItsTimeOnceAndIsThenLeftAlone() throws IOException {
        AtomicLong clock = new AtomicLong();
        AtomicLong reads = new AtomicLong();
        try (FakeQemu qemu = qemu(command -> reads.incrementAndGet() == 1 ? null : "OK 0x7\n")) {
            RegisterWindow window =
                    new QtestWindow(spec(32), QtestConnection.open("cru", socket(), SOON_MILLIS, clock::get));

            assertTrue(messageOf(window).contains("does not answer within 50 ms"));
            assertTrue(messageOf(window).contains("is not asked for a while"));
            assertEquals(1, reads.get());

            clock.addAndGet(QtestConnection.PAUSE * SOON_MILLIS * 1_000_000L);
            assertEquals(7, window.read(4));
            assertEquals(2, qemu.clients());
        }
    }

    @Test
    void anAnswerThatIsThereCountsThoughItIsLookedAtTooLate() throws IOException {
        AtomicLong clock = new AtomicLong();
        try (FakeQemu qemu = qemu(command -> {
            clock.addAndGet(2 * LATE_MILLIS * 1_000_000L);
            return "OK 0x7\n";
        })) {
            RegisterWindow window =
                    new QtestWindow(spec(32), QtestConnection.open("cru", socket(), LATE_MILLIS, clock::get));
            assertEquals(7, window.read(4));
            assertEquals(1, qemu.clients());
        }
    }

    @Test
    void interruptsThatNeverEndAreNoAnswer() throws IOException {
        AtomicLong clock = new AtomicLong();
        String interrupts = "IRQ raise 1\n".repeat(1000);
        try (FakeQemu qemu = qemu(command -> {
            clock.addAndGet(2 * LATE_MILLIS * 1_000_000L);
            return interrupts + "OK 0x7\n";
        })) {
            RegisterWindow window =
                    new QtestWindow(spec(32), QtestConnection.open("cru", socket(), LATE_MILLIS, clock::get));
            assertTrue(messageOf(window).contains("does not answer within"));
            assertEquals(1, qemu.clients());
        }
    }

    @Test
    void ofWindowsOfOneSocketTheLongestTimeoutCounts() throws Exception {
        try (FakeQemu qemu = qemu(command -> null)) {
            Board board = TestBoards.read(folder, """
                    board: x
                    registers:
                      a: { at: 0x1000, size: 4 KiB, access: { qtest: qtest, timeout: 500 ms } }
                      b: { at: 0x2000, size: 4 KiB, access: { qtest: qtest, timeout: 600 ms } }
                      c: { at: 0x3000, size: 4 KiB, access: { qtest: qtest, timeout: 550 ms } }
                    clocks: {}
                    """);
            try (Windows windows = Windows.open(board, false)) {
                assertTrue(messageOf(windows.window("a")).contains("does not answer within 600 ms"));
                assertEquals(1, qemu.clients());
            }
        }
    }

    @Test
    void aQemuThatEndsIsAFailureUntilItIsThereAgain() throws IOException {
        RegisterWindow window;
        try (FakeQemu qemu = qemu(command -> "")) {
            window = window();
            assertTrue(messageOf(window).contains("has closed the connection"));
            assertEquals(1, qemu.clients());
        }
        String gone = messageOf(window);
        assertTrue(gone.contains("no QEMU listens there"), gone);
        java.nio.file.Files.delete(socket());
        try (FakeQemu qemu = qemu(command -> "OK 0x9\n")) {
            assertEquals(9, window.read(4));
            assertEquals(1, qemu.clients());
        }
    }

    @Test
    void aStartWithoutQemuSaysHowToStartIt() {
        WindowException refusal = assertThrows(WindowException.class, () -> connect(LATE_MILLIS));
        assertTrue(refusal.getMessage().startsWith("register window cru: qtest:" + socket()), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("-qtest unix:SOCKET,server=on,wait=off"), refusal.getMessage());
    }

    @Test
    void aStartOnASocketThatIsNoQemusSaysSo() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket(), command -> "{\"QMP\": {}}\n")) {
            WindowException refusal = assertThrows(WindowException.class, () -> connect(LATE_MILLIS));
            assertTrue(refusal.getMessage().contains("the socket of a -qtest option?"), refusal.getMessage());
            assertEquals(1, qemu.clients());
        }
    }

    @Test
    void windowsOfOneSocketShareAConnectionAndTheLastOneClosesIt() throws Exception {
        try (FakeQemu qemu = qemu(command -> "OK 0x5\n")) {
            Board board = TestBoards.read(folder, """
                    board: x
                    registers:
                      a: { at: 0x1000, size: 4 KiB, access: "qtest:qtest" }
                      b: { at: 0x2000, size: 4 KiB, access: "qtest:./qtest" }
                    clocks: {}
                    """);
            try (Windows windows = Windows.open(board, false)) {
                assertEquals(List.of("endianness"), qemu.commands(), "the start reads and writes no register");
                assertEquals(5, windows.window("a").read(0));
                windows.window("a").close();
                windows.window("a").close();
                assertEquals(5, windows.window("b").read(0));
                assertThrows(
                        IllegalStateException.class, () -> windows.window("a").read(0));
            }
            assertEquals(1, qemu.clients());
            // The fake serves one client at a time: this one is served because the first is gone.
            try (Windows again = Windows.open(board, false)) {
                assertEquals(5, again.window("b").read(4));
            }
        }
    }

    @Test
    void onlyTheWindowsRegistersAreReached() throws IOException {
        try (FakeQemu qemu = qemu(command -> "OK 0x0\n")) {
            RegisterWindow window = window();
            assertThrows(IndexOutOfBoundsException.class, () -> window.read(0x1000));
            assertThrows(IndexOutOfBoundsException.class, () -> window.read(-4));
            assertThrows(IllegalArgumentException.class, () -> window.write(2, 0));
            assertEquals(1, qemu.commands().size());
        }
    }
}
