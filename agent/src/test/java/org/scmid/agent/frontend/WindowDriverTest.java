// The agent's side of a window against a server that is played by hand, store by store.
package org.scmid.agent.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.agent.frontend.WindowDriver.MmioPlan;
import org.scmid.agent.frontend.WindowDriver.Phase;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;

/** Offsets and values are written by hand here. The fat virtqueue has 32 entries of 192 bytes: 0x9000 bytes in all. */
class WindowDriverTest {
    private static final int STATE = 0x08;
    private static final int SERVER_EPOCH = 0x0c;
    private static final int WT_ACK = 0x10;
    private static final int DRIVER_EPOCH_SEEN = 0x1c;
    private static final int DRIVER_EPOCH = 0x40;
    private static final int SERVER_EPOCH_SEEN = 0x44;
    private static final int WT_OFFSET = 0x48;
    private static final int WT_VALUE = 0x4c;
    private static final int WT_SEQ = 0x50;
    private static final int KICK0 = 0x54;
    private static final int KICK1 = 0x58;

    private static final int Q0_DESCRIPTORS = 0x3000;
    private static final int Q0_AVAILABLE = 0x3200;
    private static final int Q0_USED = 0x4000;
    private static final int Q1_DESCRIPTORS = 0x7000;
    private static final int Q1_AVAILABLE = 0x7200;
    private static final int Q1_USED = 0x8000;

    private static final int EPOCH = 77;
    private static final long GUEST_ADDRESS = 0x9000_0000L;

    private final Mapping memory;
    private final DriverWindow window;
    private final List<Integer> rings = new ArrayList<>();
    private final WindowDriver fat;
    private int control;

