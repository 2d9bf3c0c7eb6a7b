// What registers and simulated movements give as values.
package org.scmid.platform.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.register.Access;
import org.scmid.config.register.FieldRef;
import org.scmid.config.sensor.SensorSource;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.sensor.SensorUnit;
import org.scmid.config.sensor.UpdateIntervals;
import org.scmid.config.upstream.Upstreams;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.WindowException;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.sensor.SensorType;
import org.scmid.testing.HandLoop;

class SensorSourcesTest {
    private static final long MS = 1_000_000;

    private final HandLoop time = new HandLoop();

    private static Board board(SensorSource source) {
        SensorSpec spec = new SensorSpec(
                "s",
                false,
                List.of(new SensorSpec.Channel("s", SensorUnit.VOLT, 0, source, 1, 0, 0, 0)),
                0,
                new UpdateIntervals.Listed(List.of(MS)),
                MS,
                true,
                -9,
                false,
                true,
                true,
                null,
                BoardBuilder.PLACE);
        return new Board(
                "x",
                "",
                List.of(),
                List.of(),
                Map.of(
                        "cru",
                        BoardBuilder.window(new Access.Simulated(), 0, 64, 32, new TreeMap<>(Map.of(0x4L, 0x7ffL)))),
                Map.of(),
                Map.of(),
                Map.of("s", spec),
                Map.of(),
                Map.of(),
                Map.of(),
                Upstreams.NONE,
                BoardBuilder.PLACE);
    }

    @Test
    void aRegistersFieldIsReadEachTimeAndConverted() throws WindowException {
        FieldRef field = BoardBuilder.bits(4, 11, 4);
        Board board = board(new SensorSource.Register(field, true, -25, 2, 100));
        try (Windows windows = Windows.open(board, true)) {
            Sensor sensor = new Sensors(board, windows, time, null, null).get("s");
            assertEquals(Outcome.OK, sensor.read(Waiter.NOBODY));
            assertEquals(Math.floorDiv(127 * -25, 2) + 100, sensor.value(0));
            windows.window("cru").write(4, 0x0fff);
            assertEquals(Outcome.OK, sensor.read(Waiter.NOBODY));
            assertEquals(12 + 100, sensor.value(0));
        }
    }

    @Test
    void aRegisterThatCannotBeReadIsAFailureAndNoException() throws WindowException {
        Board board = board(new SensorSource.Register(BoardBuilder.bits(4, 11, 4), false, 1, 1, 0));
        Windows windows = Windows.open(board, true);
        Sensor sensor = new Sensors(board, windows, time, null, null).get("s");
        windows.close();
        assertEquals(Outcome.FAILED, sensor.read(Waiter.NOBODY));
        RegisterWindow cutOff = new CutOffWindow();
        Sensor other = new Sensors(board, Windows.of(board, Map.of("cru", cutOff)), time, null, null).get("s");
        assertEquals(Outcome.FAILED, other.read(Waiter.NOBODY));
        assertFalse(other.isKnown());
    }

    /** A window as it is when its file was made shorter. */
    private static final class CutOffWindow implements RegisterWindow {
        @Override
        public String name() {
            return "cru";
        }

        @Override
        public long size() {
            return 64;
        }

        @Override
        public int width() {
            return 32;
        }

        @Override
        public long read(long offset) {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        }

        @Override
        public void write(long offset, long value) {
            throw new AssertionError("a sensor writes nothing");
        }

        @Override
        public void close() {}
    }

