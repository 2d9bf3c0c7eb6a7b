// Both ends of a serial line, an agent's client and a platform's transport, over a wire whose time is set by hand.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scmid.testing.HandLoop;
import org.scmid.transport.EventSink;
import org.scmid.transport.serial.SerialCounters;
import org.scmid.transport.serial.SerialSettings;
import org.scmid.transport.serial.SerialTransport;
import org.scmid.transport.serial.Wire;
import org.scmid.transport.virtqueue.LittleEndian;

class SerialLinkTest {
    private static final long MILLI = 1_000_000;
    private static final long TIME_OUT = 200 * MILLI;
    private static final SerialSettings AGENT = new SerialSettings(Path.of("wire"), 115_200, false, 8, 9, 32473);
    private static final SerialSettings PLATFORM = new SerialSettings(Path.of("wire"), 115_200, false, 9, 8, 32473);

    private final HandLoop loop = new HandLoop();
    private final Wire wire = new Wire(loop);
    private final LinkFixture fixture = new LinkFixture(loop);
    private final SmallPlatform platform = new SmallPlatform();
    private final IntSupplier nonces = counting();
    private final SerialTransport transport =
            new SerialTransport(loop, platform, PLATFORM, wire::platform, 1_000 * MILLI, nonces);
    private @Nullable SerialLink link;

    private static IntSupplier counting() {
        int[] last = {0x1000};
        return () -> ++last[0];
    }

    private void connect(boolean keep) {
        SerialLink made = SerialLink.over(loop, AGENT, wire::agent, keep, nonces, fixture.client);
        link = made;
        fixture.client.begin(made);
    }

    private void both() {
        transport.start();
        connect(true);
        loop.settle();
        fixture.expectTold("writable");
        fixture.expectTold("null");
    }

    private SerialCounters platformCounters() {
        SerialCounters counters = transport.counters();
        if (counters == null) {
            throw new AssertionError("the platform has no line");
        }
        return counters;
    }

    @Test
    void commandsAreAnsweredAndEventsCome() {
        both();
        assertTrue(fixture.send("one", 4711));
        loop.settle();
        fixture.expectTold("one replied 4711");
        EventSink events = platform.events;
        assertTrue(events != null);
        assertEquals(EventSink.Result.SENT, events.offer(LinkFixture.notification(17), 8));
        loop.settle();
        fixture.expectTold("notified 17 of 8");
    }

    @Test
    void theLongestMessageGoesBothWays() {
        both();
        byte[] request = new byte[4092];
        System.arraycopy(LinkFixture.request(0x7E7D7E7D), 0, request, 0, 8);
        assertTrue(fixture.command("long").send(request, request.length, TIME_OUT));
        loop.settle();
        fixture.expectTold("long replied " + 0x7E7D7E7D);
        assertEquals(4096, link == null ? 0 : link.longestMessage());
    }

    @Test
    void theAgentGreetsUntilThePlatformIsThere() {
        connect(true);
        loop.passMillis(5_000);
        fixture.expectTold("null");
        assertFalse(fixture.send("early", 1));
        transport.start();
        loop.passMillis(150);
        fixture.expectTold("writable");
        assertTrue(fixture.send("late", 2));
        loop.settle();
        fixture.expectTold("late replied 2");
    }

    @Test
    void aPlatformThatStartsAnewEndsTheSessionAtOnce() {
        both();
        transport.close();
        assertTrue(fixture.send("in vain", 1));
        new SerialTransport(loop, platform, PLATFORM, wire::platform, 1_000 * MILLI, nonces).start();
        loop.settle();
        fixture.expectTold("in vain LINK_LOST");
        fixture.expectTold("lost: the other side began anew");
        connect(true);
        loop.settle();
        fixture.expectTold("writable");
    }

    @Test
    void anAgentThatStartsAnewWithoutKeepBeginsAnew() {
        both();
        assertEquals(0, platform.resets);
        assertEquals(1, platform.sessions);
        fixture.client.end();
        connect(false);
        loop.settle();
        fixture.expectTold("writable");
        assertEquals(1, platform.resets);
        assertEquals(1, platform.gone);
        fixture.client.end();
        connect(true);
        loop.settle();
        assertEquals(1, platform.resets);
        assertEquals(2, platform.sessions);
    }

    @Test
    void silenceOfThreeSecondsEndsTheSessionOnBothSides() {
        both();
        loop.passMillis(60_000);
        fixture.expectTold("null"); // idle, but neither is silent
        assertEquals(0, platform.gone);
        wire.isCut = true;
        loop.passMillis(2_900);
        fixture.expectTold("null");
        loop.passMillis(1_200);
        fixture.expectTold("lost: nothing was heard of the other side for 3 s");
        loop.passMillis(1_000);
        assertEquals(1, platform.gone);
        wire.isCut = false;
        connect(true);
        loop.passMillis(100);
        fixture.expectTold("writable");
    }

