// The board and the service that the system tests run: registers in a file that the test can read.
package org.scmid.system;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.service.Service;
import org.scmid.server.guest.GuestOverlay;

/** Files of one service in a folder of its own, and the registers that it drives. */
final class TestBoard {
    static final int SOURCE = 0x10; // uart: mux 9..8, divider 6..0
    static final int SPI_DIVIDER = 0x14;
    static final int AUDIO_DIVIDER = 0x18;
    static final int GATES = 0x20;
    static final int UART_GATE = 1 << 3;
    static final int SPI_GATE_OFF = 1 << 4; // active low
    static final int AUDIO_GATE = 1 << 5;
    static final int SHARED_GATE = 1 << 6;

    private static final String BOARD = """
            board: system-test
            description: a small tree with every kind of clock, its registers in a file
            registers:
              cru:
                at: 0x10000000
                size: 4 KiB
                access: "file:cru.regs"
                initial: { 0x10: 0x001, 0x14: 0x3, 0x18: 0x2, 0x20: 0x10 }
            clocks:
              osc: { fixed: 24 MHz }
              pll: { parent: osc, factor: { multiply: 50, divide: 1 } }
              uart:
                parents: [osc, pll]
                mux:     { register: cru+0x10, bits: 9..8 }
                divider: { register: cru+0x10, bits: 6..0, kind: linear }
                gate:    { register: cru+0x20, bit: 3 }
                rates:   { min: 1 MHz, max: 200 MHz }
                reparent: true
              spi:
                parent: pll
                divider: { register: cru+0x14, bits: 3..0, kind: power-of-two }
                gate:    { register: cru+0x20, bit: 4, enable: low }
              audio-reference-clock:
                parent: osc
                divider: { register: cru+0x18, bits: 4..0, kind: one-based, zero: bypass }
                gate:    { register: cru+0x20, bit: 5 }
              shared:
                parent: spi
                gate:    { register: cru+0x20, bit: 6 }
            """;

    final Path folder;
    final Path service;
    final Path board;
    final int managementPort;
    private final String boardLines;

    private TestBoard(Path folder, String boardText, String agents) {
        this(folder, boardText, "board: board.yaml\n", agents);
    }

    private TestBoard(Path folder, @Nullable String boardText, String boardLines, String agents) {
        this.folder = folder;
        service = folder.resolve("service.yaml");
        board = folder.resolve("board.yaml");
        managementPort = freePort();
        this.boardLines = boardLines;
        try {
            Files.createDirectories(folder);
            if (boardText != null) {
                Files.writeString(board, boardText);
            }
            writeService(agents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeService(String agents) throws IOException {
        Files.writeString(
                service, boardLines + "management: { listen: \"127.0.0.1:" + managementPort + "\" }\n" + agents);
    }

    /** Changes the service file, for the next {@link #run}: the agents are as the text says from then on. */
    void changeAgents(String agents) {
        try {
            writeService(agents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One agent, {@code linux}, with every clock. */
    static TestBoard withOneAgent(Path folder, String mode) {
        return new TestBoard(folder, BOARD, """
                agents:
                  linux:
                    transport: vhost-user
                    socket: linux.sock
                    mode: %s
                """.formatted(mode));
    }

    /** Agents as the text says. */
    static TestBoard withAgents(Path folder, String agents) {
        return new TestBoard(folder, BOARD, agents);
    }

    /** Another board, whose registers are in the file {@code cru.regs} too. */
    static TestBoard of(Path folder, String board, String agents) {
        return new TestBoard(folder, board, agents);
    }

    /**
     * A board that is shipped, whose registers are those of a machine that QEMU models. It may take its time: on a busy
     * host that is no fault.
     *
     * @param name the board's name
     * @param registers QEMU's socket for register accesses
     */
    static TestBoard modelled(Path folder, String name, Path registers, String agents) {
        String lines = "board: %s\naccess: { qtest: \"%s\", timeout: 20 s }\n".formatted(name, registers);
        return new TestBoard(folder, null, lines, agents);
    }

    /** Starts the service; its runtime files are in the test's folder too. */
    Scmid run() {
        return Scmid.run(service, "--runtime-dir", folder.resolve("run"));
    }

    /** The overlay of an agent's guest, to add consumers to. */
    GuestOverlay overlayWithConsumers(String agent) {
        try {
            Service read = ConfigFiles.service(service);
            return new GuestOverlay(
                    read.board().board(), Objects.requireNonNull(read.agents().get(agent)));
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** The overlay of an agent's guest, as the command prints it. */
    String overlay(String agent) {
        return Scmid.command("guest", "dts", service, agent).ok();
    }

    /** QEMU's options for an agent's guest, as the command prints them. */
    List<String> attach(String agent, String bus) {
        String printed = Scmid.command("guest", "qemu", service, agent, "--bus", bus, "--memory", LinuxGuest.MEMORY)
                .ok();
        return Scmid.words(printed);
    }

    /** Boots the guest of an agent. */
    LinuxGuest boot(String agent, String bus) {
        return LinuxGuest.boot(agent, guestFolder(agent), overlay(agent), attach(agent, bus));
    }

    Path guestFolder(String agent) {
        try {
            return Files.createTempDirectory(folder, "guest-" + agent + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A register's 32 bits as the file holds them now. */
    int register(int offset) {
        try (var file = new RandomAccessFile(folder.resolve("cru.regs").toFile(), "r")) {
            file.seek(offset);
            return Integer.reverseBytes(file.readInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes a register, as hardware would. */
    void setRegister(int offset, int value) {
        try (var file = new RandomAccessFile(folder.resolve("cru.regs").toFile(), "rw")) {
            file.seek(offset);
            file.writeInt(Integer.reverseBytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether all of these bits are set in a register. */
    boolean isSet(int offset, int bits) {
        return (register(offset) & bits) == bits;
    }

    /** The clock as the management API shows it. */
    JsonObject clock(String name) {
        return resource("clocks", name);
    }

    /** A resource as the management API shows it; the kind is the last part of the API's path. */
    JsonObject resource(String kind, String name) {
        var all = new JsonArray(Scmid.get(managementPort, "/api/" + kind));
        for (int i = 0; i < all.size(); i++) {
            if (all.getJsonObject(i).getString("name").equals(name)) {
                return all.getJsonObject(i);
            }
        }
        throw new AssertionError("no " + name + " in " + all);
    }

    /** The names of the agents that want this clock on. */
    List<String> votes(String clock) {
        return clock(clock).getJsonArray("votes").stream().map(Object::toString).toList();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
