// The bell: signalled, drained, full, and of a peer that blocks.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventFdTest {
    private static final long FULL = -2; // 2^64 - 2, the most the counter holds

    @Test
    void aNewOneIsNotSignalled() throws LinuxException {
        try (EventFd event = EventFd.create()) {
            assertFalse(event.drain());
        }
    }

    @Test
    void severalSignalsAreDrainedAsOne() throws LinuxException {
        try (EventFd event = EventFd.create()) {
            event.signal();
            event.signal();
            assertTrue(event.drain());
            assertFalse(event.drain());
        }
    }

    @Test
    void aFullCounterIsSignalledWithoutAnError() throws LinuxException {
        try (EventFd event = EventFd.create()) {
            assertEquals(8, LibC.eventWrite(event.fd().number(), FULL));
            event.signal();
            assertTrue(event.drain());
            assertFalse(event.drain());
        }
    }

    @Test
    void thisSystemPermitsSignalsThatNeverWait() {
        assertTrue(EventFd.neverWaits());
    }

    @Test
    void oneThatBlocksNeverBlocksUs() throws LinuxException {
        try (EventFd event = EventFd.adopt(Fd.of(LibC.eventfd(0, LibC.EFD_CLOEXEC)))) {
            assertFalse(event.drain());
            event.signal();
            assertTrue(event.drain());
            assertFalse(event.drain());
            assertEquals(8, LibC.eventWrite(event.fd().number(), FULL));
            event.signal();
            assertTrue(event.drain());
        }
    }

    @Test
    void oneThatThePeerMakesBlockingAndFillsNeverBlocksUs() throws Exception {
        try (EventFd event = EventFd.createShared()) {
            event.jam();
            assertEnds(event::signal);
            assertEnds(event::signal);
            assertTrue(event.drain());
            assertEnds(event::drain);
        }
    }

    @Test
    void aPeerThatFillsABlockingOneAtTheWorstMomentNeverBlocksUs() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (EventFd event = EventFd.createShared()) {
            assertEquals(0, LibC.fcntl(event.fd().number(), LibC.F_SETFL, 0));
            int number = event.fd().number();
            // Its write waits until the counter has room, and takes all of it.
            Thread peer = Thread.ofPlatform().daemon().start(() -> {
                while (!stop.get()) {
                    LibC.eventWrite(number, FULL);
                }
            });
            assertEnds(() -> {
                for (int i = 0; i < 100_000; i++) {
                    event.signal();
                    event.drain();
                }
            });
            stop.set(true);
            while (!peer.join(Duration.ofMillis(1))) {
                event.drain();
            }
        }
    }

    @Test
    void aSharedOneCanBeSignalledAnyNumberOfTimes() throws LinuxException {
        try (EventFd event = EventFd.createShared()) {
            for (int i = 0; i < 10_000; i++) {
                event.signal();
            }
            assertTrue(event.drain());
            assertFalse(event.drain());
        }
    }

    @Test
    void severalThreadsSignalSharedOnesWithoutLosingOne() throws Exception {
        Thread[] threads = new Thread[4];
        EventFd[] events = new EventFd[threads.length];
        AtomicInteger failures = new AtomicInteger();
        for (int t = 0; t < threads.length; t++) {
            EventFd event = EventFd.createShared();
            events[t] = event;
            threads[t] = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 5_000; i++) {
                        event.signal();
                        if (!event.drain()) {
                            failures.incrementAndGet();
                        }
                    }
                } catch (LinuxException e) {
                    failures.incrementAndGet();
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (EventFd event : events) {
            event.close();
        }
        assertEquals(0, failures.get());
    }

    @Test
    void aSharedOneWakesAnEdgeTriggeredWaitWithEachSignal() throws LinuxException {
        try (EventFd event = EventFd.createShared();
                Epoll epoll = Epoll.create(4)) {
            epoll.add(event.fd(), Epoll.IN | Epoll.EDGE, 1);
            for (int i = 0; i < 3; i++) {
                event.signal();
                assertEquals(1, epoll.await(0));
                assertEquals(0, epoll.await(0));
            }
        }
    }

    private interface Action {
        void run() throws LinuxException;
    }

    /** A thread that waits in a system call cannot be interrupted: it is left behind if this fails. */
    private static void assertEnds(Action action) throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                action.run();
                ended.set(true);
            } catch (LinuxException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.join(10_000);
        assertTrue(ended.get(), "still waiting");
    }

    @Test
    void adoptingLeavesThePeersFlagsAlone() throws LinuxException {
        try (EventFd event = EventFd.adopt(Fd.of(LibC.eventfd(0, LibC.EFD_CLOEXEC)))) {
            event.signal();
            assertEquals(0, LibC.fcntl(event.fd().number(), LibC.F_GETFL, 0) & LibC.O_NONBLOCK);
        }
    }

    @Test
    void aSignalThroughADuplicateArrives() throws LinuxException {
        try (EventFd event = EventFd.create();
                EventFd other = EventFd.adopt(event.fd().duplicate())) {
            other.signal();
            assertTrue(event.drain());
        }
    }

    @Test
    void otherKindsOfFilesAreToldApart() throws LinuxException {
        try (EventFd event = EventFd.create();
                Fd file = MemFd.create("x", 8)) {
            assertTrue(EventFd.isEventFd(event.fd()));
            assertFalse(EventFd.isEventFd(file));
        }
    }

    @Test
    void aDescriptorThatIsNoEventfdIsReported() throws LinuxException {
        Fd file = NativeFile.open(Path.of("/proc/self/stat"), OpenMode.READ_ONLY, false, false);
        try (EventFd notOne = EventFd.adopt(file)) {
            LinuxException e = assertThrows(LinuxException.class, notOne::signal);
            assertEquals("write(eventfd): Invalid argument (EINVAL)", e.getMessage());
        }
    }

    @Test
    void aClosedOneIsRefused() throws LinuxException {
        EventFd event = EventFd.create();
        event.close();
        event.close();
        assertThrows(IllegalStateException.class, event::signal);
        assertThrows(IllegalStateException.class, event::drain);
    }
}
