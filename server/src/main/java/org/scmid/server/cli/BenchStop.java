// Ctrl-C while scmid bench measures.
package org.scmid.server.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.scmid.server.bench.BackEnd;

/**
 * Makes SIGINT, SIGTERM and SIGHUP end the measurement early, and the process only after what was measured is printed.
 * The exit code stays that of the signal.
 */
final class BenchStop implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;

    private final BackEnd backEnd;
    private final CountDownLatch printed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");
    private volatile boolean resultsFollow;

    /** From now on signals are handled. */
    BenchStop(BackEnd backEnd) {
        this.backEnd = backEnd;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Something is measured from now on, and worth waiting for. */
    void resultsFollow() {
        resultsFollow = true;
    }

    private void stop() {
        backEnd.stop();
        if (!resultsFollow) {
            return;
        }
        try {
            printed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All is printed, and signals end the process as usual. */
    @Override
    public void close() {
        printed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends; the hook was waiting for this.
        }
    }
}
