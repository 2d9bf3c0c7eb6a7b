// When the loop wakes by itself for peers that have no bell to ring.
package org.scmid.transport;

import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;

/**
 * Wakes the loop for pollers whose peers cannot ring: one for all pollers of a loop. A turn of the loop polls every poller,
 * so the wake-up that one has asked for serves the others too. Ten pollers that each ask for 10 ms cause 100 wake-ups a
 * second, not 1000.
 *
 * <p>A poller registers nothing here. Before each wait, in its {@link EventLoop.Poller#prepareToWait}, it says by {@link
 * #wakeWithin} how long the loop may sleep at most; one that does not ask is not waited for. Nothing is allocated.
 */
public final class PollPacing {
    private final EventLoop loop;
    private final Scheduler.Timer timer;
    private boolean armed;
    private long due;

    /** @param loop whose pollers it is for */
    public PollPacing(EventLoop loop) {
        this.loop = loop;
        this.timer = loop.timer(this::wokeUp);
    }

    /**
     * The loop is to begin a turn, and so to poll, at the latest after this time. An earlier time that somebody has asked
     * for stays; once the loop was woken nothing is asked for until the next call.
     *
     * @param nanos from now, in nanoseconds; 0 to 2^62
     */
    public void wakeWithin(long nanos) {
        long asked = loop.nanoTime() + nanos;
        if (!armed || asked - due < 0) {
            armed = true;
            due = asked;
            timer.arm(nanos);
        }
    }

    private void wokeUp() {
        armed = false; // the turn that this timer began polls all: nothing else is to be done
    }
}
