// Turns `ready`, `lock` and `status` into their records, and checks what the shapes cannot.
package org.scmid.config.clock;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ReadyShapes.Ready;
import org.scmid.config.clock.ReadyShapes.Status;
import org.scmid.config.document.Problems;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;

/** Reads fields by which hardware tells that it is ready. */
final class ReadyReader {
    /** Agents wait for the reply, and Linux not for ever. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final FieldReader fields;
    private final Problems problems;

    /** Reads a list of raw values, one for each parent; null if there is none. */
    @FunctionalInterface
    interface RawValues {
        @Nullable
        List<Long> read(Fields fields, Key<List<Located<Long>>> key, FieldRef field);
    }

    ReadyReader(FieldReader fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /** Reads a {@code ready} or {@code lock}; null if there is none, or it is wrong and the problems say so. */
    @Nullable
    ReadySpec ready(@Nullable Fields ready) {
        if (ready == null) {
            return null;
        }
        FieldRef bit = this.fields.read(ready, Ready.BIT, 1);
        Duration timeout = time(ready, ReadyShapes.TIMEOUT);
        Duration interval = time(ready, ReadyShapes.INTERVAL);
        return bit == null || timeout == null || interval == null
                ? null
                : new ReadySpec(bit, ready.get(Ready.ON, true), timeout, interval);
    }

    /**
     * Reads a {@code status}.
     *
     * @param values reads the raw values, which the mux's own stand for if there are none
     */
    MuxSpec.@Nullable Status status(@Nullable Fields status, RawValues values, int widest) {
        if (status == null) {
            return null;
        }
        Key<BitRange> bits = status.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT;
        FieldRef field = this.fields.read(status, bits, widest);
        List<Long> raw = field == null ? null : values.read(status, Status.VALUES, field);
        if (field != null && raw != null && !status.has(Status.VALUES)) {
            checkThatTheyFit(raw, field, status);
        }
        Duration timeout = time(status, ReadyShapes.TIMEOUT);
        Duration interval = time(status, ReadyShapes.INTERVAL);
        return field == null || raw == null || timeout == null || interval == null
                ? null
                : new MuxSpec.Status(field, raw, timeout, interval);
    }

    private void checkThatTheyFit(List<Long> raw, FieldRef field, Fields status) {
        for (long value : raw) {
            if (Long.compareUnsigned(value, field.max()) > 0) {
                problems.add(
                        status.owner(),
                        status.what() + ": the mux's value " + Long.toUnsignedString(value)
                                + " does not fit the field, whose largest is " + field.max() + "; give `values`");
                return;
            }
        }
    }

    private @Nullable Duration time(Fields fields, Key<Duration> key) {
        Duration time = fields.get(key);
        if (time == null || (!time.isZero() && time.compareTo(LONGEST) <= 0)) {
            return time;
        }
        problems.add(
                fields.place(key),
                Problems.quote(key.name()) + " of " + fields.what() + " is "
                        + (time.isZero() ? "0; it must be at least 1 us" : "more than " + LONGEST.toSeconds() + " s"));
        return null;
    }
}