    @Test
    void aPlatformThatIsOnlyHeardKeepsItsAgent() {
        both();
        for (int i = 0; i < 100; i++) {
            EventSink events = platform.events;
            assertTrue(events != null, "the agent was given up after " + i + " events");
            events.offer(LinkFixture.notification(i), 8);
            loop.passMillis(100);
            fixture.expectTold("notified " + i + " of 8");
        }
    }

    @Test
    void aPlatformThatHasForgottenTheAgentBeginsAnotherSessionWithIt() {
        both();
        // The agent hears the platform, which does not hear the agent.
        wire.noise = null;
        loop.passMillis(10);
        wire.isCut = true;
        loop.passMillis(2_990);
        wire.isCut = false;
        loop.passMillis(1_500);
        String told = fixture.next();
        if (!told.equals("null")) { // one side was over its time before the other
            assertTrue(told.startsWith("lost: "), told);
            connect(true);
            loop.passMillis(200);
            fixture.expectTold("writable");
        }
        assertTrue(fixture.send("again", 3));
        loop.passMillis(10);
        fixture.expectTold("again replied 3");
    }

    @Test
    void aPortThatIsPulledOutIsWaitedFor() {
        both();
        assertTrue(fixture.send("lost", 1));
        wire.unplug();
        fixture.expectTold("lost LINK_LOST");
        fixture.expectTold("lost: the port is gone");
        assertEquals(1, platform.gone);
        loop.passMillis(1_000);
        connect(true);
        loop.passMillis(100);
        fixture.expectTold("writable");
        assertTrue(fixture.send("back", 2));
        loop.settle();
        fixture.expectTold("back replied 2");
    }

    @Test
    void noMoreCommandsAreUnderWayThanThePlatformTakes() {
        platform.mayBeMalformed = true; // it counts what it has missed
        both();
        wire.isCut = true;
        for (int i = 0; i < 8; i++) {
            assertTrue(fixture.send("c" + i, i));
        }
        assertFalse(fixture.send("too many", 9));
        loop.settle();
        wire.isCut = false;
        loop.passMillis(1_999); // they have timed out after a second
        for (int i = 0; i < 8; i++) {
            fixture.expectTold("c" + i + " TIMED_OUT");
        }
        assertFalse(fixture.send("still too many", 9));
        loop.passMillis(1);
        fixture.expectTold("writable");
        assertTrue(fixture.send("now", 10));
    }

    @Test
    void aLineThatTakesNothingMakesNobodyGrow() {
        platform.mayBeMalformed = true;
        both();
        wire.isHeldUp = true;
        EventSink events = platform.events;
        int offered = 0;
        while (events != null && events.offer(LinkFixture.notification(1), 8) == EventSink.Result.SENT) {
            offered++;
        }
        assertTrue(offered > 10 && offered < 1_000, "" + offered);
        int sent = 0;
        while (sent < 100 && fixture.send("c", 1)) {
            sent++;
        }
        assertEquals(8, sent);
    }

