// What a platform does not let its agent do.
package org.scmid.config.service;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offered;
import org.scmid.config.offer.PerformanceDomainOffer;

/** What a platform does not let us do with a resource, as its agent: nobody can be given that. */
final class Withheld {
    private Withheld() {}

    /** @param offer what the platform says of the resource; null if it is not known */
    static Set<Control> by(@Nullable Offered offer) {
        Set<Control> withheld = EnumSet.noneOf(Control.class);
        if (offer instanceof ClockOffer clock) {
            add(withheld, Control.STATE, clock.maySwitch());
            add(withheld, Control.RATE, clock.maySetRate());
            add(withheld, Control.PARENT, clock.maySetParent());
        } else if (offer instanceof PerformanceDomainOffer domain) {
            // Limits are kept here, and the level follows them.
            add(withheld, Control.LEVEL, domain.maySetLevel());
            add(withheld, Control.LIMITS, domain.maySetLevel());
        }
        return withheld;
    }

    private static void add(Set<Control> withheld, Control part, boolean may) {
        if (!may) {
            withheld.add(part);
        }
    }
}
