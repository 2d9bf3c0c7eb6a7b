// The service loop's timers, as hardware sees them.
package org.scmid.server.core;

import org.scmid.platform.Scheduler;
import org.scmid.transport.EventLoop;

/** The timers of the service loop for what knows hardware and nothing of loops. */
final class LoopScheduler implements Scheduler {
    private final EventLoop loop;

    LoopScheduler(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Timer timer(Runnable action) {
        EventLoop.Timer timer = loop.timer(action);
        return new Timer() {
            @Override
            public void arm(long delayNanos) {
                timer.arm(delayNanos);
            }

            @Override
            public void disarm() {
                timer.disarm();
            }
        };
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }
}
