// The service loop: one thread that waits for everything and runs everything.
package org.scmid.loop;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;

/**
 * The one thread that owns all SCMI state and every ring. It waits in epoll, runs what is ready to its end, and never
 * blocks elsewhere; so the core needs no locks.
 *
 * <p>Other threads reach it by {@link #post} and {@link #ask} only; everything else is for the loop's own thread (or for
 * any one thread before {@link #start}).
 *
 * <p>A callback that throws, whatever it throws, does not end the loop: what it was registered by is taken out, and its
 * {@linkplain #scope scope} is told. An {@link InternalError} is expected here: a peer that truncates a file which we
 * have mapped causes one.
 */
public final class ServiceLoop implements EventLoop, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServiceLoop.class.getName());
    private static final int EVENTS_PER_TURN = 64;
    /** While rings keep it busy, the loop asks the kernel in every so many turns only: a system call costs as much as a message. */
    private static final int BUSY_TURNS_WITHOUT_EPOLL = 8;

    /** Nor for longer than this, in nanoseconds: who rings is not to wait for many long turns of others. */
    private static final long LONGEST_WITHOUT_EPOLL_NANOS = Share.QUANTUM_NANOS;

    private static final long WAKE_TOKEN = -1;
    private static final long FOR_EVER = -1;

    private final LoopOptions options;
    private final Epoll epoll;
    private final EventFd wake;
    private final Scope root = new Scope(failure -> {});
    private final TimerHeap timers = new TimerHeap();
    private final Watches watches = new Watches();
    private final Work work = new Work();
    private final Pollers pollers;
    private final Share shareOfPosted = new Share();
    private final TaskQueue tasks = new TaskQueue();

    private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wakeUpSent = new AtomicBoolean();
    private final Object lifecycle = new Object();
    private boolean closed; // guarded by lifecycle
    private @Nullable Thread thread; // guarded by lifecycle
    private volatile boolean stopping;
    /** In this turn something was put off, since its share is used up. */
    private boolean someoneOwes;

    private final AtomicLong waits = new AtomicLong();
    private final CompletableFuture<Throwable> fault = new CompletableFuture<>();

    /**
     * Makes a loop that does not run yet.
     *
     * @throws LinuxException if the process may not open two more descriptors
     */
    public ServiceLoop(LoopOptions options) throws LinuxException {
        this.options = options;
        this.pollers = new Pollers(System::nanoTime, options.spinNanos());
        this.epoll = Epoll.create(EVENTS_PER_TURN);
        try {
            this.wake = EventFd.create();
            epoll.add(wake.fd(), Epoll.IN, WAKE_TOKEN);
        } catch (LinuxException e) {
            epoll.close();
            throw e;
        }
    }

    /** Starts the loop's thread. */
    public void start() {
        synchronized (lifecycle) {
            if (thread != null || closed) {
                throw new IllegalStateException("a service loop starts once");
            }
            if (!EventFd.neverWaits()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "this system permits no asynchronous operations (io_setup), so that a VMM which means harm could"
                                + " stop this service by its eventfds; see fs.aio-max-nr, and the container's filter of"
                                + " system calls");
            }
            thread = Thread.ofPlatform().name("scmid-loop").start(this::run);
        }
    }

    /** Whether the caller runs on the loop's thread. Any thread. */
    public boolean isLoopThread() {
        synchronized (lifecycle) {
            return Thread.currentThread() == thread;
        }
    }

    /**
     * Runs an action on the loop, soon. Any thread.
     *
     * @throws RejectedExecutionException if the loop has ended
     */
    public void post(Runnable action) {
        synchronized (lifecycle) {
            if (closed) {
                throw new RejectedExecutionException("the service loop has ended");
            }
            posted.add(action);
            if (wakeUpSent.compareAndSet(false, true)) {
                signal();
            }
        }
    }

    /**
     * Asks for a value that only the loop may read. Any thread.
     *
     * @return the value, or what the question threw; RejectedExecutionException if the loop has ended
     */
    public <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            post(() -> {
                try {
                    answer.complete(question.get());
                } catch (Throwable failure) {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException ended) {
            answer.completeExceptionally(ended);
        }
        return answer;
    }

    /** Ends the loop after the current turn and what was posted, and waits for it. Any thread but the loop's. Idempotent. */
    @Override
    public void close() {
        Thread running;
        synchronized (lifecycle) {
            if (closed) {
                return;
            }
            running = thread;
            stopping = true;
            signal();
        }
        if (running == null) {
            release();
            return;
        }
        boolean interrupted = false;
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true; // the loop ends by itself within one turn; the caller learns of it afterwards
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Completes with what ended the loop, if it ends by a fault of its own and not by {@link #close}. Any thread. */
    public CompletableFuture<Throwable> fault() {
        return fault;
    }

    /** How often it slept so far, until a descriptor or a timer woke it. Any thread. */
    public long waits() {
        return waits.get();
    }

    /** How many timers are armed. On the loop's thread. */
    public int armedTimers() {
        return timers.armed();
    }

    /**
     * A view of this loop for one owner of callbacks, such as one agent's transport.
     *
     * @param onFailure called on the loop when a callback that was registered through this view threw; it is already taken
     *     out then (a poller, a watch) or done (a timer, a task)
     */
    public EventLoop scope(Consumer<Throwable> onFailure) {
        return new Scope(onFailure);
    }

    @Override
    public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) throws LinuxException {
        return root.watch(fd, epollEvents, handler);
    }

    @Override
    public Polling poll(Poller poller) {
        return root.poll(poller);
    }

    @Override
    public Polling pollBehind(Poller poller) {
        return root.pollBehind(poller);
    }

    @Override
    public boolean hasTime() {
        return root.hasTime();
    }

    @Override
    public boolean hadTime() {
        return root.hadTime();
    }

    @Override
    public void runSoon(Task task) {
        root.runSoon(task);
    }

    @Override
    public Timer timer(Runnable action) {
        return root.timer(action);
    }

    @Override
    public long nanoTime() {
        return pollers.now();
    }

    @Override
    public Work work() {
        return work;
    }

    private void run() {
        try {
            turns();
        } catch (Throwable failure) {
            // Only the loop's own parts can get here, epoll above all: there is nothing left to go on with.
            fault.complete(failure);
            LOG.log(System.Logger.Level.ERROR, "the service loop ends", failure);
        } finally {
            release();
        }
    }

    private void turns() throws LinuxException {
        long lastWork = nanoTime() - options.spinNanos();
        long lastEpoll = lastWork;
        int turnsWithoutEpoll = 0;
        boolean worked = false;
        while (!stopping) {
            long now = nanoTime();
            if (worked) {
                lastWork = now;
            }
            pollers.leaveQuietOnes(now);
            boolean spin =
                    !pollers.isEmpty() || now - lastWork < options.spinNanos() || !tasks.isEmpty() || someoneOwes;
            someoneOwes = false;
            worked = false;
            if (pollers.isEmpty()
                    || ++turnsWithoutEpoll >= BUSY_TURNS_WITHOUT_EPOLL
                    || now - lastEpoll >= LONGEST_WITHOUT_EPOLL_NANOS) {
                turnsWithoutEpoll = 0;
                lastEpoll = now;
                if (!spin) {
                    waits.incrementAndGet();
                }
                worked = waitAndHandle(spin ? 0 : untilNextTimer());
            }
            runDueTimers(); // no work of a peer's, which is what more of may follow at once
            worked |= tasks.runAll();
            worked |= pollers.pollAll();
            if (spin && !worked) {
                Thread.onSpinWait();
            }
        }
        runAllPosted();
    }

    private long untilNextTimer() {
        return timers.isEmpty() ? FOR_EVER : timers.untilNext(nanoTime());
    }

    private boolean waitAndHandle(long timeoutNanos) throws LinuxException {
        int ready = epoll.awaitNanos(timeoutNanos);
        for (int i = 0; i < ready; i++) {
            long token = epoll.token(i);
            if (token == WAKE_TOKEN) {
                wake.drain();
                runPosted();
            } else {
                watches.handle(token, epoll.events(i));
            }
        }
        return ready > 0;
    }

    private void runDueTimers() {
        if (timers.isEmpty()) {
            return;
        }
        long now = nanoTime();
        // Those armed by these actions wait for the next turn unless they are due by the same clock reading; that is
        // bounded by the actions themselves, since a delay of 0 counts from a later reading.
        for (TimerHeap.Entry due = timers.takeDue(now); due != null; due = timers.takeDue(now)) {
            try {
                due.action.run();
            } catch (Throwable failure) {
                due.scope.failed("timer", failure);
            }
        }
    }

    /** As far as their share goes: other threads cannot keep the loop from its peers, however much they post. */
    private void runPosted() {
        // Cleared first: an action that is posted while these run signals again.
        wakeUpSent.set(false);
        if (shareOfPosted.begin()) {
            long begin = nanoTime();
            pollers.beginTurn(begin, shareOfPosted.left());
            while (pollers.hasTime() && runNextPosted()) {
                // the next one
            }
            shareOfPosted.end(nanoTime() - begin);
        }
        someoneOwes |= !posted.isEmpty();
        if (!posted.isEmpty() && wakeUpSent.compareAndSet(false, true)) {
            signal(); // the rest in a later turn
        }
    }

    private void runAllPosted() {
        while (runNextPosted()) {
            // the next one
        }
    }

    private boolean runNextPosted() {
        Runnable action = posted.poll();
        if (action == null) {
            return false;
        }
        try {
            action.run();
        } catch (Throwable failure) {
            root.failed("posted action", failure);
        }
        return true;
    }

    private void signal() {
        try {
            wake.signal();
        } catch (LinuxException e) {
            throw new IllegalStateException("the service loop cannot be woken", e);
        }
    }

    private void release() {
        synchronized (lifecycle) {
            if (!closed) {
                closed = true;
                runAllPosted(); // what came in after the last turn; nothing can be posted from here on
                wake.close();
                epoll.close();
            }
        }
    }

    /** One owner of callbacks. */
    final class Scope implements EventLoop {
        private final Consumer<Throwable> onFailure;
        private final Pollers.Failures pollerFailed = failure -> failed("poller", failure);

        Scope(Consumer<Throwable> onFailure) {
            this.onFailure = onFailure;
        }

        @Override
        public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) throws LinuxException {
            return watches.add(this, fd, epollEvents, handler);
        }

        @Override
        public Polling poll(Poller poller) {
            return pollers.add(poller, pollerFailed);
        }

        @Override
        public Polling pollBehind(Poller poller) {
            return pollers.addBehind(poller, pollerFailed);
        }

        @Override
        public boolean hasTime() {
            return pollers.hasTime();
        }

        @Override
        public boolean hadTime() {
            return pollers.hadTime();
        }

        @Override
        public void runSoon(Task task) {
            tasks.add(this, task);
        }

        @Override
        public Timer timer(Runnable action) {
            TimerHeap.Entry entry = timers.create(this, action);
            return new Timer() {
                @Override
                public void arm(long delayNanos) {
                    entry.arm(nanoTime() + Math.max(0, delayNanos));
                }

                @Override
                public void disarm() {
                    entry.disarm();
                }
            };
        }

        @Override
        public long nanoTime() {
            return ServiceLoop.this.nanoTime();
        }

        @Override
        public Work work() {
            return work;
        }

        void failed(String what, Throwable failure) {
            LOG.log(System.Logger.Level.ERROR, "a " + what + " of the service loop failed", failure);
            try {
                onFailure.accept(failure);
            } catch (Throwable again) {
                LOG.log(System.Logger.Level.ERROR, "handling that failure failed too", again);
            }
        }
    }

    /** The descriptors that are waited for. A token is slot and generation, so that an event of a cancelled one is known. */
    private final class Watches {
        private @Nullable Watch[] slots = new Watch[64];
        private int generation;

        Registration add(Scope scope, Fd fd, int epollEvents, ReadyHandler handler) throws LinuxException {
            int slot = freeSlot();
            generation = (generation + 1) & Integer.MAX_VALUE;
            boolean repeats = (epollEvents & Epoll.EDGE) == 0;
            Watch watch = new Watch(scope, fd, handler, repeats, (long) generation << Integer.SIZE | slot);
            epoll.add(fd, epollEvents, watch.token);
            slots[slot] = watch;
            return watch;
        }

        void handle(long token, int events) {
            Watch watch = slots[(int) token];
            if (watch == null || watch.token != token) {
                return; // cancelled earlier in this turn
            }
            if (watch.repeats && !watch.share.begin()) {
                someoneOwes = true;
                return; // epoll says so again, in a turn in which it owes no time any more
            }
            long begin = nanoTime();
            pollers.beginTurn(begin, Share.QUANTUM_NANOS);
            try {
                watch.handler.ready(events);
            } catch (Throwable failure) {
                watch.cancel();
                watch.scope.failed("ready handler", failure);
            }
            watch.share.end(nanoTime() - begin);
        }

        private int freeSlot() {
            for (int slot = 0; slot < slots.length; slot++) {
                if (slots[slot] == null) {
                    return slot;
                }
            }
            int slot = slots.length;
            slots = Arrays.copyOf(slots, slots.length * 2);
            return slot;
        }

        private final class Watch implements Registration {
            private final Scope scope;
            private final Fd fd;
            private final ReadyHandler handler;
            private final boolean repeats;
            private final Share share = new Share();
            private final long token;

            Watch(Scope scope, Fd fd, ReadyHandler handler, boolean repeats, long token) {
                this.scope = scope;
                this.fd = fd;
                this.handler = handler;
                this.repeats = repeats;
                this.token = token;
            }

            private boolean isCancelled() {
                return slots[(int) token] != this;
            }

            @Override
            public void change(int epollEvents) throws LinuxException {
                if (!isCancelled()) {
                    epoll.modify(fd, epollEvents, token);
                }
            }

            @Override
            public void cancel() {
                if (isCancelled()) {
                    return;
                }
                slots[(int) token] = null;
                if (!fd.isOpen()) {
                    return; // closing took it out
                }
                try {
                    epoll.remove(fd);
                } catch (LinuxException e) {
                    LOG.log(System.Logger.Level.WARNING, "cannot stop waiting for a descriptor: " + e.getMessage());
                }
            }
        }
    }

    /** Tasks for the next turn, in order. */
    private static final class TaskQueue {
        private @Nullable Task[] queued = new Task[16];
        private @Nullable Scope[] scopes = new Scope[16];
        private int first;
        private int count;

        void add(Scope scope, Task task) {
            if (!task.enqueue()) {
                return;
            }
            if (count == queued.length) {
                grow();
            }
            int at = (first + count++) & (queued.length - 1);
            queued[at] = task;
            scopes[at] = scope;
        }

        boolean isEmpty() {
            return count == 0;
        }

        /** Runs those that are queued now; what they post waits for the next turn. */
        boolean runAll() {
            int now = count;
            for (int i = 0; i < now; i++) {
                Task task = queued[first];
                Scope scope = scopes[first];
                queued[first] = null;
                scopes[first] = null;
                first = (first + 1) & (queued.length - 1);
                count--;
                if (task != null && scope != null) {
                    runOne(scope, task);
                }
            }
            return now > 0;
        }

        private static void runOne(Scope scope, Task task) {
            try {
                task.run();
            } catch (Throwable failure) {
                scope.failed("task", failure);
            }
        }

        private void grow() {
            @Nullable Task[] moreTasks = new Task[queued.length * 2];
            @Nullable Scope[] moreScopes = new Scope[queued.length * 2];
            for (int i = 0; i < count; i++) {
                int from = (first + i) & (queued.length - 1);
                moreTasks[i] = queued[from];
                moreScopes[i] = scopes[from];
            }
            queued = moreTasks;
            scopes = moreScopes;
            first = 0;
        }
    }
}
