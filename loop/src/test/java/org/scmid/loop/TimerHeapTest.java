// Timers come in the order of their deadlines, whatever is armed and disarmed in between.
package org.scmid.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    @Test
    @SuppressWarnings("NullAway") // no callback runs here, so there is no scope to fail
    void randomArmingAgreesWithASearchThroughAll() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TimerHeap heap = new TimerHeap();
        List<TimerHeap.Entry> timers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            timers.add(heap.create(null, () -> {}));
        }
        Map<TimerHeap.Entry, Long> armed = new HashMap<>();
        long now = Long.MAX_VALUE - 10_000; // the clock overflows on the way
        for (int step = 0; step < 20_000; step++) {
            TimerHeap.Entry timer = timers.get(random.nextInt(timers.size()));
            if (random.nextInt(4) == 0) {
                timer.disarm();
                armed.remove(timer);
            } else {
                long deadline = now + random.nextInt(1_000);
                timer.arm(deadline);
                armed.put(timer, deadline);
            }
            now += random.nextInt(20);
            for (TimerHeap.Entry due = heap.takeDue(now); due != null; due = heap.takeDue(now)) {
                Long deadline = armed.remove(due);
                long base = now;
                assertEquals(true, deadline != null && deadline - now <= 0, "seed " + seed + " step " + step);
                assertEquals(
                        true,
                        armed.values().stream()
                                .allMatch(other -> other - base >= (deadline == null ? 0 : deadline) - base),
                        "seed " + seed + " step " + step);
            }
            long base = now;
            assertEquals(
                    true,
                    armed.values().stream().allMatch(other -> other - base > 0),
                    "seed " + seed + " step " + step);
            assertEquals(armed.isEmpty(), heap.isEmpty());
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void aTimerThatIsArmedAgainHasOnlyItsNewDeadline() {
        TimerHeap heap = new TimerHeap();
        TimerHeap.Entry timer = heap.create(null, () -> {});
        timer.arm(100);
        timer.arm(200);
        assertNull(heap.takeDue(150));
        assertEquals(50, heap.untilNext(150));
        assertSame(timer, heap.takeDue(200));
        assertNull(heap.takeDue(300));
    }

    @Test
    @SuppressWarnings("NullAway")
    void timersOfPeersThatCameAndWentLeaveNothingBehind() {
        TimerHeap heap = new TimerHeap();
        for (int peer = 0; peer < 100_000; peer++) {
            TimerHeap.Entry timer = heap.create(null, () -> {});
            timer.arm(peer);
            timer.disarm();
        }
        assertEquals(16, heap.capacity());
    }

    @Test
    @SuppressWarnings("NullAway")
    void anyNumberMayBeArmed() {
        TimerHeap heap = new TimerHeap();
        for (int i = 0; i < 100; i++) {
            heap.create(null, () -> {}).arm(100 - i);
        }
        for (int i = 1; i <= 100; i++) {
            assertEquals(1, heap.untilNext(i - 1));
            assertEquals(true, heap.takeDue(i) != null);
        }
        assertEquals(true, heap.isEmpty());
    }
}
