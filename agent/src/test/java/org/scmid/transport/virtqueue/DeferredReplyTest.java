// Tests of a command queue whose replies come later.
package org.scmid.transport.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ReplyListener;

/** A command queue whose port answers later. */
class DeferredReplyTest {
    private static final long REQUESTS = RingFixture.BUFFERS;
    private static final long REPLIES = RingFixture.BUFFERS + 0x1000;

    /** Each value has buffers of its own. */
    private static void request(RingFixture f, int value) {
        byte[] bytes = new byte[8];
        Arrays.fill(bytes, (byte) value);
        f.memory.write(REQUESTS + 8L * value, bytes, 8);
        assertTrue(f.driver.add(new long[] {REQUESTS + 8L * value, REPLIES + 64L * value}, new int[] {8, 64}, 1, 2)
                >= 0);
        f.driver.publish();
    }

    private static void expectAnswer(RingFixture f, int value) {
        assertTrue(f.driver.takeUsed(), "an answer to " + value);
        assertEquals(8, f.driver.usedLength());
        byte[] bytes = new byte[8];
        f.memory.read(REPLIES + 64L * value, bytes, 8);
        for (byte one : bytes) {
            assertEquals((byte) ~value, one);
        }
    }

    private static void expectReturnedUnused(RingFixture f, MalformedInput reason) {
        f.serveAll();
        assertTrue(f.driver.takeUsed());
        assertEquals(0, f.driver.usedLength());
        assertEquals(1, f.port.count(reason));
    }

