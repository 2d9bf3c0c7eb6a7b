package org.scmid.transport.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.AgentPort;
import org.scmid.transport.Await;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ProcessState;
import org.scmid.transport.RecordingPort;
import org.scmid.transport.ReplyListener;
import org.scmid.transport.virtqueue.LittleEndian;

/** Length-prefixed messages over a real socket. */
@Timeout(60)
class SocketTransportTest {
    private final Path path;
    private final RunningLoop loop = new RunningLoop();
    private final RecordingPort port = new RecordingPort();
    private final SocketTransport transport;

    SocketTransportTest(@TempDir Path folder) throws Exception {
        path = folder.resolve("tools.sock");
        transport = SocketTransport.listening(loop, port, path, 0600, -1);
    }

    @BeforeEach
    void start() throws Exception {
        loop.call(() -> {
            transport.start();
            return true;
        });
    }

    @AfterEach
    void stop() throws Exception {
        loop.call(() -> {
            transport.close();
            return true;
        });
        loop.close();
    }

    private static byte[] frame(int length, int value) {
        byte[] bytes = new byte[4 + length];
        Arrays.fill(bytes, (byte) value);
        LittleEndian.putInt(bytes, 0, length);
        return bytes;
    }

    private static void receive(UnixSocket socket, byte[] into, int length) throws Exception {
        int[] done = {0};
        Await.until(length + " bytes", () -> {
            int count = socket.receive(into, done[0], length - done[0], null);
            if (count == UnixSocket.CLOSED) {
                throw new LinuxException("receive", org.scmid.linux.Errno.ECONNRESET);
            }
            done[0] += Math.max(0, count);
            return done[0] == length;
        });
    }

    private static void expectFrame(UnixSocket socket, int length, int value) throws Exception {
        byte[] bytes = new byte[4 + length];
        receive(socket, bytes, bytes.length);
        assertEquals(length, LittleEndian.getInt(bytes, 0));
        for (int i = 4; i < bytes.length; i++) {
            assertEquals((byte) value, bytes[i]);
        }
    }

    private void awaitGone(int times) throws Exception {
        Await.until("gone", () -> port.calls.stream().filter("gone"::equals).count() == times);
    }

    private static boolean closedByPeer(UnixSocket socket) throws Exception {
        byte[] one = new byte[1];
        Await.until("the end", () -> socket.receive(one, 0, 1, null) == UnixSocket.CLOSED);
        return true;
    }

