// What a board file may say about power domains.
package org.scmid.config.power;

import java.time.Duration;
import java.util.List;
import org.scmid.config.register.FieldShapes;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sequence.SequenceShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.upstream.UpstreamShapes;

/** What a board file may say about power domains. */
public final class PowerShapes {
    private PowerShapes() {}

    /** Keys of what hardware says about a domain. */
    static final class State {
        static final Key<Boolean> ON = Key.withDefault(
                "on", FieldShapes.LEVEL, true, "high", "Which value of the bit says that the domain is on.");
        static final Key<Long> VALUE =
                Key.optional("value", Values.NUMBER, "Which value of `bits` says that the domain is on.");
        static final Shape SHAPE = new Shape(
                        "power state",
                        "The field that says whether the domain is on.",
                        FieldShapes.REGISTER,
                        FieldShapes.BIT,
                        FieldShapes.BITS,
                        ON,
                        VALUE)
                .rule(new Shape.Rule.ExactlyOne(List.of(FieldShapes.BIT, FieldShapes.BITS)))
                .rule(new Shape.Rule.Together(List.of(FieldShapes.BITS, VALUE)))
                .rule(new Shape.Rule.AtMostOne(List.of(ON, VALUE)));

        private State() {}
    }

    /** Keys of the bit by which hardware says that it has switched. */
    static final class Status {
        static final Key<BitRange> BIT = Key.required(
                "bit", Values.BIT, "The number of the bit that says whether hardware has switched, such as `3`.");
        static final Shape SHAPE = new Shape(
                "power status",
                "The bit that says whether hardware has switched.",
                FieldShapes.REGISTER,
                BIT,
                State.ON);

        private Status() {}
    }

    /** Keys of a bit that switches a domain. */
    static final class Switch {
        static final Key<BitRange> BIT =
                Key.required("bit", Values.BIT, "The number of the bit that switches the domain, such as `3`.");
        static final Key<Boolean> ON = Key.withDefault(
                "on", FieldShapes.LEVEL, true, "high", "Which value of the bit switches the domain on.");
        static final Key<Fields> STATUS = Key.optional(
                "status", Status.SHAPE, "Where hardware says that it is done; without it the switch itself says so.");
        static final Key<Duration> TIMEOUT = Key.withDefault(
                "timeout",
                Values.DURATION,
                Duration.ofMillis(10),
                "10 ms",
                "How long hardware may take until `status` says that it is done.");
        static final Key<Duration> SETTLE = Key.optional(
                "settle",
                Values.DURATION,
                "Time to wait after switching, where hardware does not say when it is done.");
        static final Shape SHAPE = new Shape(
                "power switch",
                "The bit that switches the domain.",
                FieldShapes.REGISTER,
                BIT,
                ON,
                STATUS,
                TIMEOUT,
                SETTLE);

        private Switch() {}
    }

    /** Keys of a power domain. */
    public static final class Domain {
        static final Key<String> PARENT =
                Key.optional("parent", Values.TEXT, "The power domain that must be on while this one is.");
        static final Key<List<Located<String>>> CLOCKS = Key.optional(
                "clocks",
                Values.list(Values.TEXT),
                "The clocks that must run while it is switched and while it is on.");
        static final Key<List<Located<String>>> FEEDS =
                Key.optional("feeds", Values.list(Values.TEXT), "The clocks that stand in this domain.");
        static final Key<WhenInUse> WHEN_IN_USE = Key.withDefault(
                "when-in-use",
                Values.choice(Values.words(WhenInUse.class)),
                WhenInUse.REFUSE,
                "refuse",
                "What switching off does while a clock that it feeds, or a domain below, is in use: refuse or wait.");
        static final Key<Fields> SWITCH =
                Key.optional("switch", Switch.SHAPE, "The bit that switches it, where that is all.");
        static final Key<List<Located<Fields>>> TURN_ON =
                Key.optional("turn-on", SequenceShapes.SEQUENCE, "The steps that switch it on.");
        static final Key<List<Located<Fields>>> TURN_OFF =
                Key.optional("turn-off", SequenceShapes.SEQUENCE, "The steps that switch it off.");
        static final Key<Fields> STATE =
                Key.optional("state", State.SHAPE, "Where hardware says whether it is on; goes with the sequences.");
        public static final Key<Boolean> CRITICAL = Key.withDefault(
                "critical", Values.BOOLEAN, false, false, "Whether it has to be on: nobody switches it off then.");
        private static final Key<List<Located<Control>>> PERMISSIONS =
                UpstreamShapes.permissions(ResourceKind.POWER_DOMAIN);

        public static final Shape SHAPE = new Shape(
                        "power domain",
                        "One power domain.",
                        UpstreamShapes.FROM,
                        PERMISSIONS,
                        PARENT,
                        CLOCKS,
                        FEEDS,
                        WHEN_IN_USE,
                        SWITCH,
                        TURN_ON,
                        TURN_OFF,
                        STATE,
                        CRITICAL)
                .rule(new Shape.Rule.ExactlyOne(List.of(SWITCH, TURN_ON)))
                .rule(new Shape.Rule.Together(List.of(TURN_ON, TURN_OFF, STATE)))
                .rule(new Shape.Rule.Needs(PERMISSIONS, UpstreamShapes.FROM))
                .standIn(UpstreamShapes.FROM, PERMISSIONS, CRITICAL);

        private Domain() {}
    }
}
