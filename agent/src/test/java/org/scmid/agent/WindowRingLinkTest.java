// The link over a window, against our own server of it, and against one that breaks the contract.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.agent.frontend.WindowDriver.MmioPlan;
import org.scmid.testing.HandLoop;
import org.scmid.transport.EventSink;
import org.scmid.transport.PollPacing;
import org.scmid.transport.virtqueue.LittleEndian;
import org.scmid.transport.window.FatGeometry;
import org.scmid.transport.window.WindowFile;
import org.scmid.transport.window.WindowTransport;

/** Time is moved by hand; server and link look at the window each by its own pacing, as two processes do. */
@Timeout(120)
class WindowRingLinkTest {
    enum Layout {
        MMIO,
        FAT
    }

    private static final int SIZE = 0x40000;
    private static final long GUEST_ADDRESS = 0x7000_0000L;
    private static final long MILLI = 1_000_000L;
    private static final long LONGEST_PAUSE = 10 * MILLI;
    private static final long PATIENCE = 500 * MILLI;
    private static final int UNDER_WAY = 32;
    private static final String BAD_BUFFER =
            "lost: the window's server returned a buffer that it did not have, or too much";

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final HandLoop loop = new HandLoop();
    private final SmallPlatform platform = new SmallPlatform();
    private final LinkFixture agent = new LinkFixture(loop);
    private final Path file;
    private final DriverWindow poked;
    private @Nullable WindowTransport server;
    private @Nullable WindowDriver driver;
    private @Nullable RingLink link;

