// A command queue and its driver in one thread, over real shared memory.
package org.scmid.transport.virtqueue;

import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Work;
import org.scmid.transport.AgentLog;
import org.scmid.transport.RecordingPort;

/** Memory at 0x10000 in two adjoining regions of 512 KiB and one apart at 0x400000; the ring begins at 0x10000. */
final class RingFixture implements AutoCloseable {
    static final long RING = 0x10000;
    static final long BORDER = 0x90000;
    static final long APART = 0x400000;
    static final long BUFFERS = 0x30000;
    static final long END_OF_APART = APART + 0x80000;

    final DriverMemory memory = new DriverMemory();
    final RecordingPort port = new RecordingPort();
    final DriverRing driver;
    final CommandQueue commands;
    final EventQueue events;
    int calls;
    int memoryLosses;
    long timeIsOverAfter = Long.MAX_VALUE; // so many commands

    RingFixture(int size, boolean eventIdx, boolean indirect) throws LinuxException, BadRingException {
        memory.add(RING, BORDER - RING, 0x1000);
        memory.add(BORDER, 0x80000, 0);
        memory.add(APART, 0x80000, 0x3000);
        driver = new DriverRing(memory, RING, size, eventIdx);
        AgentLog log = new AgentLog(RingFixture.class, new NoLoop(), "test");
        commands = new CommandQueue(
                port,
                log,
                SplitQueue.forgiving(new LinkedChains(memory)),
                () -> calls++,
                () -> {},
                () -> port.executed() < timeIsOverAfter);
        events = new EventQueue(
                port,
                log,
                SplitQueue.forgiving(new LinkedChains(memory)),
                () -> calls++,
                () -> memoryLosses++,
                () -> {});
        port.attached(null, commands.newReplies());
        commands.ring().start(driver.layout(), 0, eventIdx, indirect);
    }

    void serveAll() {
        while (commands.serve()) {
            // until nothing is left
        }
    }

    @Override
    public void close() {
        commands.ring().stop();
        events.ring().stop();
        memory.close();
    }

    /** Only its clock is used. */
    private static final class NoLoop implements EventLoop {
        @Override
        public Registration watch(Fd fd, int epollEvents, ReadyHandler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Polling poll(Poller poller) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Polling pollBehind(Poller poller) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hasTime() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hadTime() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void runSoon(Task task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer timer(Runnable action) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Work work() {
            return new Work();
        }
    }
}