    @Test
    void messagesGoBothWays() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path)) {
            for (int length : new int[] {4, 5, 128, AgentPort.MAX_MESSAGE}) {
                byte[] frame = frame(length, length);
                assertEquals(frame.length, client.send(frame, 0, frame.length));
                expectFrame(client, length, ~length);
            }
            assertEquals(EventSink.Result.SENT, loop.call(() -> sink().offer(new byte[] {7, 7, 7, 7, 7}, 5)));
            loop.call(() -> {
                sink().sendOffered();
                return true;
            });
            expectFrame(client, 5, 7);
        }
        awaitGone(1);
        assertEquals(List.of("connected", "reset", "attached", "detached", "gone"), port.calls);
    }

    private EventSink sink() {
        EventSink events = port.events;
        assertNotNull(events);
        return events;
    }

    @Test
    void messagesMayComeInPiecesAndTogether() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path)) {
            byte[] two = Arrays.copyOf(frame(8, 1), 24);
            System.arraycopy(frame(8, 2), 0, two, 12, 12);
            client.send(two, 0, 24);
            expectFrame(client, 8, ~1);
            expectFrame(client, 8, ~2);
            for (byte one : frame(6, 3)) {
                client.send(new byte[] {one}, 0, 1);
            }
            expectFrame(client, 6, ~3);
        }
    }

    @Test
    void aLengthOutOfRangeEndsTheConnection() throws Exception {
        int[] bad = {0, 3, AgentPort.MAX_MESSAGE + 1, -1};
        for (int i = 0; i < bad.length; i++) {
            try (UnixSocket client = UnixSocket.connect(path)) {
                client.send(u32(bad[i]), 0, 4);
                assertTrue(closedByPeer(client));
            }
            awaitGone(i + 1);
        }
        assertEquals(bad.length, port.count(MalformedInput.BAD_PEER_MESSAGE));
    }

    private static byte[] u32(int value) {
        byte[] bytes = new byte[4];
        LittleEndian.putInt(bytes, 0, value);
        return bytes;
    }

    @Test
    void aSecondClientIsRefused() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path);
                UnixSocket second = UnixSocket.connect(path)) {
            assertTrue(closedByPeer(second));
            client.send(frame(4, 1), 0, 8);
            expectFrame(client, 4, ~1);
        }
        awaitGone(1);
        try (UnixSocket client = UnixSocket.connect(path)) {
            client.send(frame(4, 2), 0, 8);
            expectFrame(client, 4, ~2);
        }
    }

    @Test
    void aClientThatDoesNotReadIsNotServedButLosesNothing() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path)) {
            byte[] frame = frame(AgentPort.MAX_MESSAGE, 5);
            long total = 1000; // far more than both directions hold
            long sentBytes = 0;
            long receivedMessages = 0;
            int idleRounds = 0;
            // First only send, until nothing moves any more: neither the socket nor the service takes more.
            while (idleRounds < 50) {
                long executed = port.executed();
                long sent = sendSome(client, frame, sentBytes, total * frame.length);
                sentBytes += sent;
                loop.call(() -> true);
                idleRounds = sent == 0 && port.executed() == executed ? idleRounds + 1 : 0;
            }
            assertTrue(port.executed() < total, "the service stopped at " + port.executed());
            int events = 0;
            while (loop.call(() -> sink().offer(frame, 200)) == EventSink.Result.SENT) {
                events++;
            }
            assertTrue(events < 100, events + " events were taken");
            long flushes = port.flushes();
            byte[] reply = new byte[frame.length];
            while (receivedMessages < total + events) {
                receive(client, reply, 4);
                receive(client, reply, LittleEndian.getInt(reply, 0));
                receivedMessages++;
                sentBytes += sendSome(client, frame, sentBytes, total * frame.length);
            }
            Await.until("a flush", () -> port.flushes() > flushes);
            assertEquals(total, port.executed());
        }
    }

    /** Goes on sending frames one after the other, as far as the socket takes them. */
    private static long sendSome(UnixSocket client, byte[] frame, long from, long to) throws LinuxException {
        long at = from;
        while (at < to) {
            int inside = (int) (at % frame.length);
            int count = client.send(frame, inside, frame.length - inside);
            if (count == UnixSocket.WOULD_BLOCK) {
                break;
            }
            at += count;
        }
        return at - from;
    }

    @Test
    void aFloodingClientGetsAShareOfEachTurn() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path)) {
            int total = 1000;
            byte[] flood = new byte[8 * total];
            for (int i = 0; i < total; i++) {
                System.arraycopy(frame(4, i), 0, flood, 8 * i, 8);
            }
            long[] most = new long[1];
            long[] before = new long[1];
            EventLoop.Polling others = loop.call(() -> loop.poll(new EventLoop.Poller() {
                @Override
                public boolean poll() {
                    long executed = port.executed();
                    most[0] = Math.max(most[0], executed - before[0]);
                    before[0] = executed;
                    return false;
                }

                @Override
                public boolean prepareToWait() {
                    return true; // so that it is called in every turn
                }
            }));
            assertEquals(flood.length, client.send(flood, 0, flood.length));
            for (int i = 0; i < total; i++) {
                expectFrame(client, 4, ~i);
            }
            loop.call(() -> {
                others.cancel();
                return true;
            });
            assertTrue(most[0] > 0 && most[0] <= 2 * 64, most[0] + " messages in one turn");
        }
    }

    @Test
    void nothingOfAClientIsLeftBehind() throws Exception {
        long fds = ProcessState.openFds();
        for (int i = 0; i < 20; i++) {
            try (UnixSocket client = UnixSocket.connect(path)) {
                client.send(frame(4, i), 0, 8);
                expectFrame(client, 4, ~i);
            }
            awaitGone(i + 1);
        }
        assertEquals(fds, ProcessState.openFds());
    }

    /** Sends a command, and waits until its execution has deferred the reply. */
    private void defer(UnixSocket client, int value) throws Exception {
        long executed = port.executed();
        port.deferring = true;
        client.send(frame(8, value), 0, 12);
        Await.until("execution", () -> port.executed() == executed + 1);
        port.deferring = false;
    }

    private void reply() throws Exception {
        loop.call(() -> {
            port.reply();
            return true;
        });
    }

    @Test
    void framesBehindADeferredReplyWaitAndAreThenAnsweredInOrder() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path)) {
            port.deferring = true;
            byte[] two = Arrays.copyOf(frame(8, 1), 24);
            System.arraycopy(frame(8, 2), 0, two, 12, 12);
            client.send(two, 0, 24);
            Await.until("execution", () -> port.executed() == 1);
            port.deferring = false;
            client.send(frame(8, 3), 0, 12);
            long waits = loop.waits();
            Await.until("the loop waits", () -> loop.call(() -> true) && loop.waits() > waits + 2);
            assertEquals(1, port.executed());
            long flushes = port.flushes();
            reply();
            expectFrame(client, 8, ~1);
            expectFrame(client, 8, ~2);
            expectFrame(client, 8, ~3);
            assertTrue(port.flushes() > flushes);
        }
    }

    @Test
    void eventsPassADeferredReplyButLeaveRoomForIt() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path)) {
            defer(client, 1);
            byte[] event = new byte[AgentPort.MAX_MESSAGE];
            int events = 0;
            while (loop.call(() -> sink().offer(event, event.length)) == EventSink.Result.SENT) {
                events++;
            }
            assertTrue(events > 0);
            long flushes = port.flushes();
            reply();
            for (int i = 0; i < events; i++) {
                expectFrame(client, event.length, 0);
            }
            expectFrame(client, 8, ~1);
            Await.until("a flush", () -> port.flushes() > flushes);
        }
    }

    @Test
    void aDeferredReplyMayBeNone() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path)) {
            defer(client, 1);
            ReplyListener listener = port.replies;
            assertNotNull(listener);
            loop.call(() -> {
                listener.replyReady(0);
                listener.replyReady(8); // nobody waits for it any more
                return true;
            });
            client.send(frame(8, 2), 0, 12);
            expectFrame(client, 8, ~2);
        }
    }

    @Test
    void aClientThatGoesBeforeItsReplyIsGoneAtOnceAndTheReplyIsIgnored() throws Exception {
        ReplyListener listener;
        try (UnixSocket client = UnixSocket.connect(path)) {
            defer(client, 1);
            listener = port.replies;
            assertNotNull(listener);
            client.send(frame(8, 2), 0, 12);
        }
        awaitGone(1);
        assertEquals(List.of("connected", "reset", "attached", "detached", "gone"), port.calls);
        assertEquals(1, port.executed());
        try (UnixSocket client = UnixSocket.connect(path)) {
            defer(client, 3);
            loop.call(() -> {
                port.replyTo(listener);
                return true;
            });
            reply();
            expectFrame(client, 8, ~3);
            client.send(frame(8, 4), 0, 12);
            expectFrame(client, 8, ~4);
        }
    }

    @Test
    void aFloodBehindADeferredReplyIsNotTakenIn() throws Exception {
        try (UnixSocket client = UnixSocket.connect(path);
                UnixSocket second = UnixSocket.connect(path)) {
            assertTrue(closedByPeer(second));
            defer(client, 1);
            byte[] frame = frame(8, 9);
            long total = 100_000L * frame.length;
            long sent = sendSome(client, frame, 0, total);
            assertTrue(sent < total, "the socket is full");
            // Whoever knocks makes the service look whether the first client is gone, so it reads ahead, within bounds.
            for (int i = 0; i < 3; i++) {
                try (UnixSocket another = UnixSocket.connect(path)) {
                    assertTrue(closedByPeer(another));
                }
            }
            assertEquals(1, port.executed());
            reply();
            expectFrame(client, 8, ~1);
            for (long i = 0; i < sent / frame.length; i++) {
                expectFrame(client, 8, ~9);
            }
        }
    }
}
