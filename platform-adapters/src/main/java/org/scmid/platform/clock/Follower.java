// A field whose value belongs to the feedback of a phase-locked loop.
package org.scmid.platform.clock;

import org.scmid.config.clock.PllSpec;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/** A field whose value belongs to the feedback of a phase-locked loop, such as that of its filter. */
final class Follower {
    private final RegisterField field;
    private final long[] from;
    private final long[] raw;

    Follower(PllSpec.Follower spec, Windows windows) {
        field = windows.field(spec.field());
        from = spec.values().keySet().stream().mapToLong(Long::longValue).toArray();
        raw = spec.values().values().stream().mapToLong(Long::longValue).toArray();
    }

    /** Plans the store of what belongs to a whole feedback, unless it is there. */
    void plan(PllChange change, long feedback) {
        int last = 0;
        while (last + 1 < from.length && from[last + 1] <= feedback) {
            last++;
        }
        change.factor(field.register(), field.mask(), field.bits(raw[last]), false);
    }
}
