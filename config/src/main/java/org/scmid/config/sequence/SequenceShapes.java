// What a board file may say about sequences of register accesses.
package org.scmid.config.sequence;

import java.time.Duration;
import java.util.List;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;

/** What a board file may say about sequences of register accesses. */
public final class SequenceShapes {
    private SequenceShapes() {}

    /** Keys of a step that writes. */
    static final class Write {
        static final Key<Long> VALUE = Key.required("value", Values.NUMBER, "The raw value.");
        static final Shape SHAPE = new Shape(
                        "register write",
                        "Writes a field and keeps the register's other bits.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        VALUE)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)));

        private Write() {}
    }

    /** Keys of a step that polls. */
    static final class Poll {
        static final Key<Long> VALUE = Key.required("value", Values.NUMBER, "The raw value that is waited for.");
        static final Key<Duration> TIMEOUT =
                Key.required("timeout", Values.DURATION, "After which the sequence fails, such as `10 ms`.");
        static final Key<Duration> INTERVAL = Key.withDefault(
                "interval", Values.DURATION, Duration.ofNanos(50_000), "50 us", "Time between two reads.");
        static final Shape SHAPE = new Shape(
                        "register poll",
                        "Reads a field until it has a value.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        VALUE,
                        TIMEOUT,
                        INTERVAL)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)));

        private Poll() {}
    }

    /** Keys of a step: one of them says what it is. */
    static final class Step {
        static final Key<Fields> WRITE = Key.optional("write", Write.SHAPE, "Writes a field.");
        static final Key<Duration> DELAY = Key.optional("delay", Values.DURATION, "Waits, such as `50 us`.");
        static final Key<Fields> POLL = Key.optional("poll", Poll.SHAPE, "Reads a field until it has a value.");
        static final Shape SHAPE = new Shape("sequence step", "One step of a sequence.", WRITE, DELAY, POLL)
                .rule(new Shape.Rule.ExactlyOne(List.of(WRITE, DELAY, POLL)));

        private Step() {}
    }

    /** A sequence. */
    public static final Value<List<Located<Fields>>> SEQUENCE = Values.list(Step.SHAPE);
}
