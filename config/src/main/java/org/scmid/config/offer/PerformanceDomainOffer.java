// One performance domain that a platform offers.
package org.scmid.config.offer;

import java.util.List;

/**
 * One performance domain that a platform offers.
 *
 * @param id the platform's number of it
 * @param name the platform's name of it
 * @param levels its levels, ascending, at least one
 * @param sustained position of the highest level that can be kept up for ever
 * @param levelIndexing whether levels are named by their position to agents that speak version 4.0
 * @param rateLimitMicros least microseconds between two requests, 0 if there is no limit
 * @param maySetLevel whether we may set its level
 * @param maySetLimits whether we may set its limits
 * @param notifiesLevel whether it tells of changed levels
 * @param notifiesLimits whether it tells of changed limits
 */
public record PerformanceDomainOffer(
        int id,
        String name,
        List<Level> levels,
        int sustained,
        boolean levelIndexing,
        int rateLimitMicros,
        boolean maySetLevel,
        boolean maySetLimits,
        boolean notifiesLevel,
        boolean notifiesLimits)
        implements Offered {

    /** Copies. */
    public PerformanceDomainOffer {
        levels = List.copyOf(levels);
    }

    /**
     * One level.
     *
     * @param level the number that agents know it by, 1 to 2^32 - 1
     * @param kilohertz the frequency that it stands for, 0 if not known
     * @param power the power at this level in the unit that the platform uses, 0 if not known
     * @param latencyMicros worst time of a change to this level, 0 to 65535
     * @param index what the platform wants it to be called, if levels are named by their position; 0 to 2^32 - 1
     */
    public record Level(long level, long kilohertz, long power, int latencyMicros, long index) {}
}
