// A Linux guest, unmodified, that shares nothing but a window of its memory with the service.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.RATE_NOTIFY;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options and overlays are used as {@code scmid guest} prints them. */
@Tag(LinuxGuest.TESTS)
final class SharedWindowTest {
    private static final String AGENTS = """
            agents:
              linux:
                transport: vhost-user
                socket: linux.sock
                mode: %s
                window: %s
                clocks: [osc, pll, spi, uart]
              tools:
                transport: socket
                socket: tools.sock
                clocks: [spi]
            """;

    private static final long WINDOW = 0x5000_0000L;
    private static final int WINDOW_BYTES = 4 << 20;

    /** The numbers of spi in the views of linux and of tools. */
    private static final int SPI = 2;

    private static final int TOOLS_SPI = 0;

    @TempDir
    private Path folder;

    private TestBoard board(String mode, String window) {
        return TestBoard.withAgents(folder, AGENTS.formatted(mode, window));
    }

    private static String overlay(TestBoard board, String... options) {
        return printed(board, "dts", options);
    }

    private static List<String> attach(TestBoard board, String... options) {
        return Scmid.words(printed(board, "qemu", options));
    }

    private static String printed(TestBoard board, String what, String... options) {
        var command = new ArrayList<Object>(List.of("guest", what, board.service, "linux"));
        command.addAll(List.of(options));
        return Scmid.command(command.toArray()).ok();
    }

