// An event loop that is turned by hand, with a clock that is set by hand.
package org.scmid.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.scmid.linux.Fd;

/** A loop without a thread: time stands still until a test moves it, and nothing waits. It watches no descriptors. */
public final class HandLoop implements EventLoop {
    private static final long NEVER = Long.MAX_VALUE;

    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private final List<HandTimer> timers = new ArrayList<>();
    private final List<PollEntry> pollers = new ArrayList<>();
    private long now = 1_000;
    private long turns;

    /** How many turns there were. */
    public long turns() {
        return turns;
    }

    /** One turn: timers that are due, tasks, pollers. */
    public void turn() {
        turns++;
        for (HandTimer timer : List.copyOf(timers)) {
            timer.runIfDue();
        }
        for (int n = tasks.size(); n > 0; n--) {
            tasks.remove().run();
        }
        for (PollEntry entry : List.copyOf(pollers)) {
            if (!entry.cancelled) {
                entry.poller.poll();
            }
        }
        pollers.removeIf(entry -> entry.cancelled);
    }

    /** Runs as the real loop does for so long: before each wait it asks the pollers, and it sleeps until the next timer. */
    public void runFor(long nanos) {
        long end = now + nanos;
        while (true) {
            boolean work = false;
            for (PollEntry entry : List.copyOf(pollers)) {
                work |= !entry.cancelled && entry.poller.prepareToWait();
            }
            long next = work || !tasks.isEmpty() ? now : nextTimer();
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            turn();
        }
    }

    private long nextTimer() {
        long next = NEVER;
        for (HandTimer timer : timers) {
            if (timer.armed) {
                next = Math.min(next, timer.deadline);
            }
        }
        return next;
    }

    @Override
    public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) {
        throw new UnsupportedOperationException("no descriptors here");
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
        HandTimer timer = new HandTimer(action);
        timers.add(timer);
        return timer;
    }

    @Override
    public long nanoTime() {
        return now;
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

    private final class HandTimer implements Timer {
        private final Runnable action;
        private boolean armed;
        private long deadline;

        HandTimer(Runnable action) {
            this.action = action;
        }

        void runIfDue() {
            if (armed && deadline <= now) {
                armed = false;
                action.run();
            }
        }

        @Override
        public void arm(long delayNanos) {
            armed = true;
            deadline = now + delayNanos;
        }

        @Override
        public void disarm() {
            armed = false;
        }
    }
}
