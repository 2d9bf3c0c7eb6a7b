// A small event loop on a thread of its own, as the contract of EventLoop has it.
package org.scmid.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;

/** Runs transports for tests. What fails inside a callback is kept, and thrown by {@link #close}. */
public final class TestLoop implements EventLoop, AutoCloseable {
    private final Epoll epoll;
    private final EventFd wakeUp;
    private final Map<Long, Watch> watches = new HashMap<>();
    private final List<PollEntry> pollers = new ArrayList<>();
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>((a, b) -> Long.compare(a.due, b.due));
    private final ConcurrentLinkedQueue<FutureTask<?>> calls = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private long nextToken = 1;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;
    private final AtomicLong waits = new AtomicLong();

    public TestLoop() throws LinuxException {
        epoll = Epoll.create(16);
        wakeUp = EventFd.create();
        EventFd.neverWaits(); // what that needs is open from here on, as in the service
        epoll.add(wakeUp.fd(), Epoll.IN, 0);
        thread = Thread.ofPlatform().name("test-loop").daemon().start(this::runAll);
    }

    /** Runs something on the loop's thread and waits for its result. */
    public <T> T call(Callable<T> callable) throws Exception {
        FutureTask<T> task = new FutureTask<>(callable);
        calls.add(task);
        wakeUp.signal();
        return task.get(20, TimeUnit.SECONDS);
    }

    /** How often nothing was left to do but to wait for descriptors, and no timer ran. */
    public long waits() {
        return waits.get();
    }

    /** Throws what failed inside a callback, if anything did. */
    public void check() {
        Throwable failed = failure;
        if (failed != null) {
            throw new AssertionError("a callback failed", failed);
        }
    }

    @Override
    public void close() throws LinuxException {
        stopped = true;
        wakeUp.signal();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        epoll.close();
        wakeUp.close();
        check();
    }

    private void runAll() {
        boolean busy = false;
        while (!stopped) {
            try {
                busy = turn(busy);
            } catch (Throwable t) {
                if (failure == null) {
                    failure = t;
                }
            }
        }
    }

    private boolean turn(boolean busy) throws LinuxException {
        long timeout = -1;
        if (busy || !tasks.isEmpty() || !calls.isEmpty()) {
            timeout = 0;
        } else {
            for (PollEntry entry : List.copyOf(pollers)) {
                if (!entry.cancelled && entry.poller.prepareToWait()) {
                    timeout = 0;
                }
            }
            Alarm next = alarms.peek();
            if (timeout < 0 && next != null) {
                timeout = Math.max(0, next.due - nanoTime());
            }
            if (!tasks.isEmpty()) {
                timeout = 0;
            }
        }
        if (timeout < 0) {
            waits.incrementAndGet();
        }
        int count = epoll.awaitNanos(timeout);
        for (int i = 0; i < count; i++) {
            if (epoll.token(i) == 0) {
                wakeUp.drain();
            } else {
                Watch watch = watches.get(epoll.token(i));
                if (watch != null) {
                    watch.handler.ready(epoll.events(i));
                }
            }
        }
        for (FutureTask<?> call = calls.poll(); call != null; call = calls.poll()) {
            call.run();
        }
        for (Alarm due = alarms.peek(); due != null && due.due <= nanoTime(); due = alarms.peek()) {
            alarms.remove();
            due.action.run();
        }
        for (int n = tasks.size(); n > 0; n--) {
            tasks.remove().run();
        }
        boolean worked = false;
        for (int i = 0; i < pollers.size(); i++) {
            PollEntry entry = pollers.get(i);
            worked |= !entry.cancelled && entry.poller.poll();
        }
        pollers.removeIf(entry -> entry.cancelled);
        return worked;
    }

    @Override
    public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) throws LinuxException {
        Watch watch = new Watch(fd, handler, nextToken++);
        epoll.add(fd, epollEvents, watch.token);
        watches.put(watch.token, watch);
        return watch;
    }

    @Override
    public Registration poll(Poller poller) {
        PollEntry entry = new PollEntry(poller);
        pollers.add(entry);
        return entry;
    }

    @Override
    public void runSoon(Task task) {
        if (task.enqueue()) {
            tasks.add(task);
        }
    }

    @Override
    public Timer timer(Runnable action) {
        return new Alarm(action);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    private final class Watch implements Registration {
        private final Fd fd;
        private final ReadyHandler handler;
        private final long token;

        Watch(Fd fd, ReadyHandler handler, long token) {
            this.fd = fd;
            this.handler = handler;
            this.token = token;
        }

        @Override
        public void change(int epollEvents) throws LinuxException {
            epoll.modify(fd, epollEvents, token);
        }

        @Override
        public void cancel() {
            if (watches.remove(token) != null) {
                try {
                    epoll.remove(fd);
                } catch (LinuxException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static final class PollEntry implements Registration {
        private final Poller poller;
        private boolean cancelled;

        PollEntry(Poller poller) {
            this.poller = poller;
        }

        @Override
        public void change(int epollEvents) {}

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final class Alarm implements Timer {
        private final Runnable action;
        private long due;

        Alarm(Runnable action) {
            this.action = action;
        }

        @Override
        public void arm(long delayNanos) {
            disarm();
            due = nanoTime() + delayNanos;
            alarms.add(this);
        }

        @Override
        public void disarm() {
            alarms.remove(this);
        }
    }
}
