// Waiting for several descriptors: tokens, level and edge, one-shot, removal, numbers used again.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EpollTest {
    private static final long TOKEN = 0x8123_4567_89ab_cdefL;

    private Epoll epoll;
    private EventFd event;

    @SuppressWarnings("NullAway.Init")
    EpollTest() {}

    @BeforeEach
    void create() throws LinuxException {
        epoll = Epoll.create(4);
        event = EventFd.create();
    }

    @AfterEach
    void close() {
        event.close();
        epoll.close();
    }

    @Test
    void anEventBringsBackItsToken() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN, TOKEN);
        assertEquals(0, epoll.await(0));
        event.signal();
        assertEquals(1, epoll.await(-1));
        assertEquals(Epoll.IN, epoll.events(0));
        assertEquals(TOKEN, epoll.token(0));
    }

    @Test
    void aWaitOfNanosecondsIsNeitherCutShortNorRoundedUp() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN, TOKEN);
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            long start = System.nanoTime();
            assertEquals(0, epoll.awaitNanos(200_000));
            long waited = System.nanoTime() - start;
            assertTrue(waited >= 200_000, "only " + waited + " ns");
            shortest = Math.min(shortest, waited);
        }
        assertTrue(shortest < 900_000, "at least " + shortest + " ns");
    }

    @Test
    void aWaitOfNanosecondsEndsWithAnEvent() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN, TOKEN);
        event.signal();
        for (long nanos : new long[] {-1, 0, 1, 1_500_000, 5_000_000_000L, Long.MAX_VALUE}) {
            assertEquals(1, epoll.awaitNanos(nanos));
            assertEquals(Epoll.IN, epoll.events(0));
            assertEquals(TOKEN, epoll.token(0));
        }
        event.drain();
        assertEquals(0, epoll.awaitNanos(0));
        assertThrows(IndexOutOfBoundsException.class, () -> epoll.token(0));
    }

    @Test
    void aNegativeTimeWaitsForEver() throws Exception {
        epoll.add(event.fd(), Epoll.IN, TOKEN);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                event.signal();
            } catch (LinuxException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(1, epoll.awaitNanos(Long.MIN_VALUE));
    }

    @Test
    void aKernelWithoutNanosecondsWaitsForTheNextMillisecond() throws LinuxException {
        Epoll.waitToTheNanosecond(false);
        try {
            long start = System.nanoTime();
            assertEquals(0, epoll.awaitNanos(1_000_001));
            assertTrue(System.nanoTime() - start >= 2_000_000);
            epoll.add(event.fd(), Epoll.IN, TOKEN);
            event.signal();
            assertEquals(1, epoll.awaitNanos(Long.MAX_VALUE));
        } finally {
            Epoll.waitToTheNanosecond(true);
        }
    }

    @Test
    void nanosecondsAreRoundedUpToMilliseconds() {
        assertEquals(1, Epoll.roundedUpToMillis(1));
        assertEquals(1, Epoll.roundedUpToMillis(1_000_000));
        assertEquals(2, Epoll.roundedUpToMillis(1_000_001));
        assertEquals(Integer.MAX_VALUE, Epoll.roundedUpToMillis(Long.MAX_VALUE));
    }

    @Test
    void theThirdEventIsReadAsWellAsTheFirst() throws LinuxException {
        Set<Long> expected = new HashSet<>();
        EventFd[] events = new EventFd[3];
        for (int i = 0; i < 3; i++) {
            events[i] = EventFd.create();
            epoll.add(events[i].fd(), Epoll.IN, TOKEN + i);
            expected.add(TOKEN + i);
            events[i].signal();
        }
        assertEquals(3, epoll.await(0));
        Set<Long> found = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            assertEquals(Epoll.IN, epoll.events(i));
            found.add(epoll.token(i));
            events[i].close();
        }
        assertEquals(expected, found);
    }

    @Test
    void moreEventsThanRoomComeWithTheNextCall() throws LinuxException {
        Set<Long> found = new HashSet<>();
        EventFd[] events = new EventFd[7];
        for (int i = 0; i < events.length; i++) {
            events[i] = EventFd.create();
            events[i].signal();
            epoll.add(events[i].fd(), Epoll.IN | Epoll.EDGE, i);
        }
        assertEquals(4, epoll.await(0));
        for (int i = 0; i < 4; i++) {
            found.add(epoll.token(i));
        }
        assertEquals(3, epoll.await(0));
        for (int i = 0; i < 3; i++) {
            found.add(epoll.token(i));
        }
        assertEquals(7, found.size());
        for (EventFd each : events) {
            each.close();
        }
    }

    @Test
    void aLevelIsToldForAsLongAsItLasts() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN, 1);
        event.signal();
        assertEquals(1, epoll.await(0));
        assertEquals(1, epoll.await(0));
        event.drain();
        assertEquals(0, epoll.await(0));
    }

    @Test
    void anEdgeIsToldOnceForEverySignal() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN | Epoll.EDGE, 1);
        event.signal();
        assertEquals(1, epoll.await(0));
        assertEquals(0, epoll.await(0));
        event.signal();
        assertEquals(1, epoll.await(0), "an edge without draining");
    }

    @Test
    void aOneShotIsSilentUntilItIsModified() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN | Epoll.ONESHOT, 1);
        event.signal();
        assertEquals(1, epoll.await(0));
        event.signal();
        assertEquals(0, epoll.await(0));
        epoll.modify(event.fd(), Epoll.IN | Epoll.ONESHOT, 2);
        assertEquals(1, epoll.await(0));
        assertEquals(2, epoll.token(0));
    }

    @Test
    void aSocketTellsWritableAndTheEndOfThePeer() throws LinuxException {
        UnixSocket[] pair = UnixSocket.pair();
        epoll.add(pair[0].fd(), Epoll.IN | Epoll.OUT | Epoll.RDHUP, 1);
        assertEquals(1, epoll.await(0));
        assertEquals(Epoll.OUT, epoll.events(0));
        pair[1].close();
        assertEquals(1, epoll.await(0));
        assertEquals(Epoll.IN | Epoll.OUT | Epoll.RDHUP | Epoll.HUP, epoll.events(0));
        pair[0].close();
        assertEquals(0, epoll.await(0));
    }

    @Test
    void aRemovedDescriptorIsSilent() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN, 1);
        event.signal();
        epoll.remove(event.fd());
        assertEquals(0, epoll.await(0));
    }

    @Test
    void aNumberThatIsUsedAgainIsNotInTheSet() throws LinuxException {
        int number = event.fd().number();
        epoll.add(event.fd(), Epoll.IN, 1);
        event.signal();
        event.close();
        try (EventFd next = EventFd.create()) {
            assertEquals(number, next.fd().number(), "the kernel gives the lowest free number");
            next.signal();
            assertEquals(0, epoll.await(0));
            epoll.add(next.fd(), Epoll.IN, 2);
            assertEquals(1, epoll.await(0));
            assertEquals(2, epoll.token(0));
        }
    }

    @Test
    void aClosedDescriptorWithADuplicateStaysUnlessItWasRemoved() throws LinuxException {
        try (Fd duplicate = event.fd().duplicate()) {
            epoll.add(event.fd(), Epoll.IN, 1);
            event.signal();
            event.close();
            assertTrue(duplicate.isOpen());
            assertEquals(1, epoll.await(0), "this is what the documentation warns of");
        }
        assertEquals(0, epoll.await(0));
    }

    @Test
    void wrongUseIsReportedWithCallAndErrno() throws LinuxException {
        LinuxException missing = assertThrows(LinuxException.class, () -> epoll.remove(event.fd()));
        assertEquals(
                "epoll_ctl(EPOLL_CTL_DEL, " + event.fd() + "): No such file or directory (ENOENT)",
                missing.getMessage());
        assertThrows(LinuxException.class, () -> epoll.modify(event.fd(), Epoll.IN, 1));
        epoll.add(event.fd(), Epoll.IN, 1);
        LinuxException twice = assertThrows(LinuxException.class, () -> epoll.add(event.fd(), Epoll.IN, 1));
        assertEquals(Errno.EEXIST, twice.errno());
        try (Fd file = MemFd.create("x", 1)) {
            LinuxException notPollable = assertThrows(LinuxException.class, () -> epoll.add(file, Epoll.IN, 1));
            assertEquals(Errno.EPERM, notPollable.errno());
        }
        assertThrows(IllegalArgumentException.class, () -> Epoll.create(0));
    }

    @Test
    void anEventThatDidNotHappenCannotBeRead() throws LinuxException {
        epoll.add(event.fd(), Epoll.IN, 1);
        event.signal();
        epoll.await(0);
        assertThrows(IndexOutOfBoundsException.class, () -> epoll.events(1));
        assertThrows(IndexOutOfBoundsException.class, () -> epoll.token(-1));
        event.drain();
        epoll.await(0);
        assertThrows(IndexOutOfBoundsException.class, () -> epoll.token(0));
    }

    @Test
    void theTimeIsWaitedFor() throws LinuxException {
        long start = System.nanoTime();
        assertEquals(0, epoll.await(20));
        assertTrue(System.nanoTime() - start >= 19_000_000);
    }

    @Test
    void anotherThreadWakesTheOneThatWaits() throws Exception {
        epoll.add(event.fd(), Epoll.IN, 7);
        Thread waker = Thread.ofPlatform().start(() -> {
            try {
                event.signal();
            } catch (LinuxException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(1, epoll.await(-1));
        assertEquals(7, epoll.token(0));
        waker.join();
    }

    @Test
    void aClosedSetIsRefused() {
        epoll.close();
        epoll.close();
        assertFalse(epoll.fd().isOpen());
        assertThrows(IllegalStateException.class, () -> epoll.await(0));
    }
}
