// One clock that a platform offers.
package org.scmid.config.offer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One clock that a platform offers.
 *
 * @param id the platform's number of it
 * @param name the platform's name of it
 * @param rates what rates it can be given; null if the platform did not say
 * @param parents names of the clocks that it can run from, in the platform's order; empty if it
 *     did not say
 * @param enableDelayMicros the longest time that it takes to start, in microseconds; 0 if not known
 * @param maySwitch whether we may switch it
 * @param maySetRate whether we may set its rate
 * @param maySetParent whether we may set its parent
 * @param asynchronous whether rates are to be set asynchronously, as far as the platform takes such commands
 * @param notifiesRate whether it tells of changed rates
 */
public record ClockOffer(
        int id,
        String name,
        @Nullable OfferedRates rates,
        List<String> parents,
        long enableDelayMicros,
        boolean maySwitch,
        boolean maySetRate,
        boolean maySetParent,
        boolean asynchronous,
        boolean notifiesRate)
        implements Offered {

    /** Copies. */
    public ClockOffer {
        parents = List.copyOf(parents);
    }
}
