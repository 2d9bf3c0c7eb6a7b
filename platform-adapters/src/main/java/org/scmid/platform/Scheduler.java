// Time, as hardware that needs some sees it.
package org.scmid.platform;

/**
 * The service loop's clock and timers, for hardware that takes time: a power sequence waits and goes on later, and
 * nobody else waits with it. Everything is called on the loop's thread.
 */
public interface Scheduler {
    /** Makes a timer; made once, armed many times. */
    Timer timer(Runnable action);

    /** Monotonic time in nanoseconds, as {@link System#nanoTime}. */
    long nanoTime();

    /** Runs its action once, when the time has come. */
    interface Timer {
        /** @param delayNanos from now, in nanoseconds; at least 0; replaces an earlier arming */
        void arm(long delayNanos);

        /** The action will not run unless armed again. */
        void disarm();
    }
}
