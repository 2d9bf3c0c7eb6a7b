// What a VMM may share when the agent has a window, and what is said when it shares something else.
package org.scmid.transport.vhostuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MemFd;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.Await;
import org.scmid.transport.EventSink;
import org.scmid.transport.LogLines;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.RecordingPort;
import org.scmid.transport.SharedRegion;

/** The guest has two regions of 1 MiB: rings and buffers in {@link Guest#LOW}, buffers in {@link Guest#HIGH}. */
@Timeout(120)
class MemoryLimitTest {
    private static final long MIB = 1 << 20;

    private final Path socket;
    private final RunningLoop loop = new RunningLoop();
    private final RecordingPort port = new RecordingPort();
    private final LogLines log = new LogLines();
    private final VhostUserBackend backend;

    MemoryLimitTest(@TempDir Path folder) throws Exception {
        socket = folder.resolve("scmi.sock");
        backend = VhostUserBackend.listening(loop, port, socket, 0600, -1, new MemoryLimit(2 * MIB, Guest.LOW));
        loop.call(() -> {
            backend.start();
            return true;
        });
    }

    @AfterEach
    void stop() throws Exception {
        log.close();
        loop.call(() -> {
            backend.close();
            return true;
        });
        loop.close();
    }

    /** A guest that has negotiated, and shares nothing yet. */
    private Guest connect(long protocolFeatures) throws LinuxException {
        Guest guest = new Guest(VhostUserFrontend.connect(socket));
        guest.vmm.negotiate(Guest.FEATURES, protocolFeatures);
        return guest;
    }

    private Guest connect() throws LinuxException {
        return connect(Guest.ALL_PROTOCOL_FEATURES);
    }

    private List<SharedRegion> shared() throws Exception {
        return loop.call(backend::sharedMemory);
    }

    @Test
    void whatLiesInTheWindowIsServedAndListed() throws Exception {
        assertEquals(List.of(), shared());
        try (Guest guest = connect()) {
            DriverMemory.Region behind = guest.memory.add(Guest.LOW + MIB, MIB, 0);
            guest.vmm.addRegion(behind);
            guest.vmm.addRegion(guest.low);
            assertEquals(
                    List.of(new SharedRegion(Guest.LOW, MIB), new SharedRegion(Guest.LOW + MIB, MIB)),
                    shared(),
                    "the lowest first");
            guest.startRings(0, 0);
            assertEquals(
                    1,
                    log.with("its VMM shares 1 MiB at guest address 0x40000000, 1 MiB at guest address 0x40100000")
                            .size(),
                    log::toString);
            guest.vmm.removeRegion(behind);
            assertEquals(List.of(new SharedRegion(Guest.LOW, MIB)), shared());
            assertEquals(2, log.with("its VMM shares").size(), log::toString);
        }
        Await.until("peer gone", () -> port.calls.contains("gone"));
        assertEquals(List.of(), shared());
    }

    @Test
    void aRegionElsewhereIsRefusedAndTheConnectionStays() throws Exception {
        try (Guest guest = connect()) {
            assertThrows(LinuxException.class, () -> guest.vmm.addRegion(guest.high));
            assertEquals(List.of(), shared());
            assertEquals(1, port.count(MalformedInput.BAD_MEMORY));
            String line = onlyRefusal();
            assertTrue(
                    line.contains("the VMM shares 1 MiB at guest address 0x100000000, but `window` in the service file"
                            + " allows this agent only what lies in 2 MiB at guest address 0x40000000;"),
                    line);
            assertTrue(line.contains("`scmid guest qemu`"), line);
            guest.vmm.addRegion(guest.low);
            guest.startRings(0, 0);
        }
    }

    @Test
    void aTableWithARegionElsewhereIsRefusedAsAWhole() throws Exception {
        try (Guest guest = connect()) {
            guest.vmm.addRegion(guest.low);
            assertThrows(LinuxException.class, () -> guest.vmm.shareTable(guest.memory));
            assertEquals(List.of(new SharedRegion(Guest.LOW, MIB)), shared(), "what was shared before");
            onlyRefusal();
        }
    }

    @Test
    void aRegionThatBeginsOrEndsOutsideIsRefused() throws Exception {
        try (Guest guest = connect()) {
            DriverMemory.Region before = guest.memory.add(Guest.LOW - 0x1000, 0x2000, 0);
            DriverMemory.Region across = guest.memory.add(Guest.LOW + 2 * MIB - 0x1000, 0x2000, 0);
            assertThrows(LinuxException.class, () -> guest.vmm.addRegion(before));
            assertThrows(LinuxException.class, () -> guest.vmm.addRegion(across));
            assertEquals(List.of(), shared());
        }
    }

    @Test
    void moreThanTheWindowIsRefused() throws Exception {
        try (Guest guest = connect();
                Fd file = MemFd.create("scmid-driver", 3 * MIB)) {
            var large = new DriverMemory.Region(file, Guest.LOW, 0x1000, 2 * MIB + 0x1000, 0, guest.low.mapping());
            assertThrows(LinuxException.class, () -> guest.vmm.addRegion(large));
            assertTrue(onlyRefusal().contains("allows this agent 2 MiB;"), log::toString);
        }
    }

