/* What of a resource's control a message takes. */
package org.scmid.protocol;

/**
 * What of a resource's control a command takes. An agent may be permitted some of them and not others; one that a command
 * takes and that the agent lacks is {@link Status#DENIED}.
 */
public enum Aspect {
    /** Nothing: the command reads or subscribes. */
    NONE,
    /** Switching on and off. */
    STATE,
    /** The rate of a clock. */
    RATE,
    /** The parent that a clock runs from. */
    PARENT,
    /** The voltage of a supply, or the level of a performance domain. */
    LEVEL,
    /** The limits that a performance domain's level stays within. */
    LIMITS,
    /** Resetting, asserting and de-asserting. */
    RESET,
    /** The configuration of a sensor: on and off, timestamps, update interval. */
    CONFIG
}
