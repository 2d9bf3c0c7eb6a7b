// One reset of a board file.
package org.scmid.config.reset;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.register.FieldValue;
import org.scmid.config.sequence.SequenceStep;

/**
 * One reset: how it is asserted and released, and how a whole reset is made.
 *
 * @param name its name, unique among the board's resets, 1 to 63 printable ASCII characters
 * @param onAssert asserts it; empty if agents cannot hold it in reset
 * @param onDeassert releases it; empty if and only if {@code onAssert} is
 * @param onReset makes a whole reset, not empty
 * @param asserted what hardware says while it is asserted; null if it does not say
 * @param latencyMicros microseconds that a reset takes, told to agents; {@link #LATENCY_UNKNOWN} if not known
 * @param asynchronous whether agents may have it reset without waiting for it
 * @param place where it is described
 */
public record ResetSpec(
        String name,
        List<SequenceStep> onAssert,
        List<SequenceStep> onDeassert,
        List<SequenceStep> onReset,
        @Nullable FieldValue asserted,
        long latencyMicros,
        boolean asynchronous,
        Place place) {

    /** The latency is not known; what SCMI says then, as an unsigned 32-bit number. */
    public static final long LATENCY_UNKNOWN = 0xFFFF_FFFFL;

    /** Copies the sequences. */
    public ResetSpec {
        onAssert = List.copyOf(onAssert);
        onDeassert = List.copyOf(onDeassert);
        onReset = List.copyOf(onReset);
    }

    /** Whether agents can hold it in reset. */
    public boolean canBeHeld() {
        return !onAssert.isEmpty();
    }
}