    @Test
    void bytesOfNobodyDoNoHarm() {
        platform.mayBeMalformed = true;
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        both();
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(500)];
            random.nextBytes(noise);
            for (int at = 0; at < noise.length; at++) {
                noise[at] = random.nextInt(8) == 0 ? (byte) 0x7E : noise[at];
            }
            wire.fromAgent(noise);
            wire.fromPlatform(noise);
        }
        loop.passMillis(1);
        fixture.expectTold("null");
        wire.fromAgent(new byte[] {0x7E, 0x7E});
        wire.fromPlatform(new byte[] {0x7E, 0x7E});
        // What the noise began may swallow one more frame of each.
        fixture.send("perhaps", 1);
        loop.passMillis(2_000);
        fixture.told.clear();
        assertTrue(fixture.send("after", 2), "seed " + seed);
        loop.settle();
        fixture.expectTold("after replied 2");
        assertTrue(platformCounters().brokenFrames() > 1_000);
    }

    /** A command that knows what its answer has to be. */
    private final class Checked implements Command.Listener {
        private final Command command = fixture.client.command(this);
        private final byte[] request = new byte[600];
        private int length;
        private long sentAt;
        private int replied;
        private int ended;

        boolean send(Random random, int number) {
            length = 8 + random.nextInt(random.nextInt(10) == 0 ? 590 : 40);
            random.nextBytes(request);
            System.arraycopy(LinkFixture.request(number), 0, request, 0, 8);
            sentAt = loop.nanoTime();
            return command.send(request, length, TIME_OUT);
        }

        @Override
        public void replied(byte[] message, int messageLength) {
            ended();
            replied++;
            assertEquals(length + 4, messageLength);
            assertEquals(0, LittleEndian.getInt(message, 4));
            for (int i = 4; i < length; i++) {
                assertEquals(request[i], message[i + 4], "a wrong answer");
            }
        }

        @Override
        public void delayed(byte[] message, int messageLength) {
            throw new AssertionError("nobody asked for a delayed response");
        }

        @Override
        public void failed(Command.Failure why) {
            ended();
        }

        private void ended() {
            ended++;
            assertTrue(loop.nanoTime() - sentAt <= TIME_OUT, "a command ended too late");
        }
    }

    /** Loses, changes, doubles and invents bytes, and cuts off the rest: each so often among so many. */
    private static Wire.Noise lossy(Random random, int among) {
        return (bytes, count, arrived) -> {
            int to = 0;
            for (int i = 0; i < count && to < arrived.length - 2; i++) {
                int what = random.nextInt(among);
                switch (what) {
                    case 0 -> {}
                    case 1 -> arrived[to++] = (byte) (bytes[i] ^ (1 << random.nextInt(8)));
                    case 2 -> {
                        arrived[to++] = bytes[i];
                        arrived[to++] = bytes[i];
                    }
                    case 3 -> {
                        arrived[to++] = (byte) random.nextInt(256);
                        arrived[to++] = bytes[i];
                    }
                    case 4 -> {
                        if (random.nextInt(4) == 0) {
                            return to;
                        }
                        arrived[to++] = bytes[i];
                    }
                    case 5 -> {
                        // A piece comes twice, as it was sent: what is in it is no news.
                        int from = Math.max(0, i - 100);
                        int piece = Math.min(i - from, arrived.length - to - 2);
                        System.arraycopy(bytes, from, arrived, to, piece);
                        to += piece;
                        arrived[to++] = bytes[i];
                    }
                    default -> arrived[to++] = bytes[i];
                }
            }
            return to;
        };
    }

    @Test
    void overALineThatLosesAndChangesBytesNoAnswerIsWrongAndEachCommandEnds() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        System.out.println("SerialLinkTest seed " + seed);
        platform.mayBeMalformed = true;
        both();
        Checked[] commands = new Checked[8];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = new Checked();
        }
        int messages = Integer.getInteger("messages", 20_000);
        int sent = 0;
        int links = 1;
        for (int turn = 0; sent < messages; turn++) {
            if (turn % 1_000 == 0) {
                wire.noise = lossy(random, List.of(300, 1_000, 5_000, 100_000).get(random.nextInt(4)));
            }
            for (Checked command : commands) {
                if (!command.command.isUnderWay() && random.nextBoolean() && command.send(random, sent)) {
                    sent++;
                }
            }
            loop.runFor(random.nextInt(5) * MILLI);
            if (random.nextInt(3_000) == 0) {
                wire.unplug();
            }
            for (String told = fixture.next(); !told.equals("null"); told = fixture.next()) {
                if (told.startsWith("lost: ")) {
                    loop.passMillis(100);
                    connect(true);
                    links++;
                }
            }
            assertTrue(turn < 100 * messages, "nothing goes on any more; seed " + seed);
        }
        loop.passMillis(1_000);
        int ended = 0;
        int replied = 0;
        for (Checked command : commands) {
            ended += command.ended;
            replied += command.replied;
        }
        assertEquals(sent, ended, "seed " + seed);
        assertTrue(replied > sent / 4, replied + " of " + sent + " were answered; seed " + seed);
        assertTrue(replied < sent, "the line lost nothing; seed " + seed);
        assertTrue(platform.executed <= sent, "a command was executed twice; seed " + seed);
        System.out.println(sent + " sent, " + replied + " answered, " + platform.executed + " executed, " + links
                + " links, " + platformCounters());
    }

    @Test
    void inTheSteadyStateNothingIsAllocatedForAMessage() {
        both();
        Steady steady = new Steady();
        for (int i = 0; i < 20_000; i++) {
            steady.once();
        }
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 10 && least != 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                steady.once();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes for 1000 commands and notifications");
        assertTrue(steady.replies > 20_000);
    }

    private final class Steady implements Command.Listener {
        private final Command command = fixture.client.command(this);
        private final byte[] request = LinkFixture.request(1);
        private int replies;

        void once() {
            command.send(request, request.length, TIME_OUT);
            loop.settle();
        }

        @Override
        public void replied(byte[] message, int length) {
            replies++;
        }

        @Override
        public void delayed(byte[] message, int length) {}

        @Override
        public void failed(Command.Failure why) {}
    }
}
