// One power domain that a platform offers.
package org.scmid.config.offer;

/**
 * One power domain that a platform offers.
 *
 * @param id the platform's number of it
 * @param name the platform's name of it
 * @param asynchronous whether it can be switched by asynchronous commands only
 * @param notifies whether it tells of changed states
 */
public record PowerDomainOffer(int id, String name, boolean asynchronous, boolean notifies) implements Offered {}
