// One power domain of a board file.
package org.scmid.config.power;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.register.FieldValue;
import org.scmid.config.sequence.SequenceStep;

/**
 * One power domain: how it is switched, how hardware says whether it is on, and what depends on it.
 *
 * @param name its name, unique among the board's power domains, 1 to 63 printable ASCII characters
 * @param parent the domain that must be on while this one is; null for none
 * @param clocks names of the clocks that must run while it is switched, and while it is on
 * @param feeds names of the clocks that stand in it
 * @param whenInUse what a request to switch it off does while a domain below it or a clock that it feeds is in use
 * @param turnOn switches it on, not empty
 * @param turnOff switches it off, not empty
 * @param on what hardware says when it is on
 * @param critical whether it has to be on, whoever wants what
 * @param place where it is described
 */
public record PowerDomainSpec(
        String name,
        @Nullable String parent,
        List<String> clocks,
        List<String> feeds,
        WhenInUse whenInUse,
        List<SequenceStep> turnOn,
        List<SequenceStep> turnOff,
        FieldValue on,
        boolean critical,
        Place place) {

    /** Copies the lists. */
    public PowerDomainSpec {
        clocks = List.copyOf(clocks);
        feeds = List.copyOf(feeds);
        turnOn = List.copyOf(turnOn);
        turnOff = List.copyOf(turnOff);
    }
}