    WindowDriverTest() throws LinuxException {
        memory = Mapping.anonymous(0x10000);
        window = new DriverWindow(memory, 0, 0x10000, GUEST_ADDRESS);
        fat = WindowDriver.fat(window, rings::add);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private int field(int offset) {
        return window.load(control + offset);
    }

    private void setField(int offset, int value) {
        window.store(control + offset, value);
    }

    private void startServer(int epoch) {
        setField(STATE, 0);
        setField(SERVER_EPOCH, epoch);
        setField(WT_ACK, field(WT_SEQ));
        setField(DRIVER_EPOCH_SEEN, field(DRIVER_EPOCH));
        setField(0x04, 1);
        setField(0x00, control == 0 ? 0x56464353 : 0x424d4353);
        setField(STATE, 1);
    }

    private void startFatServer(int epoch) {
        int[] line = {32, 192, 0x1000, 0x3000, 0x5000, 0x7000, 0x1000, 0x9000};
        for (int i = 0; i < line.length; i++) {
            window.store(0x80 + 4 * i, line[i]);
        }
        window.store(Q0_USED, 0);
        window.store(Q1_USED, 0);
        startServer(epoch);
    }

    private void acknowledgeReset() {
        window.store(Q0_USED, 0);
        window.store(Q1_USED, 0);
        setField(WT_ACK, field(WT_SEQ));
        setField(DRIVER_EPOCH_SEEN, field(DRIVER_EPOCH));
    }

    private void makeReady() {
        startFatServer(EPOCH);
        fat.step();
        acknowledgeReset();
        assertEquals(Phase.READY, fat.step());
    }

    private void use(int used, int idx, int id, int length) {
        window.store(used + 4 + 8 * (idx & 31), id);
        window.store(used + 8 + 8 * (idx & 31), length);
        window.store(used, (idx + 1) << 16);
    }

    private void expect(Ending ending, long ticket) {
        assertTrue(fat.poll());
        assertEquals(ending, fat.ending());
        assertEquals(ticket, fat.ticket());
    }

    // ---- How a session begins.

    @Test
    void withoutAServerNothingIsWritten() {
        for (int i = 0; i < 10; i++) {
            assertEquals(Phase.SERVER_AWAITED, fat.step());
        }
        for (int at = 0; at < 0x10000; at += 4) {
            assertEquals(0, window.load(at));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x04, 0x08})
    void magicVersionAndStateAreWaitedFor(int field) {
        startFatServer(EPOCH);
        int value = field(field);
        setField(field, 0);
        assertEquals(Phase.SERVER_AWAITED, fat.step());
        setField(field, value);
        assertEquals(Phase.EPOCH_AWAITED, fat.step());
    }

    @Test
    void aServerOfTheOtherLayoutOrAnotherVersionIsNoServer() {
        startFatServer(EPOCH);
        setField(0x00, 0x424d4353);
        assertEquals(Phase.SERVER_AWAITED, fat.step());
        setField(0x00, 0x56464353);
        setField(0x04, 2);
        assertEquals(Phase.SERVER_AWAITED, fat.step());
    }

    @Test
    void aBrokenWindowIsNoObstacle() {
        startFatServer(EPOCH);
        setField(STATE, 2);
        assertEquals(Phase.EPOCH_AWAITED, fat.step());
    }

    @Test
    void theNewEpochIsNeitherTheLastNorTheOneTheServerHasSeen() {
        startFatServer(EPOCH);
        setField(SERVER_EPOCH_SEEN, EPOCH);
        setField(DRIVER_EPOCH, 7);
        setField(DRIVER_EPOCH_SEEN, 8);
        int kicks = field(KICK0);
        fat.step();
        assertEquals(0, field(SERVER_EPOCH_SEEN));
        assertNotEquals(7, field(DRIVER_EPOCH));
        assertNotEquals(8, field(DRIVER_EPOCH));
        assertEquals(kicks + 1, field(KICK0));
        assertEquals(List.of(0), rings);
    }

    @Test
    void untilTheServerHasSeenTheEpochNothingElseIsTouched() {
        startFatServer(EPOCH);
        setField(WT_SEQ, 5);
        window.store(Q0_AVAILABLE, 0x0009_0000);
        for (int i = 0; i < 10; i++) {
            assertEquals(Phase.EPOCH_AWAITED, fat.step());
        }
        assertEquals(5, field(WT_SEQ));
        assertEquals(0x0009_0000, window.load(Q0_AVAILABLE));
        assertEquals(0, window.load(Q0_DESCRIPTORS + 8));
        assertEquals(0, field(SERVER_EPOCH_SEEN));
    }

    @Test
    void aServerThatGoesDuringTheHandshakeIsWaitedForAgain() {
        startFatServer(EPOCH);
        fat.step();
        setField(DRIVER_EPOCH_SEEN, field(DRIVER_EPOCH));
        setField(STATE, 0);
        assertEquals(Phase.SERVER_AWAITED, fat.step());
        assertEquals(0, field(SERVER_EPOCH_SEEN));
        int epoch = field(DRIVER_EPOCH);
        setField(STATE, 1);
        assertEquals(Phase.EPOCH_AWAITED, fat.step());
        assertNotEquals(epoch, field(DRIVER_EPOCH));
    }

    @Test
    void aReadySessionHasItsDescriptorsBoundAndAllEventBuffersPosted() {
        setField(KICK1, 40);
        window.store(Q0_AVAILABLE + 4, 0x1111_2222);
        setField(WT_ACK, 3);
        makeReady();
        assertEquals(EPOCH, field(SERVER_EPOCH_SEEN));
        assertEquals(field(WT_ACK), field(WT_SEQ));
        assertEquals(41, field(KICK1));
        for (int i = 0; i < 32; i++) {
            int at = Q0_DESCRIPTORS + 16 * i;
            assertEquals((int) (GUEST_ADDRESS + 0x1000 + 192L * i), window.load(at));
            assertEquals(0, window.load(at + 4));
            assertEquals(i % 2 == 0 ? 0 : 192, window.load(at + 8));
            assertEquals(i % 2 == 0 ? 1 | (i + 1) << 16 : 2, window.load(at + 12));
            at = Q1_DESCRIPTORS + 16 * i;
            assertEquals((int) (GUEST_ADDRESS + 0x5000 + 192L * i), window.load(at));
            assertEquals(192, window.load(at + 8));
            assertEquals(2, window.load(at + 12));
        }
        for (int i = 0; i < 16; i++) {
            assertEquals(2 * i | (2 * i + 1) << 16, window.load(Q1_AVAILABLE + 4 + 4 * i));
            assertEquals(0, window.load(Q0_AVAILABLE + 4 + 4 * i));
        }
        assertEquals(32 << 16, window.load(Q1_AVAILABLE));
        assertEquals(0, window.load(Q0_AVAILABLE));
        assertEquals(1, fat.sessions());
    }

    @Test
    void aGeometryThatCannotBeIsRefusedUntilAnotherServerComes() {
        int[][] wrong = {
            {0x80, 33},
            {0x80, 1},
            {0x84, 200},
            {0x84, 64},
            {0x88, 0},
            {0x8c, 0x2000},
            {0x94, 0xf000},
            {0x98, 0x800},
            {0x9c, 0x10000}
        };
        int epoch = EPOCH;
        for (int[] change : wrong) {
            startFatServer(++epoch);
            fat.step();
            fat.step();
            acknowledgeReset();
            window.store(change[0], change[1]);
            assertEquals(Phase.INCOMPATIBLE, fat.step(), "0x" + Integer.toHexString(change[0]));
            assertTrue(String.valueOf(fat.problem()).contains("geometry"), fat.problem());
            assertEquals(0, field(SERVER_EPOCH_SEEN));
            assertEquals(0, fat.send(new byte[4], 4));
        }
        startFatServer(++epoch);
        fat.step();
        fat.step();
        acknowledgeReset();
        assertEquals(Phase.READY, fat.step());
        assertNull(fat.problem());
    }

    @Test
    void aGeometryLargerThanTheWindowIsRefused() {
        WindowDriver small = WindowDriver.fat(new DriverWindow(memory, 0, 0x8000, 0), rings::add);
        startFatServer(EPOCH);
        small.step();
        acknowledgeReset();
        assertEquals(Phase.INCOMPATIBLE, small.step());
    }

    // ---- Messages.

    @Test
    void aRequestIsWrittenIntoItsSlotAndMadeAvailableThenKicked() {
        makeReady();
        rings.clear();
        int kicks = field(KICK0);
        long ticket = fat.send(new byte[] {1, 2, 3, 4, 5}, 5);
        assertTrue(ticket > 0);
        assertEquals(0x0403_0201, window.load(0x1000));
        assertEquals(5, window.load(Q0_DESCRIPTORS + 8));
        assertEquals(1 << 16, window.load(Q0_AVAILABLE));
        assertEquals(kicks + 1, field(KICK0));
        assertEquals(List.of(0), rings);
    }

    @Test
    void repliesAreTakenInTheOrderTheServerReturnsThem() {
        makeReady();
        long first = fat.send(new byte[4], 4);
        long second = fat.send(new byte[4], 4);
        window.store(0x1000 + 3 * 192, 0x1234);
        use(Q0_USED, 0, 2, 8);
        use(Q0_USED, 1, 0, 0);
        expect(Ending.REPLY, second);
        assertEquals(8, fat.length());
        assertEquals(0x34, fat.message()[0]);
        expect(Ending.NO_REPLY, first);
        assertFalse(fat.poll());
    }

    @Test
    void noMoreRequestsAreUnderWayThanThereArePairs() {
        makeReady();
        for (int i = 0; i < 16; i++) {
            assertTrue(fat.send(new byte[4], 4) != 0);
        }
        assertEquals(0, fat.send(new byte[4], 4));
        use(Q0_USED, 0, 30, 4);
        assertTrue(fat.poll());
        assertTrue(fat.send(new byte[4], 4) != 0);
        assertEquals(30, window.load(Q0_AVAILABLE + 4 + 2 * 16) & 0xffff);
    }

    @Test
    void aRequestLongerThanASlotIsTheCallersMistake() {
        makeReady();
        assertThrows(IllegalArgumentException.class, () -> fat.send(new byte[200], 193));
    }

    @Test
    void anEventIsTakenAndItsBufferPostedAgain() {
        makeReady();
        rings.clear();
        window.store(0x5000 + 9 * 192, 0x55);
        use(Q1_USED, 0, 9, 12);
        expect(Ending.EVENT, 0);
        assertEquals(12, fat.length());
        assertEquals(0x55, fat.message()[0]);
        assertEquals(33 << 16, window.load(Q1_AVAILABLE));
        assertEquals(9, window.load(Q1_AVAILABLE + 4) & 0xffff);
        assertEquals(List.of(1), rings);
    }

    // ---- How a session ends.

    @Test
    void whatAServerAnnouncesIsBelievedOnlyIfItIsStillTheServerOfTheSession() {
        makeReady();
        long ticket = fat.send(new byte[4], 4);
        use(Q0_USED, 0, 0, 4);
        setField(SERVER_EPOCH, EPOCH + 1);
        expect(Ending.SERVER_GONE, ticket);
        assertEquals(Phase.SERVER_AWAITED, fat.phase());
    }

    @Test
    void aStartingServerThatZeroesTheUsedIndexAnnouncesNothing() {
        makeReady();
        fat.send(new byte[4], 4);
        use(Q0_USED, 0, 0, 4);
        assertTrue(fat.poll());
        long ticket = fat.send(new byte[4], 4);
        setField(STATE, 0);
        window.store(Q0_USED, 0);
        expect(Ending.SERVER_GONE, ticket);
    }

    @Test
    void aBrokenWindowEndsRequestsAsSuch() {
        makeReady();
        long ticket = fat.send(new byte[4], 4);
        setField(STATE, 2);
        assertEquals(Phase.SERVER_AWAITED, fat.step());
        expect(Ending.BROKEN, ticket);
        assertEquals(Phase.EPOCH_AWAITED, fat.step());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 32, -1, 0x7fff_fffe})
    void aHeadThatIsNotUnderWayIsAFaultOfTheServer(int head) {
        makeReady();
        long ticket = fat.send(new byte[4], 4);
        use(Q0_USED, 0, head, 4);
        expect(Ending.SERVER_FAULT, ticket);
    }

