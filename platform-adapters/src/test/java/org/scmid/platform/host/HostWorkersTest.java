// The threads that do what may take long: how many there are, and whom they keep waiting.
package org.scmid.platform.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.scmid.platform.Allocation;
import org.scmid.testing.HandLoop;

class HostWorkersTest {
    private final HandLoop time = new HandLoop();
    private final TaskQueue loop = new TaskQueue();
    private final HostWorkers workers = new HostWorkers(loop, time);
    private final List<Task> tasks = new ArrayList<>();

    /** Work that may hang until it is let go. */
    private final class Task implements HostWorkers.Work {
        final HostWorkers.Job job = workers.job(this);
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd;

        @Nullable
        Thread thread;

        int ends;
        boolean isBroken;

        Task(boolean hangs) {
            mayEnd = new CountDownLatch(hangs ? 1 : 0);
            tasks.add(this);
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            begun.countDown();
            if (isBroken) {
                throw new IllegalStateException("broken on purpose");
            }
            await(mayEnd);
        }

        @Override
        public void ended() {
            assertNotSame(Thread.currentThread(), thread);
            ends++;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @AfterEach
    void letEverythingGo() {
        tasks.forEach(task -> task.mayEnd.countDown());
        loop.end();
        workers.close();
    }

    @Test
    void nothingIsStartedBeforeThereIsWork() {
        new Task(false);
        assertEquals(0, workers.threads());
        assertEquals(0, time.armed());
    }

    @Test
    void workIsDoneOnAThreadOfItsOwnAndItsEndIsToldOnTheLoop() {
        Task task = new Task(true);
        task.job.submit();
        assertTrue(task.job.isBusy());
        assertThrows(IllegalStateException.class, task.job::submit);
        time.runFor(5);
        assertEquals(5, task.job.busyNanos());
        task.mayEnd.countDown();
        assertEquals(0, task.ends);
        loop.runUntil(() -> task.ends == 1);
        assertFalse(task.job.isBusy());
        assertEquals(0, task.job.busyNanos());
    }

    @Test
    void oneThreadDoesAllThatItKeepsUpWithInTheOrderInWhichItCame() {
        List<Task> ended = new ArrayList<>();
        List<Task> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new Task(false));
        }
        for (int round = 1; round <= 3; round++) {
            ended.clear();
            all.forEach(task -> task.job.submit());
            int ends = round;
            while (ended.size() < all.size()) {
                loop.runOne();
                all.stream()
                        .filter(task -> task.ends == ends && !ended.contains(task))
                        .forEach(ended::add);
            }
            assertEquals(all, ended);
        }
        assertEquals(1, workers.threads());
        all.forEach(task -> assertSame(all.getFirst().thread, task.thread));
    }

    @Test
    void whatHangsHoldsOneThreadAndOthersGoOn() {
        Task hanging = new Task(true);
        Task other = new Task(false);
        hanging.job.submit();
        other.job.submit();
        await(hanging.begun);
        time.runFor(HostWorkers.PATIENCE_NANOS - 1);
        assertEquals(1, workers.threads());
        time.runFor(1);
        assertEquals(2, workers.threads());
        loop.runUntil(() -> other.ends == 1);
        for (int i = 2; i < 50; i++) {
            int ends = i;
            other.job.submit();
            loop.runUntil(() -> other.ends == ends);
        }
        time.runFor(10 * HostWorkers.PATIENCE_NANOS);
        assertEquals(2, workers.threads());
        assertEquals(0, hanging.ends);
        hanging.mayEnd.countDown();
        loop.runUntil(() -> hanging.ends == 1);
    }

    @Test
    void whenAsManyHangAsThereMayBeThreadsTheRestWaitsForOneOfThem() {
        for (int i = 0; i < HostWorkers.MOST; i++) {
            new Task(true).job.submit();
        }
        Task last = new Task(false);
        last.job.submit();
        time.runFor(100 * HostWorkers.PATIENCE_NANOS);
        assertEquals(HostWorkers.MOST, workers.threads());
        Task first = tasks.getFirst();
        tasks.subList(0, HostWorkers.MOST).forEach(task -> await(task.begun));
        first.mayEnd.countDown();
        loop.runUntil(() -> last.ends == 1);
        assertSame(first.thread, last.thread);
        assertEquals(1, first.ends);
    }

    @Test
    void workThatThrowsHasEndedAllTheSame() {
        Task task = new Task(false);
        task.isBroken = true;
        task.job.submit();
        loop.runUntil(() -> task.ends == 1);
        task.isBroken = false;
        task.job.submit();
        loop.runUntil(() -> task.ends == 2);
        assertEquals(1, workers.threads());
    }

    @Test
    void threadsEndWithTheLoopWhetherTheyWaitOrWork() throws InterruptedException {
        Task hanging = new Task(true);
        Task idle = new Task(false);
        hanging.job.submit();
        idle.job.submit();
        time.runFor(HostWorkers.PATIENCE_NANOS);
        loop.runUntil(() -> idle.ends == 1);
        await(hanging.begun);
        loop.end();
        workers.close();
        Thread idleThread = idle.thread;
        Thread hangingThread = hanging.thread;
        assertTrue(idleThread != null && hangingThread != null);
        assertTrue(hangingThread.isDaemon(), "the process can end while it hangs");
        idleThread.join();
        hanging.mayEnd.countDown();
        hangingThread.join();
        assertEquals(0, hanging.ends);
    }

    @Test
    void theLoopAllocatesNothingForIt() {
        Task task = new Task(false);
        int[] rounds = {0};
        long allocated = Allocation.ofRuns(
                () -> {
                    rounds[0]++;
                    task.job.submit();
                    while (task.ends < rounds[0]) {
                        loop.runOneByPolling();
                    }
                },
                500,
                100);
        assertEquals(0, allocated, "bytes for 100 rounds");
    }
}
