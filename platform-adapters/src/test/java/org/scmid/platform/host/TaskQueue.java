// What other threads post to a loop that a test turns by hand.
package org.scmid.platform.host;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What other threads post to a loop; it runs on the test's thread, when the test says so. */
public final class TaskQueue implements Executor {
    private static final long LONGEST_SECONDS = 60;

    // Apart, so that neither thread ever waits for a lock of the other: waiting would allocate.
    private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final Semaphore count = new Semaphore(0);
    private volatile boolean ended;

    @Override
    public void execute(Runnable action) {
        if (ended) {
            throw new RejectedExecutionException("the loop has ended");
        }
        posted.add(action);
        count.release();
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
            assertTrue(count.tryAcquire(LONGEST_SECONDS, TimeUnit.SECONDS), "nothing was posted");
            runFirst();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** As {@link #runOne}, without allocating anything while it waits. */
    public void runOneByPolling() {
        while (!count.tryAcquire()) {
            Thread.onSpinWait();
        }
        runFirst();
    }

    private void runFirst() {
        Runnable first = posted.poll();
        assertNotNull(first, "it was counted before it was posted");
        first.run();
    }

    /** Refuses all that comes from now on, as a loop that has ended. */
    public void end() {
        ended = true;
    }
}
