// The control block of a window, byte by byte: offsets and values are written by hand here.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.linux.Fd;
import org.scmid.transport.EventSink.Result;
import org.scmid.transport.window.WindowFixture.Layout;

/** What a server publishes when it starts, ends, and while it runs. */
class ControlBlockTest {
    private static final int STATE = 0x08;
    private static final int SERVER_EPOCH = 0x0c;
    private static final int WT_ACK = 0x10;
    private static final int EVENT0 = 0x14;
    private static final int EVENT1 = 0x18;
    private static final int DRIVER_EPOCH_SEEN = 0x1c;
    private static final int DRIVER_EPOCH = 0x40;
    private static final int SERVER_EPOCH_SEEN = 0x44;
    private static final int WT_SEQ = 0x50;

    private static byte[] bytes(WindowFixture f, int offset, int length) {
        byte[] bytes = new byte[length];
        f.window.read(offset, bytes, length);
        return bytes;
    }

    @Test
    void aFatVirtqueueBeginsWithItsMagicVersionAndState() throws IOException {
        try (WindowFixture f = new WindowFixture(Layout.FAT)) {
            f.server.start();
            assertArrayEquals(new byte[] {'S', 'C', 'F', 'V', 1, 0, 0, 0, 1, 0, 0, 0}, bytes(f, 0, 12));
        }
    }

    @Test
    void aMmioRingHasItsControlBlockAt0x200() throws IOException {
        try (WindowFixture f = new WindowFixture(Layout.MMIO)) {
            f.server.start();
            assertArrayEquals(new byte[] {'S', 'C', 'M', 'B', 1, 0, 0, 0, 1, 0, 0, 0}, bytes(f, 0x200, 12));
        }
    }

