// What an agent's channel knows of the protocols.
package org.scmid.server.core.agent;

import java.util.List;
import org.scmid.loop.Work;
import org.scmid.protocol.MessageTable;

/** All protocols, as an agent's channel uses them. */
public interface Commands {
    /**
     * Runs a command.
     *
     * @return the status, the rest of the reply is in the call; or {@link Call#DEFERRED}
     */
    int execute(Call call);

    /** The tables of all protocols, by place. */
    List<MessageTable<?>> tables();

    /** The protocol's place in {@link #tables}, -1 for one that the agent does not have. */
    int placeOf(Agent agent, int protocolId);

    /** Who makes the events of the protocol with an id that is implemented. */
    Events events(int protocolId);

    /** Tells an agent that wants to know of a command that failed in silence. */
    void reportError(Agent agent, int header, int status);

    /**
     * Lets every protocol give up what the agent holds, for so long as one turn may take.
     *
     * @param progress where it goes on
     * @param work counts what is done
     * @param end the work after which it stops
     * @return whether all is given up
     */
    boolean release(Agent agent, ReleaseProgress progress, Work work, long end);

    /** Lets every protocol forget the agent's subscriptions and asynchronous commands; what it holds stays. */
    void sessionBegan(Agent agent);

    /** An agent has other ids from now on: the protocols take note of what its state says. */
    void renumbered(Agent agent);
}
