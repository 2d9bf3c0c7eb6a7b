// Whether anybody waits for a log that nobody reads.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LogWriterTest {
    private static final long FOREVER_MILLIS = 30_000;

    private static final Formatter BARE = new Formatter() {
        @Override
        public String format(LogRecord line) {
            return line.getMessage() + "\n";
        }
    };

    private static LogRecord line(int number) {
        return new LogRecord(Level.INFO, "line " + number);
    }

    @Test
    void linesComeInTheirOrder() {
        var bytes = new ByteArrayOutputStream();
        var writer = new LogWriter(new PrintStream(bytes, false, StandardCharsets.UTF_8), BARE);
        for (int i = 0; i < 100; i++) {
            writer.publish(line(i));
        }
        writer.drain(FOREVER_MILLIS);
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(100, lines.size());
        assertEquals("line 0", lines.getFirst());
        assertEquals("line 99", lines.getLast());
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void nobodyWaitsForALogThatIsNotReadAndWhatIsMissingIsSaid() {
        var bytes = new ByteArrayOutputStream();
        var read = new CountDownLatch(1);
        var stuck = new PrintStream(new Stuck(bytes, read), false, StandardCharsets.UTF_8);
        var writer = new LogWriter(stuck, BARE);
        int lines = 3 * LogWriter.CAPACITY;
        for (int i = 0; i < lines; i++) {
            writer.publish(line(i));
        }
        writer.drain(1);
        assertEquals(0, bytes.size(), "nothing could be written, and nobody waited");
        read.countDown();
        writer.drain(FOREVER_MILLIS);
        writer.publish(line(lines));
        writer.drain(FOREVER_MILLIS);
        String written = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(written.matches("(?s).*[0-9]+ lines were left out here.*"), written);
        assertTrue(written.endsWith("line " + lines + "\n"), written);
        assertTrue(written.lines().count() <= LogWriter.CAPACITY + 4L);
    }

    /** Takes nothing until it is read. */
    private static final class Stuck extends OutputStream {
        private final OutputStream to;
        private final CountDownLatch read;

        Stuck(OutputStream to, CountDownLatch read) {
            this.to = to;
            this.read = read;
        }

        @Override
        public void write(int octet) throws IOException {
            try {
                read.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            to.write(octet);
        }
    }
}
