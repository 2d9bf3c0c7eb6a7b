// What sensors of valid board files are read as, key by key.
package org.scmid.config.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scmid.config.ConfigFiles;
import org.scmid.config.Marked;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;

class SensorExamplesTest {
    private static final String BOARD = """
            board: x
            registers:
              ts: { at: 0x1000, size: 64 }
            clocks: {}
            sensors:
            """;

    private static SensorSpec sensor(String yaml) throws ConfigException {
        Board board = new Marked(BOARD + "  " + yaml + "\n").board();
        return board.sensors().values().iterator().next();
    }

    private static SensorSpec.Channel value(String yaml) throws ConfigException {
        return sensor(yaml).channels().getFirst();
    }

    @Test
    void aSensorOfOneValueIsReadAsWritten() throws ConfigException {
        SensorSpec sensor = sensor("t: { unit: \u00b0C, scale: -3, trip-points: 3, resolution: 0.25 \u00b0C,"
                + " source: { register: ts+0x4, bits: 11..0, signed: true, multiply: -250, divide: 2, add: -40000 },"
                + " range: { min: -40, max: 125 \u00b0C }, intervals: [100 ms, 1 s], interval: 1 s,"
                + " timestamps: true, timestamp-scale: -6, asynchronous: true, continuous-updates: false,"
                + " enabled: false }");
        assertEquals("t", sensor.name());
        assertFalse(sensor.hasAxes());
        assertEquals(3, sensor.tripPoints());
        assertEquals(new UpdateIntervals.Listed(List.of(100_000_000L, 1_000_000_000L)), sensor.intervals());
        assertEquals(1_000_000_000L, sensor.intervalNanos());
        assertTrue(sensor.timestamps());
        assertEquals(-6, sensor.timestampScale());
        assertTrue(sensor.asynchronous());
        assertFalse(sensor.continuousUpdates());
        assertFalse(sensor.enabled());
        SensorSpec.Channel value = sensor.channels().getFirst();
        assertEquals("t", value.name());
        assertEquals(SensorUnit.DEGREES_CELSIUS, value.unit());
        assertEquals(-3, value.scale());
        assertEquals(250, value.resolution());
        assertEquals(-3, value.resolutionScale());
        assertEquals(-40, value.min());
        assertEquals(125_000, value.max());
        SensorSource.Register source = assertInstanceOf(SensorSource.Register.class, value.source());
        assertEquals("ts", source.field().window());
        assertEquals(4, source.field().offset());
        assertTrue(source.signed());
        assertEquals(-250, source.multiply());
        assertEquals(2, source.divide());
        assertEquals(-40_000, source.add());
    }

    @Test
    void whatIsNotWrittenIsWhatTheSourceCanGive() throws ConfigException {
        SensorSpec sensor = sensor("t: { unit: V, source: { register: ts, bits: 7..0, multiply: 10, add: -5 } }");
        assertEquals(0, sensor.tripPoints());
        assertEquals(new UpdateIntervals.Listed(List.of(1_000_000_000L)), sensor.intervals());
        assertEquals(1_000_000_000L, sensor.intervalNanos());
        assertFalse(sensor.timestamps());
        assertEquals(-9, sensor.timestampScale());
        assertFalse(sensor.asynchronous());
        assertTrue(sensor.continuousUpdates());
        assertTrue(sensor.enabled());
        SensorSpec.Channel value = sensor.channels().getFirst();
        assertEquals(0, value.scale());
        assertEquals(10, value.resolution());
        assertEquals(-5, value.min());
        assertEquals(2545, value.max());
    }

    @Test
    void rawValuesAreConvertedExactlyAndRoundedDown() throws ConfigException {
        SensorSource.Register rising = (SensorSource.Register)
                value("t: { unit: V, source: { register: ts, bits: 3..0, signed: true, multiply: 3, divide: 2 } }")
                        .source();
        assertEquals(10, rising.value(7));
        assertEquals(-12, rising.value(8));
        assertEquals(-2, rising.value(15));
        assertEquals(0, rising.value(0));
        assertEquals(-12, rising.lowest());
        assertEquals(10, rising.highest());
        SensorSource.Register falling = (SensorSource.Register)
                value("t: { unit: V, source: { register: ts, bits: 3..0, multiply: -1, add: 100 } }")
                        .source();
        assertEquals(85, falling.lowest());
        assertEquals(100, falling.highest());
        SensorSource.Register widest = (SensorSource.Register)
                value("t: { unit: V, source: { register: ts, bits: 31..0, multiply: 2147483647, divide: 8 } }")
                        .source();
        assertEquals(0xffff_ffffL * 2147483647L / 8, widest.value(0xffff_ffffL));
        assertEquals(0xffff_ffffL * 2147483647L / 8, widest.highest());
    }

