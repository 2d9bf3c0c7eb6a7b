// Those who wait for a supply to settle, each until his own time.
package org.scmid.platform.voltage;

import java.util.Arrays;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;

/**
 * Those who wait for a supply to settle, in the order in which they came. Each has his own time, which what others change
 * later does not move. It grows by need and is used again; else it allocates nothing.
 */
final class SettlingWaiters {
    private static final int FEW = 4;

    /** Units of work that one costs at least who is told. */
    private static final int ONE_WAITER = 5;

    private final Scheduler scheduler;
    private final Scheduler.Timer timer;
    private Waiter[] waiting = new Waiter[FEW];
    private long[] times = new long[FEW];
    private int first;
    private int count;

    SettlingWaiters(Scheduler scheduler) {
        this.scheduler = scheduler;
        timer = scheduler.timer(this::tellThoseWhoseTimeHasCome);
    }

    /**
     * Adds one.
     *
     * @param time when he is told, not before that of those who came before, in {@link Scheduler#nanoTime}
     */
    void add(Waiter waiter, long time) {
        if (count == waiting.length) {
            grow();
        }
        int place = (first + count) % waiting.length;
        waiting[place] = waiter;
        times[place] = time;
        count++;
        if (count == 1) {
            timer.arm(Math.max(0, time - scheduler.nanoTime()));
        }
    }

    private void grow() {
        int length = waiting.length;
        Waiter[] more = Arrays.copyOf(waiting, 2 * length);
        long[] moreTimes = Arrays.copyOf(times, 2 * length);
        for (int i = 0; i < length; i++) {
            more[i] = waiting[(first + i) % length];
            moreTimes[i] = times[(first + i) % length];
        }
        waiting = more;
        times = moreTimes;
        first = 0;
    }

    /** Whoever is told may change the supply again: his new time is later than now. */
    private void tellThoseWhoseTimeHasCome() {
        long now = scheduler.nanoTime();
        long end = scheduler.work().endOfSlice();
        while (count > 0 && times[first] - now <= 0 && scheduler.work().done() < end) {
            scheduler.work().add(ONE_WAITER);
            Waiter waiter = waiting[first];
            waiting[first] = Waiter.NOBODY;
            first = (first + 1) % waiting.length;
            count--;
            Waiters.tell(waiter, Outcome.OK);
        }
        if (count > 0) {
            timer.arm(Math.max(0, times[first] - now));
        }
    }
}
