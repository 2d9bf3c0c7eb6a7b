// One wake-up serves all pollers without a bell.
package org.scmid.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scmid.loop.EventLoop;
import org.scmid.testing.HandLoop;

@Timeout(60)
class PollPacingTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final int CALLS = 10_000;

    private final HandLoop loop = new HandLoop();
    private final PollPacing pacing = new PollPacing(loop);

    /** Asks for the same time before each wait, and remembers when it was polled. */
    private final class Window implements EventLoop.Poller {
        private final List<Long> polled = new ArrayList<>();
        private final PollPacing.Paced paced;
        private long every;

        Window(long every) {
            this.every = every;
            paced = pacing.add(loop.poll(this));
        }

        @Override
        public boolean poll() {
            polled.add(loop.nanoTime());
            return false;
        }

        @Override
        public boolean prepareToWait() {
            if (every > 0) {
                paced.lookWithin(every);
            }
            return false;
        }
    }

    @Test
    void whereNobodyAsksTheLoopIsNotWoken() {
        loop.runFor(10 * SECOND);
        assertEquals(0, loop.turns());
    }

    @Test
    void onePollerIsPolledAsOftenAsItAsks() {
        Window window = new Window(10 * MILLI);
        long start = loop.nanoTime();
        loop.runFor(SECOND);
        assertEquals(100, loop.turns());
        for (int i = 0; i < 100; i++) {
            assertEquals(start + (i + 1L) * 10 * MILLI, window.polled.get(i));
        }
    }

    @Test
    void tenIdlePollersWakeTheLoopNoMoreOftenThanOne() {
        for (int i = 0; i < 10; i++) {
            new Window(10 * MILLI);
        }
        loop.runFor(SECOND);
        assertEquals(100, loop.turns());
    }

    @Test
    void theNearestAskedTimeCountsWhoeverAsksFirst() {
        new Window(100 * MILLI);
        new Window(3 * MILLI);
        new Window(50 * MILLI);
        loop.runFor(30 * MILLI);
        assertEquals(10, loop.turns());
    }

    @Test
    void noPollerEverWaitsLongerThanItAsked() {
        List<Window> windows = new ArrayList<>();
        for (long every : new long[] {7, 3, 11, 5}) {
            windows.add(new Window(every * MILLI));
        }
        loop.runFor(SECOND);
        for (Window window : windows) {
            for (int i = 1; i < window.polled.size(); i++) {
                assertTrue(window.polled.get(i) - window.polled.get(i - 1) <= window.every);
            }
        }
    }

    @Test
    void aTurnForAnotherReasonDoesNotPutTheWakeUpOff() {
        new Window(10 * MILLI);
        long start = loop.nanoTime();
        loop.runFor(9 * MILLI);
        loop.turn();
        loop.runFor(MILLI);
        assertEquals(2, loop.turns());
        assertEquals(start + 10 * MILLI, loop.nanoTime());
    }

    @Test
    void onceNobodyAsksAnyMoreTheLoopSleepsAfterOneWakeUp() {
        Window window = new Window(10 * MILLI);
        loop.runFor(15 * MILLI);
        assertEquals(1, loop.turns());
        window.every = 0;
        loop.runFor(SECOND);
        assertEquals(2, loop.turns());
    }

    @Test
    void askingForAtOnceWakesAtOnce() {
        new Window(0).paced.lookWithin(0);
        loop.runFor(0);
        assertEquals(1, loop.turns());
    }

    @Test
    void askingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        PollPacing.Paced paced = new Window(0).paced;
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                paced.lookWithin(SECOND - i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in " + CALLS + " calls");
    }
}
