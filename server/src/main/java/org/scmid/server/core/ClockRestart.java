// Starts simulated clocks again that ran for agents before a restart.
package org.scmid.server.core;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.clock.ClockWaiter;
import org.scmid.platform.clock.Outcome;
import org.scmid.protocol.ProtocolId;

/**
 * Starts clocks again that ran for agents when an earlier process of the service ended, one after the other, since each
 * may take time. Only after a start, and only for simulated registers, which ended with that process.
 */
final class ClockRestart implements ClockWaiter {
    private static final System.Logger LOG = System.getLogger(ClockRestart.class.getName());

    private record Vote(Agent agent, AgentResource clock) {}

    private final ClockTree tree;
    private final ArrayDeque<Vote> left = new ArrayDeque<>();
    private @Nullable Vote starting;

    ClockRestart(ClockTree tree) {
        this.tree = tree;
    }

    /** Starts a clock that an agent has enabled, as soon as those before have started. */
    void add(Agent agent, AgentResource clock) {
        left.add(new Vote(agent, clock));
        goOn();
    }

    private void goOn() {
        while (starting == null) {
            Vote next = left.peek();
            if (next == null) {
                return;
            }
            // The agent may have enabled it again meanwhile, or let go of it.
            boolean isWanted = !next.clock.isCounted() && votes(next);
            Outcome outcome = isWanted ? tree.acquire(tree.clock(next.clock.index()), this) : Outcome.OK;
            if (outcome == Outcome.BUSY) {
                return;
            }
            left.remove();
            if (isWanted) {
                next.clock.setCounted(true);
            }
            starting = outcome == Outcome.STARTED ? next : null;
        }
    }

    private static boolean votes(Vote vote) {
        return vote.agent.state().of(ProtocolId.CLOCK).is(ClockProtocol.VOTE, vote.clock.id());
    }

    @Override
    public void mayAskAgain() {
        goOn();
    }

    @Override
    public void ended(boolean ok) {
        Vote ended = starting;
        starting = null;
        if (!ok && ended != null) {
            ended.clock.setCounted(false);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "agent " + ended.agent.name() + " has enabled clock " + ended.clock.name()
                            + ", but it does not start any more");
        }
        goOn();
    }
}
