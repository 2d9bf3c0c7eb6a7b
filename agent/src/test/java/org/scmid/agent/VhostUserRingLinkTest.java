// The link over vhost-user, against our own back end, and against one that a test plays.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.frontend.VhostUserDriver;
import org.scmid.linux.UnixSocket;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.EventSink;
import org.scmid.transport.vhostuser.Request;
import org.scmid.transport.vhostuser.VhostUser;
import org.scmid.transport.vhostuser.VhostUserBackend;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(120)
class VhostUserRingLinkTest {
    private static final long PATIENCE = 20 * LinkFixture.SECOND;
    private static final int UNDER_WAY = 32;
    private static final long FEATURES =
            VhostUser.F_VERSION_1 | VhostUser.F_PROTOCOL_FEATURES | VhostUser.F_P2A_CHANNELS | VhostUser.F_EVENT_IDX;
    private static final String BAD_BUFFER =
            "the back end returned a buffer that it did not have, or too much (EPROTO)";

    private final RunningLoop loop = new RunningLoop();
    private final SmallPlatform platform = new SmallPlatform();
    private final LinkFixture agent;
    private final Path path;
    private @Nullable VhostUserBackend backend;
    private @Nullable RingLink link;

    VhostUserRingLinkTest(@TempDir Path folder) throws Exception {
        path = folder.resolve("scmi.sock");
        agent = loop.call(() -> new LinkFixture(loop));
    }

    @AfterEach
    void close() throws Exception {
        endLink();
        stopBackend();
        loop.close();
    }

    private void startBackend() throws Exception {
        backend = loop.call(() -> {
            VhostUserBackend made = VhostUserBackend.listening(loop, platform, path, 0600, -1);
            made.start();
            return made;
        });
    }

    private void stopBackend() throws Exception {
        loop.call(() -> {
            if (backend != null) {
                backend.close();
            }
            return true;
        });
    }

    private void endLink() throws Exception {
        loop.call(() -> {
            agent.client.end();
            return true;
        });
    }

    private void connect() throws Exception {
        loop.call(() -> {
            agent.client.begin(RingLink.connectVhostUser(loop, path, PATIENCE, agent.client));
            return true;
        });
        agent.awaitTold("writable");
    }

    private boolean send(String name, int value) throws Exception {
        return loop.call(() -> agent.command(name).send(LinkFixture.request(value), 8, PATIENCE));
    }

    private void exchange(int value) throws Exception {
        assertTrue(send("it", value));
        agent.awaitTold("it replied " + value);
    }

    @Test
    void commandsAreAnsweredAndNotificationsCome() throws Exception {
        startBackend();
        connect();
        for (int i = 0; i < 300; i++) {
            exchange(i);
        }
        for (int i = 0; i < 300; i++) {
            byte[] notification = LinkFixture.notification(i);
            EventSink.Result result = loop.call(() -> {
                EventSink events = platform.events;
                assertNotNull(events);
                return events.offer(notification, 8);
            });
            assertEquals(EventSink.Result.SENT, result);
            agent.awaitTold("notified " + i + " of 8");
        }
    }

    @Test
    void manyCommandsAreUnderWayAtATime() throws Exception {
        startBackend();
        connect();
        for (int round = 0; round < 20; round++) {
            loop.call(() -> {
                for (int i = 0; i < UNDER_WAY; i++) {
                    assertTrue(agent.send("c" + i, i));
                }
                assertFalse(agent.send("one more", 0), "the ring is full");
                return true;
            });
            boolean[] replied = new boolean[UNDER_WAY];
            int writable = 0;
            for (int i = 0; i < UNDER_WAY + 1; i++) {
                String what = String.valueOf(agent.told.poll(20, TimeUnit.SECONDS));
                if ("writable".equals(what)) {
                    writable++;
                } else {
                    int number = Integer.parseInt(what.replaceAll(".* ", ""));
                    assertEquals("c" + number + " replied " + number, what);
                    assertFalse(replied[number]);
                    replied[number] = true;
                }
            }
            assertEquals(1, writable);
        }
    }

    @Test
    void aBackEndThatEndsEndsTheLinkAndAnotherGoesOn() throws Exception {
        startBackend();
        connect();
        exchange(1);
        stopBackend();
        agent.awaitTold("lost: recvmsg: the back end closed the connection (ECONNRESET)");
        assertFalse(send("it", 2));
        startBackend();
        connect();
        exchange(3);
    }

    @Test
    void theBackEndLetsGoOfTheAgentWhenTheLinkIsClosed() throws Exception {
        startBackend();
        connect();
        exchange(1);
        endLink();
        connect(); // it serves one at a time
        exchange(2);
        assertEquals(1, loop.call(() -> platform.gone));
    }

