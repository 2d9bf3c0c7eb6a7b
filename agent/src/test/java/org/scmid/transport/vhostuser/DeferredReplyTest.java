// Tests of a guest, and its VMM, while a command takes time.
package org.scmid.transport.vhostuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.LinuxException;
import org.scmid.linux.NativeFile;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.Await;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ProcessState;
import org.scmid.transport.RecordingPort;
import org.scmid.transport.ReplyListener;

/** A command that takes time, and what front end and guest may do meanwhile. */
@Timeout(120)
class DeferredReplyTest {
    private final Path socket;
    private final RunningLoop loop = new RunningLoop();
    private final RecordingPort port = new RecordingPort();
    private final RecordingPort otherPort = new RecordingPort();
    private final VhostUserBackend backend;
    private final VhostUserBackend otherBackend;

    DeferredReplyTest(@TempDir Path folder) throws Exception {
        socket = folder.resolve("scmi.sock");
        backend = VhostUserBackend.listening(loop, port, socket, 0600, -1);
        otherBackend = VhostUserBackend.listening(loop, otherPort, folder.resolve("other.sock"), 0600, -1);
    }

    @BeforeEach
    void start() throws Exception {
        loop.call(() -> {
            backend.start();
            otherBackend.start();
            return true;
        });
    }

    @AfterEach
    void stop() throws Exception {
        loop.call(() -> {
            backend.close();
            otherBackend.close();
            return true;
        });
        loop.close();
    }

    private static Guest boot(Path socket) throws LinuxException {
        return new Guest(VhostUserFrontend.connect(socket)).boot();
    }

    /** A guest whose command 1 was answered, and whose command 2 waits for its reply. */
    private Guest bootAndWait() throws Exception {
        Guest guest = boot(socket);
        guest.exchange(1);
        defer(guest, 2);
        return guest;
    }

    private void defer(Guest guest, int value) throws Exception {
        long executed = port.executed();
        port.deferring = true;
        guest.request(value);
        Await.until("execution", () -> port.executed() == executed + 1);
        port.deferring = false;
    }

    private void reply() throws Exception {
        loop.call(() -> {
            port.reply();
            return true;
        });
    }

    private void replyTo(ReplyListener listener) throws Exception {
        loop.call(() -> {
            port.replyTo(listener);
            return true;
        });
    }

    private ReplyListener listener() {
        ReplyListener listener = port.replies;
        assertNotNull(listener);
        return listener;
    }

    private EventSink sink() {
        EventSink events = port.events;
        assertNotNull(events);
        return events;
    }

    private static void stopRings(Guest guest, int expectedBase) throws LinuxException {
        guest.vmm.enableRing(0, false);
        guest.vmm.enableRing(1, false);
        assertEquals(expectedBase, guest.vmm.stopRing(0));
        guest.vmm.stopRing(1);
    }

    /** Like {@link Guest#request}, with a reply buffer of its own and without a kick. */
    private static void requestSilently(Guest guest, int value) {
        byte[] bytes = new byte[12];
        Arrays.fill(bytes, (byte) value);
        guest.memory.write(Guest.HIGH + 0x1000 + 64L * value, bytes, bytes.length);
        assertTrue(guest.commands.add(
                        new long[] {Guest.HIGH + 0x1000 + 64L * value, Guest.LOW + 0x9000 + 64L * value},
                        new int[] {12, 64},
                        1,
                        2)
                >= 0);
        guest.commands.publish();
    }

    private static void expectAnswerAt(Guest guest, int value) throws Exception {
        Await.until("an answer to " + value, guest.commands::takeUsed);
        assertEquals(12, guest.commands.usedLength());
        byte[] bytes = new byte[12];
        guest.memory.read(Guest.LOW + 0x9000 + 64L * value, bytes, 12);
        for (byte one : bytes) {
            assertEquals((byte) ~value, one);
        }
    }

    @Test
    void commandsBehindItWaitAndAreAnsweredInOrderWithoutAnotherKick() throws Exception {
        try (Guest guest = bootAndWait()) {
            requestSilently(guest, 3);
            requestSilently(guest, 4);
            long waits = loop.waits();
            Await.until("the loop waits, as there is no work", () -> {
                guest.commandKick.signal();
                return loop.waits() > waits + 3;
            });
            assertEquals(2, port.executed());
            assertFalse(guest.commands.takeUsed());
            reply();
            guest.expectAnswer(2);
            expectAnswerAt(guest, 3);
            expectAnswerAt(guest, 4);
            guest.exchange(5);
        }
    }

