// A window that its guest writes anything into, anywhere, at any time.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.agent.frontend.WindowDriver.Phase;
import org.scmid.linux.PeerIdentity;
import org.scmid.loop.EventLoop;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.PollPacing;
import org.scmid.transport.ReplyListener;
import org.scmid.transport.window.WindowFixture.Layout;

/**
 * The server goes on, calls the core by the rules, stays inside the window (there is a pattern around it in the file, and
 * nothing else is mapped), and serves the next driver that begins a session.
 */
@Timeout(300)
class WindowFuzzTest {
    private static final int ROUNDS = 40_000;
    private static final long MILLI = 1_000_000L;

    /** Writes that are likely to hit something: most random bytes hit buffers that nobody looks at. */
    private static final class Scribbler {
        private final WindowFixture f;
        private final Random random;
        private final byte[] bytes = new byte[512];

        Scribbler(WindowFixture f, Random random) {
            this.f = f;
            this.random = random;
        }

        void scribble() {
            switch (random.nextInt(8)) {
                case 0 -> anything();
                case 1 -> f.setField(4 * random.nextInt(40), value());
                case 2 -> f.setField(0x40 + 4 * random.nextInt(7), value());
                case 3 -> writeRegister();
                case 4 -> ring();
                case 5 -> descriptor();
                case 6 -> f.setField(0x44, f.field(0x0c)); // says that it goes
                default -> f.window.store(4L * random.nextInt(0x80), value());
            }
        }

        private void anything() {
            int length = 1 + random.nextInt(random.nextInt(20) == 0 ? bytes.length : 8);
            random.nextBytes(bytes);
            f.window.write(random.nextInt(WindowFixture.SIZE - length + 1), bytes, length);
        }

        private int value() {
            return switch (random.nextInt(6)) {
                case 0 -> random.nextInt();
                case 1 -> random.nextInt(70);
                case 2 -> 1 << random.nextInt(32);
                case 3 -> (int) (WindowFixture.GUEST_ADDRESS + random.nextInt(WindowFixture.SIZE));
                case 4 -> f.field(4 * random.nextInt(8)); // a value of the server's
                default -> -random.nextInt(5);
            };
        }

        private void writeRegister() {
            f.setField(0x48, random.nextInt(4) == 0 ? value() : 4 * random.nextInt(0x40));
            f.setField(0x4c, value());
            f.setField(0x50, f.field(0x10) + 1);
        }

        /** Somewhere in the part of a ring that counts: idx and entries of the available rings, used rings. */
        private void ring() {
            int vring =
                    f.layout == Layout.MMIO ? 0x1000 + 0x2000 * random.nextInt(2) : 0x3000 + 0x4000 * random.nextInt(2);
            int available = vring + (f.layout == Layout.MMIO ? 0x400 : 0x200);
            int at = random.nextInt(5) == 0 ? vring + 0x1000 : available;
            f.window.store(
                    at + 4 * random.nextInt(3),
                    random.nextBoolean() ? value() : random.nextInt(66) | random.nextInt(66) << 16);
        }

        private void descriptor() {
            int vring =
                    f.layout == Layout.MMIO ? 0x1000 + 0x2000 * random.nextInt(2) : 0x3000 + 0x4000 * random.nextInt(2);
            int at = vring + 16 * random.nextInt(32);
            f.window.store(at, value());
            f.window.store(at + 4, random.nextInt(10) == 0 ? value() : 0);
            f.window.store(at + 8, random.nextInt(3) == 0 ? value() : random.nextInt(200));
            f.window.store(at + 12, random.nextInt(8) | random.nextInt(66) << 16);
        }
    }

    /** Checks the order and the arguments of all calls, and sometimes answers late. */
    private static final class StrictPort implements AgentPort {
        private final Random random;
        private final int longest;
        private final boolean fat;
        private boolean attached;
        private @Nullable EventSink sink;
        private @Nullable ReplyListener replies;
        private byte[] lateReply = new byte[0];
        private int lateRoom;
        private boolean waiting;
        private @Nullable String wrong;
        private long executed;
        private long resets;
        private long broken;

