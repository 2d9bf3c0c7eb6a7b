// The link over a character device, against a driver's end that a test holds.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MessageFile;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(60)
class DeviceLinkTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final RunningLoop loop = new RunningLoop();
    private final MessageFile[] ends = MessageFile.pair();
    private final MessageFile driver = ends[1];
    private final LinkFixture agent;
    private final FileLink link;

    DeviceLinkTest() throws Exception {
        agent = loop.call(() -> new LinkFixture(loop));
        link = loop.call(() -> {
            FileLink made = FileLink.over(loop, new DeviceEnd(ends[0]), agent.client);
            agent.client.begin(made);
            return made;
        });
    }

    @AfterEach
    void close() throws Exception {
        loop.call(() -> {
            link.close();
            return true;
        });
        driver.close();
        loop.close();
    }

    /** The next message that the driver was given; waits for it. */
    private byte[] given() throws LinuxException {
        byte[] bytes = new byte[8192];
        int length = MessageFile.WOULD_BLOCK;
        while (length == MessageFile.WOULD_BLOCK) {
            Thread.onSpinWait();
            length = driver.read(bytes);
        }
        return Arrays.copyOf(bytes, length);
    }

    private void give(byte[] message) throws LinuxException {
        assertEquals(message.length, driver.write(message, message.length));
    }

    private static byte[] replyTo(byte[] command, int value) {
        byte[] reply = new byte[12];
        System.arraycopy(command, 0, reply, 0, 4);
        LittleEndian.putInt(reply, 8, value);
        return reply;
    }

    @Test
    void aCommandIsOneWriteAndItsReplyOneRead() throws Exception {
        loop.call(() -> agent.send("first", 7) && agent.send("second", 8));
        byte[] first = given();
        byte[] second = given();
        assertEquals(8, first.length);
        assertEquals(7, LittleEndian.getInt(first, 4));
        give(replyTo(second, 80));
        give(LinkFixture.notification(42));
        give(replyTo(first, 70));
        agent.awaitTold("second replied 80");
        agent.awaitTold("notified 42 of 8");
        agent.awaitTold("first replied 70");
    }

    @Test
    void bytesAreSentAsTheyAre() throws Exception {
        byte[] message = new byte[PlatformLink.MAX_MESSAGE];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) (i * 7);
        }
        assertTrue(loop.call(() -> link.send(message, message.length)));
        assertArrayEquals(message, given());
    }

    @Test
    void whatIsNoMessageIsDropped() throws Exception {
        loop.call(() -> agent.send("asked", 1));
        byte[] command = given();
        give(new byte[3]);
        give(new byte[PlatformLink.MAX_MESSAGE + 1]);
        give(new byte[] {0, 1, 0, 0});
        give(replyTo(command, 5));
        agent.awaitTold("asked replied 5");
        assertEquals(2, loop.call(link::dropped));
        assertEquals(1, loop.call(agent.client::malformed));
    }

    @Test
    void aDriverThatTakesNoMoreLeavesNoRoomUntilItDoes() throws Exception {
        byte[] message = new byte[1024];
        int sent = 0;
        while (loop.call(() -> link.send(message, message.length))) {
            sent++;
        }
        assertTrue(sent > 0);
        for (int i = 0; i < sent; i++) {
            assertEquals(message.length, given().length);
        }
        agent.awaitTold("writable");
        assertTrue(loop.call(() -> link.send(message, message.length)));
        assertEquals(message.length, given().length);
    }

    @Test
    void aFloodComesWholeAndInOrder() throws Exception {
        int count = 1000;
        int told = 0;
        for (int i = 0; i < count; i++) {
            while (driver.write(LinkFixture.notification(i), 8) == MessageFile.WOULD_BLOCK) {
                agent.awaitTold("notified " + told++ + " of 8");
            }
        }
        while (told < count) {
            agent.awaitTold("notified " + told++ + " of 8");
        }
    }

    @Test
    void theEndOfTheDriverIsToldOnce() throws Exception {
        loop.call(() -> agent.send("asked", 1));
        given();
        driver.close();
        agent.awaitTold("asked LINK_LOST");
        agent.awaitTold("lost: the device is gone");
        assertFalse(loop.call(() -> link.send(new byte[8], 8)));
    }

    @Test
    void whatCameBeforeTheEndIsStillHandedOver() throws Exception {
        loop.call(() -> agent.send("asked", 1));
        byte[] command = given();
        loop.call(() -> {
            give(replyTo(command, 9));
            driver.close();
            return true;
        });
        agent.awaitTold("asked replied 9");
        agent.awaitTold("lost: the device is gone");
    }

    @ParameterizedTest
    @CsvSource({
        Errno.EBUSY + ", the device /dev/x is in use by another program",
        Errno.EACCES + ", the device /dev/x may not be opened by this user",
        Errno.ENODEV + ", no driver is behind the device /dev/x",
        Errno.ENOENT + ", there is no device /dev/x"
    })
    void itIsSaidWhyItCannotBeOpened(int errno, String message) {
        assertEquals(message, DeviceEnd.whyNotOpened(Path.of("/dev/x"), new LinuxException("open(/dev/x)", errno)));
    }

    @Test
    void whatIsNoSuchDeviceIsRefused() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(file + " is no character device", refusal(file));
        Path missing = folder.resolve("missing");
        assertEquals("there is no device " + missing, refusal(missing));
        assertEquals("the device " + file + "/x cannot be found: Not a directory", refusal(file.resolve("x")));
        String endless = refusal(Path.of("/dev/null"));
        assertTrue(endless.startsWith("/dev/null is no device that gives messages"), endless);
    }

    private String refusal(Path device) throws Exception {
        IOException refused =
                loop.call(() -> assertThrows(IOException.class, () -> FileLink.onDevice(loop, device, agent.client)));
        return String.valueOf(refused.getMessage());
    }
}
