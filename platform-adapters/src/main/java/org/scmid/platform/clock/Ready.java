// What is waited for after hardware was told something.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.MuxSpec;
import org.scmid.config.ReadySpec;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/** A field by which hardware says that it has done what it was told, and how long that may take. */
final class Ready {
    private final String what;
    private final RegisterField field;
    private final long timeoutNanos;
    private final long intervalNanos;
    private final long on;

    private Ready(String what, RegisterField field, long on, long timeoutNanos, long intervalNanos) {
        this.what = what;
        this.field = field;
        this.on = on;
        this.timeoutNanos = timeoutNanos;
        this.intervalNanos = intervalNanos;
    }

    /**
     * A bit.
     *
     * @param what whose it is, and what it says, for the log: {@code the lock of clock pll}
     */
    static @Nullable Ready of(@Nullable ReadySpec spec, String what, Windows windows) {
        return spec == null
                ? null
                : new Ready(
                        what,
                        windows.field(spec.field()),
                        spec.high() ? 1 : 0,
                        spec.timeout().toNanos(),
                        spec.interval().toNanos());
    }

    /** A multiplexer's status; what is waited for is one of its values. */
    static @Nullable Ready of(MuxSpec.@Nullable Status spec, String what, Windows windows) {
        return spec == null
                ? null
                : new Ready(
                        what,
                        windows.field(spec.field()),
                        0,
                        spec.timeout().toNanos(),
                        spec.interval().toNanos());
    }

    /** The value of a bit that says "on", or else "off". */
    long valueFor(boolean isOn) {
        return isOn ? on : 1 - on;
    }

    boolean says(long value) {
        return field.read() == value;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    long intervalNanos() {
        return intervalNanos;
    }

    @Override
    public String toString() {
        return what;
    }
}
