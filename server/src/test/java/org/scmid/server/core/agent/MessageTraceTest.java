// What an agent's messages look like in the log.
package org.scmid.server.core.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.server.core.Bench;

@Timeout(60)
class MessageTraceTest {
    private final Logger logger = Logger.getLogger(MessageTrace.LOGGER);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private static final String CALM_REPLY = "agent calm <- CLOCK_RATE_GET token=5 SUCCESS rate=24000000";

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
            lines.add(logRecord.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @AfterEach
    void silence() {
        logger.removeHandler(handler);
        logger.setFilter(null);
        logger.setLevel(null);
    }

    @Test
    void requestsRepliesAndEventsAreDecodedByTheTables(@TempDir Path directory) throws Exception {
        logger.setLevel(Level.FINE);
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        Bench bench = new Bench(directory);
        Bench.Peer linux = bench.agent("linux", "uart").withEvents();
        linux.call(Bench.CLOCK, 5, 3, 0, 0, 1);
        linux.call(Bench.CLOCK, 6, 0);
        linux.call(Bench.CLOCK, 6, 7);
        linux.call(Bench.CLOCK, 5, 1, 0, 12_000_000, 0);
        linux.exchange(new byte[] {1, 2}, 64);
        awaitLines(9);
        assertEquals(
                List.of(
                        "agent linux -> CLOCK_RATE_SET token=5 flags=0x3 clock=0 rate=4294967296",
                        "agent linux <- CLOCK_RATE_SET token=5 SUCCESS",
                        "agent linux -> CLOCK_RATE_GET token=6 clock=0",
                        "agent linux <- CLOCK_RATE_GET token=6 SUCCESS rate=24000000",
                        "agent linux -> CLOCK_RATE_GET token=7 clock=7",
                        "agent linux <- CLOCK_RATE_GET token=7 NOT_FOUND",
                        "agent linux -> CLOCK_RATE_SET token=8 flags=0x1 clock=0 rate=12000000",
                        "agent linux <- CLOCK_RATE_SET token=8 SUCCESS",
                        "agent linux <= CLOCK_RATE_SET_COMPLETE token=8 SUCCESS clock=0 rate=12000000"),
                lines);
    }

    private void awaitLines(int count) {
        while (lines.size() < count) {
            Thread.onSpinWait();
        }
    }

    /** Logs nothing before it may: so long the thread that writes is stuck with its first line. */
    private void holdLines(CountDownLatch goOn) {
        logger.setLevel(Level.FINE);
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setFilter(line -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
    }

    @Test
    void theLoopDoesNotWaitForWhoWritesAndWhatFindsNoRoomIsCounted(@TempDir Path directory) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        holdLines(goOn);
        Bench bench = new Bench(directory);
        Bench.Peer busy = bench.agent("busy", "uart");
        Bench.Peer calm = bench.agent("calm", "uart");
        int commands = 1000;
        for (int i = 0; i < commands; i++) {
            busy.call(Bench.CLOCK, 6, 0);
        }
        calm.call(Bench.CLOCK, 6, 0);
        goOn.countDown();
        awaitLine(line -> line.contains(" messages were left out here"));
        awaitLine(line -> line.equals(CALM_REPLY)); // one agent's messages take no room from another's
        List<String> written = List.copyOf(lines);
        long missing = 2L * commands
                - written.stream()
                        .filter(line -> line.startsWith("agent busy -> ") || line.startsWith("agent busy <- "))
                        .count();
        assertTrue(missing > 0 && missing <= 2L * commands - TraceBuffer.CAPACITY, missing + " are missing");
        assertTrue(
                written.contains("agent busy: " + missing + " messages were left out here: they came too fast"),
                written.subList(TraceBuffer.CAPACITY, written.size())::toString);
    }

    private void awaitLine(Predicate<String> wanted) {
        while (lines.stream().noneMatch(wanted)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void nothingIsWrittenUnlessAskedFor(@TempDir Path directory) throws Exception {
        logger.addHandler(handler);
        new Bench(directory).agent("linux", "uart").withEvents().call(Bench.CLOCK, 6, 0);
        assertEquals(List.of(), lines);
    }
}
