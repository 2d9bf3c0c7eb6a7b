// What an agent's messages look like in the log.
package org.scmid.server.core.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.server.core.Bench;

class MessageTraceTest {
    private final Logger logger = Logger.getLogger(MessageTrace.LOGGER);
    private final List<String> lines = new ArrayList<>();
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

    @Test
    void nothingIsWrittenUnlessAskedFor(@TempDir Path directory) throws Exception {
        logger.addHandler(handler);
        new Bench(directory).agent("linux", "uart").withEvents().call(Bench.CLOCK, 6, 0);
        assertEquals(List.of(), lines);
    }
}