    private static ReplyListener listener(RingFixture f) {
        ReplyListener listener = f.port.replies;
        assertNotNull(listener);
        return listener;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commandsBehindItWaitAndAreThenAnsweredInOrderWithoutAnotherKick(boolean eventIdx) throws Exception {
        try (RingFixture f = new RingFixture(16, eventIdx, true)) {
            request(f, 1);
            f.serveAll();
            expectAnswer(f, 1);
            f.port.deferring = true;
            assertFalse(f.commands.prepareToWait());
            request(f, 2);
            assertTrue(f.driver.needsKick());
            assertTrue(f.commands.serve());
            request(f, 3);
            request(f, 4);
            f.driver.needsKick();
            f.port.deferring = false;
            assertFalse(f.commands.serve(), "it takes nothing");
            assertFalse(f.commands.prepareToWait(), "and has no work, so that the loop may wait");
            assertEquals(2, f.port.executed());
            assertFalse(f.driver.takeUsed());
            f.port.reply();
            assertFalse(f.driver.takeUsed(), "it is published by the next turn");
            assertTrue(f.commands.prepareToWait());
            f.serveAll();
            expectAnswer(f, 2);
            expectAnswer(f, 3);
            expectAnswer(f, 4);
            assertFalse(f.driver.takeUsed());
            assertFalse(f.commands.prepareToWait());
            request(f, 5);
            assertTrue(f.driver.needsKick(), "kicks are wanted again");
        }
    }

    @Test
    void repliesBeforeItAreNotHeldBack() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            request(f, 1);
            f.commands.serve();
            request(f, 2);
            f.port.deferring = true;
            long flushes = f.port.flushes();
            assertTrue(f.commands.serve());
            expectAnswer(f, 1);
            assertEquals(1, f.calls);
            assertTrue(f.port.flushes() > flushes, "events may be sent");
            f.driver.requestCalls();
            f.port.reply();
            f.serveAll();
            assertEquals(2, f.calls, "the driver is called for the late reply");
            expectAnswer(f, 2);
        }
    }

    @Test
    void everyReplyMayBeLate() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            for (int i = 0; i < 8; i++) {
                request(f, i);
            }
            f.commands.serve();
            for (int i = 0; i < 8; i++) {
                assertEquals(i + 1, f.port.executed());
                f.port.reply();
                assertTrue(f.commands.serve());
                assertFalse(f.commands.serve());
                expectAnswer(f, i);
            }
        }
    }

    @Test
    void aLateReplyMayBeNone() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            listener(f).replyReady(0);
            f.serveAll();
            assertTrue(f.driver.takeUsed());
            assertEquals(0, f.driver.usedLength());
        }
    }

    @Test
    void eventsPassIt() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            DriverRing driver = new DriverRing(f.memory, RingFixture.RING + 0x2000, 16, true);
            f.events.ring().start(driver.layout(), 0, true, true);
            driver.add(new long[] {RingFixture.APART}, new int[] {64}, 0, 1);
            driver.publish();
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            assertEquals(EventSink.Result.SENT, f.events.offer(new byte[] {1, 2, 3, 4}, 4));
            assertTrue(driver.takeUsed());
            assertFalse(f.driver.takeUsed());
        }
    }

    @Test
    void aRingThatIsStoppedMeanwhileTakesTheCommandAgain() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            request(f, 1);
            f.serveAll();
            expectAnswer(f, 1);
            f.port.deferring = true;
            request(f, 2);
            request(f, 3);
            f.commands.serve();
            assertEquals(1, f.commands.ring().stop());
            assertEquals(1, f.driver.usedIdx());
            f.commands.ring().start(f.driver.layout(), 1, true, true);
            f.port.reply();
            f.port.deferring = false;
            f.serveAll();
            assertEquals(4, f.port.executed(), "1, 2, 2 again, 3");
            expectAnswer(f, 2);
            expectAnswer(f, 3);
        }
    }

    @Test
    void aReplyThatWasReadyButNotPublishedIsNotTakenForThatOfTheNextTime() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.port.reply();
            f.commands.ring().stop();
            f.commands.ring().start(f.driver.layout(), 0, true, true);
            f.commands.serve();
            assertFalse(f.commands.serve());
            assertFalse(f.driver.takeUsed());
            f.port.reply();
            f.serveAll();
            expectAnswer(f, 1);
        }
    }

    @Test
    void whatAnEarlierAttachmentLeftBehindIsIgnored() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            ReplyListener before = listener(f);
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.commands.ring().stop();
            f.port.replyTo(before);
            f.commands.ring().start(f.driver.layout(), 0, true, true);
            f.port.attached(null, f.commands.newReplies());
            f.commands.serve();
            f.port.replyTo(before);
            assertFalse(f.commands.serve());
            assertFalse(f.driver.takeUsed());
            f.port.reply();
            f.serveAll();
            expectAnswer(f, 1);
        }
    }

    @Test
    void aSecondReplyAndOneThatNobodyWaitsForAreIgnored() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            listener(f).replyReady(8);
            assertFalse(f.commands.serve());
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.port.reply();
            listener(f).replyReady(0);
            f.serveAll();
            expectAnswer(f, 1);
            listener(f).replyReady(8);
            assertFalse(f.commands.serve());
            assertFalse(f.driver.takeUsed());
        }
    }

    @Test
    void aLengthThatThereIsNoRoomForIsRefusedAndTheReplyStaysOutstanding() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            assertThrows(IllegalArgumentException.class, () -> listener(f).replyReady(65));
            assertThrows(IllegalArgumentException.class, () -> listener(f).replyReady(-1));
            assertFalse(f.commands.serve());
            f.port.reply();
            f.serveAll();
            expectAnswer(f, 1);
        }
    }

    @Test
    void aRingMayMoveMeanwhile() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.commands.ring().move(f.driver.layout(), true, true);
            assertFalse(f.commands.serve());
            assertFalse(f.commands.prepareToWait());
            assertEquals(1, f.port.executed());
            f.port.reply();
            f.serveAll();
            expectAnswer(f, 1);
        }
    }

    @Test
    void aDriverThatTakesTheBufferAwayMeanwhileGetsNothingWritten() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.driver.setDescriptor(1, RingFixture.END_OF_APART, 64, DriverRing.WRITE, 0);
            f.port.reply();
            expectReturnedUnused(f, MalformedInput.BAD_ADDRESS);
        }
    }

    @Test
    void aDriverThatMakesTheBufferSmallerMeanwhileGetsNothingWritten() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.driver.setDescriptor(1, REPLIES, 7, DriverRing.WRITE, 0);
            f.port.reply();
            expectReturnedUnused(f, MalformedInput.BAD_CHAIN);
        }
    }

    @Test
    void aDriverThatMakesALoopMeanwhileGetsNothingWritten() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.driver.setDescriptor(1, REPLIES, 64, DriverRing.WRITE | DriverRing.NEXT, 1);
            f.port.reply();
            expectReturnedUnused(f, MalformedInput.BAD_CHAIN);
        }
    }

    @Test
    void anotherHeadInTheSameSlotChangesNothing() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.driver.setPosition(0);
            f.driver.offer(9);
            f.driver.publish();
            f.port.reply();
            f.serveAll();
            expectAnswer(f, 1);
            assertEquals(0, f.driver.usedId());
        }
    }

    @Test
    void anIndexTooFarAheadMeanwhileBreaksTheRingAfterTheReply() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            f.port.deferring = true;
            request(f, 1);
            f.commands.serve();
            f.driver.setAvailableIdx(1000);
            assertFalse(f.commands.serve());
            assertFalse(f.commands.ring().broken());
            f.port.reply();
            f.commands.serve();
            assertTrue(f.commands.ring().broken());
            expectAnswer(f, 1);
        }
    }

    @Test
    void whateverTheDriverWritesMeanwhileEachCommandComesBackOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (RingFixture f = new RingFixture(64, true, true)) {
            for (int i = 0; i < 20_000; i++) {
                String context = "seed " + seed + " round " + i;
                f.port.deferring = true;
                long executed = f.port.executed();
                f.driver.reset();
                f.commands.ring().start(f.driver.layout(), 0, random.nextBoolean(), true);
                request(f, 1);
                assertTrue(f.commands.serve(), context);
                for (int n = random.nextInt(4); n >= 0; n--) {
                    f.driver.setDescriptor(
                            random.nextInt(3),
                            random.nextBoolean() ? REPLIES + random.nextInt(0x1000) : random.nextLong(),
                            random.nextInt(random.nextInt(8) == 0 ? Integer.MAX_VALUE : 100),
                            random.nextInt(8),
                            random.nextInt(70));
                }
                f.port.reply();
                assertTrue(f.commands.serve(), context);
                assertEquals(1, f.driver.usedIdx(), context);
                assertTrue(f.driver.takeUsed(), context);
                assertEquals(0, f.driver.usedId(), context);
                assertTrue(f.driver.usedLength() == 0 || f.driver.usedLength() == 8, context);
                assertEquals(executed + 1, f.port.executed(), context);
            }
        }
    }

    @Test
    void aLateReplyAllocatesNothingInTheTransport() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RingFixture f = new RingFixture(64, true, true)) {
            long[] addresses = {REQUESTS, REPLIES};
            int[] lengths = {8, 64};
            exchangeLate(f, addresses, lengths, 20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            exchangeLate(f, addresses, lengths, 20_000);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            // The port copies each request of 8 bytes: an array of 24 bytes, and nothing else.
            assertTrue(allocated <= 20_000 * 24 + 2_000, allocated + " bytes for 20000 messages");
        }
    }

    private static void exchangeLate(RingFixture f, long[] addresses, int[] lengths, int count) {
        f.port.deferring = true;
        ReplyListener listener = listener(f);
        for (int i = 0; i < count; i++) {
            f.driver.add(addresses, lengths, 1, 2);
            f.driver.publish();
            f.commands.serve();
            f.commands.prepareToWait();
            listener.replyReady(8);
            f.commands.serve();
            f.commands.prepareToWait();
            if (!f.driver.takeUsed() || f.driver.usedLength() != 8) {
                throw new AssertionError("no answer");
            }
        }
    }
}
