// A client of a link and its commands, with what they were told as text.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.scmid.loop.Scheduler;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.transport.virtqueue.LittleEndian;

/** To be used on the loop's thread, but for what was told, which any thread may take. */
final class LinkFixture {
    static final long SECOND = 1_000_000_000L;
    private static final int CLOCK = 0x14;

    final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    final AgentClient client;

    LinkFixture(Scheduler time) {
        client = new AgentClient(time, SECOND, new AgentClient.Listener() {
            @Override
            public void notified(byte[] message, int length) {
                told.add("notified " + LittleEndian.getInt(message, 4) + " of " + length);
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
    }

    Command command(String name) {
        return client.command(new Command.Listener() {
            @Override
            public void replied(byte[] message, int length) {
                told.add(name + " replied " + LittleEndian.getInt(message, 8));
            }

            @Override
            public void delayed(byte[] message, int length) {
                told.add(name + " delayed");
            }

            @Override
            public void failed(Command.Failure why) {
                told.add(name + " " + why);
            }
        });
    }

    /** A command with one number of payload. */
    static byte[] request(int value) {
        byte[] request = new byte[8];
        LittleEndian.putInt(request, 0, Header.encode(5, MessageType.COMMAND, CLOCK, 0));
        LittleEndian.putInt(request, 4, value);
        return request;
    }

    /** A notification with one number of payload. */
    static byte[] notification(int value) {
        byte[] message = new byte[8];
        LittleEndian.putInt(message, 0, Header.encode(0, MessageType.NOTIFICATION, CLOCK, 0));
        LittleEndian.putInt(message, 4, value);
        return message;
    }

    boolean send(String name, int value) {
        return command(name).send(request(value), 8, SECOND);
    }

    /** What was told so far, without waiting. */
    String next() {
        return String.valueOf(told.poll());
    }

    void expectTold(String expected) {
        assertEquals(expected, next());
    }

    /** What is told within 20 s. */
    void awaitTold(String expected) throws InterruptedException {
        assertEquals(expected, String.valueOf(told.poll(20, TimeUnit.SECONDS)));
    }
}