    @ParameterizedTest
    @CsvSource({"pci,listen", "mmio,listen", "pci,connect", "mmio,connect"})
    void clocksAndNotificationsWorkAndTheServiceHasNothingButTheWindow(String bus, String mode) {
        TestBoard board = board(mode, "4 MiB");
        try (Scmid scmid = board.run();
                LinuxGuest guest = LinuxGuest.boot(
                        "linux",
                        board.guestFolder("linux"),
                        overlay(board, "--bus", bus),
                        attach(board, "--bus", bus))) {
            assertEquals("150000000", guest.read("/sys/kernel/debug/clk/spi/clk_rate"));
            assertArrayEquals(
                    new int[] {clock(RATE_SET), SUCCESS}, guest.scmi(clock(RATE_SET), 0, SPI, 600_000_000, 0));
            assertEquals(1, board.register(TestBoard.SPI_DIVIDER));

            assertArrayEquals(new int[] {clock(RATE_NOTIFY), SUCCESS}, guest.scmi(clock(RATE_NOTIFY), SPI, 1));
            String notification = guest.begin("scmi-raw -n 1 -t 60000");
            assertEquals(SUCCESS, setRateByTool(board, 300_000_000));
            int[] event = guest.await(notification).words();
            assertEquals(Scmi.header(Scmi.CLOCK, 0, 0) | (3 << 8), event[0] & 0x3ffff, "a notification, RATE_CHANGED");
            assertArrayEquals(new int[] {2, SPI, 300_000_000, 0}, Arrays.copyOfRange(event, 1, 5));
            assertEquals(2, board.register(TestBoard.SPI_DIVIDER));

            assertEquals(new JsonArray().add(region(WINDOW, WINDOW_BYTES)), sharedBy(board, "linux"));
            assertEquals(new JsonArray(), sharedBy(board, "tools"));
            assertEquals(List.of((long) WINDOW_BYTES), bytesOfGuestMappings(scmid));
            String listed = Scmid.command("ctl", "agents", "--at", "127.0.0.1:" + board.managementPort)
                    .ok();
            assertTrue(listed.contains("agent 1 linux: connected, shares 4 MiB at guest address 0x50000000\n"), listed);
            scmid.output().awaitText("agent linux: its VMM shares 4 MiB at guest address 0x50000000", 0, "scmid");

            guest.kill();
            Deadline.await(
                    "nothing is left of the guest",
                    () -> bytesOfGuestMappings(scmid).isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({"pci,1M", "mmio,2200K"})
    void aSmallerWindowAtAFixedPlaceIsEnough(String bus, String size) {
        TestBoard board = board("listen", "{ size: 4 MiB, guest-address: 0x48000000 }");
        String[] options = {"--bus", bus, "--window", size};
        try (Scmid scmid = board.run();
                LinuxGuest guest = LinuxGuest.boot(
                        "linux", board.guestFolder("linux"), overlay(board, options), attach(board, options))) {
            assertArrayEquals(
                    new int[] {clock(RATE_SET), SUCCESS}, guest.scmi(clock(RATE_SET), 0, SPI, 600_000_000, 0));
            assertEquals(1, board.register(TestBoard.SPI_DIVIDER));
            long bytes = size.equals("1M") ? 1 << 20 : 2200 << 10;
            assertEquals(new JsonArray().add(region(0x4800_0000L, bytes)), sharedBy(board, "linux"));
            assertEquals(List.of(bytes), bytesOfGuestMappings(scmid));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pci", "mmio"})
    void aGuestWhoseRingsLieOutsideIsRefusedAndTheLogSaysWhatToLookAt(String bus) {
        TestBoard board = board("listen", "4 MiB");
        String withoutMemoryRegion = overlay(board, "--bus", bus).replaceAll("\tmemory-region = .*\n", "");
        try (Scmid scmid = board.run();
                LinuxGuest guest = LinuxGuest.boot(
                        "linux", board.guestFolder("linux"), withoutMemoryRegion, attach(board, "--bus", bus))) {
            Output log = scmid.output();
            int at = log.awaitText("refused: ring 0 is not served: ", 0, "scmid");
            String line = log.substring(at, log.awaitText("\n", at, "scmid"));
            for (String hint : List.of(
                    "its VMM shares 4 MiB at guest address 0x50000000",
                    "`memory-region`",
                    "`scmid guest dts`",
                    "CONFIG_DMA_RESTRICTED_POOL",
                    "`iommu_platform=on`")) {
                assertTrue(line.contains(hint), line);
            }
            guest.console().awaitText("Error starting vhost-user-scmi", 0, "QEMU");
            assertFalse(health(board, "linux"), "it is not served");
            assertEquals(List.of((long) WINDOW_BYTES), bytesOfGuestMappings(scmid));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen", "connect"})
    void aVmmThatSharesMoreThanTheWindowIsRefusedAndSaysSo(String mode) {
        // The same agent in a file that knows of no window: the options share all of the memory.
        TestBoard open = TestBoard.withAgents(
                folder.resolve("open"),
                AGENTS.formatted(mode, "4 MiB")
                        .replaceAll(" *window:.*\n", "")
                        .replace("linux.sock", folder.resolve("linux.sock").toString()));
        TestBoard board = board(mode, "4 MiB");
        try (Scmid scmid = board.run();
                LinuxGuest guest = LinuxGuest.boot("linux", board.guestFolder("linux"), overlay(open), attach(open))) {
            scmid.output()
                    .awaitText(
                            "refused: the VMM shares 256 MiB at guest address 0x40000000, but `window` in the service"
                                    + " file allows this agent 4 MiB; `scmid guest qemu` prints the options",
                            0,
                            "scmid");
            guest.console().awaitText("vhost_set_mem_table failed", 0, "QEMU");
            guest.console().awaitText("Error starting vhost-user-scmi", 0, "QEMU");
            assertEquals(new JsonArray(), sharedBy(board, "linux"));
            assertEquals(List.of(), bytesOfGuestMappings(scmid));
            assertFalse(scmid.output().text().contains("the connection to the VMM ended"), "no loop of connections");
        }
    }

    @Test
    void aServiceThatIsKilledComesBackToTheWindow() {
        TestBoard board = board("connect", "{ size: 4 MiB, guest-address: 0x50000000 }");
        List<String> attach = attach(board);
        Scmid scmid = board.run();
        try (LinuxGuest guest = LinuxGuest.boot("linux", board.guestFolder("linux"), overlay(board), attach)) {
            scmid.kill();
            scmid = board.run();
            assertArrayEquals(
                    new int[] {clock(RATE_SET), SUCCESS}, guest.scmi(clock(RATE_SET), 0, SPI, 600_000_000, 0));
            assertEquals(1, board.register(TestBoard.SPI_DIVIDER));
            assertEquals(List.of((long) WINDOW_BYTES), bytesOfGuestMappings(scmid));
        } finally {
            scmid.close();
        }
    }

    private static JsonObject region(long address, long bytes) {
        return new JsonObject().put("guest_address", (Object) address).put("size", (Object) bytes);
    }

    /** What the service says it has of an agent's memory. */
    private static JsonArray sharedBy(TestBoard board, String agent) {
        return widened(board.resource("agents", agent).getJsonArray("memory"));
    }

    /** The same numbers, all as Long: JSON's reader takes Integer where that is enough. */
    private static JsonArray widened(JsonArray regions) {
        var all = new JsonArray();
        for (int i = 0; i < regions.size(); i++) {
            JsonObject one = regions.getJsonObject(i);
            all.add(region(one.getLong("guest_address"), one.getLong("size")));
        }
        return all;
    }

    private static boolean health(TestBoard board, String agent) {
        return board.resource("agents", agent).getBoolean("connected");
    }

    /** How long each mapping is that the service has of any memory of QEMU's. */
    private static List<Long> bytesOfGuestMappings(Scmid scmid) {
        return scmid.mappings().stream()
                .filter(line -> line.contains("memory-backend"))
                .map(line -> {
                    String range = line.substring(0, line.indexOf(' '));
                    int dash = range.indexOf('-');
                    return Long.parseLong(range.substring(dash + 1), 16) - Long.parseLong(range.substring(0, dash), 16);
                })
                .toList();
    }

    /** Sets the rate of spi as the agent `tools`, over its socket; returns the status. */
    private static int setRateByTool(TestBoard board, int rate) {
        int[] words = {clock(RATE_SET), 0, TOOLS_SPI, rate, 0};
        ByteBuffer frame = ByteBuffer.allocate(4 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(4 * words.length);
        for (int word : words) {
            frame.putInt(word);
        }
        ByteBuffer reply = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN); // length, header, status
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(board.folder.resolve("tools.sock")));
            channel.write(frame.flip());
            while (reply.hasRemaining()) {
                if (channel.read(reply) < 0) {
                    throw new AssertionError("the service closed the socket");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(clock(RATE_SET), reply.getInt(4));
        return reply.getInt(8);
    }
}
