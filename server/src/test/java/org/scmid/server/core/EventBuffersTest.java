// What becomes of events whose buffers come late or are too small: random buffers, and what must hold for each message.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.agent.AgentMetrics.EventCount;
import org.scmid.transport.EventSink;

@Tag(Evidence.RANDOM)
class EventBuffersTest {
    private static final int CLOCK = 0x14;
    private static final int UART = 0;
    private static final int BUS = 1;

    /** A CLOCK_RATE_SET's delayed response: header, status, id, rate. */
    private static final int DELAYED_BYTES = 20;

    /** A RATE_CHANGED: header, agent, id, rate. */
    private static final int NOTIFICATION_BYTES = 20;

    /** Type 2 of a header: a delayed response. */
    private static final int DELAYED = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer agent;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer other;

    private final Ring ring = new Ring();

    /** A ring of buffers, as its driver sees it. */
    private static final class Ring implements EventSink {
        private final ArrayDeque<Integer> posted = new ArrayDeque<>();
        private final List<int[]> received = new ArrayList<>();
        private int returned;

        @Override
        public int maxLength() {
            return 4096;
        }

        @Override
        public Result offer(byte[] event, int length) {
            Integer next = posted.peek();
            if (next == null) {
                return Result.NO_BUFFER;
            }
            if (next < length) {
                return Result.TOO_LONG;
            }
            posted.remove();
            received.add(Bench.words(Arrays.copyOf(event, length)));
            return Result.SENT;
        }

        @Override
        public void returnBuffer() {
            posted.remove();
            returned++;
        }

        List<int[]> ofType(int type) {
            return received.stream()
                    .filter(words -> (words[0] >>> 8 & 3) == type)
                    .toList();
        }
    }

    @BeforeEach
    void twoAgents() throws Exception {
        bench = new Bench(directory);
        agent = bench.agent("linux", "uart", "bus").withEvents();
        other = bench.agent("zephyr", "bus").withoutEvents();
        agent.agent.attached(ring, length -> {});
        assertEquals(0, agent.status(CLOCK, 9, BUS, 1));
    }

    private void post(int... sizes) {
        for (int size : sizes) {
            ring.posted.add(size);
        }
        agent.agent.flushEvents();
        bench.loop.settle();
    }

    private void changeBus(int hertz) {
        assertEquals(0, other.status(CLOCK, 5, 0, 0, hertz, 0));
    }

    private int setUartLater() {
        assertEquals(0, agent.status(CLOCK, 5, 1, UART, 24_000_000, 0));
        return agent.lastToken();
    }

    @Test
    void aBufferThatIsTooSmallGoesBackAndThoseBehindItAreUsed() {
        changeBus(24_000_000);
        post(8, 64, 64);
        assertEquals(1, ring.returned);
        assertEquals(1, ring.received.size());
        changeBus(12_000_000);
        assertEquals(2, ring.received.size());
    }

    @Test
    void aNotificationThatDoesNotFitIntoSeveralBuffersIsLostAndADelayedResponseIsNot() {
        int token = setUartLater();
        changeBus(24_000_000);
        post(8, 8, 8, 8, 8, 8);
        assertEquals(List.of(), ring.received);
        assertEquals(6, ring.returned);
        assertEquals(1, agent.agent.metrics().events(EventCount.NOTIFICATION_DROPPED));
        post(DELAYED_BYTES, NOTIFICATION_BYTES);
        assertEquals(1, ring.received.size());
        assertEquals(token, ring.received.getFirst()[0] >>> 18);
        assertEquals(0, ring.received.getFirst()[1]);
    }

    @Test
    void anAgentThatGivesSmallBuffersAgainAndAgainKeepsTheServiceFromNothing() {
        setUartLater();
        for (int i = 0; i < 1_000; i++) {
            post(8);
        }
        assertEquals(64, ring.returned, "at once");
        bench.loop.passMillis(100);
        assertEquals(128, ring.returned, "and after a pause");
        ring.posted.clear();
        post(DELAYED_BYTES);
        assertEquals(1, ring.received.size());
    }

    @Test
    void randomBuffersBringEachDelayedResponseOnceInOrderAndNotificationsInOrder() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ring.received.clear();
            ring.posted.clear();
            List<Integer> expected = new ArrayList<>();
            List<Integer> rates = new ArrayList<>();
            int rate = 24_000_000;
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        if (agent.status(CLOCK, 5, 1, UART, 24_000_000, 0) == 0) {
                            expected.add(agent.lastToken());
                        }
                    }
                    case 1 -> {
                        rate = rate == 24_000_000 ? 12_000_000 : 24_000_000;
                        changeBus(rate);
                        rates.add(rate);
                    }
                    case 2 -> post(4 + random.nextInt(40));
                    default -> bench.loop.passMillis(random.nextInt(200));
                }
            }
            for (int i = 0; i < 200 && agent.agent.state().oldestDone() >= 0; i++) {
                bench.loop.passMillis(100);
                post(64);
            }
            for (int i = 0; i < 64; i++) {
                post(64);
            }
            List<int[]> delayed = ring.ofType(DELAYED);
            assertEquals(
                    expected, delayed.stream().map(words -> words[0] >>> 18).toList(), "seed " + seed);
            assertTrue(delayed.stream().allMatch(words -> words[1] == 0), "seed " + seed + ": the status is its own");
            List<Integer> told = ring.ofType(3).stream().map(words -> words[3]).toList();
            int at = rates.size();
            for (int i = told.size() - 1; i >= 0; i--) {
                at = rates.subList(0, at).lastIndexOf(told.get(i));
                assertTrue(at >= 0, "seed " + seed + ": " + told + " of " + rates);
            }
        }
    }
}
