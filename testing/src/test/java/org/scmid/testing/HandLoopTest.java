// The loop that tests turn by hand keeps the promises of EventLoop, and its own about time.
package org.scmid.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.loop.EventLoop;
import org.scmid.loop.EventLoop.Task;
import org.scmid.loop.Scheduler.Timer;

class HandLoopTest {
    private final HandLoop loop = new HandLoop(500);
    private final List<String> ran = new ArrayList<>();

    private Timer timer(String name) {
        return loop.timer(() -> ran.add(name + " at " + loop.nanoTime()));
    }

    private void expectRan(String... expected) {
        assertEquals(List.of(expected), ran);
        ran.clear();
    }

    /** Has work as often as it was given some, and notes what it is asked. */
    private final class Worker implements EventLoop.Poller {
        int work;
        EventLoop.Polling polling = loop.poll(this);

        @Override
        public boolean poll() {
            ran.add("poll");
            return work > 0 && work-- > 0;
        }

        @Override
        public boolean prepareToWait() {
            ran.add("ask");
            return work > 0;
        }
    }

    @Test
    void timeStandsStillUntilItIsMoved() {
        assertEquals(500, loop.nanoTime());
        timer("a").arm(1);
        loop.turn();
        loop.settle();
        assertEquals(500, loop.nanoTime());
        expectRan();
        loop.runFor(10);
        assertEquals(510, loop.nanoTime());
        expectRan("a at 501");
        loop.passMicros(2);
        loop.passMillis(3);
        assertEquals(3_002_510, loop.nanoTime());
    }

    @Test
    void timersRunInTheOrderOfTheirTimesAndThoseOfOneInstantAsTheyWereMade() {
        Timer first = timer("first");
        Timer second = timer("second");
        Timer early = timer("early");
        second.arm(7);
        first.arm(7);
        early.arm(3);
        assertEquals(3, loop.armed());
        loop.runFor(7);
        expectRan("early at 503", "first at 507", "second at 507");
        assertEquals(0, loop.armed());
    }

    @Test
    void aTimerOfTheLastInstantRunsAndOneAfterItDoesNot() {
        timer("a").arm(10);
        timer("b").arm(11);
        loop.runFor(10);
        expectRan("a at 510");
        loop.runFor(1);
        expectRan("b at 511");
    }

    @Test
    void aTimerIsArmedAnewAndDisarmed() {
        Timer timer = timer("a");
        timer.arm(5);
        timer.arm(8);
        loop.runFor(7);
        expectRan();
        timer.disarm();
        timer.disarm();
        loop.runFor(100);
        expectRan();
        timer.arm(1);
        loop.runFor(100);
        expectRan("a at 608");
        assertThrows(IllegalArgumentException.class, () -> timer.arm(-1));
    }

    @Test
    void aTimerThatIsArmedByAnotherForNowRunsInTheNextTurn() {
        Timer second = timer("second");
        loop.timer(() -> {
                    ran.add("first");
                    second.arm(0);
                })
                .arm(0);
        loop.turn();
        expectRan("first");
        loop.turn();
        expectRan("second at 500");
    }

    @Test
    void aLoopThatWasBusyRunsItsTimersLate() {
        timer("a").arm(5);
        timer("b").arm(2);
        loop.stall(20);
        expectRan("b at 520", "a at 520");
    }

    @Test
    void aTaskRunsOnceHoweverOftenItIsPostedAndWaitsForTheNextTurnIfItPostsItself() {
        Task[] task = new Task[1];
        task[0] = new Task(() -> {
            ran.add("task");
            if (loop.turns() < 3) {
                loop.runSoon(task[0]);
            }
        });
        loop.runSoon(task[0]);
        loop.runSoon(task[0]);
        expectRan();
        loop.turn();
        expectRan("task");
        loop.settle();
        expectRan("task", "task");
        assertEquals(3, loop.turns());
        assertEquals(500, loop.nanoTime());
    }

    @Test
    void aTurnHasTimersThenTasksThenPollers() {
        new Worker();
        loop.runSoon(new Task(() -> ran.add("task")));
        timer("timer").arm(0);
        loop.turn();
        expectRan("timer at 500", "task", "poll");
    }

    @Test
    void aPollerIsLookedAtUntilItIsQuietAndAgainWhenItIsReady() {
        Worker worker = new Worker();
        worker.work = 2;
        loop.settle();
        expectRan("ask", "poll", "ask", "poll", "ask");
        worker.work = 1;
        loop.runFor(1_000);
        expectRan();
        worker.polling.ready();
        loop.settle();
        expectRan("poll", "ask");
    }

    @Test
    void aTurnByHandPollsAlsoWhoIsQuiet() {
        new Worker();
        loop.settle();
        expectRan("ask");
        loop.turn();
        loop.turn();
        expectRan("poll", "poll");
    }

    @Test
    void whoIsMadeReadyWhileItIsAskedIsLookedAt() {
        boolean[] asked = new boolean[1];
        EventLoop.Polling[] polling = new EventLoop.Polling[1];
        polling[0] = loop.poll(new EventLoop.Poller() {
            @Override
            public boolean poll() {
                ran.add("poll");
                return true;
            }

            @Override
            public boolean prepareToWait() {
                if (!asked[0]) {
                    asked[0] = true;
                    polling[0].ready();
                }
                return false;
            }
        });
        loop.settle();
        expectRan("poll");
    }

    @Test
    void noCallComesAfterACancel() {
        Worker first = new Worker();
        Worker second = new Worker();
        Timer cancel = loop.timer(() -> second.polling.cancel());
        first.work = 1;
        second.work = 1;
        cancel.arm(0);
        loop.turn();
        expectRan("poll");
        first.polling.cancel();
        first.polling.cancel();
        first.polling.ready();
        loop.turn();
        loop.settle();
        expectRan();
    }

    @Test
    void aPollerMayBeAddedByAnother() {
        loop.poll(new EventLoop.Poller() {
            private boolean added;

            @Override
            public boolean poll() {
                if (!added) {
                    added = true;
                    new Worker();
                }
                return false;
            }

            @Override
            public boolean prepareToWait() {
                return !added;
            }
        });
        loop.settle();
        assertTrue(ran.contains("ask"), ran.toString());
    }

    @Test
    void descriptorsAreNotWatched() throws Exception {
        try (EventFd bell = EventFd.create()) {
            assertThrows(UnsupportedOperationException.class, () -> loop.watch(bell.fd(), Epoll.IN, epollEvents -> {}));
        }
    }

    @Test
    void nothingIsAllocated() {
        int[] count = new int[1];
        Timer timer = loop.timer(() -> count[0]++);
        Task task = new Task(() -> count[0]++);
        loop.poll(new EventLoop.Poller() {
            @Override
            public boolean poll() {
                return false;
            }

            @Override
            public boolean prepareToWait() {
                return false;
            }
        });
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                timer.arm(1);
                loop.runSoon(task);
                loop.turn();
                loop.runFor(2);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
        assertTrue(count[0] >= 2_000);
    }
}
