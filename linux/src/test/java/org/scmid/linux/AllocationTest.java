// The hot path allocates nothing: waiting, ringing, sending, receiving, accessing memory.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AllocationTest {
    /** How long the compiler may take on a machine that does much else. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final int OPERATIONS = 2_000;

    private final byte[] buffer = new byte[128];

    /** Some of the calls. Each kind of round is compiled by itself, as in the service they are apart too. */
    @FunctionalInterface
    private interface Round {
        void run(int i) throws LinuxException;
    }

    @Test
    void noHotCallAllocates() throws LinuxException {
        UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket a = pair[0];
                UnixSocket b = pair[1];
                EventFd event = EventFd.create();
                EventFd shared = EventFd.adopt(Fd.of(LibC.eventfd(0, LibC.EFD_CLOEXEC)));
                Epoll epoll = Epoll.create(8);
                Mapping memory = Mapping.anonymous(4096);
                Fd file = MemFd.create("device", 4096);
                Mapping device = Mapping.mapDevice(file, 0, 4096);
                FdList fds = new FdList()) {
            epoll.add(event.fd(), Epoll.IN, 1);
            assertNothingAllocated("waiting for events", i -> waitFor(epoll, event));
            assertNothingAllocated("waiting to the nanosecond", i -> waitNanos(epoll, event));
            assertNothingAllocated("signals to others", i -> shared.signal()); // the other side takes them
            check(shared.drain() && !shared.drain());
            assertNothingAllocated("messages", i -> exchange(a, b, (i & 1) == 0 ? fds : null));
            assertNothingAllocated("nothing to receive", i -> receiveNothing(b, fds));
            assertNothingAllocated("shared memory", i -> access(memory, i));
            assertNothingAllocated("device memory", i -> copy(device, i));
            assertNothingAllocated("registers", i -> accessRegister(memory, i));
        }
    }

    private static void assertNothingAllocated(String what, Round round) throws LinuxException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // Once compiled a round allocates nothing; a compilation that is still under way may.
        long start = System.nanoTime();
        while (least > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < OPERATIONS; i++) {
                round.run(i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in " + OPERATIONS + " times " + what);
    }

    private static void waitFor(Epoll epoll, EventFd event) throws LinuxException {
        event.signal();
        check(epoll.await(0) == 1 && epoll.token(0) == 1 && epoll.events(0) == Epoll.IN);
        check(event.drain() && !event.drain());
    }

    private static void waitNanos(Epoll epoll, EventFd event) throws LinuxException {
        event.signal();
        check(epoll.awaitNanos(1_000) == 1);
        check(event.drain());
    }

    private void exchange(UnixSocket from, UnixSocket to, @Nullable FdList fds) throws LinuxException {
        from.send(buffer, 0, 64);
        check(to.receive(buffer, 0, 128, fds) == 64);
        if (fds != null) {
            fds.clear();
        }
    }

    private void receiveNothing(UnixSocket from, FdList fds) throws LinuxException {
        check(from.receive(buffer, 0, 128, fds) == UnixSocket.WOULD_BLOCK);
    }

    private void access(Mapping memory, int i) {
        memory.write(64, buffer, 0, 64);
        memory.read(64, buffer, 0, 64);
        memory.putInt(0, i);
        memory.putLong(8, memory.getLong(16) + memory.getU16(4) + memory.getByte(3));
        memory.putU16Release(24, i);
        check(memory.getU16Acquire(24) == (i & 0xffff));
        memory.putIntRelease(28, i);
        Mapping.fullFence();
        check(memory.getIntAcquire(28) == i);
        Mapping.raiseFault();
    }

    private void copy(Mapping device, int i) {
        device.write(i & 63, buffer, i & 7, 120);
        device.read(i & 31, buffer, i & 3, 120);
    }

    private static void accessRegister(Mapping memory, int i) {
        memory.writeRegister(32, 32, i);
        check(memory.readRegister(32, 32) == i);
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new AssertionError("the operation did not do what it is for");
        }
    }
}
