// Waiting for a condition, never for a time.
package org.scmid.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A generous limit within which a condition must come to hold; running out of it is a failure. */
final class Deadline {
    /** Emulated machines on a busy host are slow; nothing healthy takes this long. */
    static final Duration GENEROUS = Duration.ofMinutes(2);

    private final long end;

    private Deadline(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
    }

    static Deadline generous() {
        return new Deadline(GENEROUS);
    }

    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    /** Waits until the condition holds, looking every few milliseconds. */
    static void await(String what, BooleanSupplier condition, Supplier<String> circumstances) {
        Deadline deadline = generous();
        while (!condition.getAsBoolean()) {
            if (deadline.isOver()) {
                throw new AssertionError(
                        "waited " + GENEROUS.toSeconds() + " s in vain until " + what + "\n" + circumstances.get());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, condition, () -> "");
    }
}
