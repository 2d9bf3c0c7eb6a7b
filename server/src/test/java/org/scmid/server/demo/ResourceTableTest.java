// The demo's table: what the guest said beside what the server has.
package org.scmid.server.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.server.service.PowerDomainSnapshot;
import org.scmid.server.service.ResetSnapshot;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.service.ServiceSnapshot.PerformanceDomainSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorValue;
import org.scmid.server.service.ServiceSnapshot.VoltageDomainSnapshot;

class ResourceTableTest {
    private static final String GUEST = """
            power-domain gpu on
            power-domain media off-0
            power-domain cpu on
            hwmon-temp soc 42500
            hwmon-power soc-power 1250000
            iio-in_accel_x accel -12 0.001000000
            iio-in_accel_y accel 0 0.001000000
            iio-in_accel_z accel 9807 0.001000000
            regulator sd 1800000 enabled
            cpufreq cpu0 600000
            """;

    private final StringWriter table = new StringWriter();

    private boolean show(String guest, int microvolts) {
        var server = new ServiceSnapshot(
                "demo",
                List.of(),
                List.of(
                        new PowerDomainSnapshot("gpu", null, true, false, List.of("linux", "tools")),
                        new PowerDomainSnapshot("media", null, false, false, List.of()),
                        new PowerDomainSnapshot("audio", null, null, false, List.of())),
                List.of(
                        sensor("soc", new SensorValue("soc", "°C", 42.5)),
                        sensor("soc-power", new SensorValue("soc-power", "W", 1.25)),
                        sensor("fan", new SensorValue("fan", "rpm", null)),
                        sensor(
                                "accel",
                                new SensorValue("a_X", "m/s²", -0.012),
                                new SensorValue("a_Y", "m/s²", 0.0),
                                new SensorValue("a_Z", "m/s²", 9.807))),
                List.of(
                        new ResetSnapshot("uart", false, false),
                        new ResetSnapshot("usb", true, false),
                        new ResetSnapshot("pcie", null, false)),
                List.of(new VoltageDomainSnapshot(
                        "sd", microvolts, 1_800_000, 3_300_000, true, false, List.of("linux"))),
                List.of(new PerformanceDomainSnapshot("cpu", "cpu", 600_000L, 600_000_000L, 1, 2, false)),
                new ServiceSnapshot.Peers(List.of(), List.of()));
        return new ResourceTable(guest, "cpu", new PrintWriter(table)).show(server);
    }

    private static SensorSnapshot sensor(String name, SensorValue... values) {
        return new SensorSnapshot(name, true, 1, values.length > 1, List.of(values), List.of());
    }

    private List<String> rows() {
        return table.toString()
                .lines()
                .skip(1)
                .map(line -> line.replaceAll(" {2,}", "|"))
                .toList();
    }

    @Test
    void eachResourceIsARowWithBothViews() {
        assertTrue(show(GUEST, 1_800_000));
        assertEquals(
                List.of(
                        "power domain|gpu|on|on|linux, tools",
                        "power domain|media|off|off",
                        "power domain|audio|not there|not known",
                        "reset|uart|-|released",
                        "reset|usb|-|asserted",
                        "reset|pcie|-|not known",
                        "performance|cpu|600 MHz|600 MHz",
                        "voltage domain|sd|1.8 V, on|1.8 V, on|linux",
                        "sensor|soc|42.5 °C|42.5 °C",
                        "sensor|soc-power|1.25 W|1.25 W",
                        "sensor|fan|not there|off",
                        "sensor|accel|-0.012 0 9.807 m/s²|-0.012 0 9.807 m/s²"),
                rows());
    }

    @Test
    void aVoltageOrALevelThatDiffersIsMarked() {
        assertFalse(show(GUEST, 3_300_000));
        assertTrue(rows().contains("voltage domain|sd|1.8 V, on|3.3 V, on|linux|<-- differs"), table.toString());
        assertFalse(show("power-domain gpu on\n", 1_800_000));
        assertTrue(rows().contains("performance|cpu|not there|600 MHz|<-- differs"), table.toString());
    }
}
