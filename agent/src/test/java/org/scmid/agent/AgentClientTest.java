// Commands, their tokens and their ends, with a platform that a test plays.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.testing.HandLoop;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(60)
class AgentClientTest {
    private static final int CLOCK = 0x14;
    private static final int RATE_SET = 5;
    private static final long MILLI = 1_000_000;
    private static final long QUARANTINE = 60_000 * MILLI;

    private final HandLoop loop = new HandLoop();
    private final Platform platform = new Platform();
    private final List<String> told = new ArrayList<>();
    private final AgentClient client = new AgentClient(loop, QUARANTINE, new AgentClient.Listener() {
        @Override
        public void notified(byte[] message, int length) {
            told.add("notification of " + length);
        }

        @Override
        public void writable() {
            told.add("writable");
        }

        @Override
        public void lost(String why) {
            told.add("lost: " + why);
        }
    });

    AgentClientTest() {
        client.begin(platform);
    }

    /** Keeps what is sent. */
    private static final class Platform implements PlatformLink {
        private final int[] headers = new int[2 * Tokens.COUNT];
        private int count;
        private boolean full;

        @Override
        public boolean send(byte[] message, int length) {
            if (full) {
                return false;
            }
            headers[count++] = LittleEndian.getInt(message, 0);
            return true;
        }

        @Override
        public void close() {}

        int last() {
            return headers[count - 1];
        }
    }

    private final class Noted implements Command.Listener {
        private final String name;

        Noted(String name) {
            this.name = name;
        }

        @Override
        public void replied(byte[] message, int length) {
            told.add(name + " replied " + LittleEndian.getInt(message, 4));
        }

        @Override
        public void delayed(byte[] message, int length) {
            told.add(name + " delayed " + LittleEndian.getInt(message, 4));
        }

        @Override
        public void failed(Command.Failure why) {
            told.add(name + " " + why);
        }
    }

    private Command command(String name) {
        return client.command(new Noted(name));
    }

    private static byte[] request() {
        byte[] request = new byte[20];
        LittleEndian.putInt(request, 0, Header.encode(RATE_SET, MessageType.COMMAND, CLOCK, 0));
        return request;
    }

    private int send(Command command) {
        assertTrue(command.send(request(), 20, 10 * MILLI));
        return platform.last();
    }

    private int sendAsynchronous(Command command) {
        assertTrue(command.sendAsynchronous(request(), 20, 10 * MILLI, 100 * MILLI));
        return platform.last();
    }

    private void come(int header, int status) {
        byte[] message = new byte[PlatformLink.MAX_MESSAGE];
        LittleEndian.putInt(message, 0, header);
        LittleEndian.putInt(message, 4, status);
        client.received(message, 8);
    }

    private void expectTold(String... expected) {
        assertEquals(List.of(expected), told);
        told.clear();
    }

    @Test
    void eachCommandGetsItsOwnReplyInWhateverOrderTheyCome() {
        int one = send(command("one"));
        int two = send(command("two"));
        int three = send(command("three"));
        assertEquals(3, client.underWay());
        come(two, 2);
        come(three, 3);
        come(one, 1);
        expectTold("two replied 2", "three replied 3", "one replied 1");
        assertEquals(0, client.underWay());
        assertEquals(0, loop.armed());
    }

    @Test
    void aCommandEndsInTimeAndItsLateReplyIsDropped() {
        int one = send(command("one"));
        loop.runFor(10 * MILLI - 1);
        expectTold();
        loop.runFor(1);
        expectTold("one TIMED_OUT");
        come(one, 0);
        expectTold();
        assertEquals(1, client.late());
        come(one, 0);
        assertEquals(1, client.unexpected(), "a second time it is not expected");
    }

