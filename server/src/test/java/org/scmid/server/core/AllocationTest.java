// In the steady state a message allocates nothing, whichever it is.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.Tier;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.system.SystemPowerMessage;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;

/**
 * Measures each command of each protocol that is served, one by one: with legal requests and broken ones, in the newest
 * and the oldest version, with what it causes: notifications, delayed responses, replies that come later, sampling.
 *
 * <p>Requests are made from the tables. A command that cannot be carried out with a resource's id and zeros needs values
 * in {@link #VALUES}; the test fails for one that never succeeds, so that a new protocol cannot be forgotten.
 */
@Tag(Evidence.SWEEP)
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_ROUNDS = 1_500;
    private static final int ROUNDS = 200;
    private static final int ATTEMPTS = 5;
    private static final int NEGOTIATE = 0x10;
    private static final int REPLY_ROOM = 136; // as Linux has it

    // Ids on the whole board, where every agent sees everything in the board's order.
    private static final int BUS = 2;
    private static final int UART = 3;
    private static final int LOOP = 9;

    /** Words of legal requests that zeros will not do for. */
    private static final Map<Message, int[][]> VALUES = Map.ofEntries(
            Map.entry(BaseMessage.BASE_DISCOVER_AGENT, new int[][] {{-1}, {0}, {2}}),
            Map.entry(BaseMessage.BASE_SET_DEVICE_PERMISSIONS, new int[][] {{2, 0, 0}, {2, 0, 1}}),
            Map.entry(BaseMessage.BASE_SET_PROTOCOL_PERMISSIONS, new int[][] {{2, 0, 0x14, 0}, {2, 0, 0x14, 1}}),
            Map.entry(BaseMessage.BASE_RESET_AGENT_CONFIGURATION, new int[][] {{1, 0}, {2, 1}}),
            Map.entry(ClockMessage.CLOCK_RATE_SET, new int[][] {
                {0, BUS, 24_000_000, 0},
                {0, BUS, 12_000_000, 0},
                {8, UART, 7_000_000, 0},
                {1, UART, 24_000_000, 0}, // asynchronous
                {3, UART, 12_000_000, 0}, // asynchronous, without a delayed response
                {3, UART, -1, -1}, // and it fails
                {0, LOOP, 48_000_000, 0},
                {0, LOOP, 96_000_000, 0}, // waits for the lock
                {1, LOOP, 72_000_000, 0}
            }),
            Map.entry(
                    ClockMessage.CLOCK_CONFIG_SET,
                    new int[][] {{UART, 1, 0}, {UART, 0, 0}, {4, 1, 0}, {4, 0, 0}, {LOOP, 1, 0}}),
            Map.entry(ClockMessage.CLOCK_PARENT_SET, new int[][] {{UART, 1}, {UART, 0}}),
            Map.entry(PowerMessage.POWER_STATE_SET, new int[][] {
                {0, 1, 0},
                {0, 1, 0x4000_0000},
                {0, 2, 0}, // takes time
                {0, 2, 0x4000_0000},
                {1, 4, 0}, // asynchronous
                {1, 4, 0x4000_0000}
            }),
            Map.entry(SystemPowerMessage.SYSTEM_POWER_STATE_SET, new int[][] {{1, 4}}), // suspend: refused
            Map.entry(
                    PerformanceMessage.PERFORMANCE_LEVEL_SET, new int[][] {{0, 600_000}, {0, 100_000}, {1, 2}, {1, 0}}),
            Map.entry(
                    PerformanceMessage.PERFORMANCE_LIMITS_SET,
                    new int[][] {{0, 300_000, 100_000}, {0, 600_000, 100_000}}),
            Map.entry(SensorMessage.SENSOR_TRIP_POINT_CONFIG, new int[][] {{0, 3, 45_000, 0}}),
            Map.entry(SensorMessage.SENSOR_READING_GET, new int[][] {{0, 0}, {1, 0}, {2, 0}, {2, 1}, {3, 0}}),
            Map.entry(SensorMessage.SENSOR_CONFIG_SET, new int[][] {{0, 0x0001_F801}, {1, 0x0032_E803}}),
            Map.entry(ResetMessage.RESET, new int[][] {{0, 1, 0}, {3, 1, 0}, {3, 5, 0}, {2, 2, 0}, {2, 0, 0}}),
            Map.entry(VoltageMessage.VOLTAGE_CONFIG_SET, new int[][] {{0, 7}, {0, 0}}),
            Map.entry(VoltageMessage.VOLTAGE_LEVEL_SET, new int[][] {
                {0, 0, 3_300_000}, {0, 0, 1_800_000}, {0, 1, 3_300_000}, {0, 1, 1_800_000}, {2, 0, 700_000}
            }));

    /**
     * Commands that succeed for no agent here: there are no fast channels, nobody is the PSCI agent; and a system power
     * request that is carried out is logged, and is no steady state.
     */
    private static final Set<Message> NEVER = Set.of(
            PerformanceMessage.PERFORMANCE_DESCRIBE_FASTCHANNEL,
            SystemPowerMessage.SYSTEM_POWER_STATE_GET,
            SystemPowerMessage.SYSTEM_POWER_STATE_SET);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private Agent trusted;

    @SuppressWarnings("NullAway.Init")
    private Agent other;

    private final byte[] reply = new byte[4096];
    private final List<Sample> samples = new ArrayList<>();
    private final Set<Message> succeeded = new HashSet<>();
    private int late; // replies that came later
    private int sent;

    /** One request, and what it allocated. */
    private static final class Sample {
        final Agent agent;
        final Message message;
        final byte[] request;
        long allocated;

        Sample(Agent agent, Message message, byte[] request) {
            this.agent = agent;
            this.message = message;
            this.request = request;
        }

        @Override
        public String toString() {
            int[] words = new int[request.length / 4];
            ByteBuffer.wrap(request)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(words);
            return agent.name() + ": " + message.protocol() + " " + message.name() + " " + Arrays.toString(words) + ": "
                    + allocated + " bytes in " + ROUNDS + " messages";
        }
    }

    /** Takes every event, without keeping it. */
    private final EventSink sink = new EventSink() {
        @Override
        public int maxLength() {
            return REPLY_ROOM;
        }

        @Override
        public Result offer(byte[] event, int length) {
            sent++;
            return Result.SENT;
        }
    };

    private void begin() throws Exception {
        bench = WholeBoard.bench(directory, "trusted", "other");
        Map<ResourceKind, List<Grant>> everything = WholeBoard.everything(Bench.board(directory, WholeBoard.YAML));
        trusted = bench.agent("trusted", everything).agent;
        other = bench.agent("other", everything).agent;
        trusted.attached(sink, length -> {
            late++;
            trusted.flushEvents();
        });
        other.attached(sink, length -> {
            late++;
            other.flushEvents();
        });
        bench.loop.settle();
    }

    // ---- Requests.

    /** Both subscribe to everything first, since a reset takes that away in each round. */
    private void makeSamples() {
        for (Protocol protocol : bench.core.protocols()) {
            for (Message message : protocol.table().messages()) {
                if (message.type() == MessageType.COMMAND
                        && message.tier() == Tier.NOTIFY
                        && protocol.implementsCommand(message)) {
                    for (int[] payload : payloads(protocol, message)) {
                        samples.add(new Sample(trusted, message, command(message, payload)));
                        samples.add(new Sample(other, message, command(message, payload)));
                    }
                }
            }
        }
        for (Protocol protocol : bench.core.protocols().reversed()) { // Base last, with its resets
            for (Message message : protocol.table().messages()) {
                if (message.type() == MessageType.COMMAND && protocol.implementsCommand(message)) {
                    addSamples(protocol, message);
                }
            }
        }
        samples.add(new Sample(trusted, BaseMessage.PROTOCOL_VERSION, command(0x33 << 10)));
        samples.add(new Sample(trusted, BaseMessage.PROTOCOL_VERSION, command(0x14 << 10 | 0x77)));
        samples.add(new Sample(trusted, BaseMessage.PROTOCOL_VERSION, new byte[3]));
    }

    private void addSamples(Protocol protocol, Message message) {
        List<int[]> payloads = payloads(protocol, message);
        for (int[] payload : payloads) {
            samples.add(new Sample(trusted, message, command(message, payload)));
            samples.add(new Sample(other, message, command(message, payload)));
        }
        int[] legal = payloads.getFirst();
        int[] longer = Arrays.copyOf(legal, legal.length + 5);
        samples.add(new Sample(trusted, message, command(message, longer)));
        if (legal.length > 0) {
            samples.add(new Sample(trusted, message, command(message, Arrays.copyOf(legal, legal.length - 1))));
            int[] wild = legal.clone();
            for (int i = 0; i < legal.length; i++) {
                wild[i] = -1;
                samples.add(new Sample(trusted, message, command(message, wild.clone())));
            }
        }
    }

    private static List<int[]> payloads(Protocol protocol, Message message) {
        int[][] values = VALUES.get(message);
        if (values != null) {
            return List.of(values);
        }
        if (message.id() == NEGOTIATE) {
            return List.of(new int[] {protocol.id().newestVersion()});
        }
        Layout layout = message.description().fromAgent();
        List<int[]> payloads = new ArrayList<>();
        ResourceKind kind = protocol.kind();
        int resources = layout.resourceOffset() == Layout.NO_RESOURCE || kind == null ? 1 : 8;
        for (int resource = 0; resource < resources; resource++) {
            int[] payload = new int[layout.length(protocol.id().newestVersion()) / 4];
            if (layout.resourceOffset() != Layout.NO_RESOURCE) {
                payload[layout.resourceOffset() / 4] = resource;
            }
            if (message.tier() == Tier.NOTIFY) {
                payload[payload.length - 1] = 1; // notify_enable comes last
            }
            payloads.add(payload);
        }
        return payloads;
    }

    private static byte[] command(Message message, int... payload) {
        return command(message.id() | message.protocol().id() << 10, payload);
    }

    private static byte[] command(int header, int... payload) {
        ByteBuffer request = ByteBuffer.allocate(4 + 4 * payload.length).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(header);
        for (int word : payload) {
            request.putInt(word);
        }
        return request.array();
    }

    // ---- Rounds.

    private void round(int number) {
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            execute(sample);
            sample.allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        bench.windows.window("env").write(0, (number & 1) == 0 ? 4000 : 5000);
    }

    private int execute(Sample sample) {
        int lateBefore = late;
        int length = sample.agent.execute(sample.request, sample.request.length, reply, REPLY_ROOM);
        for (int i = 0; i < 50 && length == AgentPort.DEFERRED && late == lateBefore; i++) {
            bench.loop.passMillis(1);
        }
        sample.agent.flushEvents();
        bench.loop.settle();
        return length;
    }

    /** Time for what samples, and for asynchronous commands. */
    private long passTime() {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 12; i++) {
            bench.loop.passMillis(100);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private void noteSuccesses() {
        for (Sample sample : samples) {
            if (sample.request.length >= 4
                    && execute(sample) != 0
                    && ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getInt(4) == 0) {
                succeeded.add(sample.message);
            }
        }
    }

    /** The samples that allocated in each of several attempts: one measuring does now and then, when code is compiled. */
    private List<String> allocating() {
        for (int number = 0; number < WARM_UP_ROUNDS; number++) {
            round(number);
            passTime();
        }
        Set<Sample> suspects = new HashSet<>(samples);
        boolean timeAllocates = true;
        sent = 0;
        late = 0;
        for (int attempt = 0; attempt < ATTEMPTS && (timeAllocates || !suspects.isEmpty()); attempt++) {
            samples.forEach(sample -> sample.allocated = 0);
            long inTime = 0;
            for (int number = 0; number < ROUNDS; number++) {
                round(number);
                inTime += passTime();
            }
            suspects.removeIf(sample -> sample.allocated == 0);
            timeAllocates &= inTime > 0;
        }
        List<String> found = new ArrayList<>();
        suspects.forEach(sample -> found.add(sample.toString()));
        if (timeAllocates) {
            found.add("what happens by itself as time passes");
        }
        return found;
    }

    @Test
    void noMessageAllocatesInTheSteadyState() throws Exception {
        begin();
        makeSamples();
        noteSuccesses();
        List<String> without = new ArrayList<>();
        for (Sample sample : samples) {
            if (!succeeded.contains(sample.message) && !NEVER.contains(sample.message)) {
                without.add(sample.message.name());
            }
        }
        assertEquals(List.of(), without.stream().distinct().toList(), "commands without a legal request here");
        assertEquals(List.of(), allocating());
        assertTrue(sent >= ROUNDS * 20, "events were sent all the time: " + sent);
        assertTrue(late >= ROUNDS * 2, "replies came later: " + late);
    }

    @Test
    void norDoesOneOfTheOldestVersions() throws Exception {
        begin();
        makeSamples();
        for (Protocol protocol : bench.core.protocols()) {
            for (Agent agent : List.of(trusted, other)) {
                byte[] request = command(
                        NEGOTIATE | protocol.id().id() << 10, protocol.id().versions()[0]);
                agent.execute(request, request.length, reply, REPLY_ROOM);
            }
        }
        samples.removeIf(sample -> sample.message.id() == NEGOTIATE);
        assertEquals(List.of(), allocating());
        assertTrue(sent >= ROUNDS * 10, "events were sent all the time: " + sent);
    }
}
