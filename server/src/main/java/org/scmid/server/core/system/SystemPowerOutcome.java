// What became of a request to an agent to shut down or to reset.
package org.scmid.server.core.system;

/** What became of a request to an agent to enter a system power state. */
public enum SystemPowerOutcome {
    /** The agent is told; what it does then is its own affair. */
    REQUESTED,
    /** There is no agent of this name. */
    NO_SUCH_AGENT,
    /** The service file does not offer this agent the System power protocol. */
    NOT_OFFERED,
    /** The agent is not connected, or cannot be sent anything. */
    NOT_CONNECTED,
    /** The agent has not asked to be told. */
    NOT_SUBSCRIBED
}
