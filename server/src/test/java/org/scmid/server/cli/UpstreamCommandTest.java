// `scmid upstream`: what a platform offers is shown and saved, whichever way it is reached, and it is said why it is
// not.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.OfferFiles;
import org.scmid.config.offer.Offered;
import org.scmid.config.resource.ResourceKind;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;

@Timeout(120)
class UpstreamCommandTest {
    private static final List<String> WAYS = List.of("socket", "vhost", "mmio", "fat");

    private static final String UPSTREAMS = """
            upstreams:
              socket: { transport: socket, socket: DIR/socket.sock }
              vhost: { transport: vhost-user, socket: DIR/vhost.sock }
              mmio: { transport: virtio-mmio, region: { file: DIR/mmio, size: 48 KiB } }
              fat: { transport: fat-virtqueue, region: { file: DIR/fat, size: 64 KiB } }
            """;

    private final Level logged = Logger.getLogger("").getLevel();
    private Path directory = Path.of("");

    /** In memory, where windows can be. */
    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "scmid-upstream");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        Logger.getLogger("").setLevel(logged); // the command has switched it off, for the whole process
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text.replace("DIR", directory.toString()));
    }

    private Path board() throws IOException {
        return file("board.yaml", "board: guest-side\n" + UPSTREAMS + "clocks: {}\n");
    }

    /** The platform: the demo board, all of it for each agent. */
    private ScmiService platform() throws Exception {
        String all = ", clocks: all, power-domains: all, sensors: all, resets: all, voltage-domains: all,"
                + " performance-domains: all }\n";
        Path file = file(
                "platform.yaml",
                "board: demo\nagents:\n"
                        + "  a: { transport: socket, socket: DIR/socket.sock" + all
                        + "  b: { transport: vhost-user, socket: DIR/vhost.sock, mode: listen" + all
                        + "  c: { transport: virtio-mmio, region: { file: DIR/mmio, size: 48 KiB }" + all
                        + "  d: { transport: fat-virtqueue, region: { file: DIR/fat, size: 64 KiB }" + all);
        return ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
    }

    @Test
    void whateverTheWayAPlatformSaysTheSame() throws Exception {
        Path board = board();
        try (ScmiService platform = platform()) {
            assertNotNull(platform);
            String reference = "";
            for (String way : WAYS) {
                String shown = Invocation.of("upstream", board, way).ok();
                assertTrue(shown.startsWith(way + ": the "), shown);
                String offer = shown.substring(shown.indexOf('\n') + 1);
                reference = reference.isEmpty() ? offer : reference;
                assertEquals(reference, offer);
            }
            assertTrue(reference.contains("  vendor scmid"), reference);
            assertTrue(reference.contains("protocols: base 2.1, power 3.1"), reference);
            assertFalse(reference.contains("what is wrong"), reference);
            assertEquals(4, Invocation.of("upstream", board).ok().split("  vendor scmid", -1).length - 1);
        }
    }

    @Test
    void whatAPlatformOffersIsSavedBesideTheFile() throws Exception {
        Path board = board();
        Offer saved;
        try (ScmiService platform = platform()) {
            assertNotNull(platform);
            String shown = Invocation.of("upstream", board, "socket", "--save").ok();
            assertTrue(shown.endsWith("  saved in " + directory + "/socket.upstream.yaml\n"), shown);
            Problems problems = new Problems();
            Offer read = OfferFiles.read("socket", OfferFiles.place(directory, "socket"), problems);
            problems.throwIfAny();
            assertNotNull(read);
            saved = read;
        }
        Board demo = ConfigFiles.builtInBoard("demo");
        for (ResourceKind kind : ResourceKind.values()) {
            assertEquals(
                    List.copyOf(demo.names(kind)),
                    saved.of(kind).stream().map(Offered::name).toList(),
                    kind.label());
        }
    }

    /** What is wrong with what was saved must not keep it from being saved anew. */
    @Test
    void whatWasSavedWrongIsWrittenAnew() throws Exception {
        Path board =
                file("board.yaml", "board: guest-side\n" + UPSTREAMS + "clocks:\n  main: { from: socket/pll-main }\n");
        Path saved = Files.writeString(directory.resolve("socket.upstream.yaml"), "nonsense: 1\n");
        try (ScmiService platform = platform()) {
            assertNotNull(platform);
            Invocation.of("upstream", board, "socket", "--save").ok();
        }
        assertTrue(Files.readString(saved).contains("upstream-offer: \"socket\""));
    }

    @Test
    void aPlatformThatIsNotThereIsSaidPlainly() throws Exception {
        Path board = board();
        Invocation gone = Invocation.of("upstream", board, "--timeout", "1");
        assertEquals(1, gone.status());
        assertEquals("", gone.output());
        String text = gone.errors().replace(directory.toString(), "DIR");
        assertTrue(
                text.contains("scmid: upstream socket, the socket DIR/socket.sock, is not there: there is no socket"
                        + " DIR/socket.sock\n"),
                text);
        assertTrue(
                text.contains("scmid: upstream vhost, the vhost-user back end on DIR/vhost.sock, is not there: there is"
                        + " no socket DIR/vhost.sock\n"),
                text);
        assertTrue(text.contains("is not there: the window DIR/mmio is not there: its server has not made it\n"), text);
        assertEquals(4, text.lines().count(), text);
    }

    @Test
    void aWindowThatNobodyServesEndsInTime() throws Exception {
        Path board = board();
        Files.write(directory.resolve("mmio"), new byte[48 << 10]);
        Invocation gone = Invocation.of("upstream", board, "mmio", "--timeout", "0.2");
        assertEquals(1, gone.status());
        assertTrue(
                gone.errors().endsWith("is not there: it has not said all that it offers within --timeout\n"),
                gone.errors());
    }

    @Test
    void aFileWithoutUpstreamsAndANameThatIsNoneAreSaid() throws Exception {
        Path plain = file("plain.yaml", "board: plain\nclocks:\n  osc: { fixed: 24 MHz }\n");
        assertEquals(
                "scmid: " + plain + " describes no other platforms: its board has no key `upstreams`\n",
                Invocation.of("upstream", plain).failed(1));
        assertEquals(
                "scmid: " + board() + " has no upstream `sockt`; did you mean `socket`?\n",
                Invocation.of("upstream", board(), "sockt").failed(1));
        assertTrue(Invocation.of("upstream", plain, "--timeout", "0")
                .failed(2)
                .startsWith("scmid: --timeout is a number of seconds above 0, up to 3600\n"));
    }
}
