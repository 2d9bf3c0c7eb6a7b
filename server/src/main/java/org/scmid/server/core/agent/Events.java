// What one protocol sends to an agent besides replies.
package org.scmid.server.core.agent;

import org.scmid.protocol.MessageBuffer;

/** The asynchronous commands and the notifications of one protocol, as an agent's channel uses them. */
public interface Events {
    /**
     * Begins an asynchronous command whose acceptance the agent has been told.
     *
     * @param slot where it is in the agent's state
     * @return its status, if it has ended; or {@link Call#DEFERRED}, and {@link Agent#asyncEnded} is called later
     */
    int carryOut(Agent agent, int slot);

    /** Whether an asynchronous command has a delayed response. */
    boolean hasDelayedResponse(int flags);

    /**
     * Writes the delayed response of a command that ended well.
     *
     * @return its length, header included
     */
    int renderDelayed(Agent agent, int slot, MessageBuffer into);

    /**
     * Writes a notification that was queued.
     *
     * @return its length, header included; 0 if the agent does not want it any more
     */
    int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into);
}
