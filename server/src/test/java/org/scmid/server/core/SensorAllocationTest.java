// In the steady state a message of the Sensor protocol, a sample and an update allocate nothing.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ResourceKind;
import org.scmid.platform.sensor.Sensor;
import org.scmid.transport.EventSink;

class SensorAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SENSOR = SensorProtocolTest.SENSOR;
    private static final int WARM_UP_ROUNDS = 5_000;
    private static final int ROUNDS = 500;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final byte[] reply = new byte[4096];
    private final List<byte[]> commands = new ArrayList<>();
    private int sent;

    private final EventSink sink = new EventSink() {
        @Override
        public int maxLength() {
            return 136;
        }

        @Override
        public Result offer(byte[] event, int length) {
            sent++;
            return Result.SENT;
        }
    };

    private void command(int message, int... payload) {
        ByteBuffer request = ByteBuffer.allocate(4 + 4 * payload.length).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(message | (SENSOR << 10));
        for (int word : payload) {
            request.putInt(word);
        }
        commands.add(request.array());
    }

    @Test
    void noMessageAndNoSampleAllocatesInTheSteadyState() throws Exception {
        Bench bench = new Bench(Bench.board(directory, SensorProtocolTest.BOARD.replace(", takes: 20 ms", "")));
        Agent linux = bench.agent(
                        "linux",
                        Map.of(
                                ResourceKind.SENSOR,
                                Bench.grants("temp", "accel", "a-slow-sensor-with-a-long-name", "off")))
                .agent;
        linux.attached(sink, length -> {});
        bench.loop.turn();
        command(0);
        command(1);
        command(2, 4);
        command(3, 0);
        command(3, 2);
        command(4, 0, 1);
        command(5, 0, 3, 45_000, 0);
        command(6, 0, 0);
        command(6, 1, 0);
        command(6, 2, 1); // asynchronous
        command(6, 3, 0);
        command(7, 1, 0);
        command(8, 0, 0);
        command(8, 1, 0);
        command(9, 0);
        command(0xA, 0, 0x0001F801);
        command(0xA, 1, 0x0032E803);
        command(0xB, 0, 1);
        command(0xB, 1, 1);
        command(0xC, 2);
        command(0xD, 1, 0);
        Sensor temperature = bench.core.sensors().get("temp");
        Sensor acceleration = bench.core.sensors().get("accel");
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            runAll(bench, linux, temperature, acceleration, round);
        }
        sent = 0;
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                runAll(bench, linux, temperature, acceleration, round);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in " + ROUNDS * commands.size() + " messages");
        assertTrue(sent >= ROUNDS * 4, "events were sent all the time: " + sent);
    }

    private void runAll(Bench bench, Agent linux, Sensor temperature, Sensor acceleration, int round) {
        for (int i = 0; i < commands.size(); i++) {
            byte[] request = commands.get(i);
            linux.execute(request, request.length, reply, 136);
            linux.flushEvents();
        }
        // What the timers do, without the list of timers that the test's loop makes.
        bench.cru.write(0, (round & 1) == 0 ? 4000 : 5000);
        temperature.read();
        bench.core.sensorProtocol().sampled(temperature);
        acceleration.read();
        bench.core.sensorProtocol().sampled(acceleration);
        linux.flushEvents();
    }
}
