// What a board has by name, so that it can be repeated.
package org.scmid.config;

import java.util.List;

/**
 * Something that a board has by name.
 *
 * @param key the key of the board file under which they are
 * @param noun what one of them is called in messages
 * @param shape what can be said of one
 */
record Unit(String key, String noun, Shape shape) {
    /** All kinds. */
    static final List<Unit> ALL = List.of(
            new Unit(BoardShapes.Root.REGISTERS.name(), "register window", BoardShapes.Window.SHAPE),
            new Unit(BoardShapes.Root.CLOCKS.name(), "clock", BoardShapes.Clock.SHAPE),
            new Unit(BoardShapes.Root.POWER_DOMAINS.name(), "power domain", PowerShapes.Domain.SHAPE),
            new Unit(BoardShapes.Root.RESETS.name(), "reset", ResetShapes.Reset.SHAPE),
            new Unit(BoardShapes.Root.SENSORS.name(), "sensor", SensorShapes.Sensor.SHAPE),
            new Unit(BoardShapes.Root.VOLTAGE_DOMAINS.name(), "voltage domain", VoltageShapes.Domain.SHAPE),
            new Unit(
                    BoardShapes.Root.PERFORMANCE_DOMAINS.name(), "performance domain", PerformanceShapes.Domain.SHAPE));
}
