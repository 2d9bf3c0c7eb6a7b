// The hot path allocates nothing: waiting, ringing, sending, receiving, accessing memory.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AllocationTest {
    /** How long the compiler may take on a machine that does much else. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final int OPERATIONS = 2_000;

    private final byte[] buffer = new byte[128];

    @Test
    void aRoundOfAllHotCallsAllocatesNothing() throws LinuxException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket a = pair[0];
                UnixSocket b = pair[1];
                EventFd event = EventFd.create();
                EventFd blocking = EventFd.adopt(Fd.of(LibC.eventfd(0, LibC.EFD_CLOEXEC)));
                Epoll epoll = Epoll.create(8);
                Mapping memory = Mapping.anonymous(4096);
                FdList fds = new FdList()) {
            epoll.add(event.fd(), Epoll.IN, 1);
            epoll.add(b.fd(), Epoll.IN, 2);
            long least = Long.MAX_VALUE;
            // Once compiled a round allocates nothing; a compilation that is still under way may.
            long start = System.nanoTime();
            while (least > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < OPERATIONS; i++) {
                    operation(i, a, b, event, blocking, epoll, memory, fds);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least, "bytes in " + OPERATIONS + " operations");
        }
    }

    private void operation(
            int i, UnixSocket a, UnixSocket b, EventFd event, EventFd blocking, Epoll epoll, Mapping memory, FdList fds)
            throws LinuxException {
        event.signal();
        a.send(buffer, 0, 64);
        int count = epoll.await(0);
        long tokens = 0;
        for (int e = 0; e < count; e++) {
            tokens += epoll.token(e) * epoll.events(e);
        }
        check(count == 2 && tokens == 3);
        check(epoll.awaitNanos(1_000) == 2);
        check(event.drain() && !event.drain());
        blocking.signal();
        check(blocking.drain() && !blocking.drain());
        check(b.receive(buffer, 0, 128, (i & 1) == 0 ? fds : null) == 64);
        check(b.receive(buffer, 0, 128, fds) == UnixSocket.WOULD_BLOCK);
        fds.clear();
        memory.write(64, buffer, 0, 64);
        memory.read(64, buffer, 0, 64);
        memory.putInt(0, i);
        memory.putLong(8, memory.getLong(16) + memory.getU16(4) + memory.getByte(3));
        memory.putU16Release(24, i);
        check(memory.getU16Acquire(24) == (i & 0xffff));
        memory.putIntRelease(28, i);
        Mapping.fullFence();
        check(memory.getIntAcquire(28) == i);
        memory.writeRegister(32, 32, i);
        check(memory.readRegister(32, 32) == i);
        Mapping.raiseFault();
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new AssertionError("the operation did not do what it is for");
        }
    }
}
