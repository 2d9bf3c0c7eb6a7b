// What a power domain looked like at one instant.
package org.scmid.server.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a power domain looked like at one instant, for management. Immutable.
 *
 * @param name its name in the board file
 * @param parent the domain that must be on while it is; null for none
 * @param on whether hardware says that it is on; null if hardware cannot be asked
 * @param switching whether it is being switched
 * @param votes names of the agents that have switched it on, by agent id
 */
public record PowerDomainSnapshot(
        String name, @Nullable String parent, @Nullable Boolean on, boolean switching, List<String> votes) {

    /** Copies the votes. */
    public PowerDomainSnapshot {
        votes = List.copyOf(votes);
    }
}
