// Serial ports by jSerialComm, on pseudo-terminals whose other end a test holds.
package org.scmid.transport.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.linux.LinuxException;
import org.scmid.testing.Pty;
import org.scmid.testing.RunningLoop;

@Timeout(60)
class PortLineTest {
    private final RunningLoop loop = new RunningLoop();
    private final Pty pty = new Pty();

    PortLineTest() throws LinuxException {}

    @AfterEach
    void close() {
        pty.close();
        loop.close();
    }

    private static SerialSettings on(Path port) {
        return new SerialSettings(port, 115_200, false, 9, 8, 32473);
    }

    /** A user of a line, which notes what it is told. */
    private final class User implements SerialLine.Listener {
        private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream(); // of the loop
        private final SerialLine line;

        User(Path port) throws Exception {
            line = loop.call(() -> PortLine.opener(loop, on(port)).open(this));
        }

        void expectTold(String expected) throws InterruptedException {
            String next = told.poll(20, TimeUnit.SECONDS);
            assertTrue(next != null && next.contains(expected), expected + " was awaited, but: " + next);
        }

        byte[] receivedBytes(int count) throws Exception {
            byte[] bytes = loop.call(received::toByteArray);
            while (bytes.length < count) {
                bytes = loop.call(received::toByteArray);
            }
            return bytes;
        }

        void write(byte[] bytes) throws Exception {
            for (int at = 0; at < bytes.length; ) {
                int from = at;
                at += loop.call(() -> {
                    int count = Math.min(line.room(), bytes.length - from);
                    line.write(bytes, from, count);
                    return count;
                });
            }
        }

        void close() throws Exception {
            loop.call(() -> {
                line.close();
                return true;
            });
        }

        @Override
        public void opened() {
            told.add("opened");
        }

        @Override
        public void received(byte[] bytes, int count) {
            received.write(bytes, 0, count);
        }

        @Override
        public void writable() {
            told.add("writable");
        }

        @Override
        public void lost(String why) {
            told.add("lost: " + why);
        }
    }

    private byte[] atTheOtherEnd(int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[4096];
        while (all.size() < count) {
            int more = pty.read(piece, 20_000);
            assertTrue(more > 0, "only " + all.size() + " of " + count + " bytes came");
            all.write(piece, 0, more);
        }
        return all.toByteArray();
    }

    @Test
    void allBytesGoThroughBothWays() throws Exception {
        User user = new User(pty.port());
        user.expectTold("opened");
        byte[] all = new byte[256 * 40];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        user.write(all);
        assertArrayEquals(all, atTheOtherEnd(all.length));
        byte[] back = new byte[3_000]; // what a terminal would take as control characters among them
        new Random(1).nextBytes(back);
        pty.write(back);
        assertArrayEquals(back, user.receivedBytes(back.length));
        user.close();
    }

    @Test
    void moreThanThereIsRoomForIsTakenWhenTheOtherEndHasRead() throws Exception {
        User user = new User(pty.port());
        user.expectTold("opened");
        byte[] piece = new byte[1000];
        int sent = 0;
        // Until neither the line nor the terminal takes more: nobody reads.
        for (int idle = 0; idle < 20; ) {
            int count = loop.call(() -> {
                int room = Math.min(user.line.room(), piece.length);
                user.line.write(piece, 0, room);
                return room;
            });
            sent += count;
            idle = count == 0 ? idle + 1 : 0;
        }
        assertTrue(sent >= 19_000, "" + sent);
        byte[] read = atTheOtherEnd(sent);
        assertEquals(sent, read.length);
        user.expectTold("writable");
        user.close();
    }

    @Test
    void aCableThatIsPulledOutIsNoticed() throws Exception {
        User user = new User(pty.port());
        user.expectTold("opened");
        pty.close();
        user.expectTold("lost: the port " + pty.port() + " is gone");
        assertEquals(0, loop.call(user.line::room));
    }

    @Test
    void aPortHasOneUser() throws Exception {
        User user = new User(pty.port());
        user.expectTold("opened");
        User second = new User(pty.port());
        second.expectTold("is in use by this service");
        user.close();
        awaitOpened();
    }

    @Test
    void aPortThatCannotBeClosedIsSaidToBeInUseUntilItCan() throws Exception {
        User user = new User(pty.port());
        user.expectTold("opened");
        byte[] piece = new byte[1000];
        int sent = 0;
        for (int idle = 0; idle < 20; ) {
            int count = loop.call(() -> {
                int room = Math.min(user.line.room(), piece.length);
                user.line.write(piece, 0, room);
                return room;
            });
            sent += count;
            idle = count == 0 ? idle + 1 : 0;
        }
        assertTrue(sent >= 19_000, "" + sent);
        user.close(); // does not wait, though nobody reads what is written
        new User(pty.port()).expectTold("in use by this service, or its driver has not let go of it");
        int read = 1;
        while (read > 0) {
            read = pty.read(piece, 300); // the rest, as far as it was taken
        }
        awaitOpened();
    }

    /** The threads of the one before let go of the port in their time. */
    private void awaitOpened() throws Exception {
        String told = "";
        while (!told.equals("opened")) {
            User next = new User(pty.port());
            told = String.valueOf(next.told.poll(20, TimeUnit.SECONDS));
            next.close();
        }
    }

    @Test
    void whatIsNoPortIsSaidToBeNone(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        new User(folder.resolve("ttyS0")).expectTold("lost: there is no port " + folder.resolve("ttyS0"));
        new User(file).expectTold("lost: " + file + " is no serial port");
        new User(Path.of("/dev/null")).expectTold("lost: /dev/null is no serial port");
        new User(folder).expectTold("is no serial port");
    }

    @Test
    void noLibraryStaysBehindWhereOthersCouldPutOne() throws Exception {
        User user = new User(pty.port());
        user.expectTold("opened");
        user.close();
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith("scmid-serial-")));
        }
        String maps = Files.readString(Path.of("/proc/self/maps"));
        assertTrue(maps.contains("libjSerialComm.so"));
        assertTrue(maps.lines()
                .filter(line -> line.contains("jSerialComm"))
                .allMatch(line -> line.contains("/scmid-serial-")));
    }
}
