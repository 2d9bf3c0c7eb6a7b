// What scmid ctl sensors prints.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorValue;

class SensorLinesTest {
    private static String line(boolean enabled, boolean axes, String unit, @Nullable Double number) {
        SensorValue value = new SensorValue(axes ? "a_X" : "s", unit, number);
        return CtlCommand.Sensors.line(
                new SensorSnapshot("s", enabled, 1_000_000_000, axes, List.of(value), List.of()), value);
    }

    @Test
    void aValueStandsWithItsUnit() {
        assertEquals("s: 42 V", line(true, false, "V", 42.0));
        assertEquals("s: -0.125 V", line(true, false, "V", -0.125));
        assertEquals("s: 1000000000000 V", line(true, false, "V", 1e12));
        assertEquals("s a_X: 9.807 m/s", line(true, true, "m/s", 9.807));
        assertEquals("s: 3", line(true, false, "", 3.0));
    }

    @Test
    void aSensorWithoutAValueSaysWhy() {
        assertEquals("s: off", line(false, false, "V", null));
        assertEquals("s: cannot be read", line(true, false, "V", null));
    }
}
