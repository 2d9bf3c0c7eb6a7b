// One voltage domain of a board file.
package org.scmid.config;

/**
 * One voltage domain.
 *
 * @param name its name, unique among the board's voltage domains
 * @param place where it is described
 */
public record VoltageDomainSpec(String name, Place place) {}
