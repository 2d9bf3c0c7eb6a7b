// What other threads post to a loop that a test turns by hand.
package org.scmid.platform.host;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What other threads post to a loop; it runs on the test's thread, when the test says so. */
public final class TaskQueue implements Executor {
    private static final long LONGEST_SECONDS = 60;

    private final LinkedBlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    @Override
    public void execute(Runnable action) {
        if (ended) {
            throw new RejectedExecutionException("the loop has ended");
        }
        posted.add(action);
    }

    /** Runs what is posted, as it comes, until the condition holds. */
    public void runUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            runOne();
        }
    }

    /** Waits for something to be posted and runs it. */
    public void runOne() {
        try {
            Runnable next = posted.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
            assertNotNull(next, "nothing was posted");
            next.run();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** As {@link #runOne}, without allocating anything while it waits. */
    public void runOneByPolling() {
        Runnable next = posted.poll();
        while (next == null) {
            Thread.onSpinWait();
            next = posted.poll();
        }
        next.run();
    }

    /** Refuses all that comes from now on, as a loop that has ended. */
    public void end() {
        ended = true;
    }
}