    @Test
    void regionsCountTogether() throws Exception {
        VhostUserBackend anywhere = VhostUserBackend.listening(
                loop,
                new RecordingPort(),
                socket.resolveSibling("b"),
                0600,
                -1,
                new MemoryLimit(3 * MIB / 2, MemoryLimit.ANYWHERE));
        loop.call(() -> {
            anywhere.start();
            return true;
        });
        try (Guest guest = new Guest(VhostUserFrontend.connect(socket.resolveSibling("b")))) {
            guest.vmm.negotiate(Guest.FEATURES, Guest.ALL_PROTOCOL_FEATURES);
            guest.vmm.addRegion(guest.high);
            assertThrows(LinuxException.class, () -> guest.vmm.addRegion(guest.low));
            assertTrue(
                    onlyRefusal().contains("allows this agent 1536 KiB, and 1 MiB are shared already;"), log::toString);
            guest.vmm.removeRegion(guest.high);
            guest.vmm.addRegion(guest.low);
        } finally {
            loop.call(() -> {
                anywhere.close();
                return true;
            });
        }
    }

    @Test
    void aFrontEndThatAsksForNoReplyLosesTheConnectionAndTheLogSaysWhy() throws Exception {
        try (Guest guest = connect(Guest.ALL_PROTOCOL_FEATURES & ~VhostUser.PROTOCOL_REPLY_ACK)) {
            guest.vmm.addRegion(guest.high);
            assertTrue(guest.vmm.awaitClosed());
            Await.until(
                    "the reason is logged",
                    () -> !log.with("the connection to the VMM ended", "only what lies in 2 MiB at")
                            .isEmpty());
        }
    }

    @Test
    void ringsOutsideTheWindowAreRefusedWithWhatToLookAt() throws Exception {
        try (Guest guest = connect()) {
            DriverMemory.Region behind = guest.memory.add(Guest.LOW + MIB, MIB, 0);
            guest.vmm.addRegion(behind);
            assertThrows(LinuxException.class, () -> guest.startRings(0, 0));
            String line = onlyRefusal();
            assertTrue(
                    line.contains("ring 0 is not served: the descriptor table at the VMM's address 0x7f0040000000"),
                    line);
            for (String hint : List.of(
                    "its VMM shares 1 MiB at guest address 0x40100000",
                    "`memory-region`",
                    "`restricted-dma-pool`",
                    "`scmid guest dts`",
                    "CONFIG_DMA_RESTRICTED_POOL",
                    "`iommu_platform=on`")) {
                assertTrue(line.contains(hint), line);
            }
            assertEquals(1, log.with("agent test: its VMM shares 1 MiB").size(), log::toString);
            assertEquals(1, port.count(MalformedInput.BAD_RING_SETUP));
        }
    }

    @Test
    void aBufferOutsideTheWindowComesBackUnusedAndTheLogNamesItsAddress() throws Exception {
        try (Guest guest = connect()) {
            guest.vmm.addRegion(guest.low);
            guest.startRings(0, 0);
            guest.request(1);
            Await.until("a used element", guest.commands::takeUsed);
            assertEquals(0, guest.commands.usedLength());
            assertEquals(1, port.count(MalformedInput.BAD_ADDRESS));
            assertEquals(0, port.executed());
            List<String> lines = log.with("a malformed request was returned unused: bad-address");
            assertEquals(1, lines.size(), log::toString);
            String line = lines.getFirst();
            assertTrue(line.contains("there is no memory at guest address 0x100000100"), line);
            assertTrue(line.contains("its VMM shares 1 MiB at guest address 0x40000000"), line);
            assertTrue(line.contains("`memory-region`"), line);
        }
    }

    @Test
    void anEventBufferOutsideTheWindowComesBackUnusedAndTheLogNamesItsAddress() throws Exception {
        try (Guest guest = connect()) {
            guest.vmm.addRegion(guest.low);
            guest.startRings(0, 0);
            guest.events.add(new long[] {Guest.HIGH + 0x200}, new int[] {64}, 0, 1);
            guest.events.publish();
            EventSink events = port.events;
            assertNotNull(events);
            assertEquals(EventSink.Result.NO_BUFFER, loop.call(() -> events.offer(new byte[8], 8)));
            assertTrue(guest.events.takeUsed());
            assertEquals(0, guest.events.usedLength());
            List<String> lines = log.with("a malformed event buffer was returned unused: bad-address");
            assertEquals(1, lines.size(), log::toString);
            assertTrue(lines.getFirst().contains("there is no memory at guest address 0x100000200"), log::toString);
        }
    }

    /** The file holds more than is shared: neighbours of the window stay out of this process. */
    @Test
    void onlyThePagesOfTheRegionAreMapped() throws Exception {
        String name = "part-of-a-larger-file";
        try (Guest guest = connect();
                Fd file = MemFd.create(name, 64 * MIB)) {
            var part = new DriverMemory.Region(file, Guest.LOW, 0x10000, 0x3000, 8 * MIB, guest.low.mapping());
            guest.vmm.addRegion(part);
            List<String> mapped = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains(name))
                    .toList();
            assertEquals(1, mapped.size(), mapped::toString);
            String[] fields = mapped.getFirst().split(" +", -1); // range, permissions, offset ...
            String[] range = fields[0].split("-", -1);
            assertEquals(0x3000, Long.parseLong(range[1], 16) - Long.parseLong(range[0], 16), mapped::toString);
            assertEquals(8 * MIB, Long.parseLong(fields[2], 16), mapped::toString);
        }
    }

    private String onlyRefusal() {
        List<String> refusals = log.with("refused: ");
        assertEquals(1, refusals.size(), log::toString);
        return refusals.getFirst();
    }
}
