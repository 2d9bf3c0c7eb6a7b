// A loop that is turned by hand, with a clock that is set by hand.
package org.scmid.server.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.scmid.linux.Fd;
import org.scmid.transport.EventLoop;

/** A loop that a test turns itself; time stands still until it is moved. */
final class HandLoop implements EventLoop {
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private final List<HandTimer> timers = new ArrayList<>();
    private long now = 1_000;

    /** Runs all that is posted. */
    void turn() {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Moves time, runs what is due, then what is posted. */
    void pass(long millis) {
        now += millis * 1_000_000;
        for (int i = 0; i < timers.size(); i++) { // no iterator: what is measured runs in here
            timers.get(i).runIfDue();
        }
        turn();
    }

    @Override
    public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registration poll(Poller poller) {
        throw new UnsupportedOperationException();
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
