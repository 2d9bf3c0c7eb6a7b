// What is logged meanwhile, as text.
package org.scmid.server.management;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Collects the warnings of all loggers, and what is worse. */
final class LogRecords extends Handler implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");

    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();

    LogRecords() {
        setLevel(Level.WARNING);
        ROOT.addHandler(this);
    }

    /** One line for each record; empty if there is none. */
    String text() {
        return records.stream()
                .map(logged -> logged.getLoggerName() + ": " + logged.getMessage() + " " + logged.getThrown())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void publish(LogRecord logged) {
        if (isLoggable(logged)) {
            records.add(logged);
        }
    }

    @Override
    public void flush() {
        // nothing is kept back
    }

    @Override
    public void close() {
        ROOT.removeHandler(this);
    }
}
