// How an agent gets other ids.
package org.scmid.server.core.agent;

import java.io.IOException;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.Numbering;

/** Gives an agent the ids that the service file asks for, when its guest begins anew. */
public interface Renumbering {
    /**
     * What an agent has from then on.
     *
     * @param views what it sees, under its new ids
     * @param state what is remembered of it, of which nothing is of resources
     */
    record Renumbered(ResourceViews views, AgentState state) {}

    /** The ids that the service file asks for. */
    Numbering configured();

    /** Renumbers an agent that holds nothing; its old state is closed. */
    Renumbered renumber(Agent agent) throws IOException;
}
