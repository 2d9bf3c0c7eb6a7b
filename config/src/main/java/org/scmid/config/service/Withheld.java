// What a platform does not let its agent do.
package org.scmid.config.service;

import java.util.EnumSet;
import java.util.Set;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offered;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.Origin;

/**
 * What of control of a platform's resource nobody can be given: the platform does not let us do it, as its agent, or the
 * board file does not let anybody.
 */
final class Withheld {
    private Withheld() {}

    static Set<Control> of(ResourceKind kind, Origin origin) {
        Set<Control> withheld = EnumSet.copyOf(Control.of(kind));
        withheld.removeAll(origin.allowed());
        Offered offer = origin.offer();
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
