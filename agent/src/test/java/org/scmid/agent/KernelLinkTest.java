// The link over the kernel's raw mode, against the kernel's ends of its files, which a test holds.
package org.scmid.agent;

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
import org.scmid.linux.LinuxException;
import org.scmid.linux.MessageFile;
import org.scmid.protocol.Header;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.virtqueue.LittleEndian;

@Timeout(60)
class KernelLinkTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final RunningLoop loop = new RunningLoop();
    private final LinkFixture agent;

    KernelLinkTest() throws Exception {
        agent = loop.call(() -> new LinkFixture(loop));
    }

    /** The kernel's ends of the files, and a link over the others. */
    private final class Kernel implements AutoCloseable {
        private final MessageFile[] replies = MessageFile.pair();
        private final MessageFile[] notifications = MessageFile.pair();
        private final MessageFile[] commands = MessageFile.pair();
        private final MessageFile[] asynchronous = MessageFile.pair();
        private final RawFiles.Transport transport;

        Kernel(int maxUnderWay, long timeoutNanos) throws LinuxException {
            transport = new RawFiles.Transport(128, maxUnderWay, timeoutNanos);
        }

        FileLink link(long patienceNanos) throws Exception {
            RawFiles files = new RawFiles(replies[0], notifications[0], commands[0], asynchronous[0], transport);
            return loop.call(() -> {
                FileLink link = FileLink.over(loop, new RawEnd(loop, files, patienceNanos), agent.client);
                agent.client.begin(link);
                return link;
            });
        }

        byte[] command() throws LinuxException {
            return next(commands[1]);
        }

        private static byte[] next(MessageFile file) throws LinuxException {
            byte[] bytes = new byte[8192];
            int length = MessageFile.WOULD_BLOCK;
            while (length == MessageFile.WOULD_BLOCK) {
                Thread.onSpinWait();
                length = file.read(bytes);
            }
            return Arrays.copyOf(bytes, length);
        }

        /** The kernel gives each message, and then an end of file. */
        private static void give(MessageFile file, byte[] message) throws LinuxException {
            assertEquals(message.length, file.write(message, message.length));
            assertEquals(0, file.write(message, 0));
        }

        void reply(byte[] command, int value) throws LinuxException {
            byte[] reply = new byte[12];
            System.arraycopy(command, 0, reply, 0, 4);
            LittleEndian.putInt(reply, 8, value);
            give(replies[1], reply);
        }

        @Override
        public void close() {
            go();
        }

        void go() {
            for (MessageFile[] pair : new MessageFile[][] {replies, notifications, commands, asynchronous}) {
                pair[1].close();
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        loop.call(() -> {
            agent.client.end();
            return true;
        });
        loop.close();
    }

    @Test
    void repliesFindTheirCommandsByTheToken() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND)) {
            kernel.link(SECOND);
            loop.call(() -> agent.send("first", 1) && agent.send("second", 2));
            byte[] first = kernel.command();
            byte[] second = kernel.command();
            assertEquals(1, LittleEndian.getInt(first, 4));
            kernel.reply(second, 20);
            Kernel.give(kernel.notifications[1], LinkFixture.notification(42));
            agent.awaitTold("second replied 20");
            agent.awaitTold("notified 42 of 8");
            kernel.reply(first, 10);
            agent.awaitTold("first replied 10");
        }
    }

    @Test
    void whatADelayedResponseFollowsGoesByTheEntryForThat() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND)) {
            kernel.link(SECOND);
            loop.call(() -> agent.command("slow").sendAsynchronous(LinkFixture.request(3), 8, SECOND, 20 * SECOND));
            byte[] command = Kernel.next(kernel.asynchronous[1]);
            kernel.reply(command, 30);
            agent.awaitTold("slow replied 30");
            LittleEndian.putInt(command, 0, Header.delayedResponseTo(LittleEndian.getInt(command, 0)));
            kernel.reply(command, 31);
            agent.awaitTold("slow delayed");
        }
    }

    @Test
    void halfOfTheKernelsPlacesAreUsedAndAreFreeAgainInTheOrderOfSending() throws Exception {
        try (Kernel kernel = new Kernel(4, 600 * SECOND)) {
            kernel.link(SECOND);
            assertTrue(loop.call(() -> agent.send("first", 1) && agent.send("second", 2)));
            assertFalse(loop.call(() -> agent.send("third", 3)));
            byte[] first = kernel.command();
            kernel.reply(kernel.command(), 20);
            agent.awaitTold("second replied 20");
            assertFalse(loop.call(() -> agent.send("third", 3)));
            kernel.reply(first, 10);
            agent.awaitTold("first replied 10");
            agent.awaitTold("writable");
            assertTrue(loop.call(() -> agent.send("third", 3) && agent.send("fourth", 4)));
            assertEquals(3, LittleEndian.getInt(kernel.command(), 4));
        }
    }

    @Test
    void aDelayedResponseOccupiesTheKernelUntilItCame() throws Exception {
        try (Kernel kernel = new Kernel(2, 600 * SECOND)) {
            kernel.link(SECOND);
            loop.call(() -> agent.command("slow").sendAsynchronous(LinkFixture.request(3), 8, SECOND, 20 * SECOND));
            byte[] command = Kernel.next(kernel.asynchronous[1]);
            kernel.reply(command, 30);
            agent.awaitTold("slow replied 30");
            assertFalse(loop.call(() -> agent.send("other", 1)));
            LittleEndian.putInt(command, 0, Header.delayedResponseTo(LittleEndian.getInt(command, 0)));
            kernel.reply(command, 31);
            agent.awaitTold("slow delayed");
            agent.awaitTold("writable");
            assertTrue(loop.call(() -> agent.send("other", 1)));
        }
    }

    @Test
    void aCommandThatIsNotAnsweredOccupiesTheKernelForItsOwnTime() throws Exception {
        try (Kernel kernel = new Kernel(2, 30 * MILLI)) {
            kernel.link(SECOND);
            assertTrue(loop.call(() -> agent.send("first", 1)));
            kernel.command();
            while (!loop.call(() -> agent.send("second", 2))) {
                agent.awaitTold("writable");
            }
            assertEquals(2, LittleEndian.getInt(kernel.command(), 4));
        }
    }

    @Test
    void aCommandThatCouldNotBeWrittenInTimeIsNotWrittenAnyMore() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND)) {
            byte[] filling = new byte[1000];
            int filled = 0;
            while (kernel.commands[0].write(filling, filling.length) != MessageFile.WOULD_BLOCK) {
                filled++;
            }
            FileLink link = kernel.link(50 * MILLI);
            assertTrue(loop.call(() -> agent.send("late", 1)));
            // A kernel that is held up holds up nothing here: the command ends in its time, which is longer than the
            // patience.
            agent.awaitTold("late TIMED_OUT");
            for (int i = 0; i < filled; i++) {
                assertEquals(filling.length, kernel.command().length);
            }
            assertTrue(loop.call(() -> agent.send("next", 2)));
            assertEquals(2, LittleEndian.getInt(kernel.command(), 4));
            assertEquals(0, loop.call(link::dropped));
        }
    }

    @Test
    void aReplyToWhatAnEarlierLinkHasSentAnswersNothingElse() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND);
                Kernel again = new Kernel(20, SECOND)) {
            kernel.link(SECOND);
            loop.call(() -> agent.send("first", 1));
            byte[] first = kernel.command();
            loop.call(() -> {
                agent.client.end();
                return true;
            });
            agent.awaitTold("first LINK_LOST");
            again.link(SECOND);
            for (int i = 0; i < Header.MAX_TOKEN; i++) {
                assertTrue(loop.call(() -> agent.send("other", 2)));
                byte[] other = again.command();
                if (i == 0) {
                    again.reply(first, 666);
                }
                again.reply(other, 20);
                agent.awaitTold("other replied 20");
            }
            assertEquals(1, loop.call(agent.client::late));
            assertEquals(0, loop.call(agent.client::unexpected));
        }
    }

    @Test
    void whatIsNoReplyIsDropped() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND)) {
            FileLink link = kernel.link(SECOND);
            loop.call(() -> agent.send("asked", 1));
            byte[] command = kernel.command();
            Kernel.give(kernel.replies[1], new byte[3]);
            Kernel.give(kernel.replies[1], Arrays.copyOf(command, 4));
            kernel.reply(LinkFixture.request(0), 4);
            kernel.reply(command, 10);
            agent.awaitTold("asked replied 10");
            assertEquals(1, loop.call(link::dropped));
            assertEquals(1, loop.call(agent.client::malformed));
        }
    }

    @Test
    void messagesAreAsLongAsTheKernels() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND)) {
            FileLink link = kernel.link(SECOND);
            assertEquals(132, loop.call(link::longestMessage));
            assertEquals(132, loop.call(link::longestReply));
            byte[] longest = new byte[132];
            assertTrue(loop.call(() -> link.send(longest, longest.length)));
            assertEquals(132, kernel.command().length);
        }
    }

    @Test
    void theEndOfRawModeIsTold() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND)) {
            kernel.link(SECOND);
            kernel.go();
            agent.awaitTold("lost: the kernel's SCMI is gone");
        }
    }

    @Test
    void aWriteThatFailsIsTheEnd() throws Exception {
        try (Kernel kernel = new Kernel(20, SECOND)) {
            kernel.link(SECOND);
            kernel.commands[1].close();
            loop.call(() -> agent.send("asked", 1));
            agent.awaitTold("asked LINK_LOST");
            agent.awaitTold("lost: the kernel's SCMI is gone");
        }
    }

    // ---- opening ----

    private String refusal(Path debugfs, int instance) {
        return String.valueOf(assertThrows(IOException.class, () -> RawFiles.open(debugfs, instance))
                .getMessage());
    }

    private Path instance(String number) throws IOException {
        return Files.createDirectories(folder.resolve("scmi").resolve(number));
    }

    private void rawMode(Path instance) throws IOException {
        Path raw = Files.createDirectories(instance.resolve("raw"));
        for (String name : new String[] {"message", "message_async", "notification", "reset"}) {
            Files.createFile(raw.resolve(name));
        }
    }

    @Test
    void itIsSaidWhatOfRawModeIsMissing() throws Exception {
        assertEquals("debugfs is not mounted on " + folder.resolve("none"), refusal(folder.resolve("none"), 0));
        assertEquals("debugfs is not mounted on " + folder, refusal(folder, 0));
        assertEquals("the kernel has no SCMI: there is no /proc/scmi", refusal(Path.of("/proc"), 0));
        Files.createDirectories(folder.resolve("scmi"));
        assertEquals("the kernel has no SCMI instance 0: its SCMI has found no platform", refusal(folder, 0));
        instance("0");
        instance("1");
        assertEquals("the kernel has no SCMI instance 2; it has 0, 1", refusal(folder, 2));
        assertEquals(
                "the kernel has no raw mode for SCMI instance 1: it is built without CONFIG_ARM_SCMI_RAW_MODE_SUPPORT",
                refusal(folder, 1));
    }

    @Test
    void oneHasRawModeAtATime() throws Exception {
        rawMode(instance("0"));
        RawFiles files = RawFiles.open(folder, 0);
        assertEquals("the kernel's raw mode for SCMI instance 0 is in use by another scmid", refusal(folder, 0));
        assertEquals("1", Files.readString(folder.resolve("scmi/0/raw/reset")));
        for (MessageFile file : new MessageFile[] {files.replies(), files.notifications(), files.commands()}) {
            file.close();
        }
        files.asynchronous().close();
        RawFiles.open(folder, 0).replies().close();
    }

    @Test
    void theKernelSaysWhatItsTransportCanDo() throws Exception {
        Path transport = Files.createDirectories(folder.resolve("transport"));
        assertEquals(new RawFiles.Transport(104, 4, 60_000 * MILLI), RawFiles.Transport.of(transport));
        Files.writeString(transport.resolve("max_msg_size"), "128\n");
        Files.writeString(transport.resolve("tx_max_msg"), "20\n");
        Files.writeString(transport.resolve("max_rx_timeout_ms"), "30\n");
        assertEquals(new RawFiles.Transport(128, 20, 30 * MILLI), RawFiles.Transport.of(transport));
    }
}
