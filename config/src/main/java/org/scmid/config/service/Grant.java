// One resource in an agent's list.
package org.scmid.config.service;

/**
 * One resource that an agent is given.
 *
 * @param resource its name on the board
 * @param permission what the agent may do with it
 */
public record Grant(String resource, Permission permission) {}
