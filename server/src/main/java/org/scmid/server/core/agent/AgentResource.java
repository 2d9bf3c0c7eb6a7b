// A resource as one agent sees it.
package org.scmid.server.core.agent;

import java.util.EnumSet;
import java.util.Set;
import org.scmid.config.resource.Control;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Message;

/** A clock, a power domain, a sensor ... as one agent sees it: under its own id, with its own permission. */
public final class AgentResource {
    /** Position of what the board has no more. */
    public static final int NOT_THERE = -1;

    private final int id;
    private final int index;
    private final String name;
    private final Permission permission;
    private final Set<Aspect> aspects;
    private boolean denied;
    private boolean counted;

    AgentResource(int id, int index, Grant grant) {
        this.id = id;
        this.index = index;
        this.name = grant.resource();
        this.permission = grant.permission();
        this.aspects = EnumSet.noneOf(Aspect.class);
        grant.controls().forEach(control -> aspects.add(aspect(control)));
    }

    private static Aspect aspect(Control control) {
        return switch (control) {
            case STATE -> Aspect.STATE;
            case RATE -> Aspect.RATE;
            case PARENT -> Aspect.PARENT;
            case LEVEL -> Aspect.LEVEL;
            case LIMITS -> Aspect.LIMITS;
            case RESET -> Aspect.RESET;
            case CONFIG -> Aspect.CONFIG;
        };
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

    public boolean isVisible() {
        return permission != Permission.NONE;
    }

    /** Whether the agent may use a command on it. */
    public boolean permits(Message command) {
        return !denied && isGranted(command);
    }

    /** Whether the service file lets the agent use a command, whatever a trusted agent took away. */
    public boolean isGranted(Message command) {
        return switch (command.tier()) {
            case READ -> permission.compareTo(Permission.READ) >= 0;
            case NOTIFY -> permission.compareTo(Permission.NOTIFY) >= 0;
            case CONTROL -> isGranted(command.aspect());
        };
    }

    /** Whether the service file lets the agent change this of it, whatever a trusted agent took away. */
    public boolean isGranted(Aspect aspect) {
        return aspects.contains(aspect);
    }

    /** Whether the agent may subscribe to its events. */
    public boolean mayBeNotified() {
        return !denied && permission.compareTo(Permission.NOTIFY) >= 0;
    }

    /** Whether the agent may change this of it. */
    public boolean mayChange(Aspect aspect) {
        return !denied && isGranted(aspect);
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
