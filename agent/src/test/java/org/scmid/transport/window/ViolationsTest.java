// What breaks a window, and what does not; one test for each line of the layout's rules.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.transport.EventSink.Result;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.window.WindowFixture.Layout;

class ViolationsTest {
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final int EVENT0 = 0x14;

    private static final long GUEST = WindowFixture.GUEST_ADDRESS;
    private static final long BUFFER = GUEST + 0xe000;
    private static final long END = GUEST + WindowFixture.SIZE;

    /** The window is broken by what the driver did, a request under way ends so, and a new session mends it. */
    private static void expectBroken(WindowFixture f, MalformedInput reason) throws IOException {
        int events = f.field(EVENT0);
        long executed = f.port.executed();
        f.loop.turn();
        assertEquals(2, f.state());
        assertEquals(1, f.port.count(reason));
        assertTrue(f.field(EVENT0) - events >= 1);
        assertEquals("detached", f.port.calls.getLast());
        f.setField(0x50, f.field(0x50) + 1);
        int acknowledged = f.field(0x10);
        f.loop.runFor(3 * WindowFixture.SECOND);
        assertEquals(2, f.state(), "until a new epoch");
        assertEquals(acknowledged, f.field(0x10), "no register write is acknowledged");
        assertEquals(executed, f.port.executed());
        f.checkSurroundings();
        f.driver.step();
        while (f.driver.poll()) {
            assertEquals(Ending.BROKEN, f.driver.ending());
        }
        f.untilReady();
        assertEquals(1, f.state());
        f.exchange(1);
    }

    /** One chain at descriptor 0 is made available in queue 0. */
    private static void offer(WindowFixture f, int head) {
        DriverRing ring = f.driver.commandRing();
        ring.offer(head);
        ring.publish();
    }

    private static void expectReturnedUnused(WindowFixture f, int head) {
        f.loop.turn();
        assertEquals(1, f.state());
        DriverRing ring = f.driver.commandRing();
        assertEquals(1, ring.usedWaiting());
        ring.nextUsed();
        assertEquals(head, ring.usedId());
        assertEquals(0, ring.usedLength());
    }

