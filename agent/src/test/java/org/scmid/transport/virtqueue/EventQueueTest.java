package org.scmid.transport.virtqueue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scmid.linux.NativeFile;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink.Result;
import org.scmid.transport.MalformedInput;

/** Events find buffers, or are told that there are none. */
class EventQueueTest {
    private static final long BUFFERS = RingFixture.BUFFERS;
    private static final byte[] EVENT = {1, 2, 3, 4, 5, 6, 7, 8};

    private RingFixture f;

    EventQueueTest() throws Exception {
        f = new RingFixture(16, true, true);
    }

    @BeforeEach
    void start() throws Exception {
        f.events.ring().start(f.driver.layout(), 0, true, true);
    }

    @AfterEach
    void close() {
        f.close();
    }

    private void post(int length, int readable) {
        f.driver.add(new long[] {BUFFERS}, new int[] {length}, readable, 1);
        f.driver.publish();
    }

    @Test
    void anEventGoesIntoTheNextBuffer() {
        post(128, 0);
        post(128, 0);
        assertEquals(Result.SENT, f.events.offer(EVENT, 8));
        assertTrue(f.driver.takeUsed());
        assertEquals(8, f.driver.usedLength());
        byte[] seen = new byte[8];
        f.memory.read(BUFFERS, seen, 8);
        assertArrayEquals(EVENT, seen);
        assertFalse(f.driver.takeUsed());
        assertEquals(1, f.calls);
    }

    @Test
    void withoutABufferTheEventStaysAndTheNextBufferIsAnnouncedOnce() {
        assertEquals(Result.NO_BUFFER, f.events.offer(EVENT, 8));
        assertFalse(f.events.buffersAppeared());
        assertFalse(f.events.prepareToWait());
        post(128, 0);
        assertTrue(f.driver.needsKick(), "an event waits");
        assertTrue(f.events.prepareToWait());
        assertTrue(f.events.buffersAppeared());
        assertFalse(f.events.buffersAppeared());
        assertEquals(Result.SENT, f.events.offer(EVENT, 8));
    }

    @Test
    void anEventThatIsTooLongLeavesTheBufferForAShorterOne() {
        post(6, 0);
        assertEquals(Result.TOO_LONG, f.events.offer(EVENT, 8));
        assertEquals(Result.TOO_LONG, f.events.offer(EVENT, AgentPort.MAX_MESSAGE + 1));
        assertFalse(f.driver.takeUsed());
        assertEquals(Result.SENT, f.events.offer(EVENT, 6));
        assertTrue(f.driver.takeUsed());
        assertEquals(6, f.driver.usedLength());
    }

    @Test
    void aBufferThatIsTooSmallIsReturnedUnusedAndCounted() {
        post(6, 0);
        post(128, 0);
        assertEquals(Result.TOO_LONG, f.events.offer(EVENT, 8));
        f.events.returnBuffer();
        assertEquals(Result.SENT, f.events.offer(EVENT, 8));
        for (int length : new int[] {0, 8}) {
            assertTrue(f.driver.takeUsed());
            assertEquals(length, f.driver.usedLength());
        }
        assertEquals(1, f.port.count(MalformedInput.SMALL_EVENT_BUFFER));
        f.events.returnBuffer();
        assertFalse(f.driver.takeUsed(), "there is none");
        f.events.ring().stop();
        f.events.returnBuffer();
    }

    @Test
    void uselessBuffersAreReturnedUnusedOnTheWay() {
        post(128, 1); // readable
        post(3, 0); // too short for a header
        f.driver.add(new long[] {0}, new int[] {128}, 0, 1); // no memory
        post(128, 0);
        assertEquals(Result.SENT, f.events.offer(EVENT, 8));
        for (int length : new int[] {0, 0, 0, 8}) {
            assertTrue(f.driver.takeUsed());
            assertEquals(length, f.driver.usedLength());
        }
        assertEquals(2, f.port.count(MalformedInput.BAD_EVENT_BUFFER));
        assertEquals(1, f.port.count(MalformedInput.BAD_ADDRESS));
    }

    @Test
    void aQueueThatDoesNotRunHasNoBuffers() {
        post(128, 0);
        f.events.ring().stop();
        assertEquals(Result.NO_BUFFER, f.events.offer(EVENT, 8));
    }

    @Test
    void memoryThatIsCutOffEndsOnlyThisPeer() throws Exception {
        post(128, 0);
        NativeFile.truncate(f.memory.region(BUFFERS).fd(), 0);
        assertEquals(Result.NO_BUFFER, f.events.offer(Arrays.copyOf(EVENT, 64), 64));
        assertEquals(1, f.memoryLosses);
    }
}
