// A resource as one agent sees it.
package org.scmid.server.core;

import org.scmid.config.service.Permission;
import org.scmid.protocol.Tier;

/** A clock, a power domain, a sensor ... as one agent sees it: under its own id, with its own permission. */
final class AgentResource {
    private final int id;
    private final int index;
    private final String name;
    private final Permission permission;
    private boolean denied;
    private boolean counted;

    AgentResource(int id, int index, String name, Permission permission) {
        this.id = id;
        this.index = index;
        this.name = name;
        this.permission = permission;
    }

    /** The agent's id of it, from 0. */
    int id() {
        return id;
    }

    /** Its position on the board among those of its kind, from 0. */
    int index() {
        return index;
    }

    /** Its name on the board. */
    String name() {
        return name;
    }

    /** What the service file lets the agent do, without what a trusted agent took away. */
    Permission permission() {
        return permission;
    }

    boolean isVisible() {
        return permission != Permission.NONE;
    }

    /** Whether the agent may use messages of a tier on it. */
    boolean permits(Tier tier) {
        return !denied
                && switch (tier) {
                    case READ -> permission.compareTo(Permission.READ) >= 0;
                    case NOTIFY -> permission.compareTo(Permission.NOTIFY) >= 0;
                    case CONTROL -> permission == Permission.CONTROL;
                };
    }

    /** Whether the agent may subscribe to its events. */
    boolean mayBeNotified() {
        return permits(Tier.NOTIFY);
    }

    /** Whether the agent may change it. */
    boolean mayBeControlled() {
        return permits(Tier.CONTROL);
    }

    /** Whether a trusted agent took it away. */
    boolean isDenied() {
        return denied;
    }

    void setDenied(boolean denied) {
        this.denied = denied;
    }

    /**
     * Whether the hardware's side counts the agent's vote. After a restart a vote may be remembered for something that
     * runs no more; then it is not counted, until the agent votes again.
     */
    boolean isCounted() {
        return counted;
    }

    void setCounted(boolean counted) {
        this.counted = counted;
    }
}
