// In the steady state no message of Voltage, Performance or System power allocates anything.
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
import org.scmid.config.ArbitrationPolicy;
import org.scmid.config.ArbitrationSpec;
import org.scmid.config.Board;
import org.scmid.config.Grant;
import org.scmid.config.ResourceKind;
import org.scmid.config.SystemPowerSpec;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.Windows;
import org.scmid.transport.EventSink;

class VoltagePerformanceAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_ROUNDS = 3_000;
    private static final int ROUNDS = 500;
    private static final int SYSTEM = 0x12;
    private static final int PERFORMANCE = 0x13;
    private static final int VOLTAGE = 0x17;

    private static final String BOARD = """
            board: bench
            registers:
              cru: { at: 0x1000, size: 4 KiB, access: simulated, initial: { 0x0: 5 } }
            clocks:
              pll: { fixed: 600 MHz }
              cpu: { parent: pll, divider: { register: cru+0x0, bits: 3..0, kind: linear } }
            voltage-domains:
              vdd: { levels: [800 mV, 1 V], level: { register: cru+0x10, bit: 0 } }
              io: { levels: [1 V, 2 V], level: { register: cru+0x14, bit: 0 }, enable: { register: cru+0x18, bit: 0 }, asynchronous: true }
              core: { range: { min: 1 V, max: 2 V, step: 100 mV }, level: { register: cru+0x1c, bits: 3..0 } }
            performance-domains:
              cpu:
                clock: cpu
                voltage-domain: vdd
                levels: [{ frequency: 100 MHz, voltage: 800 mV }, { frequency: 300 MHz, voltage: 1 V }, { frequency: 600 MHz, voltage: 1 V }]
            """;

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
        Board board = Bench.board(directory, BOARD);
        ArbitrationSpec highest = new ArbitrationSpec(Map.of(
                ResourceKind.VOLTAGE_DOMAIN, Map.of("io", new ArbitrationPolicy.Highest()),
                ResourceKind.PERFORMANCE_DOMAIN, Map.of("cpu", new ArbitrationPolicy.Highest())));
        Bench bench = new Bench(
                board,
                List.of(),
                highest,
                Map.of("linux", new SystemPowerSpec(Map.of())),
                (agent, command) -> true,
                Windows.open(board, true),
                OpenedGates.inMemory());
        Map<ResourceKind, List<Grant>> grants = Map.of(
                ResourceKind.VOLTAGE_DOMAIN, Bench.grants("io", "core"),
                ResourceKind.PERFORMANCE_DOMAIN, Bench.grants("cpu"));
        Agent linux = bench.agent("linux", grants).agent;
        Agent zephyr = bench.agent("zephyr", grants).agent;
        linux.attached(sink, length -> {});
        zephyr.attached(sink, length -> {});
        bench.loop.turn();
        zephyr.execute(command(PERFORMANCE, 9, 0, 1), 12, reply, reply.length);
        zephyr.execute(command(PERFORMANCE, 0xA, 0, 1), 12, reply, reply.length);

        List<byte[]> commands = commands();
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            runAll(linux, zephyr, commands);
        }
        sent = 0;
        // One measuring allocates by itself now and then (a class is loaded, code is compiled).
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                runAll(linux, zephyr, commands);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in " + ROUNDS * commands.size() + " messages");
        assertTrue(sent >= ROUNDS * 4, "events were sent all the time: " + sent);
    }

    private static List<byte[]> commands() {
        List<byte[]> commands = new ArrayList<>();
        for (int protocol : new int[] {VOLTAGE, PERFORMANCE, SYSTEM}) {
            commands.add(command(protocol, 0));
            commands.add(command(protocol, 1));
            commands.add(command(protocol, 2, 3));
        }
        for (int message : new int[] {3, 6, 8, 9}) {
            commands.add(command(VOLTAGE, message, 0));
        }
        commands.add(command(VOLTAGE, 4, 0, 1));
        commands.add(command(VOLTAGE, 4, 1, 0));
        commands.add(command(VOLTAGE, 5, 0, 7));
        commands.add(command(VOLTAGE, 5, 0, 0));
        commands.add(command(VOLTAGE, 7, 0, 0, 2_000_000));
        commands.add(command(VOLTAGE, 7, 0, 1, 1_000_000)); // asynchronous
        commands.add(command(VOLTAGE, 7, 1, 0, 1_500_000));
        commands.add(command(VOLTAGE, 7, 1, 0, 1_550_000));
        for (int message : new int[] {3, 6, 8, 0xC}) {
            commands.add(command(PERFORMANCE, message, 0));
        }
        commands.add(command(PERFORMANCE, 4, 0, 1));
        commands.add(command(PERFORMANCE, 5, 0, 300_000, 100_000)); // tells zephyr
        commands.add(command(PERFORMANCE, 7, 0, 100_000));
        commands.add(command(PERFORMANCE, 5, 0, 600_000, 100_000));
        commands.add(command(PERFORMANCE, 7, 0, 600_000)); // tells zephyr
        commands.add(command(PERFORMANCE, 9, 0, 1));
        commands.add(command(PERFORMANCE, 0xA, 0, 1));
        commands.add(command(SYSTEM, 3, 0, 0));
        commands.add(command(SYSTEM, 4));
        commands.add(command(SYSTEM, 5, 1));
        return commands;
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
