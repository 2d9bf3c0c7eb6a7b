// A scheduler whose clock a test sets by hand.
package org.scmid.platform;

import java.util.ArrayList;
import java.util.List;

/** Timers that run when a test lets time pass. */
public final class HandScheduler implements Scheduler {
    private final List<HandTimer> timers = new ArrayList<>();
    private long now = 1_000_000;

    /** Lets time pass, and runs what is due. */
    public void passMicros(long micros) {
        now += micros * 1000;
        for (HandTimer timer : List.copyOf(timers)) {
            timer.runIfDue();
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
