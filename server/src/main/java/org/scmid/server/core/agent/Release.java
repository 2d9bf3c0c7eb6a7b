// How an agent gives up everything that it holds, however much that is.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.loop.Work;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;

/**
 * An agent gives up everything that it holds, protocol by protocol and resource by resource: at once if that is little, else in
 * as many turns of the loop as it takes. Meanwhile the agent's commands and events wait, so it never sees half of it.
 */
final class Release {

    private final Agent agent;
    private final Commands commands;
    private final Work work;
    private final Scheduler.Timer timer;
    private final ReleaseProgress progress = new ReleaseProgress();
    private final Waiters waiters = new Waiters();
    private boolean isUnderWay;

    /** Who has asked for it, if an agent has: what changes by it was caused by that one. */
    private @Nullable Agent causer;

    Release(Agent agent, Commands commands, EventLoop loop) {
        this.agent = agent;
        this.commands = commands;
        this.work = loop.work();
        this.timer = loop.timer(this::goOn);
    }

    /** Whether it has begun and not ended. */
    boolean isUnderWay() {
        return isUnderWay;
    }

    /** Begins; one that is under way goes on. */
    void begin() {
        if (!isUnderWay) {
            isUnderWay = true;
            causer = agent.agents().acting();
            progress.begin();
            advance(work.endOfSlice());
        }
    }

    /**
     * Waits for the end.
     *
     * @return {@link Outcome#OK} if it has ended; {@link Outcome#STARTED}
     */
    Outcome whenOver(Waiter waiter) {
        if (!isUnderWay) {
            return Outcome.OK;
        }
        waiters.add(waiter);
        return Outcome.STARTED;
    }

    /** Ends it now, if it is under way. */
    void finish() {
        if (isUnderWay) {
            timer.disarm();
            advance(Long.MAX_VALUE);
            waiters.end(Outcome.OK);
        }
    }

    private void goOn() {
        advance(work.endOfSlice());
        if (!isUnderWay) {
            agent.hasReleased();
            waiters.end(Outcome.OK);
        }
    }

    private void advance(long end) {
        Agent before = agent.agents().act(causer);
        try {
            isUnderWay = !commands.release(agent, progress, work, end);
        } finally {
            agent.agents().act(before);
        }
        if (isUnderWay) {
            timer.arm(0);
        }
    }
}
