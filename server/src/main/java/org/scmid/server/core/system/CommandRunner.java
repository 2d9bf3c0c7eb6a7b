// Starts commands of the host on behalf of agents.
package org.scmid.server.core.system;

import java.util.List;

/** Starts commands of the host, away from the service loop. */
@FunctionalInterface
public interface CommandRunner {
    /**
     * Starts a command; no shell reads it, and its outcome is only logged.
     *
     * @param agent the name of the agent that asked for it
     * @param command the program and its arguments
     * @return false if the agent's last command still runs: an agent that asks again and again starts no second one
     */
    boolean run(String agent, List<String> command);
}
