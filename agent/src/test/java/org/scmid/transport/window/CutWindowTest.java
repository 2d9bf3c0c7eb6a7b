// A window's file that somebody makes shorter under the server costs this agent its window, for as long as it is short.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.linux.Fd;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;
import org.scmid.transport.EventSink.Result;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.window.WindowFixture.Layout;

class CutWindowTest {
    private static final int WHOLE = 0x1000 + WindowFixture.SIZE + 0x1000;

    private static void setLength(WindowFixture f, long bytes) throws IOException {
        try (Fd fd = NativeFile.open(f.file, OpenMode.READ_WRITE, false, false)) {
            NativeFile.truncate(fd, bytes);
        }
    }

    private static void expectLost(WindowFixture f) {
        assertEquals(1, f.port.count(MalformedInput.BAD_MEMORY));
        assertEquals("detached", f.port.calls.getLast());
        Mapping.raiseFault(); // nothing is left for anybody else
    }

    /** With the file as long as before the server is there again within two seconds, and starts as ever. */
    private static void expectRecovery(WindowFixture f) throws IOException {
        setLength(f, WHOLE);
        f.loop.runFor(2 * WindowFixture.SECOND);
        assertEquals(1, f.state());
        f.driver.restart();
        while (f.driver.poll()) {
            // what was under way has ended
        }
        f.untilReady();
        f.exchange(1);
        setLength(f, 0); // close() finds no pattern behind the window, and looks for none
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void itIsNoticedInTheNextTurn(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.exchange(1);
            setLength(f, 0);
            f.loop.turn();
            expectLost(f);
            expectRecovery(f);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void itIsNoticedBeforeAWaitForADoorbell(Layout layout) throws IOException {
        try (WindowFixture f = new WindowFixture(layout)) {
            f.server = f.newServer(listener -> new ConnectedBell());
            f.server.start();
            f.untilReady();
            setLength(f, 0);
            assertTrue(f.server.prepareToWait());
            expectLost(f);
            expectRecovery(f);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void itIsNoticedByAnEvent(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            setLength(f, 0);
            assertEquals(Result.NO_BUFFER, f.offer(64));
            Mapping.raiseFault();
            f.loop.turn();
            expectLost(f);
            expectRecovery(f);
        }
    }

    @Test
    void aPieceThatIsMissingIsNoticedWhenItIsNeeded() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
            long ticket = f.send(1);
            assertTrue(ticket != 0);
            setLength(f, 0x1000 + 0x4000); // the used ring of q0 is gone, the control block is not
            f.loop.turn();
            expectLost(f);
            assertTrue(f.port.executed() <= 1);
            expectRecovery(f);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aReplyThatComesMeanwhileIsLost(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.port.deferring = true;
            f.send(1);
            f.loop.turn();
            f.port.deferring = false;
            setLength(f, 0);
            f.port.reply();
            f.loop.turn();
            expectLost(f);
            expectRecovery(f);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aServerThatEndsOnACutWindowEndsAllTheSame(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            setLength(f, 0);
            f.server.close();
            assertEquals("detached", f.port.calls.getLast());
            Mapping.raiseFault();
        }
    }

    @Test
    void aFileThatIsShorterThanTheWindowIsRefusedAndLeftAsItIs() throws IOException {
        try (WindowFixture f = new WindowFixture(Layout.FAT)) {
            setLength(f, 0x1000 + WindowFixture.SIZE - 1);
            IOException e = assertThrows(IOException.class, f.server::start);
            assertTrue(String.valueOf(e.getMessage()).contains(f.file.toString()), e.getMessage());
            assertEquals(0x1000 + WindowFixture.SIZE - 1, Files.size(f.file));
        }
    }

    @Test
    void aWindowHasOneServer() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
            try (WindowTransport second = f.newServer()) {
                IOException e = assertThrows(IOException.class, second::start);
                assertTrue(String.valueOf(e.getMessage()).contains("is locked"), e.getMessage());
            }
            f.exchange(1);
            assertEquals(1, f.state());
        }
    }

    @Test
    void onlyTheWindowIsMapped() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
            int found = 0;
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                if (line.endsWith(f.file.toString())) {
                    String[] fields = line.split(" +", 0);
                    String[] range = fields[0].split("-", 0);
                    long bytes = Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16);
                    assertEquals(0, bytes % WindowFixture.SIZE, line); // two that adjoin may be shown as one
                    assertEquals("00001000", fields[2], line);
                    found++;
                }
            }
            assertFalse(found == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aFileThatWasReplacedIsServedWithinTwoSeconds(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.exchange(1);
            byte[] content = Files.readAllBytes(f.file);
            Arrays.fill(content, WindowFixture.BEFORE, WindowFixture.BEFORE + WindowFixture.SIZE, (byte) 0);
            Files.delete(f.file);
            Files.write(f.file, content);
            f.loop.runFor(2 * WindowFixture.SECOND);
            byte[] served = Files.readAllBytes(f.file);
            int magic = WindowFixture.BEFORE + f.control;
            assertEquals("SC", new String(served, magic, 2, StandardCharsets.US_ASCII));
            assertEquals(1, served[magic + 8], "state: ready");
        }
    }

    /** A bell with somebody at the other end. */
    private static final class ConnectedBell implements PeerBell {
        @Override
        public void start(Fd memory, long size) {}

        @Override
        public boolean connected() {
            return true;
        }

        @Override
        public void ring(int queue) {}

        @Override
        public void close() {}
    }
}
