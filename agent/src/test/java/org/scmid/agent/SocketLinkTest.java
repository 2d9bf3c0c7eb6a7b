// The socket link against a platform's end that a test holds.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(60)
class SocketLinkTest {
    private final RunningLoop loop = new RunningLoop();
    private final UnixSocket[] ends = UnixSocket.pair();
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final SocketLink link;

    SocketLinkTest() throws Exception {
        link = loop.call(() -> SocketLink.over(loop, ends[0], new PlatformLink.Listener() {
            @Override
            public void received(byte[] message, int length) {
                told.add(length + ": " + LittleEndian.getInt(message, 0));
            }

            @Override
            public void writable() {
                told.add("writable");
            }

            @Override
            public void lost(String why) {
                told.add("lost: " + why);
            }
        }));
    }

    @AfterEach
    void close() throws Exception {
        loop.call(() -> {
            link.close();
            return true;
        });
        ends[1].close();
        loop.close();
    }

    private static byte[] frame(int length, int word) {
        byte[] frame = new byte[4 + length];
        LittleEndian.putInt(frame, 0, length);
        LittleEndian.putInt(frame, 4, word);
        return frame;
    }

    private void write(byte[] bytes, int from, int count) throws LinuxException {
        assertEquals(count, ends[1].send(bytes, from, count));
    }

    private void expectTold(String expected) throws InterruptedException {
        assertEquals(expected, told.poll(20, TimeUnit.SECONDS));
    }

    private byte[] read(int count) throws LinuxException {
        byte[] bytes = new byte[count];
        int got = 0;
        while (got < count) {
            assertTrue(ends[1].awaitInput(20_000));
            int more = ends[1].receive(bytes, got, count - got, null);
            assertTrue(more > 0);
            got += more;
        }
        return bytes;
    }

    @Test
    void messagesGoBothWaysWholeHoweverTheyAreCut() throws Exception {
        byte[] message = {1, 2, 3, 4, 5, 6, 7, 8};
        assertTrue(loop.call(() -> link.send(message, 8)));
        byte[] came = read(12);
        assertEquals(8, LittleEndian.getInt(came, 0));
        assertEquals(8, came[11]);
        byte[] frame = frame(8, 42);
        for (int i = 0; i < frame.length; i++) {
            write(frame, i, 1);
        }
        expectTold("8: 42");
        byte[] two = new byte[2 * (4 + 4096)];
        System.arraycopy(frame(4096, 1), 0, two, 0, 4100);
        System.arraycopy(frame(4096, 2), 0, two, 4100, 4100);
        write(two, 0, two.length);
        expectTold("4096: 1");
        expectTold("4096: 2");
    }

    @Test
    void aFloodComesWholeAndInOrder() throws Exception {
        int count = 1_000;
        byte[] flood = new byte[8 * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(frame(4, i), 0, flood, 8 * i, 8);
        }
        write(flood, 0, flood.length);
        for (int i = 0; i < count; i++) {
            expectTold("4: " + i);
        }
    }

    @Test
    void aLengthOutOfRangeEndsTheLink() throws Exception {
        int wrong = 4097;
        byte[] frame = frame(4, 0);
        LittleEndian.putInt(frame, 0, wrong);
        write(frame, 0, 8);
        expectTold("lost: it sent a length of " + wrong);
        assertFalse(loop.call(() -> link.send(new byte[4], 4)));
    }

    @Test
    void theEndOfThePlatformIsTold() throws Exception {
        write(frame(8, 0), 0, 5);
        ends[1].close();
        expectTold("lost: it closed the connection amid a message");
    }

    @Test
    void aPlatformThatDoesNotReadLeavesNoRoomUntilItDoes() throws Exception {
        int sent = 0;
        while (loop.call(() -> link.send(new byte[4096], 4096))) {
            sent++;
        }
        assertTrue(sent > 4);
        read(sent * 4100);
        expectTold("writable");
        assertTrue(loop.call(() -> link.send(new byte[4096], 4096)));
    }
}
