// Sensors whose values the host's own kernel measures.
package org.scmid.platform.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.platform.Allocation;
import org.scmid.platform.TestBoards;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.host.FakeSys;
import org.scmid.platform.host.Host;
import org.scmid.platform.host.TaskQueue;
import org.scmid.platform.register.Windows;
import org.scmid.testing.HandLoop;

class HostSourceTest {
    private static final long MS = 1_000_000;

    private final HandLoop time = new HandLoop();
    private final TaskQueue loop = new TaskQueue();
    private final List<String> heard = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private FakeSys sys;

    @SuppressWarnings("NullAway.Init") // before each test
    private Host host;

    @BeforeEach
    void makeHost() throws IOException {
        sys = new FakeSys(Files.createDirectory(folder.resolve("sys")));
        host = new Host(sys.root(), loop, time);
    }

    @AfterEach
    void endHost() {
        loop.end();
        host.close();
    }

    private Sensors sensors(@Nullable Host reader, String yaml) throws IOException, ConfigException {
        Board board = TestBoards.read(folder, "board: x\nclocks: {}\nsensors:\n" + yaml.indent(2));
        Sensors sensors = new Sensors(board, Windows.open(board, true), time, reader, null);
        sensors.setListener(index -> {
            Sensor sensor = sensors.all().get(index);
            heard.add(sensor.name() + " sample " + sensor.value(0));
        });
        return sensors;
    }

    private Outcome read(Sensor sensor) {
        return sensor.read(new Waiter() {
            @Override
            public void mayAskAgain() {}

            @Override
            public void ended(Outcome outcome) {
                heard.add(sensor.name() + (outcome == Outcome.OK ? " " + sensor.value(0) : " failed"));
            }
        });
    }

    private Sensor sensor(String source) throws IOException, ConfigException {
        return sensors(host, "t: { " + source + " }").get("t");
    }

    /** What a reading is told as, in the end. */
    private String reading(Sensor sensor) {
        assertEquals(Outcome.STARTED, read(sensor));
        int before = heard.size();
        loop.runUntil(() -> heard.size() > before);
        return heard.getLast();
    }

    @Test
    void valuesComeInTheSensorsScale() throws IOException, ConfigException {
        Path chip = sys.chip(0, "board", "0-0010");
        FakeSys.write(chip, "temp1_input", 42567);
        FakeSys.write(chip, "power1_average", 12_345_678);
        FakeSys.write(sys.zone(0, "cpu"), "temp", -1);
        Path adc = sys.iio(0, "adc", "1-0048");
        FakeSys.write(adc, "in_voltage0_raw", 3);
        FakeSys.write(adc, "in_voltage0_scale", "0.439453125");
        FakeSys.write(adc, "in_accel_z_input", "-9.806650");
        Sensors sensors = sensors(host, """
                plain: { source: { hwmon: { chip: board, input: temp1 } } }
                whole: { unit: °C, scale: 0, source: { hwmon: { chip: board, input: temp1 } } }
                finer: { unit: °C, scale: -6, source: { hwmon: { chip: board, input: temp1 } } }
                power: { scale: -3, source: { hwmon: { chip: board, input: power1_average } } }
                below: { scale: 0, source: { thermal-zone: cpu } }
                micro: { scale: -6, source: { iio: { device: adc, channel: in_voltage0 } } }
                accel: { source: { iio: { device: adc, channel: in_accel_z } } }
                """);
        assertEquals("plain 42567", reading(sensors.get("plain")));
        assertEquals("whole 42", reading(sensors.get("whole")));
        assertEquals("finer 42567000", reading(sensors.get("finer")));
        assertEquals("power 12345", reading(sensors.get("power")));
        assertEquals("below -1", reading(sensors.get("below")));
        assertEquals("micro 1318", reading(sensors.get("micro")));
        assertEquals("accel -9807", reading(sensors.get("accel")));
    }

    @Test
    void aValueThatDoesNotFitIsAFailure() throws IOException, ConfigException {
        Path chip = sys.chip(0, "meter", "0-0010");
        FakeSys.write(chip, "energy1_input", (1L << 60) + 1);
        Sensor sensor = sensor("source: { hwmon: { chip: meter, input: energy1 } }");
        assertEquals("t failed", reading(sensor));
        FakeSys.write(chip, "energy1_input", 1L << 60);
        assertEquals("t " + (1L << 60), reading(sensor));
    }

