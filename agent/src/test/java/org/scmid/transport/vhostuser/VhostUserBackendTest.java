package org.scmid.transport.vhostuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MemFd;
import org.scmid.linux.NativeFile;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.Await;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ProcessState;
import org.scmid.transport.RecordingPort;

/** The back end on a thread of its own, over real sockets, memory files and eventfds. */
@Timeout(120)
class VhostUserBackendTest {
    private final Path socket;
    private final RunningLoop loop = new RunningLoop();
    private final RecordingPort port = new RecordingPort();
    private final VhostUserBackend backend;

    VhostUserBackendTest(@TempDir Path folder) throws Exception {
        socket = folder.resolve("scmi.sock");
        backend = VhostUserBackend.listening(loop, port, socket, 0600, -1);
    }

    @BeforeEach
    void start() throws Exception {
        loop.call(() -> {
            backend.start();
            return true;
        });
    }

    @AfterEach
    void stop() throws Exception {
        loop.call(() -> {
            backend.close();
            return true;
        });
        loop.close();
    }

    private Guest connect() throws LinuxException {
        return new Guest(VhostUserFrontend.connect(socket));
    }

    private Guest boot() throws LinuxException {
        return connect().boot();
    }

    private void awaitGone(int times) throws Exception {
        Await.until(
                "peer gone", () -> port.calls.stream().filter("gone"::equals).count() == times);
    }

    @Test
    void aGuestIsServed() throws Exception {
        try (Guest guest = boot()) {
            for (int i = 0; i < 300; i++) {
                guest.exchange(i);
            }
        }
        awaitGone(1);
        assertEquals(List.of("connected", "reset", "attached", "detached", "gone"), port.calls);
    }

    @Test
    void withoutReplyAckOrProtocolFeaturesAGuestIsServedToo() throws Exception {
        try (Guest guest = connect()) {
            guest.vmm.call(Request.SET_OWNER, VhostUserFrontend.u64());
            guest.vmm.call(Request.SET_FEATURES, VhostUserFrontend.u64(VhostUser.F_VERSION_1 | VhostUser.F_EVENT_IDX));
            guest.vmm.shareTable(guest.memory);
            guest.vmm.startRing(0, guest.memory, guest.commands, 0, guest.commandKick, guest.commandCall);
            guest.exchange(1);
        }
        awaitGone(1);
        assertEquals("attached-without-events", port.calls.get(2));
    }

    @Test
    void theDriverIsCalled() throws Exception {
        try (Guest guest = boot();
                Epoll epoll = Epoll.create(1)) {
            guest.exchange(0);
            guest.commandCall.drain();
            assertFalse(guest.commands.requestCalls());
            epoll.add(guest.commandCall.fd(), Epoll.IN, 0);
            guest.request(1);
            assertEquals(1, epoll.await(10_000));
            guest.expectAnswer(1);
        }
    }

    @Test
    void aVmmThatJamsItsCallDescriptorDoesNotStopTheLoop() throws Exception {
        try (Guest guest = boot();
                EventFd jammed = EventFd.create()) {
            guest.exchange(0);
            jammed.jam();
            guest.vmm.call(Request.SET_VRING_CALL, VhostUserFrontend.u64(0), jammed.fd());
            assertFalse(guest.commands.requestCalls());
            guest.exchange(1);
            guest.exchange(2);
        }
    }

    @Test
    void aCallDescriptorCanBeReplacedAtAnyTime() throws Exception {
        try (Guest guest = boot();
                Epoll epoll = Epoll.create(1);
                EventFd other = EventFd.create()) {
            guest.exchange(0);
            guest.vmm.call(Request.SET_VRING_CALL, VhostUserFrontend.u64(0), other.fd());
            epoll.add(other.fd(), Epoll.IN, 0);
            assertEquals(1, epoll.await(10_000), "rung once, as one may have been lost");
            other.drain();
            assertFalse(guest.commands.requestCalls());
            guest.request(1);
            assertEquals(1, epoll.await(10_000));
            guest.vmm.call(Request.SET_VRING_CALL, VhostUserFrontend.u64(VhostUser.VRING_NO_FD));
            guest.expectAnswer(1);
            guest.exchange(2);
        }
    }

