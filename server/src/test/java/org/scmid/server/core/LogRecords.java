// What is logged meanwhile, as text.
package org.scmid.server.core;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;

/** Collects what all loggers say from a level on. */
public final class LogRecords extends Handler implements AutoCloseable {
    private static final SimpleFormatter MESSAGE = new SimpleFormatter();
    private static final Logger ROOT = Logger.getLogger("");

    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();

    /** Warnings, and what is worse. */
    public LogRecords() {
        this(Level.WARNING);
    }

    public LogRecords(Level least) {
        setLevel(least);
        ROOT.addHandler(this);
    }

    /** One line for each record; empty if there is none. */
    public String text() {
        return records.stream()
                .map(logged -> logged.getLoggerName() + ": " + MESSAGE.formatMessage(logged) + " " + logged.getThrown())
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
