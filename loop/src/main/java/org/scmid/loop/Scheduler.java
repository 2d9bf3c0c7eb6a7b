// Time, for what needs some and watches nothing.
package org.scmid.loop;

/**
 * The service loop's clock and timers: all that hardware needs which takes time. A power sequence waits and goes on later,
 * and nobody else waits with it. Everything is called on the loop's thread.
 */
public interface Scheduler {
    /** For hardware that makes nobody wait: its timers cannot be armed. */
    Scheduler NEVER = new Scheduler() {
        @Override
        public Timer timer(Runnable action) {
            return new Timer() {
                @Override
                public void arm(long delayNanos) {
                    throw new IllegalStateException("nothing gives time to this hardware");
                }

                @Override
                public void disarm() {}
            };
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Work work() {
            return new Work(); // all that is asked is done at once, so nobody counts together
        }
    };

    /** Makes a timer; made once, armed many times. */
    Timer timer(Runnable action);

    /** Monotonic time in nanoseconds, as {@link System#nanoTime}; arming timers refers to it. */
    long nanoTime();

    /** Counts what is done on the loop: whoever goes through many things adds to it. */
    Work work();

    /** Runs its action once, when the time has come. */
    interface Timer {
        /** @param delayNanos from now, in nanoseconds; at least 0; replaces an earlier arming */
        void arm(long delayNanos);

        /** The action will not run unless armed again. */
        void disarm();
    }
}
