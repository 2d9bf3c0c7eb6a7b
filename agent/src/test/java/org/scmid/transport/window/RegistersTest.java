// The registers of a virtio-mmio ring, written one transaction at a time; offsets and bits are written by hand here.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.transport.EventSink.Result;

class RegistersTest {
    private static final int DEVICE_FEATURES = 0x010;
    private static final int DEVICE_FEATURES_SEL = 0x014;
    private static final int DRIVER_FEATURES = 0x020;
    private static final int DRIVER_FEATURES_SEL = 0x024;
    private static final int QUEUE_SEL = 0x030;
    private static final int QUEUE_NUM_MAX = 0x034;
    private static final int QUEUE_NUM = 0x038;
    private static final int QUEUE_READY = 0x044;
    private static final int QUEUE_NOTIFY = 0x050;
    private static final int INTERRUPT_STATUS = 0x060;
    private static final int INTERRUPT_ACK = 0x064;
    private static final int STATUS = 0x070;
    private static final int QUEUE_DESC = 0x080;
    private static final int QUEUE_DRIVER = 0x090;
    private static final int QUEUE_DEVICE = 0x0a0;

    private static final int EVENT0 = 0x14;
    private static final int WT_ACK = 0x10;

    private final WindowFixture f;

    RegistersTest() throws IOException {
        f = WindowFixture.atRegisters();
    }

    @AfterEach
    void close() throws IOException {
        f.close();
    }

    private int read(int register) {
        return f.window.load(register);
    }

    private void write(int register, int value) {
        assertTrue(f.write(register, value), "not acknowledged: 0x" + Integer.toHexString(register));
    }

    private void writeAddress(int register, long offset) {
        write(register, (int) (WindowFixture.GUEST_ADDRESS + offset));
        write(register + 4, 0);
    }

    private void agree(int lowerFeatures) {
        write(STATUS, 3);
        write(DRIVER_FEATURES_SEL, 0);
        write(DRIVER_FEATURES, lowerFeatures);
        write(DRIVER_FEATURES_SEL, 1);
        write(DRIVER_FEATURES, 1);
        write(STATUS, 0x0b);
        assertEquals(0x0b, read(STATUS));
    }

    /** Queue 0 at 0x1000, queue 1 at 0x3000, 8 entries each. */
    private void setUpQueue(int queue) {
        long at = 0x1000 + 0x2000L * queue;
        write(QUEUE_SEL, queue);
        write(QUEUE_NUM, 8);
        writeAddress(QUEUE_DESC, at);
        writeAddress(QUEUE_DRIVER, at + 0x400);
        writeAddress(QUEUE_DEVICE, at + 0x1000);
        write(QUEUE_READY, 1);
        assertEquals(1, read(QUEUE_READY));
    }

    /** Makes an 8-byte request with room for a reply of 64 bytes available, as entry {@code idx - 1}. */
    private void offerRequest(int idx) {
        putDescriptor(0x1000, 0x6000, 8, 1, 1);
        putDescriptor(0x1010, 0x7000, 64, 2, 0);
        f.window.store(0x1400, idx << 16); // and flags 0; every ring entry is 0, the head
    }

    private void offerEventBuffer(int idx) {
        putDescriptor(0x3000, 0x8000, 64, 2, 0);
        f.window.store(0x3400, idx << 16);
    }

    private void putDescriptor(int at, long offset, int length, int flags, int next) {
        f.window.store(at, (int) (WindowFixture.GUEST_ADDRESS + offset));
        f.window.store(at + 4, 0);
        f.window.store(at + 8, length);
        f.window.store(at + 12, flags | next << 16);
    }

    private int usedIdx(int queue) {
        return f.window.load(queue == 0 ? 0x2000 : 0x4000) >>> 16;
    }

    // ---- Write transactions.

    @Test
    void aWriteIsAcknowledgedByItsNumberAndAnEvent() {
        int events = f.field(EVENT0);
        f.setField(0x48, STATUS);
        f.setField(0x4c, 1);
        f.setField(0x50, 1000);
        f.loop.turn();
        assertEquals(1000, f.field(WT_ACK));
        assertEquals(1, read(STATUS));
        assertEquals(events + 1, f.field(EVENT0));
        f.loop.turn();
        assertEquals(events + 1, f.field(EVENT0), "once");
    }

