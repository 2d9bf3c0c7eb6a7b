// All agents of a service, and on whose behalf it acts.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All agents, and the one on whose behalf something is done at the moment: whatever changes because of a command, also
 * through another protocol, was caused by that command's agent.
 */
final class Agents {
    /** The platform's id as a causer. */
    static final int PLATFORM = 0;

    private final List<Agent> all = new ArrayList<>();
    private @Nullable Agent acting;

    /** All, that with id 1 first. */
    List<Agent> all() {
        return all;
    }

    int count() {
        return all.size();
    }

    /** The agent at a position, from 0; its id is one more. */
    Agent get(int position) {
        return all.get(position);
    }

    void add(Agent agent) {
        all.add(agent);
    }

    /** The agent that causes what happens now; null for the platform. */
    @Nullable
    Agent acting() {
        return acting;
    }

    /**
     * Says who acts from now on.
     *
     * @return who did before, to be put back in a {@code finally}
     */
    @Nullable
    Agent act(@Nullable Agent agent) {
        Agent before = acting;
        acting = agent;
        return before;
    }
}
