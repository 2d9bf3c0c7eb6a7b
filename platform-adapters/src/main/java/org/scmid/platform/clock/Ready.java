// What is waited for after hardware was told something.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.MuxSpec;
import org.scmid.config.clock.ReadySpec;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/** How hardware says that it has done what it was told, and how long that may take. */
abstract class Ready {
    private final String what;
    private final long timeoutNanos;
    private final long intervalNanos;

    /** @param what whose it is, and what it says, for the log: {@code the lock of clock pll} */
    Ready(String what, long timeoutNanos, long intervalNanos) {
        this.what = what;
        this.timeoutNanos = timeoutNanos;
        this.intervalNanos = intervalNanos;
    }

    /** The bit of a board file. */
    static @Nullable Ready of(@Nullable ReadySpec spec, String what, Windows windows) {
        return spec == null
                ? null
                : new Field(
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
                : new Field(
                        what,
                        windows.field(spec.field()),
                        1,
                        spec.timeout().toNanos(),
                        spec.interval().toNanos());
    }

    /** The value that says "on", or else "off". */
    long valueFor(boolean isOn) {
        return isOn ? 1 : 0;
    }

    abstract boolean says(long value);

    /** Whether it will never say so: there is no need to wait any longer. */
    boolean hasFailed() {
        return false;
    }

    /** Why it {@link #hasFailed}. */
    Outcome failure() {
        return Outcome.FAILED;
    }

    final long timeoutNanos() {
        return timeoutNanos;
    }

    final long intervalNanos() {
        return intervalNanos;
    }

    /** What is wrong when it did not say a value, for the log. */
    String problem(long value) {
        return what + " does not have the value " + value + " after " + timeoutNanos / 1000 + " us";
    }

    @Override
    public final String toString() {
        return what;
    }

    /** A field of a register. */
    private static final class Field extends Ready {
        private final RegisterField field;
        private final long on;

        private Field(String what, RegisterField field, long on, long timeoutNanos, long intervalNanos) {
            super(what, timeoutNanos, intervalNanos);
            this.field = field;
            this.on = on;
        }

        @Override
        long valueFor(boolean isOn) {
            return isOn ? on : 1 - on;
        }

        @Override
        boolean says(long value) {
            return field.read() == value;
        }
    }
}
