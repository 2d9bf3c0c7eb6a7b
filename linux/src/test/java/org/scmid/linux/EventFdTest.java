// The bell: signalled, drained, full, and of a peer that blocks.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
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
    void aDescriptorThatCannotBeWrittenIsReported() throws LinuxException {
        Fd file = NativeFile.open(Path.of("/proc/self/stat"), OpenMode.READ_ONLY, false, false);
        try (EventFd notOne = EventFd.adopt(file)) {
            LinuxException e = assertThrows(LinuxException.class, notOne::signal);
            assertEquals("write(eventfd): Bad file descriptor (EBADF)", e.getMessage());
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
