// What is special about the registers of a window.
package org.scmid.config.register;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is special about the registers of a window.
 *
 * @param bigEndian whether the most significant byte of a register is at the lowest address
 * @param sharedWithKernel whether the window is used even if the host's kernel has a driver for the device
 * @param twice whether each store is made twice
 * @param unlock what is written before each store to a register of the window
 * @param relock what is written after it
 * @param registers the registers that have rules of their own, by byte offset
 */
public record WindowRules(
        boolean bigEndian,
        boolean sharedWithKernel,
        boolean twice,
        List<KeyWrite> unlock,
        List<KeyWrite> relock,
        SortedMap<Long, RegisterRule> registers) {

    /** Nothing special: little-endian registers that are loaded and stored. */
    public static final WindowRules NONE = new WindowRules(false, false, false, List.of(), List.of(), new TreeMap<>());

    /** Copies. */
    public WindowRules {
        unlock = List.copyOf(unlock);
        relock = List.copyOf(relock);
        registers = Collections.unmodifiableSortedMap(new TreeMap<>(registers));
    }

    /**
     * A store of a whole register that unlocks or locks others.
     *
     * @param offset its byte offset in the window
     * @param value what is written, unsigned
     * @param inverse whether the inverse of the word is written that is stored to the register proper, instead of a value
     */
    public record KeyWrite(long offset, long value, boolean inverse) {}

    /** What is special about a register, what holds for the whole window included; null for nothing. */
    public @Nullable RegisterRule of(long offset) {
        RegisterRule rule = registers.get(offset);
        boolean special = twice || !unlock.isEmpty() || !relock.isEmpty();
        if (rule == null && !special) {
            return null;
        }
        RegisterRule own = rule == null ? RegisterRule.NONE : rule;
        return twice && !own.twice() ? own.storedTwice() : own;
    }
}
