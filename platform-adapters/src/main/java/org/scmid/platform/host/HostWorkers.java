// The threads that do what may take long, so that the service loop does not wait.
package org.scmid.platform.host;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.Scheduler;

/**
 * The threads that do what may take long: they read files whose driver may ask slow hardware, or never answer.
 *
 * <p>One thread is enough as long as it keeps up. When something has waited for {@value #PATIENCE_NANOS} ns because all
 * threads are busy, one more is started, up to {@value #MOST}: so what hangs holds one thread, and others go on. What
 * hangs longer than the process lives does not keep it from ending.
 *
 * <p>The loop gives out all work and is told of every end, so nothing here is shared but the work that is under way.
 * Everything but {@link Work#run} happens on the loop's thread, and allocates nothing once the threads are there.
 */
public final class HostWorkers implements AutoCloseable {
    /** Threads at most; as many things can hang before others have to wait for them. */
    public static final int MOST = 16;

    static final long PATIENCE_NANOS = 20_000_000;
    private static final long HANGING_NANOS = 1_000_000_000;

    private static final System.Logger LOG = System.getLogger(HostWorkers.class.getName());

    private final Executor loop;
    private final Scheduler scheduler;
    private final Scheduler.Timer patience;
    private final Worker[] idle = new Worker[MOST];
    private int idleCount;
    private int started;
    private boolean isPatienceArmed;
    private boolean saidThatAllHang;
    private boolean closed;

    // A ring with room for every job: none is in it twice.
    private Job[] waiting = {};
    private int firstWaiting;
    private int waitingCount;

    /**
     * Starts no thread yet.
     *
     * @param loop runs something on the loop's thread; may be called on any thread, and refuses when the loop has ended
     * @param scheduler the loop's clock and timers
     */
    HostWorkers(Executor loop, Scheduler scheduler) {
        this.loop = loop;
        this.scheduler = scheduler;
        this.patience = scheduler.timer(this::lookForWaiting);
    }

    /** Something that takes time, again and again. */
    public interface Work {
        /** Does it, on a thread that may wait. Nothing that the loop uses meanwhile may be touched. */
        void run();

        /** It was done; on the loop's thread. */
        void ended();
    }

    /** Makes a job; made once, submitted many times. */
    public Job job(Work work) {
        Job job = new Job(work);
        Job[] larger = new Job[waiting.length + 1];
        for (int i = 0; i < waitingCount; i++) {
            larger[i] = waiting[(firstWaiting + i) % waiting.length];
        }
        waiting = larger;
        firstWaiting = 0;
        return job;
    }

    /** Some work, and whether it is under way. */
    public final class Job {
        private final Work work;
        private boolean isBusy;
        private long since;

        private Job(Work work) {
            this.work = work;
        }

        /** Whether it was submitted, and the work's end was not told yet. */
        public boolean isBusy() {
            return isBusy;
        }

        /** How long it has been under way, in nanoseconds, waiting for a thread included; 0 if it is not. */
        public long busyNanos() {
            return isBusy ? scheduler.nanoTime() - since : 0;
        }

        /** Has the work done once. Not while it is under way. */
        public void submit() {
            if (isBusy) {
                throw new IllegalStateException("it is under way");
            }
            isBusy = true;
            since = scheduler.nanoTime();
            if (started == 0) {
                give(new Worker(), this);
            } else if (idleCount > 0) {
                give(idle[--idleCount], this);
            } else {
                waiting[(firstWaiting + waitingCount++) % waiting.length] = this;
                bePatient();
            }
        }
    }

    /** Threads that were started. */
    int threads() {
        return started;
    }

    private static void give(Worker worker, @Nullable Job job) {
        worker.job = job;
        worker.given.release();
    }

    private Job takeWaiting() {
        Job job = waiting[firstWaiting];
        firstWaiting = (firstWaiting + 1) % waiting.length;
        waitingCount--;
        return job;
    }

    private void bePatient() {
        if (!isPatienceArmed) {
            isPatienceArmed = true;
            patience.arm(started < MOST ? PATIENCE_NANOS : HANGING_NANOS);
        }
    }

    private void lookForWaiting() {
        isPatienceArmed = false;
        if (closed || waitingCount == 0) {
            return;
        }
        long waited = waiting[firstWaiting].busyNanos();
        if (started < MOST && waited >= PATIENCE_NANOS) {
            give(new Worker(), takeWaiting());
        } else if (started == MOST && waited >= HANGING_NANOS && !saidThatAllHang) {
            saidThatAllHang = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "all " + MOST + " threads that read files of the host wait for an answer; what else is to be read"
                            + " waits for one of them");
        }
        if (waitingCount > 0) {
            bePatient();
        }
    }

    private void ended(Worker worker, Job job) {
        if (closed) {
            give(worker, null);
            return;
        }
        if (waitingCount > 0) {
            give(worker, takeWaiting());
        } else {
            saidThatAllHang = false;
            idle[idleCount++] = worker;
        }
        job.isBusy = false;
        job.work.ended();
    }

    /** Ends the threads that wait for work; those that are busy end when they are done. */
    @Override
    public void close() {
        closed = true;
        patience.disarm();
        while (idleCount > 0) {
            give(idle[--idleCount], null);
        }
    }

    /** One thread. What it is given, and what it did, passes by the semaphore and by the loop's queue. */
    private final class Worker implements Runnable {
        private final Semaphore given = new Semaphore(0);
        private final Runnable end = this::tellEnd;
        private @Nullable Job job;

        Worker() {
            started++;
            Thread.ofPlatform().daemon().name("scmid-host-" + started).start(this);
        }

        @Override
        public void run() {
            try {
                given.acquireUninterruptibly();
                for (Job next = job; next != null; next = job) {
                    doWork(next);
                    loop.execute(end);
                    given.acquireUninterruptibly();
                }
            } catch (RejectedExecutionException loopHasEnded) {
                // Nobody gives work any more.
            }
        }

        private static void doWork(Job job) {
            try {
                job.work.run();
            } catch (RuntimeException | Error defect) {
                LOG.log(System.Logger.Level.ERROR, "reading a file of the host failed", defect);
            }
        }

        private void tellEnd() {
            Job done = job;
            if (done != null) {
                ended(this, done);
            }
        }
    }
}