    @Test
    void hardwareThatIsNotThereIsAFailureUntilItComes() throws IOException, ConfigException {
        Sensor sensor = sensor("source: { hwmon: { chip: usb, input: in0 } }");
        assertEquals("t failed", reading(sensor));
        assertFalse(sensor.isKnown());
        FakeSys.write(sys.chip(0, "usb", "1-1"), "in0_input", 5000);
        assertEquals("t 5000", reading(sensor));
    }

    @Test
    void aReadingBeginsWhileTheDeviceIsStillLookedFor() throws IOException, ConfigException {
        FakeSys.write(sys.zone(0, "cpu"), "temp", 7);
        Sensor sensor = sensor("source: { thermal-zone: cpu }");
        assertEquals(Outcome.STARTED, read(sensor));
        loop.runOne();
        assertEquals(List.of(), heard, "the device was found, but not asked");
        loop.runOne();
        assertEquals(List.of("t 7"), heard);
    }

    @Test
    void aReadingThatHangsFailsAfterASecondAndOthersGoOn() throws IOException, ConfigException, InterruptedException {
        Path slow = sys.zone(0, "slow");
        Path file = slow.resolve("temp");
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        FakeSys.write(sys.zone(1, "fast"), "temp", 1);
        Sensors sensors = sensors(host, """
                slow: { source: { thermal-zone: slow } }
                fast: { source: { thermal-zone: fast } }
                """);
        Sensor hanging = sensors.get("slow");
        assertEquals(Outcome.STARTED, read(hanging));
        assertEquals(Outcome.STARTED, read(sensors.get("fast")));
        while (!heard.contains("fast 1")) {
            loop.runOne(); // what was looked for, and the value
            time.runFor(20 * MS);
        }
        time.runFor(Sensor.READING_TIMEOUT_NANOS);
        assertEquals(List.of("fast 1", "slow failed"), heard);
        assertEquals("fast 1", reading(sensors.get("fast")));

        assertEquals(Outcome.STARTED, read(hanging), "it joins the one that hangs");
        try (OutputStream driver = Files.newOutputStream(file)) {
            driver.write("55\n".getBytes(StandardCharsets.US_ASCII));
        }
        loop.runUntil(() -> heard.contains("slow 55"));
    }

    @Test
    void samplesAreTakenInTheSameWay() throws IOException, ConfigException {
        Path zone = sys.zone(0, "cpu");
        FakeSys.write(zone, "temp", 1);
        Sensor sensor = sensor("intervals: [100 ms], source: { thermal-zone: cpu }");
        loop.runOne(); // it was looked for
        sensor.sample(true);
        time.runFor(100 * MS);
        loop.runUntil(() -> heard.contains("t sample 1"));
        FakeSys.write(zone, "temp", 2);
        time.runFor(100 * MS);
        loop.runUntil(() -> heard.contains("t sample 2"));
        assertEquals(2, heard.size());
    }

    @Test
    void aSimulatedHostGivesWhatTheBoardFileSays() throws IOException, ConfigException {
        Sensors sensors = sensors(null, """
                said: { source: { thermal-zone: cpu, simulated: { start: 45 °C, max: 46 °C, step: 1 °C } } }
                range: { range: { min: 20 °C, max: 30 °C }, source: { thermal-zone: cpu } }
                none: { source: { hwmon: { chip: fan, input: fan1 } } }
                """);
        for (Sensor sensor : sensors.all()) {
            assertEquals(Outcome.OK, read(sensor));
        }
        assertEquals(45_000, sensors.get("said").value(0));
        assertEquals(25_000, sensors.get("range").value(0));
        assertEquals(0, sensors.get("none").value(0));
        time.runFor(1000 * MS);
        assertEquals(Outcome.OK, read(sensors.get("said")));
        assertEquals(46_000, sensors.get("said").value(0));
    }

    @Test
    void theLoopAllocatesNothingForAReading() throws IOException, ConfigException {
        FakeSys.write(sys.zone(0, "cpu"), "temp", 1);
        Sensor sensor = sensor("source: { thermal-zone: cpu }");
        loop.runOne(); // it was looked for
        long[] reads = {0, 0};
        Waiter waiter = new Waiter() {
            @Override
            public void mayAskAgain() {}

            @Override
            public void ended(Outcome outcome) {
                reads[1]++;
            }
        };
        long allocated = Allocation.ofRuns(
                () -> {
                    reads[0]++;
                    sensor.read(waiter);
                    while (reads[1] < reads[0]) {
                        loop.runOneByPolling();
                    }
                },
                500,
                100);
        assertTrue(sensor.isKnown());
        assertEquals(0, allocated, "bytes for 100 readings");
    }
}