    @Test
    void aTokenWhoseReplyMayStillComeIsNotUsedAgainBefore() {
        Command command = command("it");
        int lost = send(command);
        loop.runFor(10 * MILLI);
        for (int i = 0; i < Tokens.COUNT - 1; i++) {
            int header = send(command);
            assertNotEquals(lost, header);
            command.abandon();
        }
        assertFalse(command.send(request(), 20, MILLI), "every token is retired");
        come(lost, 0);
        assertEquals(lost, send(command), "its late reply sets it free");
    }

    @Test
    void afterTheQuarantineTheOldestTokenIsUsedAgain() {
        Command command = command("it");
        int first = send(command);
        command.abandon();
        for (int i = 0; i < Tokens.COUNT - 1; i++) {
            send(command);
            command.abandon();
        }
        loop.runFor(QUARANTINE - 1);
        assertFalse(command.send(request(), 20, MILLI));
        loop.runFor(1);
        assertEquals(first, send(command));
    }

    @Test
    void tokensThatAreUnderWayAreAllDifferent() {
        expectAllTokensFree();
    }

    private void expectAllTokensFree() {
        Set<Integer> headers = new HashSet<>();
        for (int i = 0; i < Tokens.COUNT; i++) {
            assertTrue(headers.add(send(command("it"))));
        }
        assertFalse(command("one more").send(request(), 20, MILLI));
        assertEquals(Tokens.COUNT, client.underWay());
    }

    @Test
    void anAsynchronousCommandEndsByItsDelayedResponse() {
        int header = sendAsynchronous(command("it"));
        come(header, 0);
        loop.runFor(99 * MILLI);
        come(Header.delayedResponseTo(header), -8);
        expectTold("it replied 0", "it delayed -8");
        assertEquals(0, client.underWay());
    }

    @Test
    void anAsynchronousCommandThatIsRefusedEndsByItsReply() {
        int header = sendAsynchronous(command("it"));
        come(header, -6);
        assertEquals(0, client.underWay());
        come(Header.delayedResponseTo(header), 0);
        expectTold("it replied -6");
        assertEquals(1, client.unexpected());
    }

    @Test
    void aDelayedResponseMayOvertakeItsReply() {
        int header = sendAsynchronous(command("it"));
        come(Header.delayedResponseTo(header), 0);
        come(header, 0);
        expectTold("it delayed 0");
        assertEquals(1, client.late());
    }

    @Test
    void aDelayedResponseThatComesTooLateIsDropped() {
        int header = sendAsynchronous(command("it"));
        come(header, 0);
        loop.runFor(100 * MILLI);
        expectTold("it replied 0", "it TIMED_OUT");
        come(Header.delayedResponseTo(header), 0);
        assertEquals(1, client.late());
        expectAllTokensFree();
    }

    @Test
    void bothLateMessagesOfAnAsynchronousCommandAreDropped() {
        int header = sendAsynchronous(command("it"));
        loop.runFor(10 * MILLI);
        come(header, 0);
        come(Header.delayedResponseTo(header), 0);
        expectTold("it TIMED_OUT");
        assertEquals(2, client.late());
        assertEquals(0, client.unexpected());
    }

    @Test
    void whatNoCommandAwaitsIsCountedAndDropped() {
        int header = send(command("it"));
        come(header + (1 << 18), 0); // another token
        come(header + 1, 0); // another message
        come(header + (1 << 10), 0); // another protocol
        come(Header.delayedResponseTo(header), 0);
        assertEquals(4, client.unexpected());
        byte[] message = new byte[PlatformLink.MAX_MESSAGE];
        LittleEndian.putInt(message, 0, header);
        client.received(message, 4); // no status
        come(header | (1 << 8), 0); // a type that SCMI does not have
        assertEquals(2, client.malformed());
        expectTold();
        come(header | (0xA << 28), 0); // reserved bits are ignored
        expectTold("it replied 0");
    }

    @Test
    void notificationsGoToTheListener() {
        come(Header.encode(0, MessageType.NOTIFICATION, CLOCK, 77), 0);
        expectTold("notification of 8");
    }

