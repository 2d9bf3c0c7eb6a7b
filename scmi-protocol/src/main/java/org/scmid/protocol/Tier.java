/* What an agent must be permitted to do with a resource, to use a message. */
package org.scmid.protocol;

/**
 * What an agent must be permitted to do with the resource that a command names. Each tier includes those before it;
 * an agent with less gets {@link Status#DENIED}. A command that names no resource is for everybody.
 */
public enum Tier {
    /** Tells the agent something, and changes nothing. */
    READ,
    /**
     * Subscribes to events. An agent without a platform-to-agent channel does not have such commands, whatever it is
     * permitted.
     */
    NOTIFY,
    /** Changes hardware. */
    CONTROL
}
