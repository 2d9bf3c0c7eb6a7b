// The service loop with real descriptors and its own thread.
package org.scmid.loop;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;

@Timeout(30)
class ServiceLoopTest {
    @SuppressWarnings("NullAway.Init")
    private ServiceLoop loop;

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @BeforeEach
    void start() throws LinuxException {
        loop = new ServiceLoop(LoopOptions.standard());
        loop.start();
    }

    @AfterEach
    void stop() throws Exception {
        loop.close();
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    private EventFd bell() throws LinuxException {
        EventFd bell = EventFd.create();
        toClose.add(bell);
        return bell;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private void onLoop(ThrowingAction action) throws Exception {
        get(loop.ask(() -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return true;
        }));
    }

    private interface ThrowingAction {
        void run() throws Exception;
    }

    @Test
    void aQuestionIsAnsweredOnTheLoop() throws Exception {
        assertTrue(get(loop.ask(loop::isLoopThread)));
        assertFalse(loop.isLoopThread());
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> get(loop.ask(() -> {
                    throw new IllegalStateException("no");
                })));
        assertTrue(failure.getCause() instanceof IllegalStateException);
        assertTrue(get(loop.ask(() -> true)), "the loop goes on");
    }

    @Test
    void aReadyDescriptorCallsItsHandlerUntilCancelled() throws Exception {
        EventFd bell = bell();
        CompletableFuture<Integer> first = new CompletableFuture<>();
        CompletableFuture<Integer> second = new CompletableFuture<>();
        onLoop(() -> {
            EventLoop.Registration[] registration = new EventLoop.Registration[1];
            registration[0] = loop.watch(bell.fd(), Epoll.IN, events -> {
                assertTrue(first.complete(events) || second.complete(events), "called once more than asked");
                if (second.isDone()) {
                    registration[0].cancel();
                    registration[0].cancel();
                }
            });
        });
        bell.signal();
        assertEquals(Epoll.IN, get(first));
        assertEquals(Epoll.IN, get(second), "level-triggered: it was not drained");
        onLoop(() -> {});
    }

    @Test
    void aHandlerThatIsCancelledInTheSameTurnIsNotCalled() throws Exception {
        EventFd one = bell();
        EventFd two = bell();
        List<String> called = new ArrayList<>();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        onLoop(() -> {
            one.signal();
            two.signal();
            EventLoop.Registration[] both = new EventLoop.Registration[2];
            both[0] = loop.watch(one.fd(), Epoll.IN, events -> {
                called.add("one");
                both[0].cancel();
                both[1].cancel();
                done.complete(true);
            });
            both[1] = loop.watch(two.fd(), Epoll.IN, events -> {
                called.add("two");
                both[0].cancel();
                both[1].cancel();
                done.complete(true);
            });
        });
        get(done);
        onLoop(() -> assertEquals(1, called.size()));
    }

    @Test
    void aHandlerThatThrowsIsTakenOutAndItsOwnerTold() throws Exception {
        EventFd bell = bell();
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        onLoop(() -> loop.scope(told::complete).watch(bell.fd(), Epoll.IN, events -> {
            throw new InternalError("a fault in a mapping");
        }));
        bell.signal();
        assertTrue(get(told) instanceof InternalError);
        assertTrue(get(loop.ask(() -> true)));
    }

