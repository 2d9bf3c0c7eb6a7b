// How one register is read and written, where that is more than a plain load and a plain store.
package org.scmid.config.register;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is special about reading and writing one register. Offsets are bytes in the register's own window, multiples of
 * its width; {@link #NOWHERE} for none.
 *
 * @param plain whether the window's write key and write mask do not count for this register
 * @param writeZero bits that are always written as 0
 * @param writeOne bits that are always written as 1
 * @param set where a 1 sets a bit of this register, and a 0 leaves it; may be the register itself
 * @param clear where a 1 clears a bit of this register; given together with {@code set}
 * @param readAt where the register is read, if not where it is written
 * @param writeOnly whether it cannot be read: what was written last counts, and before that {@code reset}
 * @param reset what a register holds that cannot be read, until it is written
 * @param twice whether each store is made twice
 * @param stop what must stand still while it is written; null for nothing
 * @param busy what must be waited for before and after it is written; null for nothing
 * @param commit what makes written bits count; null if they do at once
 * @param lock the bit that keeps it from being changed; null for none
 */
public record RegisterRule(
        boolean plain,
        long writeZero,
        long writeOne,
        long set,
        long clear,
        long readAt,
        boolean writeOnly,
        long reset,
        boolean twice,
        @Nullable Stop stop,
        @Nullable Busy busy,
        @Nullable Commit commit,
        @Nullable Bit lock) {

    /** No offset. */
    public static final long NOWHERE = -1;

    /** Nothing special. */
    public static final RegisterRule NONE =
            new RegisterRule(false, 0, 0, NOWHERE, NOWHERE, NOWHERE, false, 0, false, null, null, null, null);

    /**
     * A bit of a register that means something.
     *
     * @param offset the register
     * @param bit the bit's number
     * @param high whether a 1 means it, or a 0
     */
    public record Bit(long offset, int bit, boolean high) {
        /** The bit where it is in the register. */
        public long mask() {
            return 1L << bit;
        }
    }

    /**
     * What runs must be stopped before the register is written, and goes on after that.
     *
     * @param running the bit that lets it run
     * @param busy the number of the bit of the same register that is 1 until it stands still; -1 for none
     * @param timeout how long that may take
     */
    public record Stop(Bit running, int busy, Duration timeout) {}

    /**
     * Hardware that takes a moment for a write.
     *
     * @param bit the bit that says that it is busy
     * @param timeout how long it may be
     */
    public record Busy(Bit bit, Duration timeout) {}

    /**
     * A bit that is set after the write and cleared when the write counts.
     *
     * @param offset its register
     * @param bit its number
     * @param pulse whether it is cleared at once by another store; else hardware clears it
     * @param timeout how long hardware may take to clear it
     */
    public record Commit(long offset, int bit, boolean pulse, Duration timeout) {
        /** The bit where it is in the register. */
        public long mask() {
            return 1L << bit;
        }
    }

    /** The same, with each store made twice. */
    RegisterRule storedTwice() {
        return new RegisterRule(
                plain, writeZero, writeOne, set, clear, readAt, writeOnly, reset, true, stop, busy, commit, lock);
    }

    /** Whether single bits are set and cleared by stores to two places. */
    public boolean setsAndClears() {
        return set != NOWHERE;
    }
}
