// What a board file may say: the keys of the whole.
package org.scmid.config.board;

import java.util.List;
import java.util.Map;
import org.scmid.config.assembly.Includes;
import org.scmid.config.assembly.Templates;
import org.scmid.config.clock.ClockShapes;
import org.scmid.config.performance.PerformanceShapes;
import org.scmid.config.power.PowerShapes;
import org.scmid.config.register.RegisterShapes;
import org.scmid.config.reset.ResetShapes;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.resource.ResourceNames;
import org.scmid.config.resource.Unit;
import org.scmid.config.sensor.SensorShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.UpstreamShapes;
import org.scmid.config.voltage.VoltageShapes;

/** What a board file may say. Each kind of hardware has its words in its own package; here is what has them all. */
public final class BoardShapes {
    private BoardShapes() {}

    static final Key<String> BOARD = Key.required("board", Values.NAME, "The board's name.");
    static final Key<String> DESCRIPTION =
            Key.withDefault("description", Values.TEXT, "", "", "What the board is, in one line.");
    static final Key<List<Located<String>>> COMPATIBLE =
            Key.optional("compatible", Values.list(Values.TEXT), "The names that the device tree has for this board.");
    static final Key<List<Located<Fields>>> SMBIOS = Key.optional(
            "smbios", SmbiosShapes.MACHINES, "The machines without device tree that this board is, by SMBIOS.");
    static final Key<List<Named<String, Fields>>> UPSTREAMS = Key.optional(
            "upstreams",
            UpstreamShapes.UPSTREAMS,
            "The platforms that resources are taken from, by name: scmid asks them as an agent.");
    static final Key<List<Named<String, Fields>>> REGISTERS =
            Key.optional(Unit.REGISTERS.key(), RegisterShapes.windows(), "The windows of registers, by name.");
    static final Key<List<Named<String, Fields>>> CLOCKS = Key.required(
            ResourceKind.CLOCK.key(),
            ResourceNames.map(ResourceKind.CLOCK, ClockShapes.Clock.SHAPE),
            "The clocks, by name.");
    static final Key<List<Named<String, Fields>>> POWER_DOMAINS =
            resources(ResourceKind.POWER_DOMAIN, PowerShapes.Domain.SHAPE, "The power domains, by name.");
    static final Key<List<Named<String, Fields>>> RESETS =
            resources(ResourceKind.RESET, ResetShapes.Reset.SHAPE, "The resets, by name.");
    static final Key<List<Named<String, Fields>>> SENSORS =
            resources(ResourceKind.SENSOR, SensorShapes.Sensor.SHAPE, "The sensors, by name.");
    static final Key<List<Named<String, Fields>>> VOLTAGE_DOMAINS =
            resources(ResourceKind.VOLTAGE_DOMAIN, VoltageShapes.Domain.SHAPE, "The voltage domains, by name.");
    static final Key<List<Named<String, Fields>>> PERFORMANCE_DOMAINS = resources(
            ResourceKind.PERFORMANCE_DOMAIN, PerformanceShapes.Domain.SHAPE, "The performance domains, by name.");

    /** The resources, by kind. */
    static final Map<ResourceKind, Key<List<Named<String, Fields>>>> RESOURCES = Map.of(
            ResourceKind.CLOCK,
            CLOCKS,
            ResourceKind.POWER_DOMAIN,
            POWER_DOMAINS,
            ResourceKind.RESET,
            RESETS,
            ResourceKind.SENSOR,
            SENSORS,
            ResourceKind.VOLTAGE_DOMAIN,
            VOLTAGE_DOMAINS,
            ResourceKind.PERFORMANCE_DOMAIN,
            PERFORMANCE_DOMAINS);

    /** What says that one has to be on, by kind; clocks say it in their own description. */
    static final Map<ResourceKind, Key<Boolean>> CRITICAL = Map.of(
            ResourceKind.POWER_DOMAIN,
            PowerShapes.Domain.CRITICAL,
            ResourceKind.VOLTAGE_DOMAIN,
            VoltageShapes.Domain.CRITICAL);

    /** A board file. */
    public static final Shape SHAPE = new Shape(
            "board file",
            "The register windows and the clocks of a piece of hardware.",
            Includes.KEY,
            BOARD,
            DESCRIPTION,
            COMPATIBLE,
            SMBIOS,
            UPSTREAMS,
            REGISTERS,
            Templates.KEY,
            CLOCKS,
            POWER_DOMAINS,
            RESETS,
            SENSORS,
            VOLTAGE_DOMAINS,
            PERFORMANCE_DOMAINS);

    private static Key<List<Named<String, Fields>>> resources(ResourceKind kind, Shape shape, String doc) {
        return Key.optional(kind.key(), ResourceNames.map(kind, shape), doc);
    }
}