    @Test
    void theGeometryLineOf32EntriesWithSlotsOf192BytesIsAsWrittenInTheLayout() throws IOException {
        try (WindowFixture f = new WindowFixture(Layout.FAT)) {
            f.server.start();
            int[] line = {32, 192, 0x1000, 0x3000, 0x5000, 0x7000, 0x1000, 0x9000};
            for (int i = 0; i < line.length; i++) {
                assertEquals(line[i], f.window.load(0x80 + 4 * i), "word " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void reservedBytesOfTheControlBlockStayZero(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.exchange(1);
            f.loop.runFor(3 * WindowFixture.SECOND);
            for (int at = 0x20; at < 0x40; at += 4) {
                assertEquals(0, f.field(at));
            }
            for (int at = 0x5c; at < 0x80; at += 4) {
                assertEquals(0, f.field(at));
            }
            for (int at = layout == Layout.FAT ? 0xa0 : 0x80; at < 0xe00; at += 4) {
                assertEquals(0, f.field(at));
            }
        }
    }

    @Test
    void theRegistersOfAMmioRingAreThoseOfAScmiDevice() throws IOException {
        try (WindowFixture f = new WindowFixture(Layout.MMIO)) {
            f.server.start();
            for (int at = 0; at < 0x200; at += 4) {
                int expected = switch (at) {
                    case 0x000 -> 0x74726976;
                    case 0x004 -> 2;
                    case 0x008 -> 32;
                    case 0x010 -> 1;
                    case 0x034 -> 64;
                    case 0x0b0, 0x0b4, 0x0b8, 0x0bc -> 0xffff_ffff;
                    default -> 0;
                };
                if (at != 0x00c) { // the vendor is nobody's business
                    assertEquals(expected, f.window.load(at), "register 0x" + Integer.toHexString(at));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void eachStartHasAnEpochThatIsNeitherZeroNorTheLastNorTheOneTheDriverKnows(Layout layout) throws IOException {
        try (WindowFixture f = new WindowFixture(layout)) {
            Set<Integer> epochs = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                int last = f.field(SERVER_EPOCH);
                f.server.start();
                int epoch = f.field(SERVER_EPOCH);
                assertNotEquals(0, epoch);
                assertNotEquals(last, epoch);
                epochs.add(epoch);
                f.killServer();
            }
            assertEquals(50, epochs.size(), "nor one of a server before");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aStartTakesTheDriversNumbersOverAndAppliesNothing(Layout layout) throws IOException {
        try (WindowFixture f = new WindowFixture(layout)) {
            f.setField(DRIVER_EPOCH, 0x1234);
            f.setField(WT_SEQ, 77);
            f.setField(0x48, 0x070); // Status
            f.setField(0x4c, 0x0f);
            f.server.start();
            assertEquals(0x1234, f.field(DRIVER_EPOCH_SEEN));
            assertEquals(77, f.field(WT_ACK));
            f.loop.turn();
            assertEquals(0, layout == Layout.MMIO ? f.window.load(0x070) : 0);
            assertEquals(77, f.field(WT_ACK));
        }
    }

    @Test
    void aStartEmptiesTheUsedRingsOfAFatVirtqueue() throws IOException {
        try (WindowFixture f = new WindowFixture(Layout.FAT)) {
            f.window.store(0x4000, 0x0005_0001); // idx 5, flags 1
            f.window.store(0x8000, 0x0006_0001);
            f.server.start();
            assertEquals(0, f.window.load(0x4000));
            assertEquals(0, f.window.load(0x8000));
        }
    }

    @Test
    void aStartResetsTheMmioDevice() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
            assertEquals(0x0f, f.window.load(0x070));
            f.killServer();
            assertEquals(0x0f, f.window.load(0x070));
            f.server.start();
            assertEquals(0, f.window.load(0x070));
            assertEquals(0, f.window.load(0x044));
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void startAndEndAreCountedAsEvents(Layout layout) throws IOException {
        try (WindowFixture f = new WindowFixture(layout)) {
            f.setField(EVENT0, 41);
            f.setField(EVENT1, 7);
            f.server.start();
            assertEquals(42, f.field(EVENT0));
            f.server.close();
            assertEquals(43, f.field(EVENT0));
            assertEquals(7, f.field(EVENT1));
            assertEquals(0, f.state());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anOrderlyEndLeavesTheEpochsAndSaysDownBeforeItRings(Layout layout) throws IOException {
        try (WindowFixture f = new WindowFixture(layout)) {
            List<Integer> statesAtRings = new ArrayList<>();
            f.server = f.newServer(listener -> new RecordingBell(f, statesAtRings));
            f.server.start();
            int epoch = f.field(SERVER_EPOCH);
            statesAtRings.clear();
            f.server.close();
            assertEquals(epoch, f.field(SERVER_EPOCH));
            assertEquals(List.of(0), statesAtRings);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aScribbledServersLineHealsWithinASecond(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.exchange(3);
            int lines = layout == Layout.FAT ? 0xa0 : 0x20;
            byte[] before = bytes(f, f.control, lines);
            for (int at = 0; at < lines; at += 4) {
                if (at < 0x20 || at >= 0x80) {
                    f.setField(at, 0xdead_0000 + at);
                }
            }
            f.loop.runFor(WindowFixture.SECOND);
            byte[] after = bytes(f, f.control, lines);
            assertArrayEquals(before, after);
            assertFalse(f.port.calls.contains("detached"), "what is there to be read is not what counts");
        }
    }

    @Test
    void scribbledRegistersHealWithinASecond() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
            byte[] before = bytes(f, 0, 0x200);
            f.window.write(0, new byte[0x200], 0x200);
            f.loop.runFor(WindowFixture.SECOND);
            assertArrayEquals(before, bytes(f, 0, 0x200));
            f.exchange(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void whatTheServerPublishedItNeverReadsBack(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            int events = f.field(EVENT0);
            f.setField(EVENT0, 0x7000_0000);
            f.setField(STATE, 2);
            f.setField(SERVER_EPOCH, 0x1111);
            f.setField(DRIVER_EPOCH_SEEN, 0x2222);
            f.setField(WT_ACK, 0x3333);
            f.driver.commandRing().setLength(0, 4);
            f.driver.commandRing().offer(0);
            f.driver.commandRing().publish();
            f.loop.turn();
            assertEquals(1, f.port.executed());
            assertEquals(events + 1, f.field(EVENT0));
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void usedUpdatesOfBothQueuesAreCountedApart(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            int commands = f.field(EVENT0);
            int events = f.field(EVENT1);
            f.exchange(1);
            f.exchange(2);
            assertEquals(commands + 2, f.field(EVENT0));
            assertEquals(events, f.field(EVENT1));
            assertNotEquals(0, f.field(SERVER_EPOCH_SEEN));
            assertEquals(Result.SENT, f.offer(8));
            assertEquals(commands + 2, f.field(EVENT0));
            assertEquals(events + 1, f.field(EVENT1));
        }
    }

    /** Notes the state of the window at each ring. */
    private record RecordingBell(WindowFixture f, List<Integer> states) implements PeerBell {
        @Override
        public void start(Fd memory, long size) {}

        @Override
        public boolean connected() {
            return true;
        }

        @Override
        public void ring(int queue) {
            states.add(f.state());
        }

        @Override
        public void close() {}
    }
}