    @Test
    void aSimulatedValueGoesUpTurnsAndComesDown() {
        SimulatedSource source = new SimulatedSource(new SensorSource.Simulated(20, 10, 35, 10, 100 * MS, 0), time);
        long[] expected = {20, 30, 35, 30, 20, 10, 20, 30, 35};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], source.valueAfter(i * (100 * MS)), "step " + i);
            assertEquals(expected[i], source.valueAfter(i * (100 * MS) + 99 * MS), "just before the next step");
        }
    }

    @Test
    void aSimulatedValueWithoutStepStays() {
        assertEquals(
                20, new SimulatedSource(new SensorSource.Simulated(20, 10, 30, 0, MS, 0), time).valueAfter(5 * MS));
        assertEquals(
                20, new SimulatedSource(new SensorSource.Simulated(20, 20, 20, 5, MS, 0), time).valueAfter(5 * MS));
    }

    @Test
    void aSimulatedReadingTakesItsTime() throws WindowException {
        Board board = board(new SensorSource.Simulated(1, 1, 9, 1, 10 * MS, 25 * MS));
        try (Windows windows = Windows.open(board, true)) {
            Sensor sensor = new Sensors(board, windows, time, null, null).get("s");
            assertEquals(Outcome.STARTED, sensor.read(Waiter.NOBODY));
            time.runFor(24 * MS);
            assertFalse(sensor.isKnown());
            time.runFor(MS);
            assertTrue(sensor.isKnown());
            assertEquals(3, sensor.value(0), "the value when the reading ended");
        }
    }

    @Test
    void aSimulatedValueNeverLeavesItsLimitsNorJumps() {
        long seed = Long.getLong("scmid.seed", System.nanoTime());
        System.out.println("SensorSourcesTest: -Dscmid.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            int bits = 1 + random.nextInt(60);
            long min = -(random.nextLong() >>> (64 - bits));
            long max = random.nextLong() >>> (64 - bits);
            long start = min + (random.nextLong() >>> 1) % (max - min + 1);
            long change = 1 + (random.nextLong() >>> 1) % (1L << random.nextInt(60));
            SimulatedSource source =
                    new SimulatedSource(new SensorSource.Simulated(start, min, max, change, 1000, 0), time);
            assertEquals(start, source.valueAfter(0));
            long at = random.nextLong() >>> (1 + random.nextInt(60));
            for (int i = 0; i < 10; i++) {
                long now = source.valueAfter(at + i * 1000L);
                long next = source.valueAfter(at + i * 1000L + 1000);
                assertTrue(now >= min && now <= max, () -> now + " of " + min + ".." + max);
                assertTrue(Math.abs(next - now) <= change, () -> now + " to " + next + " by " + change);
            }
        }
    }

    @Test
    void theDemoBoardsSensorsGiveSomethingAndMove() throws ConfigException, WindowException {
        Board board = ConfigFiles.builtInBoard("demo");
        try (Windows windows = Windows.open(board, true)) {
            Sensors sensors = new Sensors(board, windows, time, null, null);
            for (Sensor sensor : sensors.all()) {
                assertSame(sensor, sensors.get(sensor.name()));
                if (sensor.read(Waiter.NOBODY) == Outcome.STARTED) {
                    time.runFor(5 * MS);
                }
                assertTrue(sensor.isKnown(), sensor.name());
                for (int i = 0; i < sensor.channels(); i++) {
                    SensorSpec.Channel channel = sensor.spec().channels().get(i);
                    assertTrue(
                            sensor.value(i) >= channel.min() && sensor.value(i) <= channel.max(),
                            channel.name() + " " + sensor.value(i));
                }
            }
            assertEquals(42_000, sensors.get("soc-temp").value(0));
            assertEquals(1100, sensors.get("vdd-cpu").value(0));
            assertEquals(1_250_000, sensors.get("vdd-cpu-current").value(0));
            long before = sensors.get("accel").value(2);
            time.runFor(50 * MS);
            sensors.get("accel").read(Waiter.NOBODY);
            assertEquals(before + 5, sensors.get("accel").value(2));
            assertThrows(IllegalArgumentException.class, () -> sensors.get("nothing"));
        }
    }

    @Test
    void boardFilesAndTheWireCountTypesAlike() {
        Set<Integer> codes = new HashSet<>();
        for (SensorUnit unit : SensorUnit.values()) {
            SensorType type = SensorType.of(unit.code());
            assertEquals(unit.name(), type == null ? "" : type.name());
            assertEquals(unit.symbol(), type == null ? "" : type.unit());
            codes.add(unit.code());
        }
        assertEquals(SensorType.values().length, codes.size());
    }
}