    @ParameterizedTest
    @ValueSource(ints = {193, -1, 0x7fff_ffff})
    void aReplyLongerThanItsSlotIsAFaultOfTheServer(int length) {
        makeReady();
        long ticket = fat.send(new byte[4], 4);
        use(Q0_USED, 0, 0, length);
        expect(Ending.SERVER_FAULT, ticket);
    }

    @Test
    void moreRepliesThanRequestsAreAFaultOfTheServer() {
        makeReady();
        long ticket = fat.send(new byte[4], 4);
        window.store(Q0_USED, 2 << 16);
        expect(Ending.SERVER_FAULT, ticket);
        assertEquals(Phase.EPOCH_AWAITED, fat.step());
    }

    @Test
    void requestsEndInTheOrderTheyWereSentIn() {
        makeReady();
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            sent.add(fat.send(new byte[4], 4));
        }
        fat.restart();
        List<Long> ended = new ArrayList<>();
        while (fat.poll()) {
            assertEquals(Ending.RESTARTED, fat.ending());
            ended.add(fat.ticket());
        }
        assertEquals(sent, ended);
    }

    // ---- The virtio-mmio ring.

    /** Plays the device: acknowledges one write, and keeps a list of them. */
    private void acknowledge(List<String> writes) {
        int offset = field(WT_OFFSET);
        int value = field(WT_VALUE);
        writes.add(String.format("%03x=%x", offset, value));
        if (offset == 0x070 || offset == 0x044) {
            window.store(offset, value);
        }
        if (offset == 0x030) {
            window.store(0x044, 0);
        }
        setField(WT_ACK, field(WT_SEQ));
    }

    private WindowDriver mmio(boolean events) {
        control = 0x200;
        window.store(0x000, 0x74726976);
        window.store(0x004, 2);
        window.store(0x008, 32);
        window.store(0x010, 1);
        window.store(0x034, 64);
        startServer(EPOCH);
        WindowDriver driver = WindowDriver.mmio(window, new MmioPlan(8, 128, events), rings::add);
        driver.step();
        setField(DRIVER_EPOCH_SEEN, field(DRIVER_EPOCH));
        assertEquals(Phase.REGISTERS, driver.step());
        return driver;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDeviceIsInitialisedByOneWriteAfterTheOther(boolean events) {
        WindowDriver driver = mmio(events);
        if (events) {
            assertEquals(8 << 16, window.load(0x3000 + 16 * 8), "buffers are posted before QueueReady");
        }
        List<String> writes = new ArrayList<>();
        while (driver.phase() == Phase.REGISTERS) {
            int seq = field(WT_SEQ);
            driver.step();
            assertEquals(seq, field(WT_SEQ), "not before the last is acknowledged");
            acknowledge(writes);
            driver.step();
        }
        List<String> expected = new ArrayList<>(List.of(
                "070=0",
                "070=1",
                "070=3",
                "014=0",
                "014=1",
                "024=0",
                events ? "020=1" : "020=0",
                "024=1",
                "020=1",
                "070=b"));
        expected.addAll(List.of(
                "030=0", "038=8", "080=90001000", "084=0", "090=90001080", "094=0", "0a0=90002000", "0a4=0", "044=1"));
        if (events) {
            expected.addAll(List.of(
                    "030=1",
                    "038=8",
                    "080=90003000",
                    "084=0",
                    "090=90003080",
                    "094=0",
                    "0a0=90004000",
                    "0a4=0",
                    "044=1"));
        }
        expected.add("070=f");
        assertEquals(expected, writes);
        assertEquals(Phase.READY, driver.phase());
    }

    @Test
    void anAcknowledgementOfANewServerIsNotBelieved() {
        WindowDriver driver = mmio(true);
        setField(WT_ACK, field(WT_SEQ));
        setField(SERVER_EPOCH, EPOCH + 1);
        int seq = field(WT_SEQ);
        assertEquals(Phase.SERVER_AWAITED, driver.step());
        assertEquals(seq, field(WT_SEQ));
    }

    @Test
    void aDeviceOfAnotherKindIsRefused() {
        WindowDriver driver = mmio(true);
        window.store(0x008, 2);
        acknowledge(new ArrayList<>());
        assertEquals(Phase.INCOMPATIBLE, driver.step());
        assertTrue(String.valueOf(driver.problem()).contains("device 2"), driver.problem());
    }

    @Test
    void featuresThatTheDeviceDoesNotAcceptAreTheEnd() {
        WindowDriver driver = mmio(true);
        for (int i = 0; i < 100 && driver.phase() == Phase.REGISTERS; i++) {
            acknowledge(new ArrayList<>());
            window.store(0x070, window.load(0x070) & ~8);
            driver.step();
        }
        assertEquals(Phase.INCOMPATIBLE, driver.phase());
    }

    @Test
    void aPlanThatDoesNotFitIntoTheWindowIsTheCallersMistake() {
        assertThrows(
                IllegalArgumentException.class,
                () -> WindowDriver.mmio(window, new MmioPlan(64, 1024, true), rings::add));
        assertThrows(IllegalArgumentException.class, () -> new MmioPlan(48, 128, true));
        assertThrows(IllegalArgumentException.class, () -> new MmioPlan(64, 100, true));
    }
}
