// One level of a performance domain.
package org.scmid.config.performance;

/**
 * One level of a performance domain.
 *
 * @param level the number that agents know it by, 1 to 2^32 - 1; 0 has another meaning in SCMI
 * @param hertz the rate of the domain's clock, at least 1
 * @param microvolts the level of the domain's supply; 0 if it has none
 * @param microwatts the power at this level, up to 2^32 - 1; 0 if unknown
 * @param latencyMicros worst time of a change to this level, 0 to 65535
 */
public record PerformanceLevelSpec(long level, long hertz, int microvolts, long microwatts, int latencyMicros) {
    /** The rate in whole kHz, rounded down. */
    public long kilohertz() {
        return hertz / 1000;
    }
}