    @Test
    void aRingWithoutKicksIsPolled() throws Exception {
        try (Guest guest = boot()) {
            guest.vmm.call(Request.SET_VRING_KICK, VhostUserFrontend.u64(VhostUser.VRING_NO_FD));
            for (int i = 0; i < 5; i++) {
                guest.exchange(i);
            }
        }
    }

    @Test
    void eventsReachTheGuestOnceItHasBuffers() throws Exception {
        try (Guest guest = boot()) {
            guest.exchange(1);
            byte[] event = {9, 8, 7, 6, 5};
            assertEquals(EventSink.Result.NO_BUFFER, loop.call(() -> sink().offer(event, 5)));
            long flushes = port.flushes();
            guest.events.add(new long[] {Guest.HIGH + 0x200}, new int[] {64}, 0, 1);
            guest.events.publish();
            if (guest.events.needsKick()) {
                guest.eventKick.signal();
            }
            Await.until("a flush", () -> port.flushes() > flushes);
            assertEquals(EventSink.Result.SENT, loop.call(() -> sink().offer(event, 5)));
            assertTrue(guest.events.takeUsed());
            assertEquals(5, guest.events.usedLength());
        }
    }

    private EventSink sink() {
        EventSink events = port.events;
        assertNotNull(events);
        return events;
    }

    @Test
    void aPausedGuestKeepsItsStateAndGoesOn() throws Exception {
        try (Guest guest = boot()) {
            guest.exchange(1);
            guest.exchange(2);
            guest.vmm.enableRing(0, false);
            guest.vmm.enableRing(1, false);
            assertEquals(2, guest.vmm.stopRing(0));
            assertEquals(0, guest.vmm.stopRing(1));
            guest.request(3);
            guest.startRings(2, 0);
            guest.expectAnswer(3);
            assertEquals(List.of("connected", "reset", "attached", "detached", "attached"), port.calls);
        }
    }

    @Test
    void ringsThatStartAtZeroAreAGuestReset() throws Exception {
        try (Guest guest = boot()) {
            guest.exchange(1);
            guest.vmm.enableRing(0, false);
            guest.vmm.enableRing(1, false);
            assertEquals(1, guest.vmm.stopRing(0));
            assertEquals(0, guest.vmm.stopRing(1));
            guest.commands.reset();
            guest.events.reset();
            guest.startRings(0, 0);
            guest.exchange(2);
            assertEquals(List.of("connected", "reset", "attached", "detached", "reset", "attached"), port.calls);
        }
    }

    /** A guest that has used its event ring is reset, and what boots next sets up its command ring only. */
    @Test
    void aGuestWithoutEventsThatFollowsOneWithEventsIsAGuestReset() throws Exception {
        try (Guest guest = boot()) {
            useBothRingsAndStopThem(guest);
            guest.vmm.negotiate(Guest.FEATURES & ~VhostUser.F_P2A_CHANNELS, Guest.ALL_PROTOCOL_FEATURES);
            guest.vmm.startRing(0, guest.memory, guest.commands, 0, guest.commandKick, guest.commandCall);
            guest.vmm.enableRing(0, true);
            guest.exchange(2);
            assertEquals(
                    List.of("connected", "reset", "attached", "detached", "reset", "attached-without-events"),
                    port.calls);
        }
    }

    /** Not every VMM disables rings before it stops them: then the first one runs before the second one has its base. */
    @Test
    void aGuestResetIsSeenThoughTheEventRingIsSetUpAfterTheCommandRingRuns() throws Exception {
        try (Guest guest = boot()) {
            useBothRingsAndStopThem(guest);
            guest.vmm.enableRing(0, true);
            guest.vmm.enableRing(1, true);
            guest.vmm.startRing(0, guest.memory, guest.commands, 0, guest.commandKick, guest.commandCall);
            guest.vmm.startRing(1, guest.memory, guest.events, 0, guest.eventKick, guest.eventCall);
            guest.exchange(2);
            assertEquals(List.of("connected", "reset", "attached", "detached", "reset", "attached"), port.calls);
        }
    }

    private void useBothRingsAndStopThem(Guest guest) throws Exception {
        guest.exchange(1);
        guest.events.add(new long[] {Guest.LOW + 0x9000}, new int[] {64}, 0, 1);
        guest.events.publish();
        assertEquals(EventSink.Result.SENT, loop.call(() -> sink().offer(new byte[8], 8)));
        guest.vmm.enableRing(0, false);
        guest.vmm.enableRing(1, false);
        assertEquals(1, guest.vmm.stopRing(0));
        assertEquals(1, guest.vmm.stopRing(1));
        guest.commands.reset();
        guest.events.reset();
    }

