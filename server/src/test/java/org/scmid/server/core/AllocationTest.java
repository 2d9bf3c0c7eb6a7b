// In the steady state a message allocates nothing.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.transport.EventSink;

class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_ROUNDS = 3_000;
    private static final int ROUNDS = 500;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final byte[] reply = new byte[4096];
    private int sent;

    /** Takes every event, without keeping it. */
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

    private static byte[] command(int protocol, int message, int... payload) {
        ByteBuffer request = ByteBuffer.allocate(4 + 4 * payload.length).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(message | (protocol << 10));
        for (int word : payload) {
            request.putInt(word);
        }
        return request.array();
    }

    @Test
    void noMessageAllocatesInTheSteadyState() throws Exception {
        Bench bench = new Bench(directory);
        Agent linux = bench.agent("linux", "uart", "bus", "osc: read", Bench.LONG_NAME).agent;
        Agent zephyr = bench.agent("zephyr", "bus", "leaf", Bench.LONG_NAME).agent;
        linux.attached(sink, length -> {});
        zephyr.attached(sink, length -> {});
        bench.loop.turn();
        zephyr.execute(command(Bench.CLOCK, 9, 0, 1), 12, reply, reply.length);
        zephyr.execute(command(Bench.CLOCK, 9, 1, 1), 12, reply, reply.length);
        zephyr.execute(command(Bench.CLOCK, 0xA, 0, 1), 12, reply, reply.length);

        List<byte[]> commands = new ArrayList<>();
        for (int message : new int[] {0, 1, 3, 4, 5}) {
            commands.add(command(Bench.BASE, message));
        }
        commands.add(command(Bench.BASE, 2, 7));
        commands.add(command(Bench.BASE, 6, 0));
        commands.add(command(Bench.BASE, 7, -1));
        commands.add(command(Bench.BASE, 8, 1));
        commands.add(command(Bench.BASE, 0xB, 1, 0));
        commands.add(command(Bench.BASE, 0x10, 0x20001));
        commands.add(command(Bench.CLOCK, 1));
        commands.add(command(Bench.CLOCK, 3, 0));
        commands.add(command(Bench.CLOCK, 3, 3));
        commands.add(command(Bench.CLOCK, 4, 0, 0));
        commands.add(command(Bench.CLOCK, 4, 1, 3));
        commands.add(command(Bench.CLOCK, 5, 0, 1, 24_000_000, 0)); // tells zephyr
        commands.add(command(Bench.CLOCK, 5, 0, 1, 12_000_000, 0));
        commands.add(command(Bench.CLOCK, 5, 8, 0, 7_000_000, 0));
        commands.add(command(Bench.CLOCK, 5, 1, 0, 24_000_000, 0)); // asynchronous
        commands.add(command(Bench.CLOCK, 5, 0, 0, -1, -1));
        commands.add(command(Bench.CLOCK, 6, 0));
        commands.add(command(Bench.CLOCK, 7, 0, 1, 0));
        commands.add(command(Bench.CLOCK, 7, 0, 0, 0));
        commands.add(command(Bench.CLOCK, 8, 3));
        commands.add(command(Bench.CLOCK, 9, 1, 1));
        commands.add(command(Bench.CLOCK, 0xA, 1, 1));
        commands.add(command(Bench.CLOCK, 0xB, 0, 0));
        commands.add(command(Bench.CLOCK, 0xC, 0, 0));
        commands.add(command(Bench.CLOCK, 0xD, 0, 2));
        commands.add(command(Bench.CLOCK, 0xE, 0));
        commands.add(command(Bench.CLOCK, 0xF, 0));
        commands.add(command(Bench.CLOCK, 0x77));
        commands.add(command(0x33, 0));
        commands.add(new byte[3]);

        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            runAll(linux, zephyr, commands);
        }
        sent = 0;
        // One measuring allocates by itself now and then (a class is loaded, code is compiled); that is not per
        // message.
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                runAll(linux, zephyr, commands);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in " + ROUNDS * commands.size() + " messages");
        assertEquals(true, sent >= ROUNDS * 5, "events were sent all the time: " + sent);
    }

    private void runAll(Agent linux, Agent zephyr, List<byte[]> commands) {
        for (int i = 0; i < commands.size(); i++) {
            byte[] request = commands.get(i);
            linux.execute(request, request.length, reply, 136);
            linux.flushEvents();
        }
        zephyr.flushEvents();
    }
}
