// An event loop that is turned by hand, with a clock that is set by hand.
package org.scmid.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Fd;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Work;

/**
 * A loop without a thread: time stands still until a test moves it, and nothing waits. It watches no descriptors. Timers
 * run in the order of their times, those of one instant in the order in which they were made; the real loop promises no
 * order there. Nothing is allocated in the steady state, so what runs in here can be measured.
 */
public final class HandLoop implements EventLoop {
    /** What {@link #hasTime} gives each callback of a poller, in nanoseconds. */
    public static final long SHARE_NANOS = 50_000;

    private static final long NEVER = Long.MAX_VALUE;

    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private final List<HandTimer> armed = new ArrayList<>();
    private final List<PollEntry> pollers = new ArrayList<>();
    private final Work work = new Work();
    private long now;
    private long armings;
    private int timers;
    private long turns;
    private long turnEnd;

    /** Begins soon after time itself. */
    public HandLoop() {
        this(1_000);
    }

    /** @param now what the clock shows, in nanoseconds */
    public HandLoop(long now) {
        this.now = now;
    }

    /** How many turns there were. */
    public long turns() {
        return turns;
    }

    /** How many timers are armed. */
    public int armed() {
        return armed.size();
    }

    /** One turn: timers that are due, tasks, and all pollers, as if each had been made ready. */
    public void turn() {
        for (int i = 0; i < pollers.size(); i++) {
            pollers.get(i).ready();
        }
        turnForReady();
    }

    private void turnForReady() {
        turns++;
        long armedBefore = armings;
        for (HandTimer due = due(armedBefore); due != null; due = due(armedBefore)) {
            armed.remove(due);
            due.action.run();
        }
        for (int n = tasks.size(); n > 0; n--) {
            tasks.remove().run();
        }
        for (int i = 0; i < pollers.size(); i++) {
            pollers.get(i).poll();
        }
        pollers.removeIf(PollEntry::isCancelled);
    }

    /**
     * Runs as the real loop does for so long: before each wait it asks the pollers that are looked at, and
     * it sleeps until the next timer. A poller that was just added is asked before it is polled.
     */
    public void runFor(long nanos) {
        long end = now + nanos;
        while (true) {
            long next = hasWork() ? now : nextDeadline();
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            turnForReady();
        }
    }

    /** {@link #runFor} so many microseconds. */
    public void passMicros(long micros) {
        runFor(micros * 1_000);
    }

    /** {@link #runFor} so many milliseconds. */
    public void passMillis(long millis) {
        runFor(millis * 1_000_000);
    }

    /** Turns until nothing is posted, due or ready: time does not move. */
    public void settle() {
        runFor(0);
    }

    /** Lets time pass as if the loop was busy: timers run late, at the end. */
    public void stall(long nanos) {
        now += nanos;
        settle();
    }

    private boolean hasWork() {
        boolean work = !tasks.isEmpty();
        for (int i = 0; i < pollers.size(); i++) {
            work |= pollers.get(i).hasWork();
        }
        return work;
    }

    private long nextDeadline() {
        HandTimer next = first(NEVER, NEVER);
        return next == null ? NEVER : next.deadline;
    }

    private @Nullable HandTimer due(long armedBefore) {
        return first(now, armedBefore);
    }

    /** The first of those whose time comes by then, and that were armed by then: no iterator, see above. */
    private @Nullable HandTimer first(long latest, long lastArming) {
        HandTimer first = null;
        for (int i = 0; i < armed.size(); i++) {
            HandTimer timer = armed.get(i);
            if (timer.deadline <= latest && timer.arming <= lastArming && (first == null || timer.isBefore(first))) {
                first = timer;
            }
        }
        return first;
    }

    @Override
    public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) {
        throw new UnsupportedOperationException("no descriptors here");
    }

    @Override
    public Polling poll(Poller poller) {
        PollEntry entry = new PollEntry(poller);
        pollers.add(entry);
        return entry;
    }

    /** Here nobody comes behind others. */
    @Override
    public Polling pollBehind(Poller poller) {
        return poll(poller);
    }

    @Override
    public boolean hasTime() {
        return now < turnEnd;
    }

    @Override
    public boolean hadTime() {
        return hasTime();
    }

    /** What runs now takes so many nanoseconds; timers that come due meanwhile run later. */
    public void take(long nanos) {
        now += nanos;
    }

    @Override
    public void runSoon(Task task) {
        if (task.enqueue()) {
            tasks.add(task);
        }
    }

    @Override
    public Timer timer(Runnable action) {
        return new HandTimer(action);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Work work() {
        return work;
    }

    private final class PollEntry implements Polling {
        private final Poller poller;
        private boolean isLookedAt = true;
        private boolean asked;
        private boolean cancelled;

        PollEntry(Poller poller) {
            this.poller = poller;
        }

        boolean isCancelled() {
            return cancelled;
        }

        void poll() {
            if (isLookedAt && !cancelled) {
                asked = false;
                turnEnd = now + SHARE_NANOS;
                poller.poll();
            }
        }

        boolean hasWork() {
            isLookedAt = isLookedAt && !cancelled && (asked || poller.prepareToWait() || asked);
            return isLookedAt;
        }

        @Override
        public void ready() {
            asked = true;
            isLookedAt = true;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final class HandTimer implements Timer {
        private final Runnable action;
        private long deadline;
        private long arming;
        private final int made = ++timers;

        HandTimer(Runnable action) {
            this.action = action;
        }

        boolean isBefore(HandTimer other) {
            return deadline == other.deadline ? made < other.made : deadline < other.deadline;
        }

        @Override
        public void arm(long delayNanos) {
            if (delayNanos < 0) {
                throw new IllegalArgumentException("a delay of " + delayNanos + " ns");
            }
            disarm();
            deadline = now + delayNanos;
            arming = ++armings;
            armed.add(this);
        }

        @Override
        public void disarm() {
            armed.remove(this);
        }
    }
}
