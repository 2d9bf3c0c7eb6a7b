// The bit that lets a clock run.
package org.scmid.config.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.register.FieldRef;

/**
 * The bit that lets a clock run.
 *
 * @param field one bit
 * @param enableHigh whether 1 lets the clock run, else 0 does
 * @param ready how the clock says that it is stable after its gate was opened; null if it is at once
 */
public record GateSpec(
        FieldRef field, boolean enableHigh, @Nullable ReadySpec ready) {

    /** A gate behind which the clock is stable at once. */
    public GateSpec(FieldRef field, boolean enableHigh) {
        this(field, enableHigh, null);
    }
}
