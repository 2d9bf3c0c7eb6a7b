// The loop, as those see it who run on it.
package org.scmid.loop;

import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;

/**
 * The one thread's waiting and timing, as those see it who run on it: they say what they wait for, the loop calls them.
 *
 * <p>Everything here is called on the loop's own thread, and every callback runs there too; nothing is locked. A
 * callback never blocks. A callback that throws is a defect of its owner; the loop decides what to do about it.
 *
 * <p>A <em>turn</em> of the loop is, in this order:
 *
 * <ol>
 *   <li>{@link Poller#prepareToWait} of each poller that is looked at and had no work for the spin time; those that
 *       return false are quiet, and not looked at any more until {@link Polling#ready};
 *   <li>epoll: with timeout 0 if any poller is looked at, or the spin time has not passed since the last turn with work,
 *       otherwise until the next timer; then the handlers of what is ready;
 *   <li>timers that are due;
 *   <li>tasks that were posted by {@link #runSoon} before this turn's tasks began;
 *   <li>{@link Poller#poll} of every poller that is looked at, once; then of those that were added by {@link #pollBehind},
 *       one after the other, until a share of time is used up.
 * </ol>
 *
 * <p>So a turn costs what is ready, not what exists. While pollers have work, epoll may be left out in some turns.
 *
 * <p>No poller is called twice before all others that are ready were called once, and each has a share of time, by deficit
 * round robin: one that took longer than its share ({@link #hasTime}) is left out in its next turns, until that is made up
 * for. The same holds for each {@link #watch} that is level triggered, and for what other threads ask of the loop. So
 * whatever a busy peer asks for, others wait for one share of it, and for the longest piece that is done without asking.
 */
public interface EventLoop extends Scheduler {
    /**
     * Calls the handler whenever the descriptor is ready.
     *
     * @param fd stays owned by the caller, who cancels the registration before closing it
     * @param epollEvents bits of {@code org.scmid.linux.Epoll}; level triggered unless EDGE is among them
     */
    Registration watch(Fd fd, int epollEvents, ReadyHandler handler) throws LinuxException;

    /**
     * Adds something that is looked at without a system call while it has work: at first, and after {@link Polling#ready}.
     * May be called from within a callback.
     */
    Polling poll(Poller poller);

    /**
     * As {@link #poll}, but behind all those: however many there are, together they get one share of a turn. For work that
     * one peer can cause at many others, and for what nobody waits for at once.
     */
    Polling pollBehind(Poller poller);

    /**
     * Whether the callback that runs now has time left of its share. One that has more to do than a bounded piece asks after
     * each piece; at false it returns, and goes on in its next turn. What it overruns is taken from its next turns. Reads the
     * clock.
     */
    boolean hasTime();

    /**
     * As {@link #hasTime}, by the clock as {@link #nanoTime} has read it last: it costs nothing. For pieces in which the clock
     * is read anyway, as in each command of an agent.
     */
    boolean hadTime();

    /**
     * Runs the task in the next turn. Allocates nothing in the steady state. A task that is queued already is not queued
     * twice; it may be posted again from within its own run.
     */
    void runSoon(Task task);

    /** Called with the epoll events that are ready. */
    @FunctionalInterface
    interface ReadyHandler {
        /** @param epollEvents bits of {@code org.scmid.linux.Epoll} */
        void ready(int epollEvents);
    }

    /** A ring, or anything else whose work shows in memory. */
    interface Poller {
        /**
         * Looks for work and does at most one share of it. While the loop goes on polling, the peer need not ring the
         * bell: an implementation may leave its notifications off.
         *
         * @return true if there was any work
         */
        boolean poll();

        /**
         * The loop is about to look away: asks the peer for notifications again, then looks once more.
         *
         * @return true if there is work after all; {@link #poll} is called soon then. False: it is not called any more
         *     until {@link Polling#ready}
         */
        boolean prepareToWait();
    }

    /** What {@link #poll} began. */
    interface Polling {
        /** There may be work: it is looked at from now on, in this turn or the next, until it is quiet. */
        void ready();

        /** Ends it, idempotently: no call of the poller comes after this. */
        void cancel();
    }

    /** What {@link #watch} began. */
    interface Registration {
        /** Waits for these epoll events from now on. */
        void change(int epollEvents) throws LinuxException;

        /**
         * Ends it, idempotently. No call of the handler comes after this, even if its descriptor was found ready in the
         * same turn.
         */
        void cancel();
    }

    /** An action that can be posted to the loop again and again without allocation. */
    final class Task {
        private final Runnable action;
        private boolean queued;

        /** @param action what {@link EventLoop#runSoon} runs */
        public Task(Runnable action) {
            this.action = action;
        }

        /**
         * For implementations of the loop: marks the task as queued.
         *
         * @return false if it was queued already, and must not be queued again
         */
        public boolean enqueue() {
            if (queued) {
                return false;
            }
            queued = true;
            return true;
        }

        /** For implementations of the loop: runs it; from now on it may be queued again. */
        public void run() {
            queued = false;
            action.run();
        }
    }
}