    @Test
    void withTheLinkAllEndsAndANewOneBeginsWithAllTokens() {
        int one = send(command("one"));
        sendAsynchronous(command("two"));
        client.lost("pulled out");
        expectTold("one LINK_LOST", "two LINK_LOST", "lost: pulled out");
        assertEquals(0, loop.armed());
        assertFalse(command("three").send(request(), 20, MILLI));
        client.begin(platform);
        come(one, 0);
        assertEquals(1, client.unexpected(), "what was sent to the link before");
        expectAllTokensFree();
    }

    @Test
    void aLinkWithoutRoomTakesNothingAndNoTokenIsLost() {
        platform.full = true;
        Command command = command("it");
        for (int i = 0; i < 3 * Tokens.COUNT; i++) {
            assertFalse(command.send(request(), 20, MILLI));
        }
        platform.full = false;
        client.writable();
        expectTold("writable");
        expectAllTokensFree();
    }

    @Test
    void aCommandMayBeSentAgainFromItsOwnEnd() {
        Command[] self = new Command[1];
        self[0] = client.command(new Command.Listener() {
            @Override
            public void replied(byte[] message, int length) {
                told.add("replied");
                assertTrue(self[0].send(request(), 20, MILLI));
            }

            @Override
            public void delayed(byte[] message, int length) {}

            @Override
            public void failed(Command.Failure why) {
                told.add("failed");
            }
        });
        come(send(self[0]), 0);
        come(platform.last(), 0);
        expectTold("replied", "replied");
        assertTrue(self[0].isUnderWay());
    }

    /** Whatever comes, each command ends exactly once, and nothing else is told. */
    @Test
    void whateverAPlatformSendsEachCommandEndsOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Command> commands = new ArrayList<>();
        int[] ends = new int[1];
        for (int i = 0; i < 40; i++) {
            commands.add(client.command(new Command.Listener() {
                @Override
                public void replied(byte[] message, int length) {
                    assertTrue(length >= 8, "seed " + seed);
                }

                @Override
                public void delayed(byte[] message, int length) {
                    ends[0]++;
                }

                @Override
                public void failed(Command.Failure why) {
                    ends[0]++;
                }
            }));
        }
        int sent = 0;
        byte[] message = new byte[PlatformLink.MAX_MESSAGE];
        for (int i = 0; i < 200_000; i++) {
            Command command = commands.get(random.nextInt(commands.size()));
            if (!command.isUnderWay() && platform.count < platform.headers.length) {
                sent += command.sendAsynchronous(request(), 20, 5 * MILLI, 5 * MILLI) ? 1 : 0;
            }
            int header = random.nextInt(8) == 0
                    ? random.nextInt()
                    : platform.headers[random.nextInt(Math.max(1, platform.count))] ^ (random.nextInt(3) << 8);
            LittleEndian.putInt(message, 0, header);
            LittleEndian.putInt(message, 4, 0);
            client.received(message, 4 + random.nextInt(20));
            loop.runFor(random.nextInt(1_000_000));
        }
        loop.runFor(20 * MILLI);
        assertEquals(0, client.underWay(), "seed " + seed);
        assertEquals(sent, ends[0], "seed " + seed);
        assertTrue(sent > 100, sent + " sent");
    }

    @Test
    void aCommandAllocatesNothing() {
        int[] replies = new int[1];
        Command command = client.command(new Command.Listener() {
            @Override
            public void replied(byte[] message, int length) {
                replies[0]++;
            }

            @Override
            public void delayed(byte[] message, int length) {}

            @Override
            public void failed(Command.Failure why) {}
        });
        byte[] request = request();
        byte[] reply = new byte[8];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                platform.count = 0;
                command.send(request, 20, MILLI);
                LittleEndian.putInt(reply, 0, platform.last());
                client.received(reply, 8);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
        assertTrue(replies[0] >= 1_000);
    }
}
