// Who of the sensors whose samples are due takes one next, and when.
package org.scmid.platform.sensor;

import org.jspecify.annotations.Nullable;
import org.scmid.config.sensor.UpdateIntervals;
import org.scmid.loop.Scheduler;

/**
 * The samples of all sensors of a board: one for each {@link UpdateIntervals#LEAST_NANOS} at most, over all sensors and
 * all agents that want some, so that no intervals, however short and many, use up the service's time.
 *
 * <p>Sensors whose samples are due take turns, first come, first served, with one place in the queue each: a sensor with a
 * short interval takes none from one with a long interval, and where all want more than there is, all have as much.
 * {@value #BURST} samples may be taken without a distance after as long without any, so that sensors of one interval,
 * whose samples fall together, are not late.
 */
final class SampleQueue {
    /** The distance of samples in the long run, in nanoseconds. */
    static final long SPACING_NANOS = UpdateIntervals.LEAST_NANOS;

    /** So many samples at once cost less than what the loop gives agents in a turn. */
    static final int BURST = 16;

    private final Scheduler scheduler;
    private final Scheduler.Timer timer;
    private @Nullable Sensor first;
    private @Nullable Sensor last;

    /** When the next sample would be taken if all had kept their distance. */
    private long nextNanos;

    /** @param scheduler the loop's clock and timers */
    SampleQueue(Scheduler scheduler) {
        this.scheduler = scheduler;
        timer = scheduler.timer(this::serve);
        nextNanos = scheduler.nanoTime();
    }

    /** A sensor's sample is due; it is not in the queue. Its turn may come before this returns. */
    void add(Sensor sensor) {
        sensor.behind = null;
        if (last == null) {
            first = sensor;
        } else {
            last.behind = sensor;
        }
        last = sensor;
        if (first == sensor) {
            serve();
        }
    }

    private void serve() {
        while (first != null) {
            long now = scheduler.nanoTime();
            long wait = nextNanos - (BURST - 1) * SPACING_NANOS - now;
            if (wait > 0) {
                timer.arm(wait);
                return;
            }
            Sensor sensor = first;
            first = sensor.behind;
            sensor.behind = null;
            if (first == null) {
                last = null;
            }
            if (sensor.isDue()) {
                nextNanos = (nextNanos - now > 0 ? nextNanos : now) + SPACING_NANOS;
                sensor.takeSample();
            }
        }
    }
}