    @Test
    void aRingWithoutKicksIsNotPolledMeanwhileAndIsAgainAfterwards() throws Exception {
        try (Guest guest = boot(socket)) {
            guest.vmm.call(Request.SET_VRING_KICK, VhostUserFrontend.u64(VhostUser.VRING_NO_FD));
            guest.exchange(1);
            defer(guest, 2);
            Await.until("a wait without a timer", () -> loop.call(loop::hasNoTimer));
            reply();
            guest.expectAnswer(2);
            guest.exchange(3);
        }
    }

    @Test
    void eventsPassIt() throws Exception {
        try (Guest guest = bootAndWait()) {
            byte[] event = {9, 8, 7, 6, 5};
            assertEquals(EventSink.Result.NO_BUFFER, loop.call(() -> sink().offer(event, 5)));
            long flushes = port.flushes();
            guest.events.add(new long[] {Guest.HIGH + 0x200}, new int[] {64}, 0, 1);
            guest.events.publish();
            guest.eventKick.signal();
            Await.until("a flush", () -> port.flushes() > flushes);
            assertEquals(EventSink.Result.SENT, loop.call(() -> sink().offer(event, 5)));
            assertTrue(guest.events.takeUsed());
            assertFalse(guest.commands.takeUsed());
            reply();
            guest.expectAnswer(2);
        }
    }

    @Test
    void anotherAgentIsServed() throws Exception {
        try (Guest guest = bootAndWait();
                Guest other = boot(socket.resolveSibling("other.sock"))) {
            for (int i = 0; i < 50; i++) {
                other.exchange(i);
            }
            assertFalse(guest.commands.takeUsed());
            reply();
            guest.expectAnswer(2);
        }
    }

    @Test
    void eventsMayBeSentAfterTheReply() throws Exception {
        try (Guest guest = bootAndWait()) {
            long flushes = port.flushes();
            reply();
            guest.expectAnswer(2);
            Await.until("a flush", () -> port.flushes() > flushes);
        }
    }

    @Test
    void aPausedGuestsCommandIsExecutedAnew() throws Exception {
        try (Guest guest = bootAndWait()) {
            requestSilently(guest, 3);
            ReplyListener before = listener();
            stopRings(guest, 1);
            assertEquals(1, guest.commands.usedIdx());
            replyTo(before);
            port.deferring = true;
            guest.startRings(1, 0);
            Await.until("execution", () -> port.executed() == 3);
            port.deferring = false;
            replyTo(before);
            loop.call(() -> true);
            assertFalse(guest.commands.takeUsed(), "the listener before is not listened to");
            reply();
            guest.expectAnswer(2);
            expectAnswerAt(guest, 3);
            assertEquals(List.of("connected", "reset", "attached", "detached", "attached"), port.calls);
        }
    }

    @Test
    void aRingThatIsOnlyDisabledExecutesTheCommandAnewToo() throws Exception {
        try (Guest guest = bootAndWait()) {
            guest.vmm.enableRing(0, false);
            assertEquals("detached", port.calls.get(port.calls.size() - 1));
            guest.vmm.enableRing(0, true);
            guest.expectAnswer(2);
            assertEquals(3, port.executed());
            assertEquals(2, guest.vmm.stopRing(0));
        }
    }

    @Test
    void aGuestResetDropsIt() throws Exception {
        try (Guest guest = bootAndWait()) {
            ReplyListener before = listener();
            guest.vmm.call(Request.RESET_DEVICE, VhostUserFrontend.u64());
            assertEquals(List.of("connected", "reset", "attached", "detached", "reset"), port.calls);
            replyTo(before);
            guest.commands.reset();
            guest.events.reset();
            guest.startRings(0, 0);
            replyTo(before);
            guest.exchange(3);
            assertEquals(3, port.executed());
        }
    }

