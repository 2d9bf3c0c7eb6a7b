// One resource in an agent's list.
package org.scmid.config.service;

import java.util.EnumSet;
import java.util.Set;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;

/**
 * One resource that an agent is given.
 *
 * @param resource its name on the board
 * @param permission what the agent may do with it
 * @param controls with {@link Permission#CONTROL}, what of control it is given: all words, also those that its kind does not
 *     have, if it is given all; empty with less
 */
public record Grant(String resource, Permission permission, Set<Control> controls) {
    /** All of control, of whatever kind. */
    static final Set<Control> ALL = Set.of(Control.values());

    /** Copies the set. */
    public Grant {
        controls = Set.copyOf(controls);
    }

    /** A resource with a permission; control is all of it. */
    public Grant(String resource, Permission permission) {
        this(resource, permission, permission == Permission.CONTROL ? ALL : Set.of());
    }

    /** The same of another resource. */
    Grant of(String other) {
        return new Grant(other, permission, controls);
    }

    /**
     * The same without some parts of control; what may be read and subscribed to stays.
     *
     * @param kind of the resource
     */
    Grant without(ResourceKind kind, Set<Control> parts) {
        if (permission != Permission.CONTROL || parts.isEmpty()) {
            return this;
        }
        Set<Control> left = EnumSet.noneOf(Control.class);
        left.addAll(Control.of(kind));
        left.retainAll(controls);
        left.removeAll(parts);
        return left.isEmpty() ? new Grant(resource, Permission.NOTIFY) : new Grant(resource, permission, left);
    }

    /** Whether the agent may change this of the resource. */
    public boolean permits(Control control) {
        return controls.contains(control);
    }

    /** Whether the agent may change something of the resource, but not all. */
    public boolean isPartial() {
        return permission == Permission.CONTROL && !controls.equals(ALL);
    }
}