    @Test
    void whileNothingComesTheLoopSleeps() throws Exception {
        startBackend();
        connect();
        exchange(1);
        assertTrue(loop.call(loop::hasNoTimer));
        long before = loop.waits();
        assertTrue(loop.call(() -> true));
        assertTrue(loop.call(() -> true));
        assertTrue(loop.waits() - before <= 4, "it waits again after each call, and no more");
    }

    // ---- a back end by hand ----

    private BackEndByHand byHand(long patienceNanos) throws Exception {
        UnixSocket[] ends = UnixSocket.pair();
        loop.call(() -> {
            link = RingLink.overVhostUser(loop, ends[0], patienceNanos, agent.client);
            agent.client.begin(link);
            return true;
        });
        return new BackEndByHand(ends[1]);
    }

    private BackEndByHand readyByHand() throws Exception {
        BackEndByHand made = byHand(PATIENCE);
        made.setUp(FEATURES, VhostUser.PROTOCOL_REPLY_ACK, null);
        agent.awaitTold("writable");
        return made;
    }

    @Test
    void aBackEndThatDoesNotAnswerEndsTheLinkInTime() throws Exception {
        try (BackEndByHand silent = byHand(50_000_000)) {
            agent.awaitTold("lost: the back end does not answer, 50 ms after the link began");
            assertEquals(Request.GET_FEATURES.number(), silent.take(), "it was asked");
        }
    }

    @Test
    void aBackEndWithoutAcknowledgementsOrEventsServesToo() throws Exception {
        try (BackEndByHand simple = byHand(PATIENCE)) {
            simple.setUp(VhostUser.F_VERSION_1 | VhostUser.F_PROTOCOL_FEATURES, 0, null);
            agent.awaitTold("writable");
            assertTrue(send("it", 1));
        }
        agent.awaitTold("it LINK_LOST");
        agent.awaitTold("lost: recvmsg: the back end closed the connection (ECONNRESET)");
    }

    @Test
    void aRefusedRequestEndsTheLink() throws Exception {
        for (Request request : new Request[] {
            Request.SET_OWNER,
            Request.SET_FEATURES,
            Request.SET_MEM_TABLE,
            Request.SET_VRING_NUM,
            Request.SET_VRING_KICK
        }) {
            try (BackEndByHand strict = byHand(PATIENCE)) {
                strict.setUp(FEATURES, VhostUser.PROTOCOL_REPLY_ACK, request);
                agent.awaitTold("lost: " + request + ": the back end refused it (EINVAL)");
            }
        }
    }

    @Test
    void whatIsNoBackEndForScmiEndsTheLink() throws Exception {
        try (BackEndByHand old = byHand(PATIENCE)) {
            old.take();
            old.reply(Request.GET_FEATURES.number(), VhostUser.F_EVENT_IDX);
            assertEquals(Request.SET_OWNER.number(), old.take());
            assertEquals(Request.SET_FEATURES.number(), old.take());
            agent.awaitTold("lost: GET_FEATURES: the back end does not offer VIRTIO_F_VERSION_1 (EPROTO)");
        }
        try (BackEndByHand other = byHand(PATIENCE)) {
            other.send(new byte[20]);
            agent.awaitTold("lost: recvmsg: not the reply to request 1 (EINVAL)");
        }
        try (BackEndByHand other = byHand(PATIENCE)) {
            other.take();
            other.reply(Request.GET_QUEUE_NUM.number(), 2);
            agent.awaitTold("lost: recvmsg: not the reply to request 1 (EINVAL)");
        }
        try (BackEndByHand cut = byHand(PATIENCE)) {
            cut.take();
            cut.send((byte) 1, (byte) 0, (byte) 0);
        }
        agent.awaitTold("lost: recvmsg: the back end closed the connection (ECONNRESET)");
    }

    @Test
    void aReplyInPiecesIsAReply() throws Exception {
        try (BackEndByHand slow = byHand(PATIENCE)) {
            slow.take();
            byte[] reply = new byte[20];
            LittleEndian.putInt(reply, 0, Request.GET_FEATURES.number());
            LittleEndian.putInt(reply, 4, VhostUser.FLAG_VERSION | VhostUser.FLAG_REPLY);
            LittleEndian.putInt(reply, 8, 8);
            LittleEndian.putLong(reply, 12, FEATURES);
            for (byte one : reply) {
                slow.send(one);
                assertTrue(loop.call(() -> true), "the loop goes on meanwhile");
            }
            assertEquals(Request.GET_PROTOCOL_FEATURES.number(), slow.take());
        }
        agent.awaitTold("lost: recvmsg: the back end closed the connection (ECONNRESET)");
    }

