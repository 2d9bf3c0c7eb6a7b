// An agent of the test itself, at a window in a file that somebody else serves.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.linux.LinuxException;

/** Speaks SCMI through a window of 64 KiB, polling. */
final class WindowAgent implements AutoCloseable {
    static final int SIZE = 64 << 10;
    static final int SLOT = 192;

    private static final int LONGEST_QUEUE = 16;

    private final DriverWindow window;
    private final WindowDriver driver;

    private WindowAgent(DriverWindow window, WindowDriver driver) {
        this.window = window;
        this.driver = driver;
    }

    /**
     * An agent at a window of its file.
     *
     * @param layout {@code fat} or {@code mmio}, whose rings are in 48 KiB of the window, and whose guest address is 0
     * @param offset of the window in the file
     */
    static WindowAgent at(String layout, Path file, long offset) {
        try {
            DriverWindow window = DriverWindow.open(file, offset, SIZE, 0);
            return new WindowAgent(
                    window,
                    layout.equals("fat")
                            ? WindowDriver.fat(window, DriverControl.NO_BELL)
                            : WindowDriver.mmio(
                                    window, new WindowDriver.MmioPlan(64, SLOT, true), DriverControl.NO_BELL));
        } catch (LinuxException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until requests can be sent. */
    WindowAgent awaitSession(Supplier<String> circumstances) {
        Deadline.await(
                "a session",
                () -> driver.step() == WindowDriver.Phase.READY,
                () -> driver + "\n" + circumstances.get());
        return this;
    }

    /** Sends a command; the words behind the header of its reply: the status and the values. */
    int[] call(int header, int... payload) {
        byte[] reply = exchange(message(header, payload));
        ByteBuffer words = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(header, words.getInt());
        return words(words);
    }

    /** Sends any bytes as a command, and returns the whole reply. */
    byte[] exchange(byte[] request) {
        long ticket = driver.send(request, request.length);
        assertTrue(ticket != 0, "no room for a request");
        awaitReply();
        assertEquals(ticket, driver.ticket());
        return Arrays.copyOf(driver.message(), driver.length());
    }

    /**
     * Sends a command many times, several at once, each of which must be answered in the same way.
     *
     * @param expected the words behind the header of a reply
     */
    void repeat(int times, int[] expected, int header, int... payload) {
        byte[] request = message(header, payload);
        byte[] reply = new byte[4 + 4 * expected.length];
        ByteBuffer words = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).putInt(header);
        Arrays.stream(expected).forEach(words::putInt);
        int sent = 0;
        for (int answered = 0; answered < times; answered++) {
            while (sent < times && sent - answered < LONGEST_QUEUE) {
                assertTrue(driver.send(request, request.length) != 0, "no room for a request");
                sent++;
            }
            awaitReply();
            assertArrayEquals(reply, Arrays.copyOf(driver.message(), driver.length()), "reply " + answered);
        }
    }

    /**
     * Sends a command whose buffers are not where this driver has them, of the layout {@code mmio} only.
     *
     * @param requestAt where in the window the request is; from 0xc000 on nothing else is
     * @param replyAt where the reply goes; there must be room for {@link #SLOT} bytes
     * @return the whole reply
     */
    byte[] exchangeAt(int requestAt, int replyAt, byte[] request) {
        DriverRing ring = driver.commandRing();
        window.write(requestAt, request, request.length);
        ring.setDescriptor(0, requestAt, request.length, DriverRing.NEXT, 1);
        ring.setDescriptor(1, replyAt, SLOT, DriverRing.WRITE, 0);
        ring.offer(0);
        ring.publish();
        driver.control().kick(0);
        Deadline.await("the reply to a request at " + requestAt, () -> ring.usedWaiting() == 1, driver::toString);
        ring.nextUsed();
        byte[] reply = new byte[ring.usedLength()];
        window.read(replyAt, reply, reply.length);
        return reply;
    }

    /** Waits for the next notification or delayed response; all of its words. No command may be under way. */
    int[] awaitEvent() {
        await("an event", WindowDriver.Ending.EVENT);
        return words(ByteBuffer.wrap(driver.message(), 0, driver.length()).order(ByteOrder.LITTLE_ENDIAN));
    }

    private void awaitReply() {
        await("a reply", WindowDriver.Ending.REPLY);
    }

    private void await(String what, WindowDriver.Ending ending) {
        Deadline.await(
                what,
                () -> {
                    driver.step();
                    return driver.poll();
                },
                driver::toString);
        assertEquals(ending, driver.ending());
    }

    /** A message in bytes. */
    static byte[] message(int header, int... payload) {
        ByteBuffer message = ByteBuffer.allocate(4 + 4 * payload.length).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(header);
        Arrays.stream(payload).forEach(message::putInt);
        return message.array();
    }

    private static int[] words(ByteBuffer from) {
        int[] words = new int[from.remaining() / 4];
        from.asIntBuffer().get(words);
        return words;
    }

    @Override
    public void close() {
        window.close();
    }
}
