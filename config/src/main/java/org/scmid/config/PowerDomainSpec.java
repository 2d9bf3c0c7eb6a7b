// One power domain of a board file.
package org.scmid.config;

/**
 * One power domain.
 *
 * @param name its name, unique among the board's power domains
 * @param place where it is described
 */
public record PowerDomainSpec(String name, Place place) {}