    @Test
    void statusZeroAndDeviceResetAreGuestResets() throws Exception {
        try (Guest guest = boot()) {
            guest.vmm.call(Request.SET_STATUS, VhostUserFrontend.u64(15));
            assertEquals(15, guest.vmm.call(Request.GET_STATUS, VhostUserFrontend.u64()));
            guest.vmm.call(Request.SET_STATUS, VhostUserFrontend.u64(0));
            assertEquals(List.of("connected", "reset", "attached", "detached", "reset"), port.calls);
            guest.vmm.call(Request.RESET_DEVICE, VhostUserFrontend.u64());
            assertEquals(6, port.calls.size());
            guest.commands.reset();
            guest.startRings(0, 0);
            guest.exchange(1);
        }
    }

    @Test
    void regionsComeAndGo() throws Exception {
        try (Guest guest = boot()) {
            guest.exchange(1);
            DriverMemory.Region more = guest.memory.add(0x2_0000_0000L, 0x10000, 0);
            guest.vmm.addRegion(more);
            guest.vmm.removeRegion(more);
            assertThrows(LinuxException.class, () -> guest.vmm.removeRegion(more));
            assertThrows(LinuxException.class, () -> guest.vmm.addRegion(guest.low), "it overlaps itself");
            guest.exchange(2);
            // A table replaces all regions; the rings go on in it.
            guest.vmm.shareTable(guest.memory);
            guest.exchange(3);
            guest.vmm.removeRegion(guest.high);
            guest.request(4);
            Await.until("a used element", guest.commands::takeUsed);
            assertEquals(0, guest.commands.usedLength());
            assertEquals(1, port.count(MalformedInput.BAD_ADDRESS));
            // Without the memory of the rings there is no service, but still a connection.
            assertThrows(LinuxException.class, () -> guest.vmm.removeRegion(guest.low));
            assertTrue(port.calls.contains("detached"));
            assertEquals(2, guest.vmm.call(Request.GET_QUEUE_NUM, VhostUserFrontend.u64()));
        }
    }

    @Test
    void ringsOutsideOfSharedMemoryAreRefusedAndTheConnectionStays() throws Exception {
        try (Guest guest = connect()) {
            guest.vmm.negotiate(Guest.FEATURES, Guest.ALL_PROTOCOL_FEATURES);
            guest.vmm.addRegion(guest.high);
            assertThrows(LinuxException.class, () -> guest.startRings(0, 0));
            assertEquals(1, port.count(MalformedInput.BAD_RING_SETUP));
            assertEquals(2, guest.vmm.call(Request.GET_QUEUE_NUM, VhostUserFrontend.u64()));
            guest.vmm.addRegion(guest.low);
            guest.vmm.stopRing(0);
            guest.startRings(0, 0);
            guest.exchange(1);
        }
    }

    @Test
    void memoryThatCannotBeUsedIsRefused() throws Exception {
        try (Guest guest = connect();
                Fd shorter = MemFd.create("scmid-driver", 0xff000);
                Fd file = NativeFile.open(
                        socket.resolveSibling("disk"), org.scmid.linux.OpenMode.READ_WRITE, true, false)) {
            guest.vmm.negotiate(Guest.FEATURES, Guest.ALL_PROTOCOL_FEATURES);
            byte[] region = VhostUserFrontend.regionMessage(guest.high);
            assertThrows(LinuxException.class, () -> guest.vmm.call(Request.ADD_MEM_REG, region, shorter));
            assertThrows(LinuxException.class, () -> guest.vmm.call(Request.ADD_MEM_REG, region));
            NativeFile.truncate(file, 0x100000);
            if (NativeFile.seals(file) < 0) { // the temporary folder may be on tmpfs
                assertThrows(LinuxException.class, () -> guest.vmm.call(Request.ADD_MEM_REG, region, file));
            }
            long[][] impossible = {
                {0, Guest.HIGH, 0, 0x1000, 0},
                {0, -4096, 0x10000, 0x1000, 0},
                {0, Long.MAX_VALUE - 4095, 0x10000, 0x1000, 0},
                {0, Guest.HIGH, 0x10000, -4096, 0},
                {0, Guest.HIGH, 0x10000, 0x1000, Long.MAX_VALUE},
            };
            for (long[] values : impossible) {
                assertThrows(
                        LinuxException.class,
                        () -> guest.vmm.call(Request.ADD_MEM_REG, VhostUserFrontend.u64(values), guest.high.fd()));
            }
            guest.vmm.addRegion(guest.high);
            guest.vmm.addRegion(guest.low);
            guest.startRings(0, 0);
            guest.exchange(1);
        }
    }

