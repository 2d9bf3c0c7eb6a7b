// Turns a `gate`, or what has the same words, into its record.
package org.scmid.config.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockShapes.Gate;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.shape.Fields;

/** Reads gates: those of clocks, and the bits that switch a phase-locked loop on. */
final class GateReader {
    private final FieldReader fields;
    private final ReadyReader readies;

    GateReader(FieldReader fields, ReadyReader readies) {
        this.fields = fields;
        this.readies = readies;
    }

    /** Reads a gate; null if there is none, or it is wrong and the problems say so. */
    @Nullable
    GateSpec read(@Nullable Fields gate) {
        if (gate == null) {
            return null;
        }
        FieldRef field = fields.written(gate, Gate.GATE_BIT, 1);
        ReadySpec ready = readies.ready(gate.get(Gate.READY));
        return field == null ? null : new GateSpec(field, gate.get(Gate.ENABLE, true), ready);
    }
}
