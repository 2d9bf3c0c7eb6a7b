// How many bytes something allocates once it is warm.
package org.scmid.platform;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes something allocates once it is warm. */
public final class Allocation {
    private static final int WARM_UP = 20_000;
    private static final int RUNS = 1_000;
    private static final int ATTEMPTS = 10;

    private Allocation() {}

    /**
     * The least that a thousand runs allocated in one of several attempts: a class that is linked late, or a compilation
     * that ends meanwhile, may cost a little once.
     */
    public static long ofRuns(Runnable action) {
        return ofRuns(action, WARM_UP, RUNS);
    }

    /** As {@link #ofRuns(Runnable)}, for what takes longer, since it waits for another thread. */
    public static long ofRuns(Runnable action, int warmUp, int runs) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(action, warmUp);
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long overhead = threads.getCurrentThreadAllocatedBytes() - before;
            before = threads.getCurrentThreadAllocatedBytes();
            repeat(action, runs);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before - overhead);
        }
        return least;
    }

    private static void repeat(Runnable action, int times) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }
}
