// Who survives what: a whole service, real sockets, register bits in a file.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.linux.UnixListener;
import org.scmid.protocol.Status;
import org.scmid.server.core.Bench;

/** Clocks of each VM: 0 leaf (runs from bus), 1 uart, 2 bus. Gates: bit 0 bus, 1 uart, 2 leaf. */
@Timeout(120)
@SuppressWarnings("try") // a service only has to run
class SurvivalTest {
    private static final int CLOCK = Bench.CLOCK;
    private static final int GATES = 4;
    private static final int BUS = 1;
    private static final int UART = 2;
    private static final int LEAF = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeEach
    void files() throws Exception {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD.replace("simulated", "\"file:registers.bin\""));
        write("60 s");
    }

    private void write(String grace) throws IOException {
        Files.writeString(directory.resolve("service.yaml"), """
                board: board.yaml
                agents:
                  vm: { transport: vhost-user, socket: DIR/vm.sock, mode: connect, grace: GRACE, clocks: [leaf, uart, bus] }
                  listen: { transport: vhost-user, socket: DIR/listen.sock, mode: listen, clocks: [leaf, uart, bus] }
                """.replace("DIR", directory.toString())
                .replace("GRACE", grace));
    }

    private ScmiService start() throws Exception {
        return ScmiService.start(
                ConfigFiles.service(directory.resolve("service.yaml")),
                ServiceOptions.persistent(directory.resolve("state")));
    }

    private ServiceProcess startProcess() throws IOException {
        return ServiceProcess.service(directory.resolve("service.yaml"), directory.resolve("state"));
    }

    private UnixListener vmSocket() throws Exception {
        return UnixListener.bind(directory.resolve("vm.sock"), 0600, -1);
    }

    private Path listenSocket() {
        return directory.resolve("listen.sock");
    }

    /** The gates' register as any other process reads it. */
    private int gates() {
        try (FileChannel file = FileChannel.open(directory.resolve("registers.bin"))) {
            ByteBuffer word = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            file.read(word, GATES);
            return word.getInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Enables leaf, subscribes to bus, chooses clock protocol 2.0. */
    private static void settle(VmGuest guest) throws Exception {
        assertEquals(0, guest.status(CLOCK, 7, 0, 1, 0));
        assertEquals(0, guest.status(CLOCK, 9, 2, 1));
        assertEquals(0, guest.status(CLOCK, 0x10, 0x20000));
    }

    /** Whether the guest still has what {@link #settle} gave it; somebody else changes the rate of bus for it. */
    private static void assertSettled(VmGuest guest, VmGuest other, int rate) throws Exception {
        assertArrayEquals(new int[] {Status.Code.NOT_FOUND}, guest.call(CLOCK, 0xF, 0), "still 2.0");
        assertEquals(0, other.status(CLOCK, 5, 0, 2, rate, 0));
        assertEquals(List.of("5300 2 2 " + Integer.toHexString(rate) + " 0"), guest.awaitEvents(1));
    }

    private void assertForgotten(VmGuest guest, VmGuest other) throws Exception {
        assertEquals(0, gates());
        assertEquals(2, guest.call(CLOCK, 0xF, 0).length, "3.0 again");
        assertEquals(0, other.status(CLOCK, 5, 0, 2, 6_000_000, 0));
        assertEquals(0, guest.status(CLOCK, 9, 2, 1));
        assertEquals(0, other.status(CLOCK, 5, 0, 2, 3_000_000, 0));
        assertEquals(List.of("5300 2 2 2dc6c0 0"), guest.awaitEvents(1), "nothing of the change before");
    }

    @Test
    void aRegisterFileThatIsCutOffFailsCommandsAndEndsNoConnection() throws Exception {
        try (ScmiService service = start();
                VmGuest guest = new VmGuest().bootOn(listenSocket())) {
            assertEquals(2, service.agents().size());
            // Often enough to be compiled: then the fault comes later than the access.
            for (int i = 0; i < 10_000; i++) {
                assertEquals(0, guest.status(CLOCK, 6, 2));
            }
            try (FileChannel file = FileChannel.open(directory.resolve("registers.bin"), StandardOpenOption.WRITE)) {
                file.truncate(0);
            }
            for (int i = 0; i < 5; i++) {
                assertEquals(Status.Code.HARDWARE_ERROR, guest.status(CLOCK, 6, 2));
                assertEquals(0, guest.status(0x10, 0), "what touches no register works");
            }
            assertEquals(
                    2, service.peersNow().get(20, TimeUnit.SECONDS).agents().size(), "nor does who is there");
            assertThrows(ExecutionException.class, () -> service.snapshot().get(20, TimeUnit.SECONDS));
            assertEquals(0, guest.status(0x10, 0), "and it goes on");
        }
    }

    @Test
    void aKilledServiceComesBackWithEverythingAndAnswersWhatWaited() throws Exception {
        try (UnixListener listener = vmSocket();
                VmGuest guest = new VmGuest()) {
            try (ServiceProcess first = startProcess()) {
                guest.bootFor(listener);
                settle(guest);
                assertEquals(BUS | LEAF, gates());
                first.kill();
            }
            for (int i = 0; i < 3; i++) {
                guest.send(CLOCK, 6, 2);
                try (ServiceProcess again = startProcess()) {
                    guest.goOnWith(listener);
                    assertEquals(0, guest.reply()[0], "it waited while there was no service");
                    assertEquals(BUS | LEAF, gates());
                    try (VmGuest other = new VmGuest().bootOn(listenSocket())) {
                        assertSettled(guest, other, i % 2 == 0 ? 24_000_000 : 12_000_000);
                    }
                    again.kill();
                }
            }
            try (ServiceProcess last = startProcess()) {
                guest.goOnWith(listener);
                assertEquals(0, guest.status(CLOCK, 7, 0, 0, 0));
                assertEquals(0, gates(), "the parent that an earlier process opened is closed too");
                last.kill();
            }
        }
    }

    @Test
    void aDelayedResponseThatHadNoBufferIsSentByTheNextProcess() throws Exception {
        try (UnixListener listener = vmSocket();
                VmGuest guest = new VmGuest()) {
            try (ServiceProcess first = startProcess()) {
                guest.bootFor(listener);
                assertEquals(0, guest.status(CLOCK, 9, 2, 1));
                try (VmGuest other = new VmGuest().bootOn(listenSocket())) {
                    for (int i = 0; i < 8; i++) {
                        assertEquals(0, other.status(CLOCK, 5, 0, 2, i % 2 == 0 ? 24_000_000 : 12_000_000, 0));
                    }
                }
                guest.awaitEvents(8); // they have filled all its buffers
                assertEquals(0, guest.status(CLOCK, 5, 1, 1, 8_000_000, 0));
                assertArrayEquals(new int[] {0, 8_000_000, 0}, guest.call(CLOCK, 6, 1));
                first.kill();
            }
            try (ServiceProcess second = startProcess()) {
                guest.goOnWith(listener);
                guest.postEventBuffers(1);
                String response = guest.awaitEvents(1).getFirst();
                assertTrue(response.endsWith("5205 0 1 7a1200 0"), response);
                second.kill();
            }
        }
    }

    @Test
    void aGuestThatIsResetIsForgottenAndOthersAreNot() throws Exception {
        try (UnixListener listener = vmSocket();
                ScmiService running = start();
                VmGuest guest = new VmGuest().bootFor(listener);
                VmGuest other = new VmGuest().bootOn(listenSocket())) {
            settle(guest);
            assertEquals(0, other.status(CLOCK, 7, 1, 1, 0));
            assertEquals(BUS | LEAF | UART, gates());
            guest.reset();
            VmGuest.await("only uart to run", () -> gates() == UART);
            assertEquals(0, other.status(CLOCK, 7, 1, 0, 0));
            guest.postEventBuffers(8);
            assertForgotten(guest, other);
        }
    }

    @Test
    void aPausedGuestKeepsEverything() throws Exception {
        try (UnixListener listener = vmSocket();
                ScmiService running = start();
                VmGuest guest = new VmGuest().bootFor(listener);
                VmGuest other = new VmGuest().bootOn(listenSocket())) {
            settle(guest);
            int[] positions = guest.stopRings();
            assertEquals(3, positions[0]);
            assertEquals(BUS | LEAF, gates());
            assertEquals(0, other.status(CLOCK, 5, 0, 2, 24_000_000, 0));
            guest.startRings(positions[0], positions[1]);
            assertEquals(List.of("5300 2 2 16e3600 0"), guest.awaitEvents(1), "from while it was paused");
            assertSettled(guest, other, 12_000_000);
            assertEquals(BUS | LEAF, gates());
        }
    }

    @Test
    void aListeningAgentsPeerThatGoesIsForgottenAtOnce() throws Exception {
        try (ScmiService running = start()) {
            try (VmGuest guest = new VmGuest().bootOn(listenSocket())) {
                settle(guest);
                assertEquals(BUS | LEAF, gates());
            }
            VmGuest.await("the clocks to be switched off", () -> gates() == 0);
            try (VmGuest guest = new VmGuest().bootOn(listenSocket())) {
                assertEquals(2, guest.call(CLOCK, 0xF, 0).length, "3.0 again");
            }
        }
    }

    @Test
    void anotherVmmProcessIsAnotherGuest() throws Exception {
        try (ScmiService running = start()) {
            try (ServiceProcess vm = ServiceProcess.vm(directory.resolve("vm.sock"), 0)) {
                assertEquals(BUS | LEAF, gates());
                vm.kill();
            }
            assertEquals(BUS | LEAF, gates(), "it may come back");
            try (UnixListener listener = vmSocket();
                    VmGuest guest = new VmGuest().bootFor(listener)) {
                assertEquals(0, guest.status(CLOCK, 6, 0));
                assertEquals(0, gates(), "but this is another one");
            }
        }
    }

    @Test
    void aVmmMayGoAndComeBackWithinItsGrace() throws Exception {
        try (UnixListener listener = vmSocket();
                ScmiService running = start();
                VmGuest guest = new VmGuest().bootFor(listener);
                VmGuest other = new VmGuest().bootOn(listenSocket())) {
            settle(guest);
            for (int i = 0; i < 3; i++) {
                guest.goOnWith(listener);
                assertSettled(guest, other, i % 2 == 0 ? 24_000_000 : 12_000_000);
                assertEquals(BUS | LEAF, gates());
            }
        }
    }

    @Test
    void aVmmThatStaysAwayLongerIsForgotten() throws Exception {
        write("200 ms");
        try (ScmiService running = start()) {
            try (UnixListener listener = vmSocket();
                    VmGuest guest = new VmGuest().bootFor(listener)) {
                settle(guest);
                assertEquals(BUS | LEAF, gates());
            }
            VmGuest.await("the clocks to be switched off", () -> gates() == 0);
        }
    }

    @Test
    void aVmmThatWentWhileThereWasNoServiceIsForgotten() throws Exception {
        write("200 ms");
        try (UnixListener listener = vmSocket();
                VmGuest guest = new VmGuest();
                ServiceProcess first = startProcess()) {
            guest.bootFor(listener);
            settle(guest);
            first.kill();
        }
        assertEquals(BUS | LEAF, gates());
        try (ScmiService running = start()) {
            VmGuest.await("the clocks to be switched off", () -> gates() == 0);
        }
    }

    @Test
    void anOrderlyStopAndStartKeepsEverything() throws Exception {
        try (UnixListener listener = vmSocket();
                VmGuest guest = new VmGuest()) {
            try (ScmiService running = start()) {
                guest.bootFor(listener);
                settle(guest);
            }
            assertEquals(BUS | LEAF, gates());
            assertFalse(Files.exists(listenSocket()));
            guest.send(CLOCK, 6, 2);
            try (ScmiService running = start()) {
                guest.goOnWith(listener);
                assertEquals(0, guest.reply()[0]);
                try (VmGuest other = new VmGuest().bootOn(listenSocket())) {
                    assertSettled(guest, other, 24_000_000);
                }
                assertEquals(0, guest.status(CLOCK, 7, 0, 0, 0));
                assertEquals(0, gates());
            }
        }
    }
}
