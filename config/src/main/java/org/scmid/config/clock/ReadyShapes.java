// What a board file may say about bits by which hardware tells that it is ready.
package org.scmid.config.clock;

import java.time.Duration;
import java.util.List;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;

/** What a board file may say about fields by which hardware tells that it is ready, and how long that may take. */
final class ReadyShapes {
    private static final Duration USUAL_TIMEOUT = Duration.ofMillis(10);
    private static final Duration USUAL_INTERVAL = Duration.ofNanos(50_000);

    private ReadyShapes() {}

    static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Values.DURATION,
            USUAL_TIMEOUT,
            "10 ms",
            "After which the request fails with HARDWARE_ERROR, such as `2 ms`.");
    static final Key<Duration> INTERVAL =
            Key.withDefault("interval", Values.DURATION, USUAL_INTERVAL, "50 us", "Time between two reads.");

    /** Keys of the bit by which what a gate starts says that it is stable. */
    static final class Ready {
        static final Key<BitRange> BIT =
                Key.required("bit", Values.BIT, "The number of the bit that says it, such as `10`.");
        static final Key<Boolean> ON =
                Key.withDefault("on", FieldShapes.LEVEL, true, "high", "Which value of the bit says it.");
        static final Shape SHAPE = new Shape(
                "ready bit",
                "The bit by which the clock says, after its gate was opened, that it is stable.",
                FieldShapes.REGISTER,
                BIT,
                ON,
                TIMEOUT,
                INTERVAL);

        private Ready() {}
    }

    /** Keys of the bit by which a phase-locked loop says that it is locked. */
    static final class Lock {
        /** What is done after the loop was switched off for a change. */
        enum WhenOff {
            GO_ON,
            WAIT
        }

        static final Key<WhenOff> WHEN_OFF = Key.withDefault(
                "when-off",
                Values.choice(Values.words(WhenOff.class)),
                WhenOff.GO_ON,
                "go-on",
                "After the loop was switched off for a change: go on at once, or wait until the bit says so.");
        static final Shape SHAPE = new Shape(
                "lock",
                "The bit by which the loop says that it is locked.",
                FieldShapes.REGISTER,
                Ready.BIT,
                Ready.ON,
                TIMEOUT,
                INTERVAL,
                WHEN_OFF);

        private Lock() {}
    }

    /** Keys of the field by which a multiplexer says which parent it runs from. */
    static final class Status {
        static final Key<List<Located<Long>>> VALUES = Key.optional(
                "values",
                Values.list(Values.NUMBER),
                "The field's raw value for each parent, in the order of the parents; those of the mux if not given.");
        static final Shape SHAPE = new Shape(
                        "mux status",
                        "The field by which the multiplexer says, after it was set, which parent it runs from.",
                        FieldShapes.REGISTER,
                        FieldShapes.BITS,
                        FieldShapes.BIT,
                        VALUES,
                        TIMEOUT,
                        INTERVAL)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BITS, FieldShapes.BIT)));

        private Status() {}
    }
}
