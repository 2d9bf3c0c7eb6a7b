// One performance domain of a board file.
package org.scmid.config;

/**
 * One performance domain.
 *
 * @param name its name, unique among the board's performance domains
 * @param place where it is described
 */
public record PerformanceDomainSpec(String name, Place place) {}
