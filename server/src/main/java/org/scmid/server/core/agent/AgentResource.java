// A resource as one agent sees it.
package org.scmid.server.core.agent;

import org.scmid.config.service.Permission;
import org.scmid.protocol.Tier;

/** A clock, a power domain, a sensor ... as one agent sees it: under its own id, with its own permission. */
public final class AgentResource {
    /** Position of what the board has no more. */
    public static final int NOT_THERE = -1;

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
    public int id() {
        return id;
    }

    /** Its position on the board among those of its kind, from 0; {@link #NOT_THERE} if the board has it no more. */
    public int index() {
        return index;
    }

    /** Its name on the board. */
    public String name() {
        return name;
    }

    /** What the service file lets the agent do, without what a trusted agent took away. */
    public Permission permission() {
        return permission;
    }

    public boolean isVisible() {
        return permission != Permission.NONE;
    }

    /** Whether the service file lets the agent control it, whatever a trusted agent took away. */
    public boolean isGrantedControl() {
        return permission == Permission.CONTROL;
    }

    /** Whether the agent may use messages of a tier on it. */
    public boolean permits(Tier tier) {
        return !denied && isGranted(tier);
    }

    /** Whether the service file lets the agent use messages of a tier, whatever a trusted agent took away. */
    public boolean isGranted(Tier tier) {
        return switch (tier) {
            case READ -> permission.compareTo(Permission.READ) >= 0;
            case NOTIFY -> permission.compareTo(Permission.NOTIFY) >= 0;
            case CONTROL -> permission == Permission.CONTROL;
        };
    }

    /** Whether the agent may subscribe to its events. */
    public boolean mayBeNotified() {
        return permits(Tier.NOTIFY);
    }

    /** Whether the agent may change it. */
    public boolean mayBeControlled() {
        return permits(Tier.CONTROL);
    }

    /** Whether a trusted agent took it away. */
    public boolean isDenied() {
        return denied;
    }

    public void setDenied(boolean denied) {
        this.denied = denied;
    }

    /**
     * Whether the hardware's side counts the agent's vote. After a restart a vote may be remembered for something that
     * runs no more; then it is not counted, until the agent votes again.
     */
    public boolean isCounted() {
        return counted;
    }

    public void setCounted(boolean counted) {
        this.counted = counted;
    }
}
