// A clock as one agent sees it.
package org.scmid.server.core;

import org.scmid.config.Permission;
import org.scmid.platform.clock.Clock;

/** A clock as one agent sees it: under its own id, with its own permission. */
final class AgentClock {
    private final int id;
    private final Clock clock;
    private final Permission permission;
    private boolean counted;

    AgentClock(int id, Clock clock, Permission permission) {
        this.id = id;
        this.clock = clock;
        this.permission = permission;
    }

    /** The agent's id of it, from 0. */
    int id() {
        return id;
    }

    Clock clock() {
        return clock;
    }

    boolean isVisible() {
        return permission != Permission.NONE;
    }

    boolean mayBeNotified() {
        return permission.compareTo(Permission.NOTIFY) >= 0;
    }

    boolean mayBeControlled() {
        return permission == Permission.CONTROL;
    }

    /**
     * Whether the clock tree counts the agent's vote. After a restart a vote may be remembered for a clock that runs no
     * more; then it is not, until the agent enables the clock again.
     */
    boolean isCounted() {
        return counted;
    }

    void setCounted(boolean counted) {
        this.counted = counted;
    }
}
