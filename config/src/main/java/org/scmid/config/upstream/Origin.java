// Whose a resource of a board is that is not the board's own.
package org.scmid.config.upstream;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.offer.Offered;
import org.scmid.config.resource.Control;

/**
 * Whose a resource of a board is that is not the board's own.
 *
 * @param from the platform, and its name of the resource
 * @param offer what the platform offers by that; null if it is not known what it offers
 * @param critical whether it has to be on, whoever wants what; of clocks their own description says it
 * @param allowed what of control anybody here may be given of it, if the platform allows it
 * @param place where the board file takes it
 */
public record Origin(From from, @Nullable Offered offer, boolean critical, Set<Control> allowed, Place place) {
    /** Copies the set. */
    public Origin {
        allowed = Set.copyOf(allowed);
    }
}
