// A platform behind two rings, one for commands and one for events, whose driver is this side.
package org.scmid.agent;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.VhostUserDriver;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.PollPacing;

/**
 * A link over a vhost-user back end or a window of shared memory, for one session with it. It is set up in the background:
 * until then there is no room, and {@link Listener#writable} tells when it is ready. A platform that does not get ready in
 * time, that goes, comes anew, or breaks the rules of rings and window ends the link; whoever wants to go on begins
 * another, to which nothing of this one can come.
 *
 * <p>A command that the platform gives back without a reply, and a message that is too short for a header, are counted and
 * dropped: the command ends in time. Nothing is allocated for a message.
 */
public final class RingLink implements PlatformLink {
    private static final int MIN_MESSAGE = 4;
    private static final int SHARE_MESSAGES = 64;

    private final RingEnd end;
    private final Listener listener;
    private final EventLoop.Polling polling;
    private final Scheduler.Timer patience;
    private final long patienceNanos;
    private @Nullable String lost;
    private boolean ready;
    private boolean refused;
    private boolean closed;
    private long dropped;

    private RingLink(EventLoop loop, RingEnd end, long patienceNanos, Listener listener) {
        this.end = end;
        this.listener = listener;
        this.patienceNanos = patienceNanos;
        this.patience = loop.timer(this::patienceEnded);
        this.polling = loop.poll(new EventLoop.Poller() {
            @Override
            public boolean poll() {
                return look();
            }

            @Override
            public boolean prepareToWait() {
                return lookAway();
            }
        });
    }

    private static RingLink begin(EventLoop loop, RingEnd end, long patienceNanos, Listener listener)
            throws LinuxException {
        RingLink link = new RingLink(loop, end, patienceNanos, listener);
        try {
            end.begin(loop, link.polling);
        } catch (LinuxException e) {
            link.close();
            throw e;
        }
        link.patience.arm(patienceNanos);
        return link;
    }

    /**
     * Connects to a vhost-user back end that listens.
     *
     * @param patienceNanos how long it may take to get ready, in nanoseconds
     * @throws LinuxException if nobody listens there
     */
    public static RingLink connectVhostUser(EventLoop loop, Path path, long patienceNanos, Listener listener)
            throws LinuxException {
        return overVhostUser(loop, UnixSocket.connect(path), patienceNanos, listener);
    }

    /**
     * Goes by a vhost-user back end.
     *
     * @param socket connected; the link's from now on, also if this throws
     * @param patienceNanos how long it may take to get ready, in nanoseconds
     */
    public static RingLink overVhostUser(EventLoop loop, UnixSocket socket, long patienceNanos, Listener listener)
            throws LinuxException {
        return begin(loop, new VhostUserEnd(VhostUserDriver.over(socket)), patienceNanos, listener);
    }

    /**
     * Goes by a window, of either layout.
     *
     * @param driver in no session; it is driven by the link from now on, and its window closed with the link
     * @param pacing of the loop
     * @param longestPauseNanos the longest time between two looks at the window, in nanoseconds
     * @param patienceNanos how long it may take to get ready, in nanoseconds
     */
    public static RingLink overWindow(
            EventLoop loop,
            WindowDriver driver,
            PollPacing pacing,
            long longestPauseNanos,
            long patienceNanos,
            Listener listener) {
        try {
            return begin(loop, new WindowEnd(driver, loop, pacing, longestPauseNanos), patienceNanos, listener);
        } catch (LinuxException e) {
            throw new IllegalStateException("a window needs no descriptor", e);
        }
    }

    /** Messages that were no answer and too short for an event. */
    public long dropped() {
        return dropped;
    }

    @Override
    public int longestMessage() {
        return end.longestMessage();
    }

    @Override
    public boolean send(byte[] message, int length) {
        if (closed || lost != null) {
            return false;
        }
        try {
            boolean sent = end.send(message, length);
            refused |= !sent;
            return sent;
        } catch (LinkEndedException e) {
            lost = String.valueOf(e.getMessage()); // told later: whoever sends is not called back from in here
            polling.ready();
            return false;
        }
    }

    private boolean look() {
        try {
            String why = lost;
            if (why != null) {
                throw new LinkEndedException(why);
            }
            return end.step() && carry();
        } catch (LinkEndedException e) {
            lose(String.valueOf(e.getMessage()));
            return true;
        }
    }

    /** Hands over one share of what came. */
    private boolean carry() throws LinkEndedException {
        boolean worked = !ready;
        if (!ready) {
            ready = true;
            refused = true;
            patience.disarm();
        }
        for (int messages = 0; messages < SHARE_MESSAGES && !closed && lost == null && end.take(); messages++) {
            worked = true;
            if (end.length() < MIN_MESSAGE) {
                dropped++;
            } else {
                listener.received(end.message(), end.length());
            }
        }
        if (refused && !closed && lost == null && end.hasRoom()) {
            refused = false;
            listener.writable();
        }
        return worked;
    }

    private boolean lookAway() {
        if (closed) {
            return false;
        }
        try {
            return lost != null || end.prepareToWait();
        } catch (LinkEndedException e) {
            lost = String.valueOf(e.getMessage());
            return true;
        }
    }

    private void patienceEnded() {
        lose(end.progress() + ", " + TimeUnit.NANOSECONDS.toMillis(patienceNanos) + " ms after the link began");
    }

    private void lose(String why) {
        if (!closed) {
            close();
            listener.lost(why);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            polling.cancel();
            patience.disarm();
            end.close();
        }
    }
}
