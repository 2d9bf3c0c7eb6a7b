// One performance domain of a board file.
package org.scmid.config.performance;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;

/**
 * One performance domain: a clock, and the supply that it needs, changed together from level to level.
 *
 * @param name its name, unique among the board's performance domains
 * @param clock name of the clock whose rate a level sets; no other performance domain sets it
 * @param voltageDomain name of the supply that each level needs at another voltage; null for none
 * @param levels the levels, at least one; levels and rates ascend, voltages do not descend
 * @param sustained position of the highest level that can be kept up for ever
 * @param levelIndexing whether levels are named by their position, to agents that speak version 4.0
 * @param rateLimitMicros least microseconds between two requests of an agent, 0 if there is no limit; up to 1048575
 * @param place where it is described
 */
public record PerformanceDomainSpec(
        String name,
        String clock,
        @Nullable String voltageDomain,
        List<PerformanceLevelSpec> levels,
        int sustained,
        boolean levelIndexing,
        int rateLimitMicros,
        Place place) {

    /** Copies the levels. */
    public PerformanceDomainSpec {
        levels = List.copyOf(levels);
    }
}
