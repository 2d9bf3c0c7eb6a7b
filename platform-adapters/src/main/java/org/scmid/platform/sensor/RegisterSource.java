// Values that a register holds.
package org.scmid.platform.sensor;

import org.scmid.config.sensor.SensorSource;
import org.scmid.linux.Mapping;
import org.scmid.platform.register.RegisterField;

/** A field of a register, converted by whole numbers. */
final class RegisterSource implements ValueSource {
    private final RegisterField field;
    private final SensorSource.Register conversion;

    RegisterSource(RegisterField field, SensorSource.Register conversion) {
        this.field = field;
        this.conversion = conversion;
    }

    @Override
    public void read(ValueSink sink, int ticket) {
        long value;
        try {
            value = conversion.value(field.read());
            Mapping.raiseFault();
        } catch (RuntimeException | InternalError failure) {
            // The window's file was cut off, or its memory cannot be reached any more.
            sink.failed(ticket);
            return;
        }
        sink.value(ticket, value);
    }
}