        StrictPort(Random random, Layout layout) {
            this.random = random;
            fat = layout == Layout.FAT;
            longest = fat ? 192 : MAX_MESSAGE;
        }

        private void expect(boolean condition, String what) {
            if (!condition && wrong == null) {
                wrong = what;
            }
        }

        /** Now and then, what a core does by itself. */
        void live() {
            EventSink events = sink;
            if (events != null && random.nextInt(3) == 0) {
                events.offer(new byte[200], 4 + random.nextInt(196));
            }
            ReplyListener listener = replies;
            if (waiting && listener != null && random.nextInt(3) == 0) {
                waiting = false;
                listener.replyReady(Math.min(lateRoom, 8));
            }
        }

        @Override
        public String name() {
            return "fuzzed";
        }

        @Override
        public int execute(byte[] request, int requestLength, byte[] reply, int replyCapacity) {
            executed++;
            expect(attached, "execute while detached");
            expect(!waiting, "execute while a reply is outstanding");
            expect(requestLength >= 0 && requestLength <= longest, "a request of " + requestLength);
            expect(replyCapacity >= 0 && replyCapacity <= longest, "room for " + replyCapacity);
            expect(!fat || replyCapacity == longest, "room for " + replyCapacity + " in a slot");
            if (random.nextInt(4) == 0) {
                waiting = true;
                lateReply = reply;
                lateRoom = replyCapacity;
                return DEFERRED;
            }
            int length = Math.min(8, replyCapacity);
            for (int i = 0; i < length; i++) {
                reply[i] = (byte) (i < requestLength ? ~request[i] : 0);
            }
            return length;
        }

        @Override
        public void flushEvents() {
            expect(attached, "flushEvents while detached");
        }

        @Override
        public void attached(@Nullable EventSink events, ReplyListener listener) {
            expect(!attached, "attached twice");
            attached = true;
            sink = events;
            replies = listener;
            waiting = false;
        }

        @Override
        public void detached() {
            expect(attached, "detached twice");
            expect(lateReply.length == 0 || lateReply.length == MAX_MESSAGE, "another array");
            attached = false;
            sink = null;
            waiting = false;
        }

        @Override
        public void guestReset() {
            expect(!attached, "reset while attached");
            resets++;
        }

        @Override
        public void peerConnected(PeerIdentity peer) {
            expect(false, "there is no peer");
        }

        @Override
        public void peerGone() {
            expect(false, "there is no peer");
        }

        @Override
        public void malformed(MalformedInput reason) {
            expect(reason != MalformedInput.BAD_MEMORY, "nobody cut the window");
            broken += reason == MalformedInput.RING_BROKEN || reason == MalformedInput.BAD_RING_SETUP ? 1 : 0;
        }
    }

    /** Keeps the loop from sleeping, and looks at the window in every turn. */
    private record Busy(WindowTransport server) implements EventLoop.Poller {
        @Override
        public boolean poll() {
            server.poll();
            return true;
        }

        @Override
        public boolean prepareToWait() {
            return true;
        }
    }

    private static WindowTransport server(WindowFixture f, EventLoop loop, AgentPort port) {
        WindowFile place = new WindowFile(f.file, 0x1000, WindowFixture.SIZE, WindowFile.Kind.MEMORY_FILE);
        WindowTransport.Attention attention = new WindowTransport.Attention(new PollPacing(loop), MILLI, null);
        return f.layout == Layout.MMIO
                ? WindowTransport.mmio(loop, port, place, WindowFixture.GUEST_ADDRESS, attention)
                : WindowTransport.fat(
                        loop, port, place, WindowFixture.GUEST_ADDRESS, new FatGeometry(32, 192), attention);
    }

