// The thread that makes texts of messages.
package org.scmid.server.core.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.catalogue.MessageText;

/**
 * Takes the messages of all agents out of their buffers, in the order in which they were put in, and writes each as a line
 * of the log. At most {@value #LINES_AT_ONCE} lines in {@value #PAUSE_MILLIS} ms, so that it leaves the processor to those
 * whose messages they are; what has no room meanwhile is left out, and a line says how many of which agent.
 */
final class TraceWriter {
    static final int LINES_AT_ONCE = 128;
    private static final int PAUSE_MILLIS = 10;
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private static final System.Logger LOG = System.getLogger(MessageTrace.LOGGER);

    /** The buffer of one agent, and what was said of it. */
    private static final class Source {
        private final String agent;
        private final TraceBuffer buffer;
        private long saidLeftOut;

        Source(String agent, TraceBuffer buffer) {
            this.agent = agent;
            this.buffer = buffer;
        }
    }

    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final MessageBuffer message = new MessageBuffer();
    private @Nullable Thread thread;
    private long numbers;
    private volatile boolean idle;
    private volatile boolean finishing;

    /** The buffer of another agent; the thread begins with the first. */
    TraceBuffer open(String agent) {
        TraceBuffer buffer = new TraceBuffer();
        sources.add(new Source(agent, buffer));
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("scmid-trace").start(this::run);
        }
        return buffer;
    }

    /** An agent has left. */
    void close(TraceBuffer buffer) {
        sources.removeIf(source -> source.buffer == buffer && source.buffer.oldest() == null);
    }

    /** The number of the next message. The loop's thread. */
    long nextNumber() {
        return numbers++;
    }

    /** Something was put into a buffer. The loop's thread; never waits. */
    void wake() {
        if (idle) {
            idle = false;
            LockSupport.unpark(thread);
        }
    }

    /** Waits until everything is written, a second at most. */
    void finish() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        finishing = true;
        LockSupport.unpark(running);
        try {
            running.join(Duration.ofNanos(PATIENCE_NANOS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            boolean ending = finishing;
            int written = 0;
            while (written < LINES_AT_ONCE && writeNext()) {
                written++;
            }
            if (written > 0) {
                if (!ending) {
                    LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000L);
                }
            } else if (ending) {
                return;
            } else {
                idle = true;
                // Whoever puts something in from here on wakes it.
                if (isEmpty() && !finishing) {
                    LockSupport.park(this);
                }
                idle = false;
            }
        }
    }

    private boolean isEmpty() {
        for (Source source : sources) {
            if (source.buffer.oldest() != null) {
                return false;
            }
        }
        return true;
    }

    private boolean writeNext() {
        Source first = null;
        TraceBuffer.Entry next = null;
        for (Source source : sources) {
            TraceBuffer.Entry oldest = source.buffer.oldest();
            if (oldest != null && (next == null || oldest.number() < next.number())) {
                first = source;
                next = oldest;
            }
            if (oldest == null) {
                sayWhatIsMissing(source);
            }
        }
        if (first == null || next == null) {
            return false;
        }
        String text = next.direction() == TraceBuffer.Direction.REQUEST
                ? MessageText.ofRequest(next.message(message), next.version())
                : next.length() == 0 ? "no reply" : MessageText.ofReply(next.message(message), next.version());
        String sign = next.direction().sign();
        first.buffer.take();
        write(System.Logger.Level.DEBUG, "agent " + first.agent + " " + sign + text);
        return true;
    }

    /** Said where the agent's messages have come to an end for now: then it is clear where some are missing. */
    private static void sayWhatIsMissing(Source source) {
        long missing = source.buffer.leftOut() - source.saidLeftOut;
        if (missing > 0) {
            source.saidLeftOut += missing;
            write(
                    System.Logger.Level.WARNING,
                    "agent " + source.agent + ": " + missing + " messages were left out here: they came too fast");
        }
    }

    private static void write(System.Logger.Level level, String line) {
        LOG.log(level, line);
    }
}