    @Test
    void aTimerOfLessThanAMillisecondIsNotRoundedUp() throws Exception {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Long> fired = new CompletableFuture<>();
            long[] armed = new long[1];
            onLoop(() -> {
                Scheduler.Timer timer = loop.timer(() -> fired.complete(System.nanoTime()));
                armed[0] = System.nanoTime();
                timer.arm(300_000);
            });
            long after = get(fired) - armed[0];
            assertTrue(after >= 300_000, "after " + after + " ns");
            shortest = Math.min(shortest, after);
        }
        assertTrue(shortest < 900_000, "after " + shortest + " ns at the earliest");
    }

    @Test
    void failuresOfTimersTasksAndPollersEndNothing() throws Exception {
        CompletableFuture<Throwable> timer = new CompletableFuture<>();
        CompletableFuture<Throwable> task = new CompletableFuture<>();
        CompletableFuture<Throwable> poller = new CompletableFuture<>();
        onLoop(() -> {
            loop.scope(timer::complete)
                    .timer(() -> {
                        throw new IllegalStateException("timer");
                    })
                    .arm(0);
            loop.scope(task::complete).runSoon(new EventLoop.Task(() -> {
                throw new IllegalStateException("task");
            }));
            loop.scope(poller::complete).poll(new EventLoop.Poller() {
                @Override
                public boolean poll() {
                    throw new IllegalStateException("poller");
                }

                @Override
                public boolean prepareToWait() {
                    return false;
                }
            });
        });
        assertEquals("timer", get(timer).getMessage());
        assertEquals("task", get(task).getMessage());
        assertEquals("poller", get(poller).getMessage());
        loop.post(() -> {
            throw new IllegalStateException("posted");
        });
        assertTrue(get(loop.ask(() -> true)));
    }

    @Test
    void aLoopThatEndsByAFaultSaysSo() throws Exception {
        Error fault = new AssertionError("the log cannot be written");
        Handler broken = new StreamHandler() {
            @Override
            public void publish(LogRecord logged) {
                if (ServiceLoop.class.getName().equals(logged.getLoggerName())
                        && "posted".equals(logged.getThrown().getMessage())) {
                    throw fault;
                }
            }
        };
        Logger.getLogger("").addHandler(broken);
        try {
            loop.post(() -> {
                throw new IllegalStateException("posted");
            });
            assertSame(fault, get(loop.fault()));
        } finally {
            Logger.getLogger("").removeHandler(broken);
        }
        loop.close();
        assertThrows(RejectedExecutionException.class, () -> loop.post(() -> {}));
    }

    @Test
    void aLoopThatIsClosedHasNoFault() {
        loop.close();
        assertFalse(loop.fault().isDone());
    }

    @Test
    void timersRunInOrderAndNotBeforeTheirTime() throws Exception {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<Long> last = new CompletableFuture<>();
        long start = System.nanoTime();
        onLoop(() -> {
            loop.timer(() -> order.add(2)).arm(4_000_000);
            loop.timer(() -> order.add(1)).arm(2_000_000);
            Scheduler.Timer never = loop.timer(() -> order.add(-1));
            never.arm(1_000_000);
            never.disarm();
            loop.timer(() -> {
                        order.add(3);
                        last.complete(System.nanoTime());
                    })
                    .arm(6_000_000);
        });
        assertTrue(get(last) - start >= 6_000_000);
        onLoop(() -> assertEquals(List.of(1, 2, 3), order));
    }

    @Test
    void aTaskIsQueuedOnceAndMayPostItselfAgain() throws Exception {
        int[] runs = new int[1];
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        onLoop(() -> {
            EventLoop.Task[] self = new EventLoop.Task[1];
            self[0] = new EventLoop.Task(() -> {
                if (++runs[0] < 100) {
                    loop.runSoon(self[0]);
                } else {
                    done.complete(true);
                }
            });
            loop.runSoon(self[0]);
            loop.runSoon(self[0]);
        });
        get(done);
        onLoop(() -> assertEquals(100, runs[0]));
    }

    @Test
    void aPollerIsAskedAgainBeforeTheLoopSleeps() throws Exception {
        int[] polls = new int[1];
        boolean[] late = {true};
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        onLoop(() -> loop.poll(new EventLoop.Poller() {
            @Override
            public boolean poll() {
                polls[0]++;
                if (polls[0] > 1 && !late[0]) {
                    found.complete(true);
                }
                return polls[0] < 5;
            }

            @Override
            public boolean prepareToWait() {
                boolean wasLate = late[0]; // as work that came in between
                late[0] = false;
                return wasLate;
            }
        }));
        assertTrue(get(found));
        assertTrue(get(loop.ask(() -> polls[0])) >= 6);
    }

    /** Notes each call; has work for so many calls. */
    private static final class Counted implements EventLoop.Poller {
        private final List<Integer> order;
        private final int name;
        private int work;
        private int polls;
        private int asked;
        private EventLoop.@Nullable Polling polling;

        Counted(List<Integer> order, int name) {
            this.order = order;
            this.name = name;
        }

        @Override
        public boolean poll() {
            polls++;
            order.add(name);
            return work > 0 && --work > 0;
        }

        @Override
        public boolean prepareToWait() {
            asked++;
            return false;
        }

        void work(int shares) {
            work = shares;
            requireNonNull(polling).ready();
        }
    }

    private List<Counted> quietPollers(List<Integer> order, int count) throws Exception {
        List<Counted> pollers = new ArrayList<>();
        onLoop(() -> {
            for (int i = 0; i < count; i++) {
                Counted poller = new Counted(order, i);
                poller.polling = loop.poll(poller);
                pollers.add(poller);
            }
        });
        untilQuiet(pollers);
        return pollers;
    }

    /** Until each was asked since its last work; then the loop sleeps for the next question. */
    private void untilQuiet(List<Counted> pollers) throws Exception {
        while (!get(loop.ask(() -> pollers.stream().allMatch(poller -> poller.work == 0 && poller.asked > 0)))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void oneOf255PollersWorksAndTheOthersAreNotCalled() throws Exception {
        List<Counted> pollers = quietPollers(new ArrayList<>(), 255);
        int[] before = get(loop.ask(() ->
                pollers.stream().mapToInt(poller -> poller.polls + poller.asked).toArray()));
        Counted busy = pollers.get(100);
        onLoop(() -> {
            busy.asked = 0;
            busy.work(1_000);
        });
        untilQuiet(List.of(busy));
        onLoop(() -> {
            assertTrue(busy.polls >= 1_000);
            for (int i = 0; i < 255; i++) {
                Counted poller = pollers.get(i);
                if (poller != busy) {
                    assertEquals(before[i], poller.polls + poller.asked, "calls of poller " + i);
                }
            }
        });
    }

    @Test
    void aSleepingLoopWithQuietPollersCallsNoneWhenSomethingElseWakesIt() throws Exception {
        List<Integer> order = new ArrayList<>();
        List<Counted> pollers = quietPollers(order, 255);
        int before = get(loop.ask(order::size));
        for (int i = 0; i < 20; i++) {
            get(loop.ask(() -> true));
        }
        onLoop(() -> assertEquals(before, order.size()));
        onLoop(() -> assertTrue(pollers.stream().allMatch(poller -> poller.asked == 1)));
    }

    @Test
    void aPollerThatIsCancelledOrBecomesReadyWhileOthersAreAskedIsHeeded() throws Exception {
        List<Integer> order = new ArrayList<>();
        List<Counted> pollers = quietPollers(order, 3);
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        onLoop(() -> {
            order.clear();
            loop.poll(new EventLoop.Poller() {
                @Override
                public boolean poll() {
                    return false;
                }

                @Override
                public boolean prepareToWait() {
                    if (!done.isDone()) {
                        requireNonNull(pollers.get(0).polling).cancel();
                        pollers.get(0).work(1);
                        pollers.get(2).work(1);
                        done.complete(true);
                    }
                    return false;
                }
            });
        });
        get(done);
        onLoop(() -> {});
        onLoop(() -> assertEquals(2, order.getFirst()));
        onLoop(() -> assertFalse(order.contains(0)));
    }

    @Test
    void whatIsPostedBeforeTheEndRunsAndAfterwardsIsRejected() throws Exception {
        CompletableFuture<Boolean> before = loop.ask(() -> true);
        loop.close();
        loop.close();
        assertTrue(get(before));
        assertThrows(RejectedExecutionException.class, () -> loop.post(() -> {}));
        ExecutionException rejected = assertThrows(ExecutionException.class, () -> get(loop.ask(() -> true)));
        assertTrue(rejected.getCause() instanceof RejectedExecutionException);
    }

    @Test
    void manyThreadsMayPost() throws Exception {
        int[] sum = new int[1];
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    loop.post(() -> sum[0]++);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        onLoop(() -> assertEquals(4_000, sum[0]));
    }
}