    /** A sparse file costs its owner nothing, but addresses are everybody's. */
    @Test
    void oneVmmCannotTakeTheAddressesOfAll() throws Exception {
        try (Guest guest = boot();
                Fd huge = MemFd.create("huge", 1L << 42)) {
            guest.vmm.addRegion(region(guest, huge, 1L << 44, 1L << 41));
            assertThrows(LinuxException.class, () -> guest.vmm.addRegion(region(guest, huge, 1L << 45, 1L << 41)));
            assertEquals(1, port.count(MalformedInput.BAD_MEMORY));
            guest.exchange(1);
        }
    }

    private static DriverMemory.Region region(Guest guest, Fd fd, long address, long size) {
        return new DriverMemory.Region(fd, address, address, size, size, guest.low.mapping());
    }

    @Test
    void memoryCutOffUnderARunningGuestEndsThatConnection() throws Exception {
        long mappings = ProcessState.driverMappings();
        try (Guest guest = boot()) {
            guest.exchange(1);
            guest.request(2);
            NativeFile.truncate(guest.high.fd(), 0);
            NativeFile.truncate(guest.low.fd(), 0);
            guest.commandKick.signal();
            assertTrue(guest.vmm.awaitClosed());
            awaitGone(1);
            assertEquals(1, port.count(MalformedInput.BAD_MEMORY));
        }
        assertEquals(mappings, ProcessState.driverMappings());
        try (Guest guest = boot()) {
            guest.exchange(3);
        }
    }

    @Test
    void aBrokenRingIsNotServedUntilItIsSetUpAgain() throws Exception {
        try (Guest guest = boot();
                EventFd error = EventFd.create();
                Epoll epoll = Epoll.create(1)) {
            guest.vmm.call(Request.SET_VRING_ERR, VhostUserFrontend.u64(0), error.fd());
            guest.exchange(1);
            guest.commands.setAvailableIdx(1000);
            guest.commandKick.signal();
            epoll.add(error.fd(), Epoll.IN, 0);
            assertEquals(1, epoll.await(10_000));
            Await.until("detached", () -> port.calls.contains("detached"));
            assertEquals(1, port.count(MalformedInput.RING_BROKEN));
            guest.vmm.stopRing(0);
            guest.vmm.stopRing(1);
            guest.commands.reset();
            guest.startRings(0, 0);
            guest.exchange(2);
        }
    }

    @Test
    void aBrokenRingMayAlsoBeSetUpAgainWithoutBeingStopped() throws Exception {
        try (Guest guest = boot()) {
            guest.exchange(1);
            guest.commands.setAvailableIdx(1000);
            guest.commandKick.signal();
            Await.until("detached", () -> port.calls.contains("detached"));
            guest.commands.reset();
            guest.vmm.startRing(0, guest.memory, guest.commands, 0, guest.commandKick, guest.commandCall);
            guest.exchange(2);
        }
    }

    @Test
    void nothingOfAPeerIsLeftBehind() throws Exception {
        try (Guest guest = boot()) {
            guest.exchange(0);
        }
        awaitGone(1);
        long fds = ProcessState.openFds();
        for (int i = 0; i < 20; i++) {
            try (Guest guest = boot()) {
                guest.exchange(i);
                // Descriptors where none belong are closed too.
                assertThrows(
                        LinuxException.class,
                        () -> guest.vmm.call(
                                Request.SET_OWNER, VhostUserFrontend.u64(), guest.low.fd(), guest.high.fd()));
                guest.vmm.call(Request.SET_BACKEND_REQ_FD, VhostUserFrontend.u64(), guest.low.fd());
            }
            awaitGone(2 + i);
        }
        assertEquals(fds, ProcessState.openFds());
        assertEquals(0, ProcessState.driverMappings());
    }

