// Where log lines go, and what they look like.
package org.scmid.server.cli;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line for each event, on standard error: time, level, what happened. */
final class Logging {
    /** Held here, since the log manager forgets what nobody holds. */
    private static final Logger MESSAGES = Logger.getLogger("org.scmid.trace");

    private static final long PATIENCE_MILLIS = 1000;

    /**
     * Libraries speak up only when something is wrong. Netty calls it a warning, with a stack trace, that a client cannot
     * be accepted; but a peer can cause that, by taking what file descriptors there are.
     */
    private static final Logger VERTX = Logger.getLogger("io.vertx");

    private static final Logger NETTY = Logger.getLogger("io.netty");

    private Logging() {}

    static void toStandardError() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.addHandler(new LogWriter(System.err, new Line()));
        root.setLevel(Level.INFO);
        VERTX.setLevel(Level.WARNING);
        NETTY.setLevel(Level.SEVERE);
    }

    /** Before the process ends: lets what was logged be written, unless nobody reads it. */
    static void finish() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof LogWriter writer) {
                writer.drain(PATIENCE_MILLIS);
            }
        }
    }

    /** Lets every SCMI message into the log. */
    static void everyMessage() {
        MESSAGES.setLevel(Level.FINE);
    }

    /** For commands that tell the user themselves what they do. */
    static void onlyWarnings() {
        Logger.getLogger("").setLevel(Level.WARNING);
    }

    /** For commands that tell the user everything themselves. */
    static void onlyFaults() {
        Logger.getLogger("").setLevel(Level.SEVERE);
    }

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord record) {
            var line = new StringBuilder("%1$tFT%1$tT.%1$tL %2$-7s %3$s"
                    .formatted(record.getMillis(), record.getLevel().getName(), formatMessage(record)));
            for (Throwable cause = record.getThrown(); cause != null; cause = cause.getCause()) {
                line.append(System.lineSeparator()).append("    ").append(cause);
                for (StackTraceElement frame : cause.getStackTrace()) {
                    line.append(System.lineSeparator()).append("        at ").append(frame);
                }
            }
            return line.append(System.lineSeparator()).toString();
        }
    }
}