    WindowRingLinkTest() throws IOException {
        file = Path.of("/dev/shm/scmid-link-test-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet());
        Files.write(file, new byte[SIZE]);
        poked = DriverWindow.open(file, 0, SIZE, GUEST_ADDRESS);
    }

    @AfterEach
    void close() throws IOException {
        agent.client.end();
        if (server != null) {
            server.close();
        }
        poked.close();
        Files.delete(file);
    }

    private void startServer(Layout layout) throws IOException {
        WindowFile place = new WindowFile(file, 0, SIZE, WindowFile.Kind.MEMORY_FILE);
        WindowTransport.Attention attention = new WindowTransport.Attention(new PollPacing(loop), LONGEST_PAUSE, null);
        WindowTransport started = layout == Layout.MMIO
                ? WindowTransport.mmio(loop, platform, place, GUEST_ADDRESS, attention)
                : WindowTransport.fat(
                        loop, platform, place, GUEST_ADDRESS, new FatGeometry(2 * UNDER_WAY, 192), attention);
        started.start();
        server = started;
    }

    /** It dies, and leaves the window as it is. */
    private void killServer() {
        byte[] left = new byte[SIZE];
        poked.read(0, left, SIZE);
        server().close();
        poked.write(0, left, SIZE);
    }

    private void begin(Layout layout) throws IOException {
        DriverWindow window = DriverWindow.open(file, 0, SIZE, GUEST_ADDRESS);
        WindowDriver made = layout == Layout.MMIO
                ? WindowDriver.mmio(window, MmioPlan.USUAL, DriverControl.NO_BELL)
                : WindowDriver.fat(window, DriverControl.NO_BELL);
        RingLink begun = RingLink.overWindow(loop, made, new PollPacing(loop), LONGEST_PAUSE, PATIENCE, agent.client);
        agent.client.begin(begun);
        driver = made;
        link = begun;
    }

    /** A link that is ready. */
    private void connect(Layout layout) throws IOException {
        begin(layout);
        loop.runFor(PATIENCE - 1);
        agent.expectTold("writable");
        loop.runFor(LONGEST_PAUSE);
    }

    private void serve(Layout layout) throws IOException {
        startServer(layout);
        connect(layout);
    }

    private void exchange(int value) {
        assertTrue(agent.send("it", value));
        loop.runFor(2 * LONGEST_PAUSE);
        agent.expectTold("it replied " + value);
    }

    private WindowDriver driver() {
        WindowDriver made = driver;
        assertNotNull(made);
        return made;
    }

    private RingLink link() {
        RingLink begun = link;
        assertNotNull(begun);
        return begun;
    }

    private WindowTransport server() {
        WindowTransport started = server;
        assertNotNull(started);
        return started;
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void commandsAreAnsweredAndNotificationsCome(Layout layout) throws IOException {
        serve(layout);
        for (int i = 0; i < 300; i++) {
            exchange(i);
        }
        EventSink events = platform.events;
        assertNotNull(events);
        for (int i = 0; i < 300; i++) {
            assertEquals(EventSink.Result.SENT, events.offer(LinkFixture.notification(i), 8));
            loop.runFor(2 * LONGEST_PAUSE);
            agent.expectTold("notified " + i + " of 8");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void manyCommandsAreUnderWayAtATime(Layout layout) throws IOException {
        serve(layout);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < UNDER_WAY; i++) {
                assertTrue(agent.send("c" + i, i));
            }
            assertFalse(agent.send("one more", 0), "the ring is full");
            loop.runFor(2 * LONGEST_PAUSE);
            for (int i = 0; i < UNDER_WAY; i++) {
                agent.expectTold("c" + i + " replied " + i);
            }
            agent.expectTold("writable");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aServerThatCameAnewEndsTheLinkAndAnotherGoesOn(Layout layout) throws IOException {
        serve(layout);
        exchange(1);
        assertTrue(agent.send("lost", 2));
        killServer();
        loop.runFor(LONGEST_PAUSE);
        assertEquals(1, platform.executed);
        startServer(layout);
        loop.runFor(2 * LONGEST_PAUSE);
        agent.expectTold("lost LINK_LOST");
        agent.expectTold("lost: the window's server has gone, or came anew");
        connect(layout);
        exchange(3);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aServerThatEndsEndsTheLink(Layout layout) throws IOException {
        serve(layout);
        server().close();
        loop.runFor(2 * LONGEST_PAUSE);
        agent.expectTold("lost: the window's server has gone, or came anew");
        assertFalse(agent.send("it", 1));
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aWindowThatNobodyServesEndsTheLinkInTime(Layout layout) throws IOException {
        begin(layout);
        assertFalse(agent.send("it", 1));
        loop.runFor(PATIENCE - 1);
        agent.expectTold("null");
        loop.runFor(1);
        agent.expectTold("lost: nobody serves the window, 500 ms after the link began");
        loop.runFor(LONGEST_PAUSE);
        assertEquals(0, loop.armed(), "nothing is left of it");
        serve(layout);
        exchange(2);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aServerThatDoesNotGoOnEndsTheLinkInTime(Layout layout) throws IOException {
        startServer(layout);
        loop.runFor(LONGEST_PAUSE);
        killServer();
        begin(layout);
        loop.runFor(PATIENCE);
        agent.expectTold("lost: the window's server does not answer, 500 ms after the link began");
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void theServerLetsGoOfWhatWasTheAgentsWhenTheLinkIsClosed(Layout layout) throws IOException {
        serve(layout);
        exchange(1);
        int before = platform.resets;
        agent.client.end();
        loop.runFor(2 * LONGEST_PAUSE);
        assertEquals(before + 1, platform.resets);
        agent.expectTold("null");
    }

    /** Writes one element of the used ring of commands and an index, as a server that has lost its mind. */
    private void returnBuffer(int id, int length, int index) {
        long used = driver().commandRing().usedAt() - GUEST_ADDRESS;
        poked.store(used + 4, id);
        poked.store(used + 8, length);
        poked.store(used, index << 16);
    }

    private void expectFault(Layout layout, int id, int length, int index) throws IOException {
        serve(layout);
        assertTrue(agent.send("a", 1));
        assertTrue(agent.send("b", 2));
        killServer();
        returnBuffer(id, length, index);
        String what = id + ", " + length + ", " + index;
        loop.runFor(2 * LONGEST_PAUSE);
        assertEquals("a LINK_LOST", agent.next(), what);
        assertEquals("b LINK_LOST", agent.next(), what);
        assertEquals(BAD_BUFFER, agent.next(), what);
        serve(layout);
        exchange(3);
        agent.client.end();
        server().close();
        agent.told.clear();
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void buffersThatCannotBeReturnedEndTheLink(Layout layout) throws IOException {
        expectFault(layout, 1, 8, 1); // a reply's descriptor, no request's
        expectFault(layout, 2 * UNDER_WAY, 8, 1); // there is none
        expectFault(layout, -2, 8, 1);
        expectFault(layout, Integer.MIN_VALUE, 8, 1);
        expectFault(layout, 8, 8, 1); // of no command that is under way
        expectFault(layout, 0, 193, 1); // more than there is room for
        expectFault(layout, 0, -1, 1);
        expectFault(layout, 0, 8, 3); // more than are under way
        expectFault(layout, 0, 8, 0xffff);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aReplyWithoutHeaderIsDroppedAndItsCommandEndsInTime(Layout layout) throws IOException {
        for (int length = 0; length < 4; length++) {
            serve(layout);
            assertTrue(agent.send("it", 1));
            killServer();
            returnBuffer(0, length, 1);
            loop.runFor(2 * LONGEST_PAUSE);
            assertEquals(1, link().dropped());
            agent.expectTold("null");
            loop.runFor(LinkFixture.SECOND);
            agent.expectTold("it TIMED_OUT");
            agent.client.end();
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aWindowThatIsCutOffEndsTheLink(Layout layout) throws IOException {
        serve(layout);
        assertTrue(agent.send("it", 1));
        platform.mayBeMalformed = true; // the server finds out as well
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        loop.runFor(2 * LONGEST_PAUSE);
        agent.expectTold("it LINK_LOST");
        agent.expectTold("lost: the window was cut off from its file");
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aCommandLongerThanASlotIsNotSent(Layout layout) throws IOException {
        serve(layout);
        assertEquals(192, link().longestMessage());
        byte[] request = new byte[196];
        System.arraycopy(LinkFixture.request(1), 0, request, 0, 8);
        assertFalse(agent.command("long").send(request, 196, MILLI));
        exchange(1);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anIdleLinkLooksSeldom(Layout layout) throws IOException {
        serve(layout);
        exchange(1);
        killServer();
        loop.runFor(LinkFixture.SECOND);
        long before = loop.turns();
        loop.runFor(LinkFixture.SECOND);
        long looks = loop.turns() - before;
        assertTrue(looks <= 102, looks + " looks in a second");
    }

    /** Whatever a server writes, each command ends once, nothing is thrown, and a new link works. */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void whateverIsInTheWindowEachCommandEnds(Layout layout) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            serve(layout);
            long used = driver().commandRing().usedAt() - GUEST_ADDRESS;
            long events = driver().eventRing().usedAt() - GUEST_ADDRESS;
            for (int i = 0; i < 40; i++) {
                agent.send("c", i);
                long at = (random.nextBoolean() ? used : events) + 4L * random.nextInt(12);
                if (random.nextInt(8) == 0) {
                    at = (layout == Layout.MMIO ? 0x200 : 0) + 4L * random.nextInt(16);
                }
                poked.store(at, random.nextBoolean() ? random.nextInt() : random.nextInt(80) << 16);
                loop.runFor(random.nextInt((int) LONGEST_PAUSE));
            }
            loop.runFor(2 * LinkFixture.SECOND);
            assertEquals(0, agent.client.underWay(), "seed " + seed);
            agent.client.end();
            server().close();
            agent.told.clear();
            poked.write(0, new byte[SIZE], SIZE);
        }
        serve(layout);
        exchange(1);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aTurnBringsABoundedShare(Layout layout) throws IOException {
        serve(layout);
        for (int i = 0; i < UNDER_WAY; i++) {
            assertTrue(agent.send("c", i));
        }
        EventSink events = platform.events;
        assertNotNull(events);
        for (int i = 0; i < 2 * UNDER_WAY; i++) {
            assertEquals(EventSink.Result.SENT, events.offer(LinkFixture.notification(i), 8));
        }
        server().poll();
        server().poll();
        assertNull(agent.told.peek());
        loop.turn();
        assertTrue(agent.told.size() <= 65, agent.told.size() + " in one turn");
        loop.runFor(2 * LONGEST_PAUSE);
        assertEquals(3 * UNDER_WAY, agent.told.size(), "all of them");
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aCommandAllocatesNothing(Layout layout) throws IOException {
        serve(layout);
        int[] replies = new int[1];
        Command command = agent.client.command(new Command.Listener() {
            @Override
            public void replied(byte[] message, int length) {
                replies[0] += LittleEndian.getInt(message, 8);
            }

            @Override
            public void delayed(byte[] message, int length) {}

            @Override
            public void failed(Command.Failure why) {}
        });
        byte[] request = LinkFixture.request(1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                assertTrue(command.send(request, 8, LinkFixture.SECOND));
                loop.turn();
                loop.turn();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
        assertTrue(replies[0] >= 1_000);
    }
}
