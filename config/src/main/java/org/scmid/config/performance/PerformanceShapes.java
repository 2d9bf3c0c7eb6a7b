// What a board file may say about performance domains.
package org.scmid.config.performance;

import java.time.Duration;
import java.util.List;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.upstream.UpstreamShapes;

/** What a board file may say about performance domains. */
public final class PerformanceShapes {
    private PerformanceShapes() {}

    /** Keys of a level. */
    static final class Level {
        static final Key<Long> LEVEL = Key.optional(
                "level",
                Values.positive(0xffff_ffffL),
                "The number that agents know the level by; its frequency in kHz if not given.");
        static final Key<Long> FREQUENCY =
                Key.required("frequency", Values.RATE, "The rate of the clock, such as `1.2 GHz`.");
        static final Key<Integer> VOLTAGE =
                Key.optional("voltage", Values.VOLTAGE, "What the supply must give, one of its levels.");
        static final Key<Long> POWER =
                Key.withDefault("power", Values.POWER, 0L, 0, "The power at this level, such as `120 mW`.");
        static final Key<Duration> LATENCY = Key.withDefault(
                "latency", Values.DURATION, Duration.ZERO, 0, "Worst time of a change to this level, up to 65535 us.");
        static final Shape SHAPE =
                new Shape("performance level", "One level of performance.", LEVEL, FREQUENCY, VOLTAGE, POWER, LATENCY);

        private Level() {}
    }

    /** Keys of a performance domain. */
    public static final class Domain {
        static final Key<String> CLOCK = Key.required("clock", Values.TEXT, "The clock whose rate a level sets.");
        static final Key<String> VOLTAGE_DOMAIN = Key.optional(
                "voltage-domain",
                Values.TEXT,
                "The supply that is raised before a higher level and lowered after a lower one.");
        static final Key<List<Located<Fields>>> LEVELS =
                Key.required("levels", Values.list(PerformanceShapes.Level.SHAPE), "The levels, the lowest first.");
        static final Key<Long> SUSTAINED = Key.optional(
                "sustained",
                Values.RATE,
                "The frequency of the highest level that can be kept up for ever; by default the highest of all.");
        static final Key<Boolean> LEVEL_INDEXING = Key.withDefault(
                "level-indexing",
                Values.BOOLEAN,
                false,
                false,
                "Whether agents of version 4.0 name levels by their position instead of their number.");
        static final Key<Duration> RATE_LIMIT = Key.withDefault(
                "rate-limit", Values.DURATION, Duration.ZERO, 0, "Least time between two requests of an agent.");
        private static final Key<List<Located<Control>>> PERMISSIONS =
                UpstreamShapes.permissions(ResourceKind.PERFORMANCE_DOMAIN);

        public static final Shape SHAPE = new Shape(
                        "performance domain",
                        "A clock, and the supply that it needs, changed together from level to level.",
                        UpstreamShapes.FROM,
                        PERMISSIONS,
                        CLOCK,
                        VOLTAGE_DOMAIN,
                        LEVELS,
                        SUSTAINED,
                        LEVEL_INDEXING,
                        RATE_LIMIT)
                .rule(new Shape.Rule.Needs(PERMISSIONS, UpstreamShapes.FROM))
                .standIn(UpstreamShapes.FROM, PERMISSIONS);

        private Domain() {}
    }
}
