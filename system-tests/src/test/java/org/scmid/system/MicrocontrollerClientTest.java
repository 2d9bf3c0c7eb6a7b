// A microcontroller as a client: it reads, sets and enables clocks of a served board over its serial line.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** QEMU's B-L475E-IOT01A with the client of guests/stm32l4, whose second USART is a console for the test. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MicrocontrollerClientTest {
    private static final String REDIRECTED = "char device redirected to ";
    private static final int NEAREST = 1 << 3;

    @TempDir
    private Path folder;

    private static String agents(String port) {
        return """
                agents:
                  mcu:
                    transport: serial
                    port: %s
                    clocks: [osc: read, uart, spi, shared]
                  test: { transport: socket, socket: test.sock, clocks: [spi] }
                """.formatted(port);
    }

    private Console boot() {
        return Console.start(
                "microcontroller",
                List.of(
                        "qemu-system-arm",
                        "-machine",
                        "b-l475e-iot01a",
                        "-nodefaults",
                        "-display",
                        "none",
                        "-serial",
                        "pty",
                        "-serial",
                        "stdio",
                        "-qmp",
                        "unix:" + folder.resolve("qmp") + ",server=on,wait=off",
                        "-kernel",
                        Programs.stm32Client().toString()));
    }

    /** The pseudo terminal that QEMU has made, as it has said first of all. */
    private static String port(Console mcu) {
        return mcu.text().substring(REDIRECTED.length()).split(" ", 2)[0];
    }

    /** Sends a command; its answer. */
    private static String run(Console console, String line) {
        return console.ask(line, line.split(" ", 2)[0], "error");
    }

    @Test
    void it_finds_its_clocks_and_sets_and_enables_them() {
        try (Console mcu = boot();
                Qmp monitor = Qmp.connect(folder.resolve("qmp"))) {
            mcu.awaitLine("scmi microcontroller");
            TestBoard board = TestBoard.withAgents(folder, agents(port(mcu)));
            Scmid scmid = board.run();
            try {
                discovers(mcu);
                setsAndEnables(mcu, board);
                isTold(mcu, board);
                scmid = restart(scmid, board, mcu);
                isReset(monitor, mcu, board);
            } finally {
                scmid.close();
            }
        }
    }

    private static void discovers(Console mcu) {
        mcu.awaitLine("session new");
        assertEquals("agent 1 mcu", mcu.awaitLine("agent"));
        assertEquals("clock 0 osc 24000000 on", mcu.awaitLine("clock"));
        assertEquals("clock 1 uart 12000000 off", mcu.awaitLine("clock"));
        assertEquals("clock 2 spi 150000000 off", mcu.awaitLine("clock"));
        assertEquals("clock 3 shared 150000000 off", mcu.awaitLine("clock"));
        assertEquals("clocks 4", mcu.awaitLine("clocks"));
        mcu.awaitLine("ready");
    }

    private static void setsAndEnables(Console mcu, TestBoard board) {
        assertEquals("set 1 8000000", run(mcu, "set 1 8000000"));
        assertEquals(2, board.register(TestBoard.SOURCE) & 0x7f, "24 MHz / 3");
        assertEquals("rate 1 8000000", run(mcu, "rate 1"));
        assertEquals("enable 3", run(mcu, "enable 3"));
        assertEquals(List.of("mcu"), board.votes("shared"));
        assertTrue(board.isSet(TestBoard.GATES, TestBoard.SHARED_GATE));
        assertEquals(0, board.register(TestBoard.GATES) & TestBoard.SPI_GATE_OFF, "its parent is on too");
        assertEquals("enable 1", run(mcu, "enable 1"));
        assertEquals("disable 1", run(mcu, "disable 1"));
        assertFalse(board.isSet(TestBoard.GATES, TestBoard.UART_GATE));
        assertEquals("clocks 4", run(mcu, "clocks"));

        assertEquals("error enable DENIED", run(mcu, "enable 0"));
        assertEquals("error rate NOT_FOUND", run(mcu, "rate 4"));
        assertEquals("parent 3 2", run(mcu, "parent 3 2"));
    }

    private static void isTold(Console mcu, TestBoard board) {
        assertEquals("subscribe 2", run(mcu, "subscribe 2"));
        assertEquals("unsubscribe 1", run(mcu, "unsubscribe 1"));
        setSpi(board, 300_000_000);
        assertEquals("event clock 2 rate 300000000", mcu.awaitLine("event"));
    }

    private static void setSpi(TestBoard board, int hz) {
        try (SocketAgent agent = SocketAgent.connect(board.folder.resolve("test.sock"))) {
            assertEquals(SUCCESS, agent.call(clock(RATE_SET), NEAREST, 0, hz, 0)[0]);
        }
    }

    /** The microcontroller notices, subscribes again, and its vote counts all the time. */
    private static Scmid restart(Scmid scmid, TestBoard board, Console mcu) {
        scmid.kill();
        mcu.awaitLine("session lost");
        Scmid again = board.run();
        mcu.awaitLine("session new");
        assertEquals("session restored 2", mcu.awaitLine("session restored"));
        assertEquals(List.of("mcu"), board.votes("shared"));
        setSpi(board, 600_000_000);
        assertEquals("event clock 2 rate 600000000", mcu.awaitLine("event"));
        return again;
    }

    /** It begins anew, and says so: what it held is given up at once. */
    private static void isReset(Qmp monitor, Console mcu, TestBoard board) {
        monitor.execute("system_reset");
        mcu.awaitLine("scmi microcontroller");
        mcu.awaitLine("ready");
        assertEquals(List.of(), board.votes("shared"));
        assertFalse(board.isSet(TestBoard.GATES, TestBoard.SHARED_GATE));
    }
}