    @Test
    void theSameNumberAgainIsNoWrite() {
        write(STATUS, 1);
        f.setField(0x4c, 3);
        f.loop.turn();
        assertEquals(1, read(STATUS));
    }

    @Test
    void numbersOfWritesWrapAround() {
        for (int seq : new int[] {-2, -1, 0, 1}) {
            f.setField(0x48, STATUS);
            f.setField(0x4c, 3 + (seq & 1) * 4);
            f.setField(0x50, seq);
            f.loop.turn();
            assertEquals(seq, f.field(WT_ACK));
            assertEquals(3 + (seq & 1) * 4, read(STATUS));
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x000,
                0x004,
                0x008,
                0x00c,
                0x010,
                0x018,
                0x034,
                0x03c,
                0x050,
                0x060,
                0x0ac,
                0x0b0,
                0x0b4,
                0x0b8,
                0x0bc,
                0x0c0,
                0x0fc,
                0x100,
                0x1fc,
                0x200,
                0x208,
                0x20c,
                0x240,
                0x1000,
                0xfffc,
                0x10000,
                0x7fff_fffc,
                -4,
                0x071,
                0x045
            })
    void anOffsetThatCannotBeWrittenIsIgnoredButAcknowledged(int offset) {
        byte[] before = new byte[WindowFixture.SIZE];
        f.window.read(0, before, before.length);
        write(offset, 0x1234_5678);
        for (int at = 0; at < WindowFixture.SIZE; at += 4) {
            boolean expected = at == 0x200 + WT_ACK || at == 0x200 + EVENT0 || (at >= 0x248 && at < 0x258);
            int was = java.nio.ByteBuffer.wrap(before)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getInt(at);
            assertTrue(expected || f.window.load(at) == was, "changed: 0x" + Integer.toHexString(at));
        }
        assertEquals(1, f.state());
    }

    @Test
    void oneWriteIsUnderWayAtATime() {
        f.driver.registers().beginWrite(STATUS, 1);
        assertFalse(f.driver.registers().isWritten());
        f.loop.turn();
        assertTrue(f.driver.registers().isWritten());
    }

    // ---- Features and status.

    @Test
    void bothWordsOfTheFeaturesRead1() {
        for (int sel : new int[] {0, 1}) {
            write(DEVICE_FEATURES_SEL, sel);
            assertEquals(1, read(DEVICE_FEATURES));
        }
        for (int sel : new int[] {2, 3, -1, 0x8000_0000}) {
            write(DEVICE_FEATURES_SEL, sel);
            assertEquals(0, read(DEVICE_FEATURES), "there are no more");
        }
        write(DEVICE_FEATURES_SEL, 0);
        assertEquals(1, read(DEVICE_FEATURES));
    }

    @Test
    void featuresOkDoesNotStickWithoutVersion1() {
        write(STATUS, 3);
        write(DRIVER_FEATURES_SEL, 0);
        write(DRIVER_FEATURES, 1);
        write(STATUS, 0x0b);
        assertEquals(3, read(STATUS));
        write(DRIVER_FEATURES_SEL, 1);
        write(DRIVER_FEATURES, 1);
        write(STATUS, 0x0b);
        assertEquals(0x0b, read(STATUS));
    }

    @Test
    void featuresOkDoesNotStickWithAFeatureThatIsNotOffered() {
        write(STATUS, 3);
        for (int sel : new int[] {0, 1, 2}) {
            write(DRIVER_FEATURES_SEL, 1);
            write(DRIVER_FEATURES, 1);
            write(DRIVER_FEATURES_SEL, sel);
            write(DRIVER_FEATURES, 3);
            write(STATUS, 0x0b);
            assertEquals(3, read(STATUS), "word " + sel);
            write(STATUS, 0);
            write(STATUS, 3);
        }
        agree(1);
    }

    @Test
    void statusKeepsWhatIsWrittenAndOnlyItsEightBits() {
        write(STATUS, 1);
        assertEquals(1, read(STATUS));
        write(STATUS, 3);
        assertEquals(3, read(STATUS));
        write(STATUS, 0x80 | 3);
        assertEquals(0x83, read(STATUS), "FAILED");
        write(STATUS, 0x7fff_ff03);
        assertEquals(3, read(STATUS));
    }

