// The kinds of dividers a clock can have.
package org.scmid.config.clock;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.scmid.config.register.FieldRef;

/** What divides a clock's rate; n is the raw value of the field. Each field has at most 32 bits. */
public sealed interface DividerSpec {

    /**
     * Divides by n + 1.
     *
     * @param field holds n
     */
    record Linear(FieldRef field) implements DividerSpec {}

    /**
     * Divides by n.
     *
     * @param field holds n
     * @param zero what n = 0 does
     */
    record OneBased(FieldRef field, WhenZero zero) implements DividerSpec {}

    /**
     * Divides by 2^n.
     *
     * @param field holds n
     */
    record PowerOfTwo(FieldRef field) implements DividerSpec {}

    /**
     * Divides by what a table says.
     *
     * @param field holds the raw value
     * @param divisors the divisor, at least 1, of each raw value that is allowed; at least one. A raw value that is not
     *     in the table means 0 Hz
     */
    record Table(FieldRef field, SortedMap<Long, Long> divisors) implements DividerSpec {
        /** Copies the table. */
        public Table {
            divisors = Collections.unmodifiableSortedMap(new TreeMap<>(divisors));
        }
    }

    /**
     * Divides by integer + fraction / 2^(width of the fraction).
     *
     * @param integer holds the integer part; 0 stops the clock
     * @param fraction holds the fraction; in the same register
     * @param least the least divisor that is set, a whole number, at least 1
     */
    record Fractional(FieldRef integer, FieldRef fraction, long least) implements DividerSpec {
        /** Which can be set to every divisor from 1 on. */
        public Fractional(FieldRef integer, FieldRef fraction) {
            this(integer, fraction, 1);
        }
    }

    /** What a one-based divider does when its field is 0. */
    enum WhenZero {
        /** The clock stands still, 0 Hz. */
        STOP,
        /** The rate is passed undivided. */
        BYPASS,
        /** Divides by 2^(width of the field). */
        MAX
    }
}