    @Test
    void whatItWasNotAskedForEndsTheLink() throws Exception {
        try (BackEndByHand talker = readyByHand()) {
            talker.reply(Request.GET_FEATURES.number(), 0);
            agent.awaitTold("lost: recvmsg: the back end sent what it was not asked for (EPROTO)");
        }
    }

    private void expectFault(int queue, int id, int length, int index) throws Exception {
        try (BackEndByHand mad = readyByHand()) {
            assertTrue(send("a", 1));
            assertTrue(send("b", 2));
            mad.returnBuffer(queue, id, length, index);
            agent.awaitTold("a LINK_LOST");
            agent.awaitTold("b LINK_LOST");
            agent.awaitTold("lost: " + (queue == 0 ? "command" : "event") + " queue: " + BAD_BUFFER);
        }
    }

    @Test
    void buffersThatCannotBeReturnedEndTheLink() throws Exception {
        expectFault(0, 1, 8, 1); // a reply's descriptor, no request's
        expectFault(0, 64, 8, 1); // there is none
        expectFault(0, -2, 8, 1);
        expectFault(0, 8, 8, 1); // of no command that is under way
        expectFault(0, 0, 4097, 1); // more than there is room for
        expectFault(0, 0, -1, 1);
        expectFault(0, 0, 8, 3); // more than are under way
        expectFault(1, 64, 8, 1);
        expectFault(1, -1, 8, 1);
        expectFault(1, 0, 4097, 1);
        expectFault(1, 0, 8, 65);
    }

    @Test
    void aReplyWithoutHeaderIsDropped() throws Exception {
        try (BackEndByHand short3 = readyByHand()) {
            assertTrue(send("a", 1));
            short3.returnBuffer(0, 0, 3, 1);
            short3.returnBuffer(1, 0, 0, 1);
            while (loop.call(() -> link != null && link.dropped() < 2)) {
                Thread.onSpinWait();
            }
            assertEquals(1, loop.call(() -> agent.client.underWay()));
        }
        agent.awaitTold("a LINK_LOST");
    }

    @Test
    void aBackEndThatCallsForNothingCostsTurnsAndNoMore() throws Exception {
        try (BackEndByHand noisy = readyByHand()) {
            for (int i = 0; i < 1_000; i++) {
                noisy.call(i % 2);
            }
            assertTrue(send("a", 1));
            noisy.returnBuffer(0, 0, 12, 1); // header 0 of nobody
            while (loop.call(() -> agent.client.unexpected()) == 0) {
                Thread.onSpinWait();
            }
        }
        agent.awaitTold("a LINK_LOST");
    }

    /** Whatever a back end writes into its memory, each command ends once, and nothing is thrown. */
    @Test
    void whateverIsInTheMemoryEachCommandEnds() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            try (BackEndByHand mad = readyByHand()) {
                for (int i = 0; i < 40; i++) {
                    send("c", i);
                    int queue = random.nextInt(2);
                    int value = random.nextBoolean() ? random.nextInt() : random.nextInt(80);
                    mad.memory().putInt(mad.used(queue) + 4L * random.nextInt(12), value);
                    if (random.nextBoolean()) {
                        mad.memory().putU16Release(mad.used(queue) + 2, random.nextInt(4));
                    }
                    mad.call(queue);
                }
            }
            while (!String.valueOf(agent.told.poll(20, TimeUnit.SECONDS)).startsWith("lost")) {}
            assertEquals(0, loop.call(() -> agent.client.underWay()), "seed " + seed);
            agent.told.clear();
        }
        loop.check();
    }

    /** Without the signals: a system call may allocate in the JDK. The link itself is measured over a window. */
    @Test
    void aCommandAllocatesNothing() throws Exception {
        UnixSocket[] ends = UnixSocket.pair();
        try (VhostUserDriver driver = VhostUserDriver.over(ends[0]);
                BackEndByHand mute = new BackEndByHand(ends[1])) {
            Future<?> setUp = ForkJoinPool.commonPool().submit(() -> {
                mute.setUp(VhostUser.F_VERSION_1 | VhostUser.F_PROTOCOL_FEATURES, VhostUser.PROTOCOL_REPLY_ACK, null);
                return true;
            });
            while (!driver.step()) {
                Thread.onSpinWait();
            }
            setUp.get(20, TimeUnit.SECONDS);
            mute.memory().putU16Release(mute.used(0), 1); // no kicks, please
            byte[] request = LinkFixture.request(1);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            int index = 0;
            for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1_000; i++) {
                    assertTrue(driver.send(request, 8));
                    mute.use(index++, 0, 12); // the first pair that is given out, and again
                    assertTrue(driver.poll());
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least);
        }
    }
}
