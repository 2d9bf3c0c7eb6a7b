// One voltage domain of a board file.
package org.scmid.config.voltage;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.document.Place;
import org.scmid.config.register.FieldRef;

/**
 * One voltage domain: a supply.
 *
 * @param name its name, unique among the board's voltage domains
 * @param levels the levels that it can have
 * @param level the field that holds the raw value of its level; null if it has one level that nothing changes
 * @param enable the bit that switches it on; null if it is always on
 * @param settleMicros microseconds that it needs after a change of level or after it was switched on; 0 for none
 * @param asynchronous whether agents may set the level asynchronously
 * @param critical whether it has to be on, whoever wants what
 * @param place where it is described
 */
public record VoltageDomainSpec(
        String name,
        VoltageLevels levels,
        @Nullable FieldRef level,
        @Nullable GateSpec enable,
        long settleMicros,
        boolean asynchronous,
        boolean critical,
        Place place) {}
