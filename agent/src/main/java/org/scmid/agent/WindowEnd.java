// A link's end of a window of shared memory.
package org.scmid.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.agent.frontend.WindowDriver.Phase;
import org.scmid.linux.Mapping;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.PollPacing;

/**
 * One session of a window's driver. It is looked at by the pacing: often after traffic and while it is set up, seldom when
 * nothing has come for long. A window that is cut off from its file ends it, see {@link Mapping}.
 */
final class WindowEnd implements RingEnd {
    private static final long SHORTEST_PAUSE_NANOS = 50_000;

    private final WindowDriver driver;
    private final Scheduler time;
    private final PollPacing pacing;
    private final long longestPauseNanos;
    private PollPacing.@Nullable Paced paced;
    private EventLoop.@Nullable Polling polling;
    private long lastWork;
    private boolean ready;
    private boolean closed;

    WindowEnd(WindowDriver driver, Scheduler time, PollPacing pacing, long longestPauseNanos) {
        this.driver = driver;
        this.time = time;
        this.pacing = pacing;
        this.longestPauseNanos = longestPauseNanos;
        worked();
    }

    @Override
    public void begin(EventLoop loop, EventLoop.Polling begun) {
        polling = begun;
        paced = pacing.add(begun);
    }

    private void worked() {
        lastWork = time.nanoTime();
    }

    @Override
    public boolean step() throws LinkEndedException {
        try {
            Phase before = driver.phase();
            if (ready) {
                expectSession(before);
            }
            Phase phase = driver.step();
            Mapping.raiseFault();
            if (ready) {
                expectSession(phase);
            } else if (phase == Phase.INCOMPATIBLE) {
                throw new LinkEndedException("the window has " + driver.problem());
            } else if (phase != before) {
                worked();
            }
            ready = phase == Phase.READY;
            return ready;
        } catch (InternalError e) {
            throw cutOff();
        }
    }

    /** The driver would begin the next session by itself, and the link is for one. */
    private void expectSession(Phase phase) throws LinkEndedException {
        if (phase != Phase.READY) {
            throw new LinkEndedException(
                    switch (driver.lastEnd()) {
                        case BROKEN -> "the window's server says that this side broke the contract";
                        case SERVER_FAULT -> "the window's server returned a buffer that it did not have, or too much";
                        default -> "the window's server has gone, or came anew";
                    });
        }
    }

    private static LinkEndedException cutOff() {
        return new LinkEndedException("the window was cut off from its file");
    }

    @Override
    public String progress() {
        return driver.phase() == Phase.SERVER_AWAITED
                ? "nobody serves the window"
                : "the window's server does not answer";
    }

    @Override
    public int longestMessage() {
        return ready ? driver.slotSize() : PlatformLink.MAX_MESSAGE;
    }

    @Override
    public boolean hasRoom() {
        return driver.hasRoom();
    }

    @Override
    public boolean send(byte[] message, int length) throws LinkEndedException {
        try {
            boolean sent = ready && driver.send(message, length) != 0;
            Mapping.raiseFault();
            if (sent) {
                lookSoon();
            }
            return sent;
        } catch (InternalError e) {
            throw cutOff();
        }
    }

    /** The reply will not be announced. */
    private void lookSoon() {
        worked();
        EventLoop.Polling current = polling;
        if (current != null) {
            current.ready();
        }
    }

    @Override
    public boolean take() throws LinkEndedException {
        try {
            while (driver.poll()) {
                Mapping.raiseFault();
                Ending ending = driver.ending();
                if (ending == Ending.REPLY || ending == Ending.NO_REPLY || ending == Ending.EVENT) {
                    worked();
                    return true;
                }
            }
            Mapping.raiseFault();
            expectSession(driver.phase()); // what cannot be has ended it
            return false;
        } catch (InternalError e) {
            throw cutOff();
        }
    }

    @Override
    public byte[] message() {
        return driver.message();
    }

    @Override
    public int length() {
        return driver.length();
    }

    @Override
    public boolean prepareToWait() {
        PollPacing.Paced waiting = paced;
        if (waiting != null) {
            waiting.lookWithin(pause());
        }
        return false;
    }

    /** A quarter of the time that nothing has come for. */
    private long pause() {
        long idle = time.nanoTime() - lastWork;
        return Math.min(longestPauseNanos, Math.max(SHORTEST_PAUSE_NANOS, idle / 4));
    }

    /** The server is told by the beginning of another session, so that it lets go of what was this agent's. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            driver.restart();
            driver.step();
            Mapping.raiseFault();
        } catch (InternalError e) {
            // It was cut off: there is nobody to tell.
        }
        driver.window().close();
    }
}
