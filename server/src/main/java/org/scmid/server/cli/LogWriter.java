// Writes the log from a thread of its own, so that nobody waits for its reader.
package org.scmid.server.cli;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Writes log lines from a thread of its own. Whoever logs, the service loop above all, never waits for who reads the
 * log: lines beyond {@value #CAPACITY} that wait are left out, and counted in a line of their own once there is room.
 */
final class LogWriter extends Handler {
    static final int CAPACITY = 4096;

    private final BlockingQueue<LogRecord> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong leftOut = new AtomicLong();
    private final AtomicLong unwritten = new AtomicLong();
    private final PrintStream out;

    /**
     * Starts the thread, which ends with the process.
     *
     * @param out where lines go
     */
    LogWriter(PrintStream out, Formatter formatter) {
        this.out = out;
        setFormatter(formatter);
        setLevel(Level.ALL);
        Thread.ofPlatform().daemon().name("scmid-log").start(this::run);
    }

    @Override
    public void publish(LogRecord logRecord) {
        if (!isLoggable(logRecord)) {
            return;
        }
        unwritten.incrementAndGet();
        if (!waiting.offer(logRecord)) {
            unwritten.decrementAndGet();
            leftOut.incrementAndGet();
        }
    }

    private void run() {
        try {
            while (true) {
                LogRecord next = waiting.take();
                sayWhatIsMissing();
                out.print(getFormatter().format(next));
                out.flush();
                unwritten.decrementAndGet();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayWhatIsMissing() {
        long missing = leftOut.getAndSet(0);
        if (missing > 0) {
            out.print(getFormatter()
                    .format(new LogRecord(
                            Level.WARNING, missing + " lines were left out here: nobody read the log fast enough")));
        }
    }

    /** Waits until everything is written that was logged before, or the time is over. */
    void drain(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (unwritten.get() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Nothing: {@link #drain} waits, with a bound. */
    @Override
    public void flush() {}

    @Override
    public void close() {}
}
