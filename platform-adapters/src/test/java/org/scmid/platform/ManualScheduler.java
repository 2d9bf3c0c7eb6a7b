// Time that stands still until a test moves it.
package org.scmid.platform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Timers in order of their time; what is due at one instant runs in the order in which it was armed. */
public final class ManualScheduler implements Scheduler {
    private final List<ManualTimer> armed = new ArrayList<>();
    private long now = 1_000_000;

    /** Moves time on, timer by timer. */
    public void pass(long micros) {
        long end = now + micros * 1000;
        for (ManualTimer next = next(end); next != null; next = next(end)) {
            armed.remove(next);
            now = Math.max(now, next.deadline);
            next.action.run();
        }
        now = end;
    }

    private @Nullable ManualTimer next(long end) {
        ManualTimer first = null;
        for (ManualTimer timer : armed) {
            if (timer.deadline <= end && (first == null || timer.deadline < first.deadline)) {
                first = timer;
            }
        }
        return first;
    }

    /** How many timers wait. */
    public int armed() {
        return armed.size();
    }

    @Override
    public Timer timer(Runnable action) {
        return new ManualTimer(action);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    private final class ManualTimer implements Timer {
        private final Runnable action;
        private long deadline;

        ManualTimer(Runnable action) {
            this.action = action;
        }

        @Override
        public void arm(long delayNanos) {
            armed.remove(this);
            deadline = now + delayNanos;
            armed.add(this);
        }

        @Override
        public void disarm() {
            armed.remove(this);
        }
    }
}