    /** A driver that finds the window as it is now begins a session, and its requests are answered. */
    private static void recover(WindowFixture f, StrictPort port, String context) {
        f.driver = f.newDriver();
        for (int i = 0; f.driver.phase() != Phase.READY; i++) {
            assertTrue(i < 5_000, () -> context + ": " + f.driver + ", state " + f.state());
            f.driver.step();
            f.loop.runFor(MILLI);
        }
        byte[] request = {1, 2, 3, 4, 5, 6, 7, 8};
        long ticket = f.driver.send(request, 8);
        for (int i = 0; !f.driver.poll() || f.driver.ending() == Ending.EVENT; i++) {
            assertTrue(i < 5_000, () -> context + ": no answer, " + f.driver);
            f.driver.step();
            f.loop.runFor(MILLI);
            port.live();
        }
        assertEquals(Ending.REPLY, f.driver.ending(), context);
        assertEquals(ticket, f.driver.ticket(), context);
        assertEquals(8, f.driver.length(), context);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void whateverIsWrittenTheServerKeepsTheRulesAndServesTheNextDriver(Layout layout) throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        StrictPort port = new StrictPort(random, layout);
        try (WindowFixture f = new WindowFixture(layout)) {
            f.server = server(f, f.loop, port);
            f.server.start();
            Scribbler scribbler = new Scribbler(f, random);
            byte[] request = new byte[192];
            for (int i = 0; i < ROUNDS; i++) {
                String context = "seed " + seed + " round " + i;
                if (i % 40 == 0) {
                    recover(f, port, context);
                }
                for (int n = random.nextInt(4); n > 0; n--) {
                    scribbler.scribble();
                }
                if (random.nextBoolean()) {
                    f.driver.send(request, random.nextInt(193));
                }
                if (random.nextInt(4) == 0) {
                    f.driver.step();
                    f.driver.poll();
                }
                port.live();
                if (random.nextInt(10) == 0) {
                    f.loop.runFor(random.nextInt(20) == 0 ? 1_100 * MILLI : MILLI);
                } else {
                    f.loop.turn();
                }
                assertEquals(null, port.wrong, context);
                if (i % 1_000 == 0) {
                    f.checkSurroundings();
                }
            }
            recover(f, port, "seed " + seed + " at the end");
            assertTrue(port.executed > ROUNDS / 100, port.executed + " executed");
            assertTrue(port.broken > ROUNDS / 1_000, port.broken + " times broken");
            assertTrue(port.resets > ROUNDS / 100, port.resets + " resets");
        }
    }

    /** The same while the loop runs on a thread of its own, so that what is checked is changed amid the check. */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void writesAmidTheServersWorkDoNoHarmEither(Layout layout) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        StrictPort port = new StrictPort(new Random(seed + 1), layout);
        try (WindowFixture f = new WindowFixture(layout);
                RunningLoop loop = new RunningLoop()) {
            WindowTransport server = server(f, loop, port);
            loop.call(() -> {
                server.start();
                return loop.poll(new Busy(server));
            });
            Scribbler scribbler = new Scribbler(f, random);
            byte[] request = new byte[192];
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            int sessions = 0;
            while (System.nanoTime() - end < 0) {
                f.driver = f.newDriver();
                // A line that was scribbled over heals within a second.
                long patience = System.nanoTime() + 1_300 * MILLI;
                while (f.driver.phase() != Phase.READY && System.nanoTime() - patience < 0) {
                    f.driver.step();
                    Thread.onSpinWait();
                }
                sessions += f.driver.phase() == Phase.READY ? 1 : 0;
                for (int i = random.nextInt(400); i > 0; i--) {
                    f.driver.send(request, random.nextInt(193));
                    scribbler.scribble();
                    f.driver.poll();
                }
            }
            // The next driver finds a server that has put its lines right.
            f.driver = f.newDriver();
            long lastEnd = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            boolean answered = false;
            while (!answered) {
                assertTrue(System.nanoTime() - lastEnd < 0, () -> "seed " + seed + ": " + f.driver);
                f.driver.step();
                if (f.driver.underWay() == 0) {
                    f.driver.send(request, 8);
                }
                answered = f.driver.poll() && f.driver.ending() == Ending.REPLY;
                loop.call(() -> {
                    port.live();
                    return null;
                });
            }
            loop.check();
            assertEquals(null, port.wrong, "seed " + seed);
            assertTrue(sessions > 3, sessions + " sessions");
            f.checkSurroundings();
            loop.call(() -> {
                server.close();
                return null;
            });
        }
    }
}