    // ---- Both layouts.

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anAvailableIndexMoreThanAQueueAheadIsAViolation(Layout layout) throws IOException {
        for (boolean events : new boolean[] {false, true}) {
            try (WindowFixture f = new WindowFixture(layout)) {
                f.server.start();
                f.driver.keepEventBuffers(true);
                f.untilReady();
                DriverRing ring = events ? f.driver.eventRing() : f.driver.commandRing();
                ring.setAvailableIdx(ring.size() + 1);
                if (events) {
                    assertEquals(Result.NO_BUFFER, f.offer(8));
                }
                expectBroken(f, MalformedInput.RING_BROKEN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anAvailableIndexThatGoesBackIsAViolation(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.exchange(1);
            f.driver.commandRing().setAvailableIdx(0);
            expectBroken(f, MalformedInput.RING_BROKEN);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anAvailableIndexExactlyAQueueAheadIsNone(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            DriverRing ring = f.driver.commandRing();
            for (int i = 0; i < ring.size(); i++) {
                ring.offer(2 * (i % (ring.size() / 2)));
            }
            ring.publish();
            for (int i = 0; i < 10; i++) {
                f.loop.turn();
            }
            assertEquals(1, f.state());
            assertEquals(ring.size(), ring.usedWaiting());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aHeadBeyondTheQueueIsAViolation(Layout layout) throws IOException {
        for (boolean events : new boolean[] {false, true}) {
            try (WindowFixture f = new WindowFixture(layout)) {
                f.server.start();
                f.driver.keepEventBuffers(true);
                f.untilReady();
                DriverRing ring = events ? f.driver.eventRing() : f.driver.commandRing();
                ring.offer(ring.size());
                ring.publish();
                if (events) {
                    assertEquals(Result.NO_BUFFER, f.offer(8));
                }
                expectBroken(f, MalformedInput.RING_BROKEN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void requestsUnderWayEndAsBroken(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.port.deferring = true;
            long ticket = f.send(1);
            f.loop.turn();
            f.port.deferring = false;
            f.driver.commandRing().offer(f.driver.commandRing().size() + 7);
            f.driver.commandRing().publish();
            f.port.reply();
            f.loop.turn();
            assertEquals(2, f.state());
            f.untilPolled();
            assertEquals(Ending.BROKEN, f.driver.ending());
            assertEquals(ticket, f.driver.ticket());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aNewServerForgetsThatAWindowWasBroken(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            offer(f, 0xffff);
            f.loop.turn();
            assertEquals(2, f.state());
            f.killServer();
            assertEquals(2, f.state());
            f.server.start();
            assertEquals(1, f.state());
            f.turn();
            f.untilReady();
            f.exchange(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aRequestShorterThanItsHeaderIsReturnedUnused(Layout layout) throws IOException {
        for (int length = 0; length < 4; length++) {
            try (WindowFixture f = WindowFixture.ready(layout)) {
                long ticket = f.driver.send(new byte[4], length);
                f.untilPolled();
                assertEquals(Ending.NO_REPLY, f.driver.ending());
                assertEquals(ticket, f.driver.ticket());
                assertEquals(1, f.state());
                f.exchange(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anEventWithoutABufferIsNotSentAndItsTimeComes(Layout layout) throws IOException {
        try (WindowFixture f = new WindowFixture(layout)) {
            f.server.start();
            f.driver.keepEventBuffers(true);
            f.untilReady();
            assertEquals(Result.NO_BUFFER, f.offer(8));
            f.loop.runFor(WindowFixture.SECOND);
            assertEquals(1, f.state());
            long flushes = f.port.flushes();
            f.driver.postEventBuffers();
            f.loop.turn();
            assertEquals(flushes + 1, f.port.flushes());
            assertEquals(Result.SENT, f.offer(8));
            f.untilPolled();
            assertEquals(Ending.EVENT, f.driver.ending());
            assertEquals(8, f.driver.length());
            assertEquals(8, f.driver.message()[7]);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anEventLongerThanItsBufferIsNotSentAndLeavesTheBuffer(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            assertEquals(Result.TOO_LONG, f.offer(193));
            assertEquals(0, f.driver.eventRing().usedWaiting());
            assertEquals(1, f.state());
            assertEquals(Result.SENT, f.offer(192));
            f.untilPolled();
            assertEquals(192, f.driver.length());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anEventBufferThatIsTooSmallIsReturnedUnused(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            assertEquals(Result.TOO_LONG, f.offer(193));
            f.returnBuffer();
            assertEquals(1, f.port.count(MalformedInput.SMALL_EVENT_BUFFER));
            assertEquals(1, f.driver.eventRing().usedWaiting());
            assertEquals(1, f.state(), "the session goes on");
            assertEquals(Result.SENT, f.offer(192));
        }
    }

    // ---- Fat virtqueue.

    @Nested
    class Fat {
        @Test
        void anOddHeadOfACommandIsAViolation() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
                offer(f, 1);
                expectBroken(f, MalformedInput.RING_BROKEN);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {193, 0x7fff_ffff, -1})
        void aRequestLongerThanItsSlotIsAViolation(int length) throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
                f.driver.commandRing().setLength(0, length);
                offer(f, 0);
                expectBroken(f, MalformedInput.RING_BROKEN);
            }
        }

        @Test
        void aRequestMayFillItsSlotAndSoMayItsReply() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
                assertTrue(f.driver.send(new byte[192], 192) != 0);
                f.untilPolled();
                assertEquals(Ending.REPLY, f.driver.ending());
                assertEquals(192, f.driver.length());
                assertEquals(-1, f.driver.message()[191]);
            }
        }

        @Test
        void addressesOfDescriptorsAreNeverFollowed() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
                for (int i = 0; i < 32; i++) {
                    long nowhere = 0x1234_5678_9abc_def0L * i;
                    f.driver.commandRing().setDescriptor(i, nowhere, 8, INDIRECT, 0xffff);
                    f.driver.eventRing().setDescriptor(i, nowhere, 0, 0, 0xffff);
                }
                f.exchange(1);
                assertEquals(Result.SENT, f.offer(192));
                f.untilPolled();
                assertEquals(Ending.EVENT, f.driver.ending());
                assertEquals(1, f.state());
            }
        }

        @Test
        void oddHeadsOfEventBuffersAreLegal() throws IOException {
            try (WindowFixture f = new WindowFixture(Layout.FAT)) {
                f.server.start();
                f.driver.keepEventBuffers(true);
                f.untilReady();
                DriverRing ring = f.driver.eventRing();
                ring.offer(5);
                ring.publish();
                assertEquals(Result.SENT, f.offer(8));
                assertEquals(1, ring.usedWaiting());
                ring.nextUsed();
                assertEquals(5, ring.usedId());
                assertEquals(8, ring.usedLength());
                assertEquals(0x0403_0201, f.window.load(0x5000 + 5 * 192));
            }
        }

        @Test
        void registerWritesMeanNothing() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
                f.setField(0x48, 0x070);
                f.setField(0x4c, 0);
                f.setField(0x50, f.field(0x50) + 1);
                f.loop.turn();
                assertEquals(1, f.state());
                f.exchange(1);
            }
        }
    }

    // ---- Virtio-mmio ring.

    @Nested
    class Mmio {
        private void expectViolation(Chain chain) throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
                chain.write(f.driver.commandRing());
                offer(f, 0);
                expectBroken(f, MalformedInput.RING_BROKEN);
            }
        }

        @Test
        void anIndirectDescriptorIsAViolation() throws IOException {
            expectViolation(ring -> ring.setDescriptor(0, BUFFER, 32, INDIRECT, 0));
        }

        @Test
        void aNextBeyondTheQueueIsAViolation() throws IOException {
            expectViolation(ring -> ring.setDescriptor(0, BUFFER, 8, NEXT, 64));
        }

        @Test
        void aLoopIsAViolation() throws IOException {
            expectViolation(ring -> ring.setDescriptor(0, BUFFER, 8, NEXT, 0));
        }

        @Test
        void readableAfterWritableIsAViolation() throws IOException {
            expectViolation(ring -> {
                ring.setDescriptor(0, BUFFER, 8, WRITE | NEXT, 1);
                ring.setDescriptor(1, BUFFER, 8, 0, 0);
            });
        }

        @Test
        void aDescriptorInTheRegistersOrTheControlBlockIsAViolation() throws IOException {
            for (long offset : new long[] {0, 0x200, 0xff8, 0xfff}) {
                for (int flags : new int[] {0, WRITE}) {
                    expectViolation(ring -> ring.setDescriptor(0, GUEST + offset, 8, flags, 0));
                }
            }
        }

        @Test
        void aDescriptorThatEndsBehindTheWindowIsAViolation() throws IOException {
            for (int flags : new int[] {0, WRITE}) {
                expectViolation(ring -> ring.setDescriptor(0, END - 4, 8, flags, 0));
                expectViolation(ring -> ring.setDescriptor(0, END, 1, flags, 0));
                expectViolation(ring -> ring.setDescriptor(0, BUFFER, -1, WRITE, 0));
            }
        }

        @Test
        void aDescriptorBeforeTheWindowOrAnywhereElseIsAViolation() throws IOException {
            for (long address : new long[] {0, GUEST - 8, GUEST - 0x1000, -8, Long.MIN_VALUE, Long.MAX_VALUE - 8}) {
                expectViolation(ring -> ring.setDescriptor(0, address, 8, WRITE, 0));
            }
        }

        @Test
        void aDescriptorThatReachesExactlyTheEndOfTheWindowIsNone() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
                f.driver.commandRing().setDescriptor(0, GUEST + 0x1000 + 0xe000, 8, NEXT, 1);
                f.driver.commandRing().setDescriptor(1, END - 8, 8, WRITE, 0);
                offer(f, 0);
                f.loop.turn();
                assertEquals(1, f.state());
                assertEquals(1, f.driver.commandRing().usedWaiting());
            }
        }

        @Test
        void aChainOfAsManyDescriptorsAsTheQueueHasIsNone() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
                for (int i = 0; i < 63; i++) {
                    f.driver.commandRing().setDescriptor(i, BUFFER + i, 1, NEXT, i + 1);
                }
                f.driver.commandRing().setDescriptor(63, BUFFER + 0x100, 64, WRITE, 0);
                offer(f, 0);
                f.loop.turn();
                assertEquals(1, f.state());
                assertEquals(63, f.port.lastRequestLength);
                f.driver.commandRing().nextUsed();
                assertEquals(63, f.driver.commandRing().usedLength());
            }
        }

        @Test
        void aReplyThatDoesNotFitIsNoViolation() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
                f.driver.commandRing().setDescriptor(0, BUFFER, 8, NEXT, 1);
                f.driver.commandRing().setDescriptor(1, BUFFER + 0x100, 3, WRITE, 0);
                offer(f, 0);
                expectReturnedUnused(f, 0);
            }
        }

        @Test
        void aChainWithoutRoomForAReplyIsNoViolation() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
                f.driver.commandRing().setDescriptor(0, BUFFER, 8, 0, 0);
                offer(f, 0);
                expectReturnedUnused(f, 0);
            }
        }

        @Test
        void aRequestLongerThanAnyMessageIsNoViolation() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
                f.driver.commandRing().setDescriptor(0, GUEST + 0xc000, 0x2000, NEXT, 1);
                f.driver.commandRing().setDescriptor(1, BUFFER, 64, WRITE, 0);
                offer(f, 0);
                expectReturnedUnused(f, 0);
                assertEquals(1, f.port.count(MalformedInput.LONG_REQUEST));
            }
        }

        @Test
        void anEventBufferThatIsToBeReadIsReturnedUnused() throws IOException {
            try (WindowFixture f = new WindowFixture(Layout.MMIO)) {
                f.server.start();
                f.driver.keepEventBuffers(true);
                f.untilReady();
                DriverRing ring = f.driver.eventRing();
                ring.setDescriptor(0, BUFFER, 64, 0, 0);
                ring.offer(0);
                ring.offer(1);
                ring.publish();
                assertEquals(Result.SENT, f.offer(8));
                f.loop.turn();
                assertEquals(1, f.state());
                assertEquals(2, ring.usedWaiting());
                ring.nextUsed();
                assertEquals(0, ring.usedLength());
            }
        }

        /** Sets queue 0 up by hand, and expects that QueueReady breaks the window, unacknowledged. */
        private void expectBadSetUp(int num, long descriptors, long available, long used) throws IOException {
            try (WindowFixture f = WindowFixture.atRegisters()) {
                assertTrue(f.write(0x030, 0));
                assertTrue(f.write(0x038, num));
                writeAddress(f, 0x080, descriptors);
                writeAddress(f, 0x090, available);
                writeAddress(f, 0x0a0, used);
                int acknowledged = f.field(0x10);
                assertFalse(f.write(0x044, 1));
                assertEquals(acknowledged, f.field(0x10));
                assertEquals(2, f.state());
                assertEquals(0, f.window.load(0x044));
                assertEquals(1, f.port.count(MalformedInput.BAD_RING_SETUP));
                assertFalse(f.write(0x070, 0), "not even the device reset");
                f.driver = f.newDriver();
                f.untilReady();
                f.exchange(1);
            }
        }

        private static void writeAddress(WindowFixture f, int register, long address) {
            assertTrue(f.write(register, (int) address));
            assertTrue(f.write(register + 4, (int) (address >>> 32)));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 3, 6, 63, 65, 128, 0x4000_0000, 0x8000_0000, -1})
        void aQueueNumThatIsNoPowerOfTwoUpTo64IsAViolation(int num) throws IOException {
            expectBadSetUp(num, GUEST + 0x1000, GUEST + 0x1400, GUEST + 0x2000);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 4, 8, 16, 32, 64})
        void aPowerOfTwoUpTo64IsNone(int num) throws IOException {
            try (WindowFixture f = WindowFixture.atRegisters()) {
                assertTrue(f.write(0x038, num));
                writeAddress(f, 0x080, GUEST + 0x1000);
                writeAddress(f, 0x090, GUEST + 0x1400);
                writeAddress(f, 0x0a0, GUEST + 0x2000);
                assertTrue(f.write(0x044, 1));
                assertEquals(1, f.window.load(0x044));
            }
        }

        @Test
        void aMisalignedVringIsAViolation() throws IOException {
            expectBadSetUp(64, GUEST + 0x1008, GUEST + 0x1800, GUEST + 0x2000);
            expectBadSetUp(64, GUEST + 0x1000, GUEST + 0x1401, GUEST + 0x2000);
            expectBadSetUp(64, GUEST + 0x1000, GUEST + 0x1400, GUEST + 0x2002);
        }

        @Test
        void aVringOutsideTheWindowIsAViolation() throws IOException {
            expectBadSetUp(64, GUEST + 0xff0, GUEST + 0x1400, GUEST + 0x2000);
            expectBadSetUp(64, GUEST + 0x1000, GUEST + 0x200, GUEST + 0x2000);
            expectBadSetUp(64, GUEST + 0x1000, GUEST + 0x1400, GUEST + 0x200);
            expectBadSetUp(64, END - 0x3f0, GUEST + 0x1400, GUEST + 0x2000);
            expectBadSetUp(64, GUEST + 0x1000, END - 0x84, GUEST + 0x2000);
            expectBadSetUp(64, GUEST + 0x1000, GUEST + 0x1400, END - 0x204);
            expectBadSetUp(64, 0, 0, 0);
            expectBadSetUp(64, 0x1_0000_0000L + GUEST + 0x1000, GUEST + 0x1400, GUEST + 0x2000);
            expectBadSetUp(64, -16, GUEST + 0x1400, GUEST + 0x2000);
            expectBadSetUp(64, Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);
        }

        @Test
        void aVringThatReachesExactlyTheEndOfTheWindowIsNone() throws IOException {
            try (WindowFixture f = WindowFixture.atRegisters()) {
                assertTrue(f.write(0x038, 64));
                writeAddress(f, 0x080, GUEST + 0x1000);
                writeAddress(f, 0x090, GUEST + 0x1400);
                writeAddress(f, 0x0a0, END - 0x208);
                assertTrue(f.write(0x044, 1));
                assertEquals(1, f.state());
            }
        }

        @Test
        void aReplyWhoseBufferIsTakenAwayMeanwhileBreaksTheWindow() throws IOException {
            try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
                f.port.deferring = true;
                long ticket = f.send(1);
                f.loop.turn();
                f.port.deferring = false;
                f.driver.commandRing().setDescriptor(1, END, 64, WRITE, 0);
                f.port.reply();
                f.loop.turn();
                assertEquals(2, f.state());
                f.untilPolled();
                assertEquals(Ending.BROKEN, f.driver.ending());
                assertEquals(ticket, f.driver.ticket());
                f.checkSurroundings();
            }
        }
    }

    /** Writes descriptors from 0 on. */
    @FunctionalInterface
    private interface Chain {
        void write(DriverRing ring);
    }
}