    @Test
    void aSimulatedValueStaysUnlessItHasAStep() throws ConfigException {
        SensorSpec.Channel moving = value("t: { unit: celsius, scale: -1, source: { simulated:"
                + " { start: 24.5 celsius, min: 180, max: 300, step: 1, every: 250 ms, takes: 20 ms } } }");
        assertEquals(new SensorSource.Simulated(245, 180, 300, 1, 250_000_000, 20_000_000), moving.source());
        assertEquals(180, moving.min());
        assertEquals(300, moving.max());
        SensorSpec.Channel still = value("t: { unit: rpm, source: { simulated: { start: 7 } } }");
        assertEquals(new SensorSource.Simulated(7, 7, 7, 0, 1_000_000_000, 0), still.source());
    }

    private static UpdateIntervals intervals(String written) throws ConfigException {
        return sensor("t: { unit: V, source: { simulated: { start: 1 } }, " + written + " }")
                .intervals();
    }

    @Test
    void anIntervalBelowOneMillisecondIsTakenAsOneMillisecond() throws ConfigException {
        UpdateIntervals one = new UpdateIntervals.Listed(List.of(1_000_000L));
        assertEquals(one, intervals("intervals: [1 us]"));
        assertEquals(one, intervals("interval: 999 us"));
        assertEquals(one, intervals("intervals: [10 us, 100 us, 1 ms]"));
        assertEquals(
                new UpdateIntervals.Listed(List.of(1_000_000L, 1_100_000L)),
                intervals("intervals: [1 us, 10 us, 1100 us]"));
        assertEquals(one, intervals("intervals: { min: 1 us, max: 500 us, step: 1 us }"));
        assertEquals(one, intervals("intervals: { min: 500 us, max: 1 ms, step: 500 us }"));
        assertEquals(
                new UpdateIntervals.Range(1_000_000, 1_000_000_000, 1_000),
                intervals("intervals: { min: 1 us, max: 1 s, step: 1 us }"));
        assertEquals(
                new UpdateIntervals.Range(1_200_000, 2_100_000, 300_000),
                intervals("intervals: { min: 300 us, max: 2100 us, step: 300 us }"));
    }

    @Test
    void aRangeBeginsWhereScmiCanSayIt() throws ConfigException {
        assertEquals(
                new UpdateIntervals.Range(1_310_700_000, 4_587_400_000L, 655_340_000),
                intervals("intervals: { min: 20 us, max: 4587.4 ms, step: 655.34 ms }"),
                "not at 655.36 ms");
        assertEquals(
                new UpdateIntervals.Listed(List.of(1_310_700_000L)),
                intervals("intervals: { min: 20 us, max: 1310.7 ms, step: 655.34 ms }"));
    }

    @Test
    void theIntervalAtTheStartIsOneThatIsOffered() throws ConfigException {
        String source = "t: { unit: V, source: { simulated: { start: 1 } }, ";
        SensorSpec both = sensor(source + "intervals: [10 us, 1 s], interval: 10 us }");
        assertEquals(1_000_000, both.intervalNanos());
        assertEquals(
                1_000_000_000,
                sensor(source + "intervals: [10 us, 1 s], interval: 1 s }").intervalNanos());
        SensorSpec range = sensor(source + "intervals: { min: 300 us, max: 3 ms, step: 300 us }, interval: 600 us }");
        assertEquals(1_200_000, range.intervalNanos());
        assertTrue(range.intervals().has(range.intervalNanos()));
    }

