// Turns the steps of a sequence into records, and checks what the shapes cannot.
package org.scmid.config.sequence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.sequence.SequenceShapes.Poll;
import org.scmid.config.sequence.SequenceShapes.Step;
import org.scmid.config.sequence.SequenceShapes.Write;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;

/** Turns the steps of a sequence into records, and checks what the shapes cannot. */
public final class SequenceReader {
    /** Linux gives up waiting for a reply after 60 s over virtio, and a domain may have to wait for its parents. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final FieldReader registers;
    private final Problems problems;

    public SequenceReader(FieldReader registers, Problems problems) {
        this.registers = registers;
        this.problems = problems;
    }

    /**
     * Reads a sequence.
     *
     * @param part what has the sequence, such as a power domain; its name is that of the fields' owner
     * @param key its key there
     * @return the steps; those that are wrong are left out
     */
    public List<SequenceStep> read(Fields part, Key<List<Located<Fields>>> key) {
        List<Located<Fields>> written = part.get(key);
        if (written == null) {
            return List.of();
        }
        if (written.isEmpty() && part.sound()) {
            problems.add(
                    part.place(key),
                    Problems.quote(key.name()) + " of " + part.what() + " is empty; give at least one step");
        }
        List<SequenceStep> steps = new ArrayList<>();
        for (Located<Fields> item : written) {
            SequenceStep step = step(item.value(), part.what());
            if (step != null) {
                steps.add(step);
            }
        }
        checkLength(steps, part.place(key), Problems.quote(key.name()) + " of " + part.what());
        return steps;
    }

    /** Reports a sequence that may take longer than agents wait. */
    public void checkLength(List<SequenceStep> steps, Place place, String what) {
        Duration longest = Duration.ZERO;
        for (SequenceStep step : steps) {
            longest = longest.plus(
                    switch (step) {
                        case SequenceStep.Write write -> Duration.ZERO;
                        case SequenceStep.Delay delay -> delay.time();
                        case SequenceStep.Poll poll -> poll.timeout();
                    });
        }
        if (longest.compareTo(LONGEST) > 0) {
            problems.add(
                    place,
                    what + " may take " + longest.toMillis() + " ms; at most " + LONGEST.toMillis()
                            + " ms are allowed, as agents do not wait for ever");
        }
    }

    private @Nullable SequenceStep step(Fields step, String owner) {
        Fields write = step.get(Step.WRITE);
        if (write != null) {
            FieldRef field = registers.written(write, bits(write), owner);
            Long value = value(write, Write.VALUE, field);
            return field == null || value == null ? null : new SequenceStep.Write(field, value);
        }
        Fields poll = step.get(Step.POLL);
        if (poll != null) {
            FieldRef field = registers.read(poll, bits(poll));
            Long value = value(poll, Poll.VALUE, field);
            Duration timeout = time(poll, Poll.TIMEOUT);
            Duration interval = time(poll, Poll.INTERVAL);
            return field == null || value == null || timeout == null || interval == null
                    ? null
                    : new SequenceStep.Poll(field, value, timeout, interval);
        }
        Duration delay = time(step, Step.DELAY);
        return delay == null ? null : new SequenceStep.Delay(delay);
    }

    private static Key<BitRange> bits(Fields part) {
        return part.has(FieldShapes.BITS) ? FieldShapes.BITS : FieldShapes.BIT;
    }

    /** A raw value that must fit its field. */
    public @Nullable Long value(Fields part, Key<Long> key, @Nullable FieldRef field) {
        Long value = part.get(key);
        if (value != null && field != null && Long.compareUnsigned(value, field.max()) > 0) {
            problems.add(
                    part.place(key),
                    Problems.quote(key.name()) + " of " + part.what() + ": " + Long.toUnsignedString(value)
                            + " does not fit the field; the largest is " + Long.toUnsignedString(field.max()));
        }
        return value;
    }

    /** A time that must not be 0; the key's default if it was not written. */
    public @Nullable Duration time(Fields part, Key<Duration> key) {
        Duration time = part.get(key);
        if (time != null && time.isZero()) {
            problems.add(
                    part.place(key),
                    Problems.quote(key.name()) + " of " + part.what() + " is 0; it must be at least 1 us");
            return null;
        }
        return time;
    }
}
