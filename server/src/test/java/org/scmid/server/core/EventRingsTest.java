// What becomes of events in real rings, whose drivers give buffers of any size at any time.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.agent.frontend.WindowDriver.MmioPlan;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.Status;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.agent.Agent;
import org.scmid.transport.AgentLog;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.PollPacing;
import org.scmid.transport.virtqueue.EventQueue;
import org.scmid.transport.virtqueue.LinkedChains;
import org.scmid.transport.virtqueue.SplitQueue;
import org.scmid.transport.window.FatGeometry;
import org.scmid.transport.window.WindowFile;
import org.scmid.transport.window.WindowTransport;

@Tag(Evidence.RANDOM)
class EventRingsTest {
    private static final int CLOCK = 0x14;
    private static final int SENSOR = 0x15;
    private static final int BUSY = Status.Code.BUSY;

    /** Types of messages, in bits 9..8 of a header. */
    private static final int DELAYED = 2;

    private static final int NOTIFICATION = 3;

    /** How many asynchronous commands an agent may have under way. */
    private static final int SLOTS = 8;

    private static final String BOARD = """
            board: bench
            registers: { cru: { at: 0x1000, size: 4 KiB, access: simulated } }
            clocks:
              osc: { fixed: 24 MHz }
              bus: { parent: osc, divider: { register: cru+0x0, bits: 7..0, kind: linear } }
            sensors:
              narrow: { unit: V, asynchronous: true, source: { register: cru+4, bit: 0 } }
              middle:
                unit: V
                asynchronous: true
                axes:
            """ + axes(3) + """
              wide:
                unit: V
                asynchronous: true
                axes:
            """ + axes(8);

    /** The lengths of the delayed responses of the sensors: header, status, id, and 16 bytes a value. */
    private static final int[] LENGTHS = {12 + 16, 12 + 3 * 16, 12 + 8 * 16};

    private static final int NARROW = 0;
    private static final int WIDE = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer agent;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer other;

    @SuppressWarnings("NullAway.Init")
    private Driver driver;

