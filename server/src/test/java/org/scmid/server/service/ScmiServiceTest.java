// A whole service from its file, spoken to over sockets.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.service.Service;
import org.scmid.server.core.Bench;

@Timeout(60)
class ScmiServiceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Service service() throws IOException, ConfigException {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD);
        Path file = directory.resolve("service.yaml");
        Files.writeString(file, """
                board: board.yaml
                agents:
                  one: { transport: socket, socket: DIR/one.sock, clocks: [uart, bus] }
                  two: { transport: socket, socket: DIR/two.sock, clocks: [bus, osc: read] }
                  vm: { transport: vhost-user, socket: DIR/vm.sock, mode: listen, clocks: all }
                """.replace("DIR", directory.toString()));
        return ConfigFiles.service(file);
    }

    private static ServiceSnapshot.ClockSnapshot clock(ScmiService service, String name) throws Exception {
        return service.snapshot().get(20, TimeUnit.SECONDS).clocks().stream()
                .filter(clock -> clock.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private SocketClient client(String agent) throws IOException {
        return new SocketClient(directory.resolve(agent + ".sock"));
    }

    @Test
    void agentsAreServedOverTheirSockets() throws Exception {
        try (ScmiService service = ScmiService.start(service(), ServiceOptions.simulated());
                SocketClient one = client("one");
                SocketClient two = client("two")) {
            one.send(0x5007, 1, 1, 0); // enable bus
            assertArrayEquals(new int[] {0x5007, 0}, one.receive());
            two.send(0x5009, 0, 1); // notify of bus
            assertArrayEquals(new int[] {0x5009, 0}, two.receive());
            one.send(0x5005, 1, 1, 24_000_000, 0); // asynchronously
            assertArrayEquals(new int[] {0x5005, 0}, one.receive());
            assertArrayEquals(new int[] {0x5205, 0, 1, 24_000_000, 0}, one.receive());
            assertArrayEquals(new int[] {0x5300, 1, 0, 24_000_000, 0}, two.receive());
            ServiceSnapshot.ClockSnapshot bus = clock(service, "bus");
            assertEquals(
                    new ServiceSnapshot.ClockSnapshot("bus", List.of("osc"), "osc", 24_000_000, true, List.of("one")),
                    bus);
            ServiceSnapshot snapshot = service.snapshot().get(20, TimeUnit.SECONDS);
            assertEquals("bench", snapshot.board());
            assertEquals(
                    List.of(true, true, false),
                    snapshot.agents().stream().map(a -> a.attached()).toList());
        }
    }

    @Test
    void aServiceThatEndsLetsAChangeOfClocksEndAndLeavesNoLoopSwitchedOff() throws Exception {
        Path registers = directory.resolve("cru.regs");
        Files.writeString(directory.resolve("board.yaml"), """
                board: slow
                registers:
                  cru: { at: 0, size: 4 KiB, access: "file:cru.regs", initial: { 0x0: 3, 0x4: 10 } }
                clocks:
                  osc: { fixed: 10 MHz }
                  pll:
                    parent: osc
                    pll:
                      feedback: { register: cru+0x4, bits: 7..0, kind: one-based }
                      enable: { register: cru+0x0, bit: 0 }
                      lock: { register: cru+0x0, bit: 1, timeout: 1 s, when-off: wait }
                """);
        Path file = Files.writeString(
                directory.resolve("service.yaml"),
                "board: board.yaml\nagents: { one: { transport: socket, socket: %s/one.sock, clocks: [pll] } }\n"
                        .formatted(directory));
        ScmiService service =
                ScmiService.start(ConfigFiles.service(file), ServiceOptions.persistent(directory.resolve("state")));
        try (SocketClient one = client("one");
                FileChannel channel = FileChannel.open(registers, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer words = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8);
            words.order(ByteOrder.nativeOrder());
            one.send(0x5005, 0, 0, 200_000_000, 0);
            while (words.getInt(0) != 2) {
                Thread.onSpinWait(); // off, and not yet unlocked
            }
            Thread end = Thread.ofPlatform().start(service::close);
            words.putInt(0, 0);
            while (words.getInt(0) != 1) {
                Thread.onSpinWait(); // on, and not yet locked
            }
            words.putInt(0, 3);
            end.join();
            assertEquals(20, words.getInt(4));
            assertEquals(3, words.getInt(0));
        } finally {
            service.close();
        }
    }

    @Test
    void anAgentWithManyOthersAndAnAgentWithoutClocksAreServed() throws Exception {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD);
        StringBuilder yaml = new StringBuilder("board: board.yaml\nagents:\n");
        for (int id = 1; id <= 255; id++) {
            yaml.append("  a%d: { transport: socket, socket: %s/%s.sock, clocks: [%s] }%n"
                    .formatted(id, directory, id, id == 255 ? "" : "osc: none, bus, uart: none, leaf: read"));
        }
        Path file = Files.writeString(directory.resolve("many.yaml"), yaml);
        try (ScmiService service = ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
                SocketClient first = client("1");
                SocketClient middle = client("200");
                SocketClient last = client("255")) {
            first.send(0x4001);
            assertArrayEquals(new int[] {0x4001, 0, 255 << 8 | 1}, first.receive());
            last.send(0x4001);
            assertArrayEquals(new int[] {0x4001, 0, 255 << 8}, last.receive(), "no protocol but Base");
            last.send(0x5000);
            assertArrayEquals(new int[] {0x5000, -1}, last.receive());
            last.send(0x4007, -1);
            assertArrayEquals(new int[] {0x4007, 0, 255, 0x35353261, 0, 0, 0}, last.receive(), "a255");
            last.send(0x4007, 256);
            assertArrayEquals(new int[] {0x4007, -4}, last.receive());
            middle.send(0x5001);
            assertArrayEquals(new int[] {0x5001, 0, 8 << 16 | 4}, middle.receive(), "hidden clocks have ids too");
            middle.send(0x5003, 0);
            assertArrayEquals(new int[] {0x5003, -4}, middle.receive());
            middle.send(0x500C, 3, 0);
            assertArrayEquals(new int[] {0x500C, 0, 1, 1}, middle.receive(), "bus by its own id");
            middle.send(0x500C, 1, 0);
            assertArrayEquals(new int[] {0x500C, -1}, middle.receive(), "its parent is hidden");
            first.send(0x5007, 1, 1, 0);
            assertArrayEquals(new int[] {0x5007, 0}, first.receive());
            middle.send(0x5007, 1, 0, 0); // as Linux does with every clock that nobody there has enabled
            assertArrayEquals(new int[] {0x5007, 0}, middle.receive());
            assertTrue(clock(service, "bus").enabled(), "the first agent's vote counts");
        }
    }

    @Test
    void aClientThatGoesLosesItsVotes() throws Exception {
        try (ScmiService service = ScmiService.start(service(), ServiceOptions.simulated())) {
            try (SocketClient one = client("one")) {
                one.send(0x5007, 0, 1, 0);
                one.receive();
                assertTrue(clock(service, "uart").enabled());
            }
            while (clock(service, "uart").enabled()) {
                Thread.onSpinWait();
            }
            assertEquals(List.of(), clock(service, "uart").votes());
        }
    }

    @Test
    void aServiceRunsOnceAndLeavesNoSocketBehind() throws Exception {
        ServiceOptions options = ServiceOptions.persistent(directory.resolve("state"));
        ScmiService service = ScmiService.start(service(), options);
        try {
            assertEquals(3, service.agents().size());
            IOException refusal = assertThrows(IOException.class, () -> ScmiService.start(service(), options));
            assertTrue(String.valueOf(refusal.getMessage()).contains("running already"), refusal::toString);
            assertTrue(Files.exists(directory.resolve("one.sock")));
        } finally {
            service.close();
            service.close();
        }
        assertFalse(Files.exists(directory.resolve("one.sock")));
        assertFalse(Files.exists(directory.resolve("vm.sock")));
        ScmiService.start(service(), options).close();
    }

    @Test
    void aSocketThatCannotBeMadeIsSaidAndNothingIsLeft() throws Exception {
        Files.writeString(directory.resolve("two.sock"), "not a socket");
        ServiceOptions options = ServiceOptions.persistent(directory.resolve("state"));
        IOException failure = assertThrows(IOException.class, () -> ScmiService.start(service(), options));
        assertTrue(String.valueOf(failure.getMessage()).contains("two.sock"), failure::toString);
        assertFalse(Files.exists(directory.resolve("one.sock")));
        Files.delete(directory.resolve("two.sock"));
        ScmiService.start(service(), options).close();
    }

    @Test
    void twoServiceFilesNeverShareTheirState() {
        Path run = Path.of("/run/scmid");
        Path a = ServiceOptions.stateDirectory(run, Path.of("/etc/a/service.yaml"));
        Path b = ServiceOptions.stateDirectory(run, Path.of("/etc/b/service.yaml"));
        assertFalse(a.equals(b));
        assertEquals(a, ServiceOptions.stateDirectory(run, Path.of("/etc/a/../a/service.yaml")));
        assertEquals(Path.of("/run/scmid/state"), a.getParent());
    }
}
