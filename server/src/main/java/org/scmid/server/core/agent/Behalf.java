// On whose behalf hardware is asked.
package org.scmid.server.core.agent;

import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;

/**
 * One agent, as hardware knows it: whatever is asked for an agent has this cause, so that the users that a driver counts can
 * be told apart, and others can be told who it was. Itself it waits for nothing: it lets go of what an agent held.
 */
public final class Behalf implements Waiter {
    private final Agent agent;

    Behalf(Agent agent) {
        this.agent = agent;
    }

    Agent agent() {
        return agent;
    }

    @Override
    public void mayAskAgain() {}

    @Override
    public void ended(Outcome outcome) {}
}