    private static String axes(int count) {
        StringBuilder axes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            axes.append("      ").append((char) ('a' + i)).append("_X: { source: { register: cru+8, bit: 0 } }\n");
        }
        return axes.toString();
    }

    /** A buffer that has come back. */
    private static final class Used {
        private final int size;
        private final int[] words;

        Used(int size, int[] words) {
            this.size = size;
            this.words = words.clone();
        }

        int[] words() {
            return words.clone();
        }
    }

    /** How the rings get at the guest's memory. */
    enum Way {
        VM,
        MMIO_WINDOW,
        FAT_WINDOW
    }

    /** The guest's end of an event queue. */
    private interface Driver extends AutoCloseable {
        /** Posts a buffer, if there is a free place in the ring; of what size, where the driver has no choice, is its affair. */
        void post(int size);

        /** Lets the device see what was posted. */
        void serve();

        /** The buffers that have come back since the last call, in their order. */
        List<Used> take();

        @Override
        void close() throws IOException;
    }

    /** A ring in a VM's memory, whose event queue is looked at as the connection to the VMM does. */
    private static final class VmDriver implements Driver {
        private static final long RING = 0x10000;
        private static final long BUFFERS = 0x20000;
        private static final int ENTRIES = 64;
        private static final int LARGEST = 256;

        private final DriverMemory memory = new DriverMemory();
        private final DriverRing ring;
        private final EventQueue queue;
        private final Agent agent;
        private final Map<Integer, Integer> sizes = new HashMap<>();

        VmDriver(Bench bench, Agent agent) throws Exception {
            this.agent = agent;
            memory.add(RING, 0x40000, 0x1000);
            ring = new DriverRing(memory, RING, ENTRIES, true);
            queue = new EventQueue(
                    agent,
                    new AgentLog(EventRingsTest.class, bench.loop, "vm"),
                    SplitQueue.forgiving(new LinkedChains(memory)),
                    () -> {},
                    () -> {
                        throw new AssertionError("the memory is there");
                    },
                    () -> {});
            queue.ring().start(ring.layout(), 0, true, true);
            agent.attached(queue, length -> {});
        }

        private static long address(int head) {
            return BUFFERS + (long) head * LARGEST;
        }

        @Override
        public void post(int size) {
            if (ring.free() > 0) {
                int head = ring.add(new long[] {0}, new int[] {size}, 0, 1);
                ring.setDescriptor(head, address(head), size, DriverRing.WRITE, 0);
                sizes.put(head, size);
                ring.publish();
            }
        }

        @Override
        public void serve() {
            if (queue.buffersAppeared()) {
                agent.flushEvents();
            }
        }

        @Override
        public List<Used> take() {
            List<Used> all = new ArrayList<>();
            while (ring.takeUsed()) {
                byte[] bytes = new byte[ring.usedLength()];
                memory.read(address(ring.usedId()), bytes, bytes.length);
                int size = Objects.requireNonNull(sizes.remove(ring.usedId()), "a buffer comes back once");
                all.add(new Used(size, Bench.words(bytes)));
            }
            return all;
        }

        @Override
        public void close() {
            queue.ring().stop();
            memory.close();
        }
    }

    /** One of the two windows, served by a transport of its own. */
    private static final class WindowEnd implements Driver {
        private static final int SIZE = 0x20000;
        private static final long GUEST_ADDRESS = 0x7000_0000L;
        private static final int FAT_SLOT = 128;

        private final Bench bench;
        private final Path file = Path.of(
                "/dev/shm/scmid-event-rings-test-" + ProcessHandle.current().pid());
        private final boolean isFat;
        private final DriverWindow window;
        private final WindowTransport server;
        private final WindowDriver driver;
        private final Map<Integer, Integer> sizes = new LinkedHashMap<>();

        WindowEnd(Bench bench, Agent agent, boolean isFat) throws IOException {
            this.bench = bench;
            this.isFat = isFat;
            Files.write(file, new byte[SIZE]);
            window = DriverWindow.open(file, 0, SIZE, GUEST_ADDRESS);
            WindowFile place = new WindowFile(file, 0, SIZE, WindowFile.Kind.MEMORY_FILE);
            WindowTransport.Attention attention =
                    new WindowTransport.Attention(new PollPacing(bench.loop), 10_000_000, null);
            server = isFat
                    ? WindowTransport.fat(
                            bench.loop, agent, place, GUEST_ADDRESS, new FatGeometry(32, FAT_SLOT), attention)
                    : WindowTransport.mmio(bench.loop, agent, place, GUEST_ADDRESS, attention);
            driver = isFat
                    ? WindowDriver.fat(window, DriverControl.NO_BELL)
                    : WindowDriver.mmio(window, MmioPlan.USUAL, DriverControl.NO_BELL);
            driver.keepEventBuffers(true);
            server.start();
            for (int i = 0; driver.phase() != WindowDriver.Phase.READY; i++) {
                assertTrue(i < 1000, driver::toString);
                driver.step();
                bench.loop.turn();
            }
            bench.loop.turn();
        }

        @Override
        public void post(int size) {
            DriverRing ring = driver.eventRing();
            for (int id = 0; id < ring.size(); id++) {
                if (!sizes.containsKey(id)) {
                    sizes.put(id, isFat ? FAT_SLOT : size);
                    ring.setLength(id, isFat ? FAT_SLOT : size);
                    ring.offer(id);
                    ring.publish();
                    driver.control().kick(1);
                    return;
                }
            }
        }

        @Override
        public void serve() {
            bench.loop.turn();
            assertEquals(WindowDriver.Phase.READY, driver.step());
        }

        @Override
        public List<Used> take() {
            DriverRing ring = driver.eventRing();
            List<Used> all = new ArrayList<>();
            while (ring.usedWaiting() > 0) {
                ring.nextUsed();
                byte[] bytes = new byte[ring.usedLength()];
                window.read(driver.eventSlot(ring.usedId()), bytes, bytes.length);
                int size = Objects.requireNonNull(sizes.remove(ring.usedId()), "a buffer comes back once");
                all.add(new Used(size, Bench.words(bytes)));
            }
            return all;
        }

        @Override
        public void close() throws IOException {
            server.close();
            window.close();
            Files.deleteIfExists(file);
        }
    }

    private void start(Way way) throws Exception {
        bench = new Bench(Bench.board(directory, BOARD));
        agent = bench.agent(
                "guest",
                Map.of(
                        ResourceKind.CLOCK,
                        Bench.grants("bus"),
                        ResourceKind.SENSOR,
                        Bench.grants("narrow", "middle", "wide")));
        other = bench.agent("other", "bus").withoutEvents();
        driver = way == Way.VM
                ? new VmDriver(bench, agent.agent)
                : new WindowEnd(bench, agent.agent, way == Way.FAT_WINDOW);
    }

    @AfterEach
    void close() throws IOException {
        driver.close();
    }

    private long returnedAsTooSmall() {
        return agent.agent.metrics().malformed(MalformedInput.SMALL_EVENT_BUFFER);
    }

    /** What an agent has asked for and what has come of it, and what must hold of that at every time. */
    private final class Account {
        private final String seed;
        private final Map<Integer, Integer> waiting = new LinkedHashMap<>(); // by token: the length of the response
        private final List<Integer> asked = new ArrayList<>();
        private final List<Integer> rates = new ArrayList<>();
        private final List<Integer> told = new ArrayList<>();
        private final long returnedBefore = returnedAsTooSmall();
        private int returned;
        private int rate = 24_000_000;

        Account(String seed) {
            this.seed = seed;
        }

        void ask(int sensor) {
            int status = agent.status(SENSOR, 6, sensor, 1);
            assertEquals(waiting.size() < SLOTS ? 0 : BUSY, status, seed);
            if (status == 0) {
                asked.add(agent.lastToken());
                waiting.put(agent.lastToken(), LENGTHS[sensor]);
            }
            look();
        }

        void changeRate() {
            rate = rate == 24_000_000 ? 12_000_000 : 24_000_000;
            assertEquals(0, other.status(CLOCK, 5, 0, 0, rate, 0));
            rates.add(rate);
            look();
        }

        void post(int size) {
            driver.post(size);
            driver.serve();
            look();
        }

        void pass(int millis) {
            bench.loop.passMillis(millis);
            driver.serve();
            look();
        }

        private void look() {
            for (Used used : driver.take()) {
                if (used.words.length == 0) {
                    returned++;
                    waiting.values()
                            .forEach(length -> assertTrue(
                                    used.size < length, seed + ": one of " + used.size + " bytes came back empty"));
                } else if ((used.words[0] >>> 8 & 3) == DELAYED) {
                    responded(used.words);
                } else {
                    assertEquals(NOTIFICATION, used.words[0] >>> 8 & 3, seed);
                    told.add(used.words[3]);
                }
            }
            assertEquals(returned, returnedAsTooSmall() - returnedBefore, seed + ": each is counted");
        }

        private void responded(int[] words) {
            int token = words[0] >>> 18;
            int length = Objects.requireNonNull(
                    waiting.remove(token),
                    () -> seed + ": " + Integer.toHexString(words[0]) + " was not asked for, or has come twice");
            assertEquals(length, 4 * words.length, seed);
            assertEquals(0, words[1], seed + ": the status is its own");
            for (int earlier : asked.subList(0, asked.indexOf(token))) {
                int its = waiting.getOrDefault(earlier, Integer.MAX_VALUE);
                assertTrue(its > length, seed + ": only what is longer waits longer");
            }
        }

        /** What came of the changes is in their order; some may be missing. */
        void checkNotifications() {
            int at = rates.size();
            for (int i = told.size() - 1; i >= 0; i--) {
                at = rates.subList(0, at).lastIndexOf(told.get(i));
                assertTrue(at >= 0, seed + ": " + told + " of " + rates);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void randomBuffersBringEachDelayedResponseOnceAndOnlyShorterOnesOvertake(Way way) throws Exception {
        start(way);
        int late = 0;
        int returned = 0;
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            agent.agent.guestReset();
            assertEquals(0, agent.status(CLOCK, 9, 0, 1));
            Account account = new Account(way + ", seed " + seed);
            for (int step = 0; step < 100; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> account.ask(random.nextInt(way == Way.FAT_WINDOW ? WIDE : WIDE + 1));
                    case 2 -> account.changeRate();
                    case 3 -> account.post(4 + random.nextInt(160));
                    default -> account.pass(random.nextInt(120));
                }
            }
            List<Integer> order = List.copyOf(account.waiting.keySet());
            for (int i = 0; i < 200 && !account.waiting.isEmpty(); i++) {
                account.post(192);
                account.pass(50);
            }
            assertEquals(Map.of(), account.waiting, "seed " + seed + ": none is lost of " + order);
            account.checkNotifications();
            returned += account.returned;
            late += order.size();
        }
        assertTrue(late > 0, "some were still waiting at the end");
        assertEquals(way != Way.FAT_WINDOW, returned > 0, "buffers of one size all fit");
    }

    @Test
    void aShortResponseOvertakesALongOneThatWaitsForALargeBuffer() throws Exception {
        start(Way.VM);
        assertEquals(0, agent.status(SENSOR, 6, WIDE, 1));
        int wide = agent.lastToken();
        assertEquals(0, agent.status(SENSOR, 6, NARROW, 1));
        int narrow = agent.lastToken();
        driver.post(LENGTHS[NARROW]);
        driver.serve();
        driver.post(LENGTHS[WIDE] - 1);
        driver.serve();
        driver.post(LENGTHS[WIDE]);
        driver.serve();
        List<Used> used = driver.take();
        assertEquals(3, used.size());
        assertEquals(narrow, used.get(0).words[0] >>> 18);
        assertEquals(0, used.get(1).words.length, "too small for what waits");
        assertEquals(wide, used.get(2).words[0] >>> 18);
        assertEquals(1, returnedAsTooSmall());
    }

    /** A fat virtqueue has slots of one size, so that what is longer waits until the agent is reset. */
    @Test
    void aResponseThatNoBufferHoldsTakesItsPlaceUntilTheAgentIsReset() throws Exception {
        start(Way.FAT_WINDOW);
        for (int i = 0; i < SLOTS - 1; i++) {
            assertEquals(0, agent.status(SENSOR, 6, WIDE, 1));
        }
        for (int round = 0; round < 20; round++) {
            assertEquals(0, agent.status(SENSOR, 6, NARROW, 1), "the last place serves what fits");
            assertEquals(BUSY, agent.status(SENSOR, 6, NARROW, 1));
            int narrow = agent.lastToken() - 1;
            List<int[]> came = new ArrayList<>();
            for (int i = 0; i < 10 && came.isEmpty(); i++) {
                driver.post(0);
                driver.serve();
                bench.loop.passMillis(100);
                driver.take().stream()
                        .map(Used::words)
                        .filter(w -> w.length > 0)
                        .forEach(came::add);
            }
            assertEquals(List.of(narrow), came.stream().map(w -> w[0] >>> 18).toList());
        }
        assertEquals(0, agent.status(SENSOR, 6, WIDE, 1));
        assertEquals(BUSY, agent.status(SENSOR, 6, NARROW, 1));
        agent.agent.guestReset();
        for (int i = 0; i < SLOTS; i++) {
            assertEquals(0, agent.status(SENSOR, 6, WIDE, 1), "all places are free");
        }
    }
}