    @Test
    void axesTakeUnitAndScaleFromTheSensor() throws ConfigException {
        SensorSpec sensor = sensor("imu: { unit: m/s^2, scale: -3, axes: {"
                + " a_X: { source: { simulated: { start: 1 } } },"
                + " g_X: { unit: rad/s, scale: -6, source: { register: ts, bits: 15..0 }, range: { min: 1, max: 2 } } },"
                + " intervals: { min: 10 ms, max: 1 s, step: 10 ms } }");
        assertTrue(sensor.hasAxes());
        assertEquals(
                List.of("a_X", "g_X"),
                sensor.channels().stream().map(SensorSpec.Channel::name).toList());
        assertEquals(
                SensorUnit.METER_PER_SECOND_SQUARED, sensor.channels().get(0).unit());
        assertEquals(-3, sensor.channels().get(0).scale());
        assertEquals(SensorUnit.RADIAN_PER_SECOND, sensor.channels().get(1).unit());
        assertEquals(-6, sensor.channels().get(1).scale());
        assertEquals(2, sensor.channels().get(1).max());
        assertEquals(new UpdateIntervals.Range(10_000_000, 1_000_000_000, 10_000_000), sensor.intervals());
        assertEquals(10_000_000, sensor.intervalNanos());
        assertTrue(sensor.intervals().has(30_000_000));
        assertFalse(sensor.intervals().has(35_000_000));
        assertFalse(sensor.intervals().has(1_010_000_000));
    }

    @Test
    void aValueOfTheHostsHasItsOwnUnitAndScale() throws ConfigException {
        SensorSpec.Channel value = value("t: { source: { hwmon: { chip: k10temp, input: temp1 } } }");
        assertEquals(SensorUnit.DEGREES_CELSIUS, value.unit());
        assertEquals(-3, value.scale());
        assertEquals(1, value.resolution());
        assertEquals(-(1L << 60), value.min());
        assertEquals(1L << 60, value.max());
        SensorSource.Host source = assertInstanceOf(SensorSource.Host.class, value.source());
        assertEquals(new HostChannel.Hwmon("k10temp", null, "temp1_input", "temp1_fault"), source.channel());
        assertEquals(0, source.shift());
        assertEquals(new SensorSource.Simulated(0, 0, 0, 0, 1_000_000_000, 0), source.simulation());
    }

    @Test
    void aValueOfTheHostsCanBeCountedInAnotherScale() throws ConfigException {
        SensorSpec.Channel finer =
                value("t: { scale: -9, source: { hwmon: { chip: a, input: power1_average, device: 0-0040 } } }");
        SensorSource.Host source = (SensorSource.Host) finer.source();
        assertEquals(new HostChannel.Hwmon("a", "0-0040", "power1_average", "power1_fault"), source.channel());
        assertEquals(3, source.shift());
        assertEquals(1000, finer.resolution());
        SensorSpec.Channel coarser =
                value("t: { unit: \u00b0C, scale: 0, source: { thermal-zone: cpu }, range: { min: 20, max: 90 } }");
        source = (SensorSource.Host) coarser.source();
        assertEquals(new HostChannel.ThermalZone("cpu"), source.channel());
        assertEquals(-3, source.shift());
        assertEquals(1, coarser.resolution());
        assertEquals(55, source.simulation().start());
    }

    @Test
    void theKernelsUnitsAreThoseOfItsDocumentation() throws ConfigException {
        assertCounts("hwmon: { chip: a, input: in0 }", SensorUnit.VOLT, -3, 0);
        assertCounts("hwmon: { chip: a, input: curr1 }", SensorUnit.AMPERE, -3, 0);
        assertCounts("hwmon: { chip: a, input: power1 }", SensorUnit.WATT, -6, 0);
        assertCounts("hwmon: { chip: a, input: energy1 }", SensorUnit.JOULE, -6, 0);
        assertCounts("hwmon: { chip: a, input: humidity1 }", SensorUnit.PERCENT, -3, 0);
        assertCounts("hwmon: { chip: a, input: fan1 }", SensorUnit.REVOLUTIONS_PER_MINUTE, 0, 0);
        assertCounts("thermal-zone: a", SensorUnit.DEGREES_CELSIUS, -3, 0);
        assertCounts("iio: { device: a, channel: in_voltage0 }", SensorUnit.VOLT, -3, 0);
        assertCounts("iio: { device: a, channel: in_power1 }", SensorUnit.WATT, -3, 0);
        assertCounts("iio: { device: a, channel: in_temp }", SensorUnit.DEGREES_CELSIUS, -3, 0);
        assertCounts("iio: { device: a, channel: in_pressure }", SensorUnit.KILOPASCAL, -3, 3);
        assertCounts("iio: { device: a, channel: in_accel_x }", SensorUnit.METER_PER_SECOND_SQUARED, -3, 3);
        assertCounts("iio: { device: a, channel: in_capacitance0 }", SensorUnit.FARAD, -9, 0);
    }

