// One step of a register sequence: write, wait, or poll.
package org.scmid.config.sequence;

import java.time.Duration;
import org.scmid.config.register.FieldRef;

/** One step of a sequence that switches hardware. */
public sealed interface SequenceStep {
    /**
     * Writes a field and keeps the register's other bits.
     *
     * @param field the field
     * @param value its raw value, which fits it, unsigned
     */
    record Write(FieldRef field, long value) implements SequenceStep {}

    /**
     * Waits.
     *
     * @param time how long, more than 0
     */
    record Delay(Duration time) implements SequenceStep {}

    /**
     * Reads a field until it has a value. It is read at once, and then after each interval; if it does not have the value
     * in time, the sequence fails.
     *
     * @param field the field
     * @param value the raw value that is waited for, unsigned
     * @param timeout after which the sequence fails, more than 0
     * @param interval between two reads, more than 0
     */
    record Poll(FieldRef field, long value, Duration timeout, Duration interval) implements SequenceStep {}
}
