// One supply that a platform offers.
package org.scmid.config.offer;

import java.util.List;

/**
 * One supply that a platform offers.
 *
 * @param id the platform's number of it
 * @param name the platform's name of it
 * @param levels the levels that it can have, in microvolts, ascending, at least one; of a range its lowest and highest
 * @param step the distance of a range's levels in microvolts; 0 if the levels are a list
 * @param asynchronous whether its level can be set by asynchronous commands
 */
public record VoltageDomainOffer(int id, String name, List<Integer> levels, int step, boolean asynchronous)
        implements Offered {

    /** Copies. */
    public VoltageDomainOffer {
        levels = List.copyOf(levels);
    }
}
