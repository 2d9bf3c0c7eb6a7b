// What a board file may say about sequences of register accesses.
package org.scmid.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.scmid.config.Values.Located;

/** What a board file may say about sequences of register accesses, and about fields that mean "on". */
final class SequenceShapes {
    private SequenceShapes() {}

    /** A level of a bit: high is 1. */
    static final Value<Boolean> LEVEL = Values.choice(levels());

    /** Keys of a step that writes. */
    static final class Write {
        static final Key<Long> VALUE = Key.required("value", Values.NUMBER, "The raw value.");
        static final Shape SHAPE = new Shape(
                        "register write",
                        "Writes a field and keeps the register's other bits.",
                        BoardShapes.Field.REGISTER,
                        BoardShapes.Field.BITS,
                        BoardShapes.Field.BIT,
                        VALUE)
                .rule(new Shape.Rule.ExactlyOne(List.of(BoardShapes.Field.BITS, BoardShapes.Field.BIT)));

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
                        BoardShapes.Field.REGISTER,
                        BoardShapes.Field.BITS,
                        BoardShapes.Field.BIT,
                        VALUE,
                        TIMEOUT,
                        INTERVAL)
                .rule(new Shape.Rule.ExactlyOne(List.of(BoardShapes.Field.BITS, BoardShapes.Field.BIT)));

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
    static final Value<List<Located<Fields>>> SEQUENCE = Values.list(Step.SHAPE);

    private static Map<String, Boolean> levels() {
        Map<String, Boolean> levels = new LinkedHashMap<>();
        levels.put("high", true);
        levels.put("low", false);
        return levels;
    }
}
