// How the wishes of several agents for one resource become one.
package org.scmid.config.service;

/** How the wishes of several agents for one resource become one. */
public sealed interface ArbitrationPolicy {
    /** What is done where a file says nothing. */
    ArbitrationPolicy DEFAULT = new LastWriter();

    /** Who asked last is served; what others asked for before is forgotten. */
    record LastWriter() implements ArbitrationPolicy {}

    /** The highest of what all agents asked for is served. An agent that goes away asks for nothing any more. */
    record Highest() implements ArbitrationPolicy {}

    /**
     * One agent decides, the others are refused.
     *
     * @param agent its name; it has control of the resource
     */
    record Owner(String agent) implements ArbitrationPolicy {}
}
