// A sensor that the host's kernel measures, as an agent sees it.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.document.ConfigException;
import org.scmid.config.resource.ResourceKind;
import org.scmid.platform.host.Host;
import org.scmid.protocol.Status;
import org.scmid.testing.HandLoop;

class HostSensorTest {
    private static final int READING_GET = 6;
    private static final int CONTINUOUS_UPDATE_NOTIFY = 11;

    private static final String BOARD = """
            board: bench
            registers:
              cru: { at: 0x1000, size: 4 KiB, access: simulated, initial: { 0x0: 42 } }
            clocks: {}
            sensors:
              cpu:  { intervals: [100 ms], source: { thermal-zone: cpu } }
              fan:  { source: { hwmon: { chip: fan, input: fan1 } } }
              here: { unit: V, source: { register: cru, bits: 7..0 } }
            """;

    private final LinkedBlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path temperature;

    @SuppressWarnings("NullAway.Init") // before each test
    private Bench bench;

    @SuppressWarnings("NullAway.Init") // before each test
    private Host host;

    @SuppressWarnings("NullAway.Init") // before each test
    private Bench.Peer linux;

    @SuppressWarnings("NullAway.Init") // before each test
    private Bench.Peer zephyr;

    @BeforeEach
    void start() throws IOException, ConfigException {
        Path zone = Files.createDirectories(folder.resolve("class/thermal/thermal_zone0"));
        Files.writeString(zone.resolve("type"), "cpu\n");
        temperature = zone.resolve("temp");
        Files.writeString(temperature, "48312\n");
        HandLoop loop = new HandLoop();
        host = new Host(folder, posted::add, loop);
        bench = new Bench(Bench.board(folder, BOARD), host, loop);
        linux = bench.agent("linux", Map.of(ResourceKind.SENSOR, Bench.grants("cpu", "fan", "here")))
                .withEvents();
        zephyr = bench.agent("zephyr", Map.of(ResourceKind.SENSOR, Bench.grants("here")))
                .withEvents();
        runPosted(2); // both were looked for
    }

    @AfterEach
    void end() {
        host.close();
    }

    /** Runs as much as other threads post, as it comes. */
    private void runPosted(int count) {
        for (int i = 0; i < count; i++) {
            try {
                Runnable next = posted.poll(60, TimeUnit.SECONDS);
                assertNotNull(next, "nothing was posted");
                next.run();
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    }

    @Test
    void aReadingIsAnsweredWhenTheFileWasReadAndOthersAreServedMeanwhile() {
        assertEquals(0, linux.callWithin(4096, SensorProtocolTest.SENSOR, READING_GET, 0, 0).length);
        assertArrayEquals(
                new int[] {0, 42, 0, 0, 0}, zephyr.call(SensorProtocolTest.SENSOR, READING_GET, 0, 0), "zephyr's");
        assertNull(linux.deferredReply());
        runPosted(1);
        assertArrayEquals(new int[] {0, 48312, 0, 0, 0}, linux.deferredReply());
    }

    @Test
    void aDeviceThatIsNotThereIsAHardwareErrorUntilItComes() throws IOException {
        linux.callWithin(4096, SensorProtocolTest.SENSOR, READING_GET, 1, 0);
        runPosted(1);
        assertArrayEquals(new int[] {Status.Code.HARDWARE_ERROR}, linux.deferredReply());
        Path chip = Files.createDirectories(folder.resolve("class/hwmon/hwmon7"));
        Files.writeString(chip.resolve("name"), "fan\n");
        Files.writeString(chip.resolve("fan1_input"), "1500\n");
        linux.callWithin(4096, SensorProtocolTest.SENSOR, READING_GET, 1, 0);
        runPosted(1);
        assertArrayEquals(new int[] {0, 1500, 0, 0, 0}, linux.deferredReply());
    }

    @Test
    void everyValueIsSentToWhomAskedForUpdates() throws IOException {
        assertEquals(0, linux.status(SensorProtocolTest.SENSOR, CONTINUOUS_UPDATE_NOTIFY, 0, 1));
        runPosted(1); // what later samples are compared with
        assertEquals(List.of(), linux.events.take());
        Files.writeString(temperature, "50000\n");
        bench.loop.passMillis(100);
        runPosted(1);
        bench.loop.settle();
        assertEquals(1, linux.events.take().size());
    }
}
