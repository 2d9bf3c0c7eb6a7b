// A log that fails once on the loop's thread: the one way to end the loop that does not touch its insides.
package org.scmid.testing;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.scmid.loop.ServiceLoop;

/** Throws on the first error that is logged about a callback of a service loop. */
public final class BrokenLog extends Handler implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");

    private final Error fault;
    private final AtomicBoolean used = new AtomicBoolean();

    /** From now on the log is broken. */
    public BrokenLog(Error fault) {
        this.fault = fault;
        ROOT.addHandler(this);
    }

    /** Whether it has thrown. */
    public boolean used() {
        return used.get();
    }

    @Override
    public void publish(LogRecord logged) {
        boolean ofLoop = ServiceLoop.class.getName().equals(logged.getLoggerName());
        if (ofLoop && logged.getLevel().equals(Level.SEVERE) && used.compareAndSet(false, true)) {
            throw fault;
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
