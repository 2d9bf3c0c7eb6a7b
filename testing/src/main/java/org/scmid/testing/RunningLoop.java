// The service loop on its own thread, for tests of what runs on it.
package org.scmid.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;
import org.scmid.loop.LoopOptions;
import org.scmid.loop.ServiceLoop;
import org.scmid.loop.Work;

/** Runs transports for tests. What fails inside a callback is kept, and thrown by {@link #close}. */
public final class RunningLoop implements EventLoop, AutoCloseable {
    private final ServiceLoop loop = new ServiceLoop(LoopOptions.noSpin());
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final EventLoop scope = loop.scope(thrown -> failure.compareAndSet(null, thrown));

    /** Starts it. */
    public RunningLoop() throws LinuxException {
        EventFd.neverWaits(); // what that needs is open from here on, as in the service
        loop.start();
    }

    /** Runs something on the loop's thread and waits for its result. */
    public <T> T call(Callable<T> callable) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.post(() -> {
            try {
                result.complete(callable.call());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    /** How often it slept. */
    public long waits() {
        return loop.waits();
    }

    /** Whether it sleeps until a descriptor wakes it: no timer is armed. On the loop's thread. */
    public boolean hasNoTimer() {
        return loop.armedTimers() == 0;
    }

    /** Throws what failed inside a callback, if anything did. */
    public void check() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a callback failed", failed);
        }
    }

    @Override
    public void close() {
        loop.close();
        check();
    }

    @Override
    public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) throws LinuxException {
        return scope.watch(fd, epollEvents, handler);
    }

    @Override
    public Polling poll(Poller poller) {
        return scope.poll(poller);
    }

    @Override
    public Polling pollBehind(Poller poller) {
        return scope.pollBehind(poller);
    }

    @Override
    public boolean hasTime() {
        return scope.hasTime();
    }

    @Override
    public boolean hadTime() {
        return scope.hadTime();
    }

    @Override
    public void runSoon(Task task) {
        scope.runSoon(task);
    }

    @Override
    public Timer timer(Runnable action) {
        return scope.timer(action);
    }

    @Override
    public long nanoTime() {
        return scope.nanoTime();
    }

    @Override
    public Work work() {
        return scope.work();
    }
}