    @Test
    void statusZeroResetsTheDeviceAndTheAgentAndLeavesTheEpochs() {
        agree(1);
        setUpQueue(0);
        write(STATUS, 0x0f);
        offerRequest(1);
        f.loop.turn();
        assertEquals(1, f.port.executed());
        assertEquals(1, read(INTERRUPT_STATUS));
        int serverEpoch = f.field(0x0c);
        int driverEpoch = f.field(0x1c);
        f.port.calls.clear();
        write(STATUS, 0);
        assertEquals(List.of("detached", "reset"), f.port.calls);
        assertEquals(0, read(STATUS));
        assertEquals(0, read(INTERRUPT_STATUS));
        assertEquals(0, read(QUEUE_READY));
        assertEquals(serverEpoch, f.field(0x0c));
        assertEquals(driverEpoch, f.field(0x1c));
        offerRequest(2);
        f.loop.turn();
        assertEquals(1, f.port.executed(), "the server keeps off");
    }

    @Test
    void afterAResetTheDeviceIsInitialisedAnewInTheSameSession() {
        for (int i = 1; i <= 3; i++) {
            agree(1);
            setUpQueue(0);
            write(STATUS, 0x0f);
            offerRequest(1);
            f.loop.turn();
            assertEquals(i, f.port.executed());
            assertEquals(1, usedIdx(0));
            f.window.store(0x1400, 0);
            write(STATUS, 0);
        }
        assertEquals(1, f.state());
    }

    // ---- Queues.

    @Test
    void thereAreTwoQueuesOfUpTo64Entries() {
        for (int sel : new int[] {0, 1}) {
            write(QUEUE_SEL, sel);
            assertEquals(64, read(QUEUE_NUM_MAX));
            assertEquals(0, read(QUEUE_READY));
        }
        for (int sel : new int[] {2, 3, 0x7fff_ffff, -1}) {
            write(QUEUE_SEL, sel);
            assertEquals(0, read(QUEUE_NUM_MAX));
            write(QUEUE_NUM, 8);
            write(QUEUE_READY, 1);
            assertEquals(0, read(QUEUE_READY));
        }
        assertEquals(1, f.state());
    }

    @Test
    void queueRegistersAreBankedByQueueSel() {
        agree(1);
        setUpQueue(0);
        write(QUEUE_SEL, 1);
        assertEquals(0, read(QUEUE_READY));
        setUpQueue(1);
        write(QUEUE_SEL, 0);
        assertEquals(1, read(QUEUE_READY));
    }

    @Test
    void aQueueThatGetsReadyBeginsAtZeroWhateverWasInItsUsedRing() {
        agree(1);
        f.window.store(0x2000, 0x0009_0001);
        setUpQueue(0);
        assertEquals(0, f.window.load(0x2000));
    }

    @Test
    void ringsAreServedFromDriverOkOn() {
        agree(1);
        offerRequest(1);
        setUpQueue(0);
        f.loop.runFor(2 * WindowFixture.SECOND);
        assertEquals(0, f.port.executed());
        write(STATUS, 0x0f);
        f.loop.turn();
        assertEquals(1, f.port.executed());
        assertEquals(1, usedIdx(0));
        assertEquals(0, f.window.load(0x2004), "used.id is the head");
        assertEquals(8, f.window.load(0x2008), "used.len is what was written");
        assertEquals(0xffff_ffff, f.window.load(0x7000));
    }

    @Test
    void theOtherRegistersOfAReadyQueueAreIgnored() {
        agree(1);
        setUpQueue(0);
        write(QUEUE_NUM, 7);
        writeAddress(QUEUE_DESC, 0x9000);
        writeAddress(QUEUE_DRIVER, 0xa000);
        writeAddress(QUEUE_DEVICE, 0xb001);
        write(QUEUE_READY, 1);
        write(STATUS, 0x0f);
        offerRequest(1);
        f.loop.turn();
        assertEquals(1, usedIdx(0));
        assertEquals(1, f.state());
        f.window.store(0x1400, 0);
        write(QUEUE_READY, 0);
        write(QUEUE_READY, 1);
        offerRequest(1);
        f.loop.turn();
        assertEquals(1, f.state(), "nor are they remembered for later");
        assertEquals(2, f.port.executed());
    }

