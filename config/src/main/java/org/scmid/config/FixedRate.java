// The rate of a clock that has no parent.
package org.scmid.config;

/**
 * The rate of a root clock.
 *
 * @param hz its rate in Hz, at least 1
 */
public record FixedRate(long hz) {}