    @Test
    void aSecondVmmIsRefusedAndTheFirstIsNotDisturbed() throws Exception {
        try (Guest guest = boot();
                VhostUserFrontend second = VhostUserFrontend.connect(socket)) {
            assertTrue(second.awaitClosed());
            guest.exchange(1);
        }
        awaitGone(1);
        try (Guest guest = boot()) {
            guest.exchange(2);
        }
    }

    @Test
    void aMessageInPiecesIsPutTogether() throws Exception {
        try (VhostUserFrontend vmm = VhostUserFrontend.connect(socket)) {
            byte[] message = new byte[20];
            message[0] = 2; // SET_FEATURES
            message[4] = 1;
            message[8] = 8;
            message[12 + 4] = 1; // VERSION_1
            for (byte one : message) {
                vmm.sendRaw(new byte[] {one});
            }
            vmm.sendRaw(new byte[] {1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
            assertEquals(VhostUserConnection.FEATURES, vmm.receiveReply(1));
            assertEquals(2, vmm.receiveReply(17));
        }
    }

    @Test
    void messagesThatCannotBeAcceptedEndTheConnectionWithoutAnAck() throws Exception {
        byte[][] bad = {
            message(99, 0, 0), // unknown
            message(2, 0, 4), // ill-sized
            message(1, 2, 0), // version 2 and more
            message(1, VhostUser.FLAG_REPLY, 0),
            header(2, 1, 5000),
            header(2, 1, -1),
            message(12, 0, 8), // no descriptor
            message(18, 0, 8, 7), // no ring 7
            message(2, 0, 8, 2), // a feature that was not offered
            message(5, 0, 8, 9), // nine regions in 8 bytes
            message(11, 0, 8, 2),
        };
        for (int i = 0; i < bad.length; i++) {
            try (VhostUserFrontend vmm = VhostUserFrontend.connect(socket)) {
                vmm.sendRaw(bad[i]);
                assertTrue(vmm.awaitClosed(), "message " + i);
            }
            awaitGone(i + 1);
        }
        assertEquals(bad.length, port.count(MalformedInput.BAD_PEER_MESSAGE));
    }

    @Test
    void messagesThatCannotBeAcceptedAreAnsweredWhereAskedFor() throws Exception {
        try (Guest guest = boot();
                Fd memfd = MemFd.create("scmid-driver", 4096)) {
            guest.vmm.send(99, VhostUser.FLAG_NEED_REPLY, new byte[3]);
            assertEquals(1, guest.vmm.receiveReply(99));
            assertThrows(
                    LinuxException.class,
                    () -> guest.vmm.call(Request.SET_LOG_BASE, VhostUserFrontend.u64(4096, 0), memfd));
            assertThrows(
                    LinuxException.class,
                    () -> guest.vmm.call(Request.SET_VRING_NUM, VhostUserFrontend.u32(0, 16)),
                    "while it runs");
            assertThrows(
                    LinuxException.class,
                    () -> guest.vmm.call(Request.SET_VRING_CALL, VhostUserFrontend.u64(0), memfd),
                    "no eventfd");
            assertThrows(
                    LinuxException.class, () -> guest.vmm.call(Request.SET_VRING_NUM, VhostUserFrontend.u32(5, 16)));
            guest.exchange(1);
        }
    }

    private static byte[] header(int request, int flags, int size) {
        return VhostUserFrontend.u32(request, flags, size);
    }

    private static byte[] message(int request, int flags, int size, int... content) {
        byte[] bytes = new byte[12 + size];
        System.arraycopy(header(request, flags | VhostUser.FLAG_VERSION, size), 0, bytes, 0, 12);
        for (int i = 0; i < content.length; i++) {
            bytes[12 + 4 * i] = (byte) content[i];
        }
        return bytes;
    }

    @Test
    void whateverAPeerSendsTheBackEndGoesOn() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int rounds = 0;
        try (DriverMemory memory = new DriverMemory();
                EventFd bell = EventFd.create();
                Fd odd = MemFd.create("scmid-driver", 100)) {
            memory.add(0x10000, 0x20000, 0);
            DriverRing ring = new DriverRing(memory, 0x10000, 64, true);
            long fds = ProcessState.openFds();
            while (rounds < 1500) {
                rounds++;
                try (VhostUserFrontend vmm = VhostUserFrontend.connect(socket)) {
                    if (random.nextInt(4) > 0) {
                        vmm.negotiate(Guest.FEATURES, Guest.ALL_PROTOCOL_FEATURES & ~VhostUser.PROTOCOL_REPLY_ACK);
                        vmm.addRegion(memory.regions().get(0));
                    }
                    if (random.nextInt(2) > 0) {
                        vmm.startRing(random.nextInt(2), memory, ring, random.nextInt(3), bell, bell);
                        ring.setAvailableIdx(random.nextInt(200));
                    }
                    for (int n = random.nextInt(20); n >= 0; n--) {
                        sendNoise(
                                vmm,
                                random,
                                bell.fd(),
                                odd,
                                memory.regions().get(0).fd());
                    }
                } catch (LinuxException e) {
                    // The back end has had enough of this one.
                }
            }
            awaitGone(rounds);
            loop.check();
            assertEquals(fds, ProcessState.openFds(), "seed " + seed);
        }
        try (Guest guest = boot()) {
            guest.exchange(1);
        }
    }

    private static void sendNoise(VhostUserFrontend vmm, Random random, Fd... fds) throws LinuxException {
        Request[] known = Request.values();
        int request = random.nextInt(5) == 0 ? random.nextInt(64) : known[random.nextInt(known.length)].number();
        int[] sizes = {0, 8, 8, 8, 16, 40, 40, 72, random.nextInt(100)};
        byte[] payload = new byte[sizes[random.nextInt(sizes.length)]];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : i % 8 == 0 ? random.nextInt(3) : 0);
        }
        Fd[] some = new Fd[random.nextInt(3) == 0 ? random.nextInt(12) : random.nextInt(2)];
        for (int i = 0; i < some.length; i++) {
            some[i] = fds[random.nextInt(fds.length)];
        }
        vmm.send(request, random.nextInt(3) == 0 ? random.nextInt(16) & ~2 : 0, payload, some);
    }

    @Test
    void aBackEndThatConnectsComesBack() throws Exception {
        Path path = socket.resolveSibling("vmm.sock");
        RecordingPort other = new RecordingPort();
        VhostUserBackend connecting = VhostUserBackend.connecting(loop, other, path);
        loop.call(() -> {
            connecting.start();
            return true;
        });
        for (int i = 0; i < 3; i++) {
            try (UnixListener listener = UnixListener.bind(path, 0600, -1)) {
                try (Guest guest = new Guest(new VhostUserFrontend(accept(listener)))) {
                    guest.boot().exchange(i);
                }
            }
        }
        Await.until("gone", () -> other.calls.stream().filter("gone"::equals).count() == 3);
        loop.call(() -> {
            connecting.close();
            return true;
        });
        assertNull(other.events);
    }

    @Test
    void afterAKilledBackEndTheNextGoesOnWhereItWas() throws Exception {
        Path path = socket.resolveSibling("vmm.sock");
        RecordingPort other = new RecordingPort();
        VhostUserBackend first = VhostUserBackend.connecting(loop, other, path);
        VhostUserBackend second = VhostUserBackend.connecting(loop, port, path);
        try (UnixListener listener = UnixListener.bind(path, 0600, -1)) {
            loop.call(() -> {
                first.start();
                return true;
            });
            try (Guest guest = new Guest(new VhostUserFrontend(accept(listener)))) {
                guest.boot().exchange(1);
                loop.call(() -> {
                    first.close();
                    return true;
                });
                assertTrue(guest.vmm.awaitClosed());
                guest.request(2);
                loop.call(() -> {
                    second.start();
                    return true;
                });
                try (VhostUserFrontend again = new VhostUserFrontend(accept(listener))) {
                    again.negotiate(Guest.FEATURES, Guest.ALL_PROTOCOL_FEATURES);
                    again.shareTable(guest.memory);
                    again.startRing(
                            0,
                            guest.memory,
                            guest.commands,
                            guest.commands.usedIdx(),
                            guest.commandKick,
                            guest.commandCall);
                    again.enableRing(0, true);
                    guest.expectAnswer(2);
                    assertEquals(List.of("connected", "attached"), port.calls, "no reset");
                }
            }
        }
        loop.call(() -> {
            second.close();
            return true;
        });
    }

    private static UnixSocket accept(UnixListener listener) throws Exception {
        @Nullable UnixSocket[] accepted = new UnixSocket[1];
        Await.until("a connection", () -> (accepted[0] = listener.accept()) != null);
        UnixSocket socket = accepted[0];
        assertNotNull(socket);
        return socket;
    }
}
