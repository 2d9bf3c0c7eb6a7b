// Collects what a process prints, so that a test can wait for it and show it when something fails.
package org.scmid.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** A growing text, fed by a thread of its own. */
final class Output {
    private final StringBuilder text = new StringBuilder();
    private boolean ended;

    static Output of(InputStream stream, String name) {
        var output = new Output();
        Thread.ofPlatform().name(name).daemon().start(() -> output.readAll(stream));
        return output;
    }

    private void readAll(InputStream stream) {
        var buffer = new byte[8192];
        try (stream) {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                append(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            append("\n(reading ended: " + e.getMessage() + ")\n");
        }
        synchronized (this) {
            ended = true;
        }
    }

    private synchronized void append(String part) {
        text.append(part);
    }

    synchronized String text() {
        return text.toString();
    }

    synchronized int length() {
        return text.length();
    }

    synchronized boolean isEnded() {
        return ended;
    }

    synchronized int indexOf(String wanted, int from) {
        return text.indexOf(wanted, from);
    }

    synchronized String substring(int from, int to) {
        return text.substring(from, to);
    }

    /** Waits until the text holds {@code wanted} at or after {@code from}; returns where it begins. */
    int awaitText(String wanted, int from, String who) {
        Deadline deadline = Deadline.generous();
        while (true) {
            boolean wasEnded = isEnded();
            int at = indexOf(wanted, from);
            if (at >= 0) {
                return at;
            }
            if (wasEnded || deadline.isOver()) {
                throw new AssertionError(who + (wasEnded ? " ended" : " took too long") + " before it printed `"
                        + wanted + "`; its output:\n" + text());
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