    @Test
    void ringsThatStartAtZeroDropIt() throws Exception {
        try (Guest guest = bootAndWait()) {
            stopRings(guest, 1);
            guest.commands.reset();
            guest.events.reset();
            guest.startRings(0, 0);
            guest.exchange(3);
            assertEquals(3, port.executed());
            assertEquals(List.of("connected", "reset", "attached", "detached", "reset", "attached"), port.calls);
        }
    }

    @Test
    void aPeerMayGoMeanwhile() throws Exception {
        ReplyListener before;
        try (Guest guest = bootAndWait()) {
            before = listener();
            assertEquals(1, guest.commands.usedIdx());
        }
        Await.until("gone", () -> port.calls.contains("gone"));
        assertEquals(List.of("connected", "reset", "attached", "detached", "gone"), port.calls);
        assertEquals(0, ProcessState.driverMappings());
        replyTo(before);
        try (Guest guest = boot(socket)) {
            guest.exchange(1);
            defer(guest, 2);
            replyTo(before);
            loop.call(() -> true);
            assertFalse(guest.commands.takeUsed());
            reply();
            guest.expectAnswer(2);
        }
    }

    @Test
    void aNewTableMovesRingAndBuffersUnderIt() throws Exception {
        try (Guest guest = bootAndWait()) {
            requestSilently(guest, 3);
            guest.vmm.shareTable(guest.memory);
            guest.vmm.shareTable(guest.memory);
            assertEquals(2, port.executed(), "it is not executed anew");
            reply();
            guest.expectAnswer(2);
            expectAnswerAt(guest, 3);
            assertEquals(List.of("connected", "reset", "attached"), port.calls);
        }
    }

    @Test
    void regionsMayComeAndGoMeanwhile() throws Exception {
        try (Guest guest = bootAndWait()) {
            DriverMemory.Region more = guest.memory.add(0x2_0000_0000L, 0x10000, 0);
            guest.vmm.addRegion(more);
            guest.vmm.removeRegion(more);
            reply();
            guest.expectAnswer(2);
        }
    }

    @Test
    void aBufferWhoseRegionWasTakenAwayIsReturnedUnused() throws Exception {
        try (Guest guest = bootAndWait()) {
            guest.vmm.removeRegion(guest.high);
            reply();
            Await.until("a used element", guest.commands::takeUsed);
            assertEquals(0, guest.commands.usedLength());
            assertEquals(1, port.count(MalformedInput.BAD_ADDRESS));
            guest.vmm.addRegion(guest.high);
            guest.exchange(3);
        }
    }

    @Test
    void aRingWhoseRegionWasTakenAwayIsServedAnewWhenItIsBack() throws Exception {
        try (Guest guest = bootAndWait()) {
            loop.call(() -> sink().offer(new byte[4], 4)); // an event waits for a buffer in that region
            ReplyListener before = listener();
            assertThrows(LinuxException.class, () -> guest.vmm.removeRegion(guest.low));
            assertEquals("detached", port.calls.get(port.calls.size() - 1));
            replyTo(before);
            loop.check();
            guest.vmm.addRegion(guest.low);
            guest.expectAnswer(2);
            assertEquals(3, port.executed());
            guest.exchange(3);
        }
    }

    @Test
    void memoryCutOffMeanwhileEndsTheConnectionAtTheReply() throws Exception {
        try (Guest guest = bootAndWait()) {
            NativeFile.truncate(guest.high.fd(), 0);
            NativeFile.truncate(guest.low.fd(), 0);
            reply();
            assertTrue(guest.vmm.awaitClosed());
            Await.until("gone", () -> port.calls.contains("gone"));
            assertEquals(1, port.count(MalformedInput.BAD_MEMORY));
        }
        loop.check();
    }

    @Test
    void callAndKickMayBeReplacedMeanwhile() throws Exception {
        try (Guest guest = bootAndWait()) {
            guest.vmm.call(Request.SET_VRING_CALL, VhostUserFrontend.u64(0), guest.eventCall.fd());
            guest.vmm.call(Request.SET_VRING_KICK, VhostUserFrontend.u64(0), guest.eventKick.fd());
            assertEquals(2, port.executed());
            reply();
            guest.expectAnswer(2);
            assertThrows(
                    LinuxException.class,
                    () -> guest.vmm.call(Request.SET_VRING_BASE, VhostUserFrontend.u32(0, 0)),
                    "while it runs");
        }
    }
}