    @Test
    void aQueueThatIsNotReadyAnyMoreIsTheDriversAgain() {
        agree(1);
        setUpQueue(0);
        write(STATUS, 0x0f);
        offerRequest(1);
        f.loop.turn();
        write(QUEUE_READY, 0);
        assertEquals(0, read(QUEUE_READY));
        f.window.store(0x2000, 0x0077_0000);
        offerRequest(2);
        f.loop.runFor(2 * WindowFixture.SECOND);
        assertEquals(0x0077_0000, f.window.load(0x2000), "the server keeps off");
        assertEquals(1, f.port.executed());
        f.window.store(0x1400, 0);
        write(QUEUE_READY, 1);
        assertEquals(0, f.window.load(0x2000));
        offerRequest(1);
        f.loop.turn();
        assertEquals(2, f.port.executed());
    }

    @Test
    void aReplyThatIsOutstandingWhenItsQueueIsTakenAwayIsNotWritten() {
        agree(1);
        setUpQueue(0);
        write(STATUS, 0x0f);
        f.port.deferring = true;
        offerRequest(1);
        f.loop.turn();
        var replies = f.port.replies;
        write(QUEUE_READY, 0);
        assertEquals("detached", f.port.calls.getLast());
        if (replies != null) {
            f.port.replyTo(replies);
        }
        f.loop.runFor(WindowFixture.SECOND);
        assertEquals(0, f.window.load(0x7000));
        assertEquals(0, usedIdx(0));
    }

    @Test
    void aQueueIsServedWithoutQueueNotifyAndKicks() {
        agree(1);
        setUpQueue(0);
        write(STATUS, 0x0f);
        offerRequest(1);
        f.loop.runFor(WindowFixture.SECOND);
        assertEquals(1, usedIdx(0));
        write(QUEUE_NOTIFY, 0);
        write(QUEUE_NOTIFY, 77);
        assertEquals(1, f.state());
    }

    // ---- Events.

    @Test
    void withoutP2aChannelsThereIsNoChannelForEvents() {
        agree(0);
        setUpQueue(0);
        setUpQueue(1);
        offerEventBuffer(1);
        write(STATUS, 0x0f);
        f.loop.turn();
        assertEquals("attached-without-events", f.port.calls.getLast());
        f.loop.runFor(2 * WindowFixture.SECOND);
        assertEquals(0, usedIdx(1));
    }

    @Test
    void anEventQueueMayGetReadyAfterDriverOk() {
        agree(1);
        setUpQueue(0);
        write(STATUS, 0x0f);
        assertEquals("attached", f.port.calls.getLast());
        assertEquals(Result.NO_BUFFER, f.offer(8));
        long flushes = f.port.flushes();
        offerEventBuffer(1);
        setUpQueue(1);
        f.loop.turn();
        assertTrue(f.port.flushes() > flushes, "now is a time to send events");
        assertEquals(Result.SENT, f.offer(8));
        assertEquals(1, usedIdx(1));
        assertEquals(0x0403_0201, f.window.load(0x8000));
    }

    // ---- Interrupts.

    @Test
    void usedUpdatesSetInterruptStatusAndInterruptAckClearsIt() {
        agree(1);
        setUpQueue(0);
        offerEventBuffer(1);
        setUpQueue(1);
        write(STATUS, 0x0f);
        assertEquals(0, read(INTERRUPT_STATUS));
        offerRequest(1);
        f.loop.turn();
        assertEquals(1, read(INTERRUPT_STATUS));
        write(INTERRUPT_ACK, 2);
        assertEquals(1, read(INTERRUPT_STATUS), "another bit");
        write(INTERRUPT_ACK, 1);
        assertEquals(0, read(INTERRUPT_STATUS));
        assertEquals(Result.SENT, f.offer(8));
        assertEquals(1, read(INTERRUPT_STATUS), "by the event queue too");
    }

    @Test
    void anInterruptThatNobodyAcknowledgesHoldsNothingBack() {
        agree(1);
        setUpQueue(0);
        write(STATUS, 0x0f);
        for (int i = 1; i <= 20; i++) {
            int events = f.field(EVENT0);
            offerRequest(i);
            f.loop.turn();
            assertEquals(i, usedIdx(0));
            assertEquals(events + 1, f.field(EVENT0));
        }
    }
}