    private static void assertCounts(String source, SensorUnit unit, int scale, int shift) throws ConfigException {
        SensorSpec.Channel value = value("t: { source: { " + source + " } }");
        assertEquals(unit, value.unit(), source);
        assertEquals(scale, value.scale(), source);
        assertEquals(shift, ((SensorSource.Host) value.source()).shift(), source);
    }

    @Test
    void anIioChannelIsSplitIntoWhatItsFilesAreCalled() throws ConfigException {
        assertEquals(
                new HostChannel.Iio("adc", "1-0048", "in_voltage0-voltage1", "in_voltage-voltage"),
                hostChannel("iio: { device: adc, parent: 1-0048, channel: in_voltage0-voltage1 }"));
        assertEquals(
                new HostChannel.Iio("adc", null, "in_voltage3_supply", "in_voltage"),
                hostChannel("iio: { device: adc, channel: in_voltage3_supply }"));
        assertEquals(
                new HostChannel.Iio("dac", null, "out_voltage0", "out_voltage"),
                hostChannel("iio: { device: dac, channel: out_voltage0 }"));
    }

    private static HostChannel hostChannel(String source) throws ConfigException {
        return ((SensorSource.Host) value("t: { source: { " + source + " } }").source()).channel();
    }

    @Test
    void axesOfTheHostMayTakeTheirUnitsFromIt() throws ConfigException {
        SensorSpec sensor = sensor("t: { axes: {"
                + " a_X: { source: { iio: { device: a, channel: in_accel_x } } },"
                + " a_Y: { scale: -6, source: { iio: { device: a, channel: in_anglvel_y } } } } }");
        assertEquals(
                SensorUnit.METER_PER_SECOND_SQUARED, sensor.channels().get(0).unit());
        assertEquals(-3, sensor.channels().get(0).scale());
        assertEquals(SensorUnit.RADIAN_PER_SECOND, sensor.channels().get(1).unit());
        assertEquals(-6, sensor.channels().get(1).scale());
    }

    @Test
    void aResolutionThatTheWireCannotSayIsMadeCoarser() throws ConfigException {
        SensorSpec.Channel value =
                value("t: { unit: V, scale: -9, resolution: 1 V, source: { simulated: { start: 1 } } }");
        assertEquals(100_000_000, value.resolution());
        assertEquals(-8, value.resolutionScale());
    }

    @Test
    void severalSensorsMayReadTheSameBits() throws ConfigException {
        Board board = new Marked(BOARD
                        + "  a: { unit: V, source: { register: ts, bits: 7..0 } }\n"
                        + "  b: { unit: V, source: { register: ts, bits: 9..4 } }\n")
                .board();
        assertEquals(List.of("a", "b"), List.copyOf(board.sensors().keySet()));
    }

    @Test
    void everyTypeOfScmiHasAWordOfItsOwn() throws ConfigException {
        Set<Integer> codes = new HashSet<>();
        for (SensorUnit unit : SensorUnit.values()) {
            assertTrue(codes.add(unit.code()), unit.name());
            for (String word : unit.words()) {
                assertEquals(
                        unit,
                        value("t: { unit: \"" + word + "\", source: { simulated: { start: 1 } } }")
                                .unit(),
                        word);
            }
        }
        assertEquals(95, codes.size());
    }

    @Test
    void theDemoBoardHasSensorsForHwmonAndIio() throws ConfigException {
        Board board = ConfigFiles.builtInBoard("demo");
        Set<SensorUnit> units = new HashSet<>();
        board.sensors()
                .values()
                .forEach(sensor -> units.add(sensor.channels().getFirst().unit()));
        assertTrue(units.containsAll(Set.of(
                SensorUnit.DEGREES_CELSIUS, SensorUnit.VOLT, SensorUnit.AMPERE, SensorUnit.WATT, SensorUnit.JOULE)));
        SensorSpec accel = Objects.requireNonNull(board.sensors().get("accel"));
        assertEquals(
                List.of("accel_X", "accel_Y", "accel_Z"),
                accel.channels().stream().map(SensorSpec.Channel::name).toList());
        SensorSpec temperature = Objects.requireNonNull(board.sensors().get("soc-temp"));
        SensorSource.Register source =
                (SensorSource.Register) temperature.channels().getFirst().source();
        assertEquals(42_000, source.value(0x148));
        assertEquals(-40_000, temperature.channels().getFirst().min());
    }
}
