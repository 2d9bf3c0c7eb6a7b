// The session between the two sides of a window: who may start, die and come back when, and what becomes of messages.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.agent.frontend.WindowDriver.Phase;
import org.scmid.transport.ReplyListener;
import org.scmid.transport.window.WindowFixture.Layout;

@Timeout(120)
class SessionTest {
    private static final int MAGIC = 0x00;
    private static final int VERSION = 0x04;
    private static final int STATE = 0x08;
    private static final int SERVER_EPOCH = 0x0c;
    private static final int WT_ACK = 0x10;
    private static final int DRIVER_EPOCH_SEEN = 0x1c;
    private static final int DRIVER_EPOCH = 0x40;
    private static final int SERVER_EPOCH_SEEN = 0x44;
    private static final int WT_SEQ = 0x50;

    private static final int FAT_USED = 0x4000;

    /** Looks without pause: what is waited for takes less than a microsecond. */
    private static void spinUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "not within 20 s");
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aDriverAndAServerFindEachOtherInEitherOrder(Layout layout) throws IOException {
        try (WindowFixture f = new WindowFixture(layout)) {
            for (int i = 0; i < 20; i++) {
                f.turn();
            }
            assertEquals(Phase.SERVER_AWAITED, f.driver.phase());
            f.server.start();
            f.untilReady();
            f.exchange(1);
        }
        try (WindowFixture f = new WindowFixture(layout)) {
            f.server.start();
            f.loop.runFor(5 * WindowFixture.SECOND);
            f.untilReady();
            f.exchange(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void theAgentIsResetOnceBeforeItIsAttached(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            List<String> expected = layout == Layout.FAT
                    ? List.of("reset", "attached")
                    : List.of("reset", "reset", "attached"); // the second is that of Status 0
            assertEquals(expected, f.port.calls);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aNewDriverEpochDetachesAndResetsTheAgent(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.port.calls.clear();
            int epoch = f.field(DRIVER_EPOCH) + 5;
            f.setField(SERVER_EPOCH_SEEN, 0);
            f.setField(DRIVER_EPOCH, epoch);
            f.loop.turn();
            assertEquals(List.of("detached", "reset"), f.port.calls);
            assertEquals(epoch, f.field(DRIVER_EPOCH_SEEN));
            assertEquals(f.field(WT_SEQ), f.field(WT_ACK));
            assertEquals(1, f.state());
        }
    }

    @Test
    void aNewDriverEpochEmptiesTheUsedRingsOfAFatVirtqueue() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
            f.exchange(1);
            f.offer(8);
            assertEquals(0x0001_0000, f.window.load(FAT_USED));
            assertEquals(0x0001_0000, f.window.load(0x8000));
            f.setField(SERVER_EPOCH_SEEN, 0);
            f.setField(DRIVER_EPOCH, f.field(DRIVER_EPOCH) + 1);
            f.loop.turn();
            assertEquals(0, f.window.load(FAT_USED));
            assertEquals(0, f.window.load(0x8000));
        }
    }

    @Test
    void aNewDriverEpochResetsTheMmioDevice() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.MMIO)) {
            f.setField(SERVER_EPOCH_SEEN, 0);
            f.setField(DRIVER_EPOCH, f.field(DRIVER_EPOCH) + 1);
            f.loop.turn();
            assertEquals(0, f.window.load(0x070));
            assertEquals(0, f.window.load(0x044));
            assertEquals(0, f.window.load(0x060));
        }
    }

    /** Another thread looks at the window, as a driver would, while resets are carried out. */
    @Test
    void driverEpochSeenIsTheLastThingThatAResetWrites() throws Exception {
        try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
            AtomicInteger observed = new AtomicInteger(-1);
            AtomicInteger wrong = new AtomicInteger();
            int first = 1_000_000;
            int rounds = 20_000;
            Thread driver = Thread.ofPlatform().daemon().start(() -> {
                for (int epoch = first; epoch < first + rounds; epoch++) {
                    int awaited = epoch;
                    spinUntil(() -> f.field(DRIVER_EPOCH_SEEN) == awaited);
                    boolean clean = f.window.load(FAT_USED) == 0
                            && f.window.load(0x8000) == 0
                            && f.field(STATE) == 1
                            && f.field(WT_ACK) == epoch;
                    wrong.addAndGet(clean ? 0 : 1);
                    observed.set(epoch);
                }
            });
            f.setField(SERVER_EPOCH_SEEN, 0);
            for (int epoch = first; epoch < first + rounds; epoch++) {
                f.window.store(FAT_USED, 0x0005_0000);
                f.window.store(0x8000, 0x0006_0000);
                f.setField(STATE, 2);
                f.setField(WT_SEQ, epoch);
                f.setField(DRIVER_EPOCH, epoch);
                f.loop.turn();
                int shown = epoch;
                spinUntil(() -> observed.get() == shown);
            }
            driver.join();
            assertEquals(0, wrong.get());
        }
    }

    /** Another thread looks at the window while servers start. */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void aStartSaysDownFirstAndReadyLast(Layout layout) throws Exception {
        try (WindowFixture f = new WindowFixture(layout)) {
            AtomicInteger round = new AtomicInteger();
            AtomicInteger observed = new AtomicInteger();
            AtomicInteger wrong = new AtomicInteger();
            int rounds = 500;
            Thread driver = Thread.ofPlatform().daemon().start(() -> {
                int epoch = 0;
                for (int i = 1; i <= rounds; i++) {
                    int awaited = i;
                    spinUntil(() -> round.get() == awaited);
                    int before = epoch;
                    spinUntil(() -> f.field(SERVER_EPOCH) != before);
                    boolean clean = f.field(STATE) != 2; // what the server before left behind
                    epoch = f.field(SERVER_EPOCH);
                    spinUntil(() -> f.field(STATE) == 1);
                    clean &= f.field(MAGIC) == (layout == Layout.FAT ? 0x56464353 : 0x424d4353)
                            && f.field(VERSION) == 1
                            && f.field(WT_ACK) == i
                            && f.field(DRIVER_EPOCH_SEEN) == i
                            && (layout == Layout.FAT
                                    ? f.window.load(FAT_USED) == 0 && f.window.load(0x9c) == 0x9000
                                    : f.window.load(0x070) == 0 && f.window.load(0x000) == 0x74726976);
                    wrong.addAndGet(clean ? 0 : 1);
                    observed.set(i);
                }
            });
            for (int i = 1; i <= rounds; i++) {
                f.setField(MAGIC, 0);
                f.setField(VERSION, 0);
                f.setField(STATE, 2);
                f.setField(WT_SEQ, i);
                f.setField(DRIVER_EPOCH, i);
                if (layout == Layout.FAT) {
                    f.window.store(FAT_USED, 0x0005_0000);
                    f.window.store(0x9c, 0);
                } else {
                    f.window.store(0x070, 0x0f);
                    f.window.store(0x000, 0);
                }
                round.set(i);
                f.server.start();
                int shown = i;
                spinUntil(() -> observed.get() == shown);
                f.killServer();
            }
            driver.join();
            assertEquals(0, wrong.get());
        }
    }

    @Test
    void nothingIsServedUntilTheDriverKnowsTheServersEpoch() throws IOException {
        try (WindowFixture f = WindowFixture.ready(Layout.FAT)) {
            int epoch = f.field(SERVER_EPOCH);
            for (int seen : new int[] {0, epoch - 1, epoch + 1, f.field(DRIVER_EPOCH)}) {
                f.setField(SERVER_EPOCH_SEEN, 0);
                f.setField(DRIVER_EPOCH, f.field(DRIVER_EPOCH) + 1);
                f.loop.turn();
                f.driver.commandRing().begin();
                f.driver.commandRing().setLength(0, 8);
                f.driver.commandRing().offer(0);
                f.driver.commandRing().publish();
                f.setField(SERVER_EPOCH_SEEN, seen);
                long executed = f.port.executed();
                f.loop.runFor(3 * WindowFixture.SECOND);
                assertEquals(executed, f.port.executed(), "server_epoch_seen " + seen);
                assertEquals(0, f.window.load(FAT_USED));
                f.setField(SERVER_EPOCH_SEEN, epoch);
                f.loop.turn();
                assertEquals(executed + 1, f.port.executed());
            }
        }
    }

    @Test
    void noRegisterIsWrittenUntilTheDriverKnowsTheServersEpoch() throws IOException {
        try (WindowFixture f = WindowFixture.atRegisters()) {
            int epoch = f.field(SERVER_EPOCH);
            f.setField(SERVER_EPOCH_SEEN, 0);
            f.setField(DRIVER_EPOCH, f.field(DRIVER_EPOCH) + 1);
            f.loop.turn();
            int acknowledged = f.field(WT_ACK);
            f.setField(SERVER_EPOCH_SEEN, epoch + 1);
            assertFalse(f.write(0x070, 1));
            assertEquals(0, f.window.load(0x070));
            assertEquals(acknowledged, f.field(WT_ACK));
            f.setField(SERVER_EPOCH_SEEN, epoch);
            f.loop.turn();
            assertEquals(1, f.window.load(0x070));
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aDriverThatTakesItsWordBackIsNotServedAnyMore(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.exchange(1);
            f.setField(SERVER_EPOCH_SEEN, 0);
            f.send(2);
            f.loop.runFor(WindowFixture.SECOND);
            assertEquals(1, f.port.executed());
            assertEquals("detached", f.port.calls.getLast());
            assertEquals(1, f.state(), "it is not against the rules");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aDriverThatStartsAnewFindsTheServerAgain(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.exchange(1);
            f.driver = f.newDriver(); // the one before is dead
            f.untilReady();
            f.exchange(2);
            f.offer(8);
            f.untilPolled();
            assertEquals(Ending.EVENT, f.driver.ending());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void requestsThatADriverGivesUpEndAsSuch(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            long first = f.send(1);
            long second = f.send(2);
            f.driver.restart();
            for (long ticket : new long[] {first, second}) {
                assertTrue(f.driver.poll());
                assertEquals(Ending.RESTARTED, f.driver.ending());
                assertEquals(ticket, f.driver.ticket());
            }
            assertFalse(f.driver.poll());
            f.untilReady();
            assertEquals(2, f.driver.sessions());
            f.exchange(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anOrderlyEndOfTheServerEndsRequestsAtOnce(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.port.deferring = true;
            long ticket = f.send(1);
            f.loop.turn();
            f.server.close();
            f.driver.step();
            assertTrue(f.driver.poll());
            assertEquals(Ending.SERVER_GONE, f.driver.ending());
            assertEquals(ticket, f.driver.ticket());
            assertEquals(Phase.SERVER_AWAITED, f.driver.phase());
            assertEquals(0, f.send(2), "nobody is there");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aKilledServerIsNoticedWhenTheNextOneStarts(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.port.deferring = true;
            long ticket = f.send(1);
            f.loop.turn();
            f.killServer();
            f.expectSilence();
            assertEquals(Phase.READY, f.driver.phase());
            f.port.deferring = false;
            f.server.start();
            f.untilPolled();
            assertEquals(Ending.SERVER_GONE, f.driver.ending());
            assertEquals(ticket, f.driver.ticket());
            f.untilReady();
            assertEquals(1, f.port.executed(), "it is not repeated");
            f.exchange(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aReplyThatAServerPublishedBeforeItsSuccessorCameIsNotBelieved(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            long ticket = f.send(1);
            f.loop.turn();
            f.killServer();
            f.server.start();
            f.untilPolled();
            assertEquals(Ending.SERVER_GONE, f.driver.ending());
            assertEquals(ticket, f.driver.ticket());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aRestartOfTheServerAloneDropsNothingOfTheAgents(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.killServer();
            f.port.calls.clear();
            f.server.start();
            f.loop.runFor(2 * WindowFixture.SECOND);
            assertEquals(List.of(), f.port.calls);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aDriverThatStartedAnewWhileNoServerWasThereIsResetByTheNext(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.killServer(); // state stays 1, so a driver goes on to its new epoch
            f.port.calls.clear();
            f.driver = f.newDriver();
            f.driver.step();
            assertEquals(Phase.EPOCH_AWAITED, f.driver.phase());
            f.server.start();
            assertEquals(List.of("reset"), f.port.calls);
            f.untilReady();
            f.exchange(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aLateReplyOfAnOldSessionIsNotWrittenIntoTheNew(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            f.port.deferring = true;
            f.send(1);
            f.loop.turn();
            ReplyListener old = f.port.replies;
            assertNotNull(old);
            f.driver.restart();
            assertTrue(f.driver.poll());
            f.untilReady();
            f.port.replyTo(old);
            f.expectSilence();
            long ticket = f.send(2);
            f.loop.turn();
            f.port.replyTo(old);
            f.expectSilence();
            f.port.reply();
            f.expectReply(ticket, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void eventsOfferedBetweenSessionsFindNoBuffer(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            var sink = f.port.events;
            assertNotNull(sink);
            f.setField(SERVER_EPOCH_SEEN, 0);
            f.loop.turn();
            assertEquals(org.scmid.transport.EventSink.Result.NO_BUFFER, sink.offer(new byte[8], 8));
        }
    }

    /** Everybody starts anew at any time; each request is answered by its own reply, or ends by an error, exactly once. */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void whoeverRestartsWheneverEachRequestEndsOnce(Layout layout) throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (WindowFixture f = WindowFixture.ready(layout)) {
            Map<Long, Integer> underWay = new HashMap<>();
            boolean up = true;
            int replies = 0;
            int losses = 0;
            for (int i = 0; i < 60_000; i++) {
                String context = "seed " + seed + " step " + i;
                switch (random.nextInt(300)) {
                    case 0 -> {
                        f.killServer();
                        up = false;
                    }
                    case 1 -> {
                        f.server.close();
                        f.server = f.newServer();
                        up = false;
                    }
                    case 2, 3, 4, 5 -> {
                        if (!up) {
                            f.server.start();
                            up = true;
                        }
                    }
                    case 6 -> f.driver.restart();
                    case 7 -> f.setField(0x1c, random.nextInt()); // a scribble, which heals
                    case 8 -> f.loop.runFor(WindowFixture.SECOND);
                    default -> {
                        switch (random.nextInt(4)) {
                            case 0 -> {
                                int value = random.nextInt(256);
                                long ticket = f.send(value);
                                if (ticket != 0) {
                                    assertEquals(null, underWay.put(ticket, value), context);
                                }
                            }
                            case 1 -> f.driver.step();
                            case 2 -> f.loop.turn();
                            default -> {
                                if (f.driver.poll()) {
                                    Integer value = underWay.remove(f.driver.ticket());
                                    assertNotNull(value, context + " " + f.driver.ending());
                                    if (f.driver.ending() == Ending.REPLY) {
                                        replies++;
                                        assertEquals((byte) ~value, f.driver.message()[0], context);
                                        assertEquals((byte) ~value, f.driver.message()[7], context);
                                    } else {
                                        losses++;
                                        assertNotEquals(Ending.NO_REPLY, f.driver.ending(), context);
                                        assertNotEquals(Ending.SERVER_FAULT, f.driver.ending(), context);
                                        assertNotEquals(Ending.BROKEN, f.driver.ending(), context);
                                    }
                                }
                            }
                        }
                    }
                }
            }
            if (!up) {
                f.server.start();
            }
            while (!underWay.isEmpty()) {
                f.untilPolled();
                assertNotNull(underWay.remove(f.driver.ticket()));
            }
            assertTrue(replies > 100 && losses > 10, replies + " replies, " + losses + " losses, seed " + seed);
        }
    }
}
