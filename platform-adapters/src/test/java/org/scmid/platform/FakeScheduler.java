// Time in tests: it passes when the test says so.
package org.scmid.platform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scheduler whose time passes when the test says so. */
public final class FakeScheduler implements Scheduler {
    private final List<FakeTimer> timers = new ArrayList<>();
    private long now = 1_000_000_007;

    @Override
    public Timer timer(Runnable action) {
        FakeTimer timer = new FakeTimer(action);
        timers.add(timer);
        return timer;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** How many timers are armed. */
    public long armed() {
        return timers.stream().filter(timer -> timer.isArmed).count();
    }

    /** Lets time pass, and runs the timers whose time comes, in order. */
    public void advance(long nanos) {
        long end = now + nanos;
        FakeTimer next = next(end);
        while (next != null) {
            now = Math.max(now, next.due);
            next.isArmed = false;
            next.action.run();
            next = next(end);
        }
        now = end;
    }

    /** Lets time pass as if the loop was busy: timers run late, at the end. */
    public void stall(long nanos) {
        now += nanos;
        advance(0);
    }

    private @Nullable FakeTimer next(long end) {
        FakeTimer next = null;
        for (int i = 0; i < timers.size(); i++) { // no iterator: what is measured runs in here
            FakeTimer timer = timers.get(i);
            if (timer.isArmed && timer.due <= end && (next == null || timer.due < next.due)) {
                next = timer;
            }
        }
        return next;
    }

    private final class FakeTimer implements Timer {
        private final Runnable action;
        private long due;
        private boolean isArmed;

        FakeTimer(Runnable action) {
            this.action = action;
        }

        @Override
        public void arm(long delayNanos) {
            if (delayNanos < 0) {
                throw new IllegalArgumentException("a delay of " + delayNanos + " ns");
            }
            due = now + delayNanos;
            isArmed = true;
        }

        @Override
        public void disarm() {
            isArmed = false;
        }
    }
}
