// Who owns a descriptor, and when it is gone.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FdTest {
    @Test
    void closingTwiceClosesOnlyOnce() throws LinuxException {
        Fd first = MemFd.create("first", 1);
        int number = first.number();
        first.close();
        try (Fd second = MemFd.create("second", 1)) {
            assertEquals(number, second.number(), "the kernel gives the lowest free number");
            first.close();
            assertEquals(1, NativeFile.size(second), "the second close hit another file's descriptor");
        }
    }

    @Test
    void aClosedDescriptorHasNoNumber() throws LinuxException {
        Fd fd = MemFd.create("x", 1);
        assertTrue(fd.isOpen());
        fd.close();
        assertFalse(fd.isOpen());
        assertThrows(IllegalStateException.class, fd::number);
        assertThrows(IllegalStateException.class, fd::duplicate);
    }

    @Test
    @SuppressWarnings("try") // closes early, which is the point
    void aDuplicateIsClosedSeparately() throws LinuxException {
        try (Fd fd = MemFd.create("x", 7);
                Fd duplicate = fd.duplicate()) {
            assertNotEquals(fd.number(), duplicate.number());
            fd.close();
            assertEquals(7, NativeFile.size(duplicate));
        }
    }

    @Test
    void descriptorsAreClosedWhenAProgramIsStarted() throws LinuxException {
        try (Fd fd = MemFd.create("x", 1);
                Fd duplicate = fd.duplicate();
                EventFd event = EventFd.create();
                Epoll epoll = Epoll.create(1)) {
            int[] numbers = {
                fd.number(), duplicate.number(), event.fd().number(), epoll.fd().number()
            };
            for (int number : numbers) {
                assertEquals(1, LibC.fcntl(number, 1 /* F_GETFD */, 0), "FD_CLOEXEC of " + number);
            }
        }
    }
}
