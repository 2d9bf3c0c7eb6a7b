// When the loop wakes by itself for peers that have no bell to ring.
package org.scmid.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;

/**
 * Wakes the loop for pollers whose peers cannot ring: one wake-up for all of them. Whoever has asked for a look is looked at
 * when the first is due, so ten pollers that each ask for 10 ms cause 100 wake-ups a second, not 1000. Pollers that do not
 * ask cost nothing.
 */
public final class PollPacing {
    private final EventLoop loop;
    private final Scheduler.Timer timer;
    private @Nullable Paced[] asking = new Paced[16];
    private int count;
    private boolean armed;
    private long due;

    /** @param loop whose pollers it is for */
    public PollPacing(EventLoop loop) {
        this.loop = loop;
        this.timer = loop.timer(this::wokeUp);
    }

    /** Makes the means by which a poller asks; once, since asking allocates nothing. */
    public Paced add(EventLoop.Polling polling) {
        return new Paced(polling);
    }

    private void wokeUp() {
        armed = false;
        int all = count;
        count = 0;
        for (int i = 0; i < all; i++) {
            Paced paced = asking[i];
            asking[i] = null;
            if (paced != null) {
                paced.asks = false;
                paced.polling.ready();
            }
        }
    }

    /** One poller. */
    public final class Paced {
        private final EventLoop.Polling polling;
        private boolean asks;

        Paced(EventLoop.Polling polling) {
            this.polling = polling;
        }

        /**
         * It is to be looked at, at the latest after this time; for use in {@link EventLoop.Poller#prepareToWait}. An
         * earlier time that somebody has asked for stays; once it was looked at nothing is asked for until the next call.
         *
         * @param nanos from now, in nanoseconds; 0 to 2^62
         */
        public void lookWithin(long nanos) {
            if (!asks) {
                asks = true;
                if (count == asking.length) {
                    asking = Arrays.copyOf(asking, count * 2);
                }
                asking[count++] = this;
            }
            long asked = loop.nanoTime() + nanos;
            if (!armed || asked - due < 0) {
                armed = true;
                due = asked;
                timer.arm(nanos);
            }
        }
    }
}
