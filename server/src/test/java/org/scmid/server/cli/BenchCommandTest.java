// scmid bench against a real service, and against back ends that are dead, broken or hostile.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.config.ConfigFiles;
import org.scmid.linux.LinuxException;
import org.scmid.linux.NativeFile;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;
import org.scmid.protocol.Header;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.server.bench.ScriptedBackEnd;
import org.scmid.server.bench.ScriptedDevice;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;

@Timeout(120)
class BenchCommandTest {
    private static final int ENOUGH = ScriptedDevice.BEFORE + 100;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path socket() {
        return folder.resolve("linux.sock");
    }

    private ScmiService service(String mode) throws Exception {
        Path file = Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents:
                  linux: { transport: vhost-user, socket: linux.sock, mode: %s, clocks: [uart0, osc: read] }
                """.formatted(mode));
        return ScmiService.start(ConfigFiles.service(file).simulated(), ServiceOptions.simulated());
    }

    private static void assertServes(ScmiService running) throws Exception {
        assertEquals(1, running.snapshot().get(30, TimeUnit.SECONDS).agents().size());
    }

    private Invocation bench(String... more) {
        List<String> words = new ArrayList<>(List.of("bench", "--vhost-user", socket().toString()));
        words.addAll(List.of(more));
        if (!words.contains("--seconds")) {
            words.addAll(List.of("--seconds", "0.2"));
        }
        if (!words.contains("--warm-up")) {
            words.addAll(List.of("--warm-up", "0.05"));
        }
        return Invocation.of(words.toArray());
    }

    /** What a back end brings upon the command that serves it. */
    @SuppressWarnings("try") // the back end only has to be there
    private Invocation against(ScriptedBackEnd.Script script, String... more) throws Exception {
        try (ScriptedBackEnd backEnd = new ScriptedBackEnd(socket(), script)) {
            return bench(more);
        }
    }

    // ---- a service ----

    @Test
    void aServiceIsMeasuredAtEachDepth() throws Exception {
        try (ScmiService running = service("listen")) {
            String output = bench("--message", "clock-rate-get=1", "--depth", "1,16,512")
                    .ok();
            List<String> lines = output.lines().toList();
            assertEquals("back end: scmid demo, Base 2.1, clock 3.0", lines.get(0));
            assertEquals("message:  CLOCK_RATE_GET clock=1, replies announced by an eventfd", lines.get(1));
            assertEquals(6, lines.size(), output);
            for (int i = 0; i < 3; i++) {
                String[] row = lines.get(3 + i).strip().split(" +", -1);
                assertEquals(List.of("1", "16", "512").get(i), row[0]);
                assertTrue(Double.parseDouble(row[1]) > 0, output);
                for (int column = 3; column <= 6; column++) {
                    assertTrue(Double.parseDouble(row[column]) >= Double.parseDouble(row[column - 1]), output);
                }
                assertTrue(Long.parseLong(row[7]) > 0, output);
                assertEquals("0", row[8]);
            }
            assertServes(running);
        }
    }

    @Test
    void theResultsAreThereForMachinesToo() throws Exception {
        try (ScmiService running = service("listen")) {
            JsonObject result =
                    new JsonObject(bench("--json", "--spin", "--depth", "4").ok());
            assertEquals("scmid", result.getString("vendor"));
            assertEquals("base PROTOCOL_VERSION", result.getString("message"));
            assertEquals(true, result.getBoolean("spin"));
            JsonObject depth = result.getJsonArray("depths").getJsonObject(0);
            JsonObject latency = depth.getJsonObject("latency_ns");
            assertTrue(depth.getLong("messages") > 0);
            assertTrue(depth.getDouble("seconds") >= 0.2);
            assertEquals(
                    depth.getLong("messages") / depth.getDouble("seconds"), depth.getDouble("messages_per_second"), 1);
            assertTrue(latency.getLong("p50") > 0);
            assertTrue(latency.getLong("p99_9") <= latency.getLong("max"));
            assertEquals(0, depth.getLong("wrong"));
            assertNull(depth.getString("error"));
            assertServes(running);
        }
    }

    @Test
    void aServiceThatConnectsByItselfIsWaitedFor() throws Exception {
        try (ScmiService running = service("connect")) {
            String output = bench("--listen", "--depth", "2").ok();
            assertEquals(4, output.lines().count(), output);
            assertFalse(Files.exists(socket()), "the socket is gone");
            assertServes(running);
        }
        String errors = bench("--listen", "--timeout", "0.1").failed(1);
        assertEquals("scmid: no back end connected to " + socket() + " within 0.1 s\n", errors);
    }

    @Test
    void whatTheServiceRefusesIsNotMeasured() throws Exception {
        try (ScmiService running = service("listen")) {
            assertEquals(
                    "scmid: the back end does not answer CLOCK_RATE_GET clock=2 as it should: `CLOCK_RATE_GET"
                            + " token=1023 NOT_FOUND`\n",
                    bench("--message", "clock-rate-get=2").failed(1));
            assertEquals(
                    "scmid: the back end does not answer CLOCK_RATE_SET flags=0 clock=1 rate=5 as it should:"
                            + " `CLOCK_RATE_SET token=1023 DENIED`\n",
                    bench("--message", "clock-rate-set=0,1,5", "--allow-changes")
                            .failed(1));
            assertServes(running);
        }
    }

    @Test
    void aServiceThatHasItsGuestIsNotDisturbed() throws Exception {
        try (ScmiService running = service("listen");
                VhostUserFrontend guest = VhostUserFrontend.connect(socket())) {
            guest.negotiate(0, 0);
            String errors = bench().failed(1);
            assertTrue(errors.contains("the back end has another front end, or does not speak vhost-user"), errors);
            guest.negotiate(0, 0);
            assertServes(running);
        }
    }

    @Test
    void ctrlCPrintsWhatWasMeasuredSoFar() throws Exception {
        try (ScmiService running = service("listen")) {
            Process bench = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "bench",
                            "--vhost-user",
                            socket().toString(),
                            "--depth",
                            "1,2",
                            "--warm-up",
                            "0",
                            "--seconds",
                            "1000")
                    .start();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(bench.getInputStream(), StandardCharsets.UTF_8));
            for (int i = 0; i < 3; i++) {
                out.readLine();
            }
            long before = answered(running);
            while (answered(running) < before + 100) {
                Thread.onSpinWait();
            }
            new ProcessBuilder("kill", "-INT", Long.toString(bench.pid()))
                    .start()
                    .waitFor();
            String row = String.valueOf(out.readLine());
            assertTrue(row.matches(" +1 .* 0  interrupted after [0-9.]+ s"), row);
            assertNull(out.readLine());
            assertTrue(bench.waitFor(30, TimeUnit.SECONDS));
            assertEquals(130, bench.exitValue());
        }
    }

    private static long answered(ScmiService running) {
        long[] sum = new long[1];
        running.agents().getFirst().metrics().forEachMessage((protocol, message, status, count) -> sum[0] += count);
        return sum[0];
    }

    // ---- wrong usage ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--depth   | 0             | --depth: 0 is not from 1 to 512",
                "--depth   | 1,513         | --depth: 513 is not from 1 to 512",
                "--depth   | many          | 'many' is not an int",
                "--seconds | 0             | --seconds: 0.0 is not from 0.001 to 86400 seconds",
                "--seconds | NaN           | --seconds: NaN is not from 0.001 to 86400 seconds",
                "--warm-up | -1            | --warm-up: -1.0 is not from 0 to 86400 seconds",
                "--timeout | 1e9           | --timeout: 1.0E9 is not from 0.001 to 86400 seconds",
                "--message | clock-rate-get| --message: `clock-rate-get` is written clock-rate-get=CLOCK",
                "--message | clock-rate-set=0,0,0 | only with --allow-changes it is sent",
            })
    void wrongUsageIsSaid(String option, String value, String message) {
        String errors =
                Invocation.of("bench", "--vhost-user", socket(), option, value).failed(2);
        assertTrue(errors.contains(message) && errors.contains("`scmid bench --help`"), errors);
    }

    @Test
    void theHelpListsWhatCanBeSent() {
        String help = Invocation.of("bench", "--help").ok();
        assertTrue(help.contains("clock-rate-get") && help.contains("base-version, base-protocol-attributes"), help);
        assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
    }

    @Test
    void withoutASocketItIsWrongUsage() {
        assertTrue(Invocation.of("bench").failed(2).contains("'--vhost-user=SOCKET'"));
    }

    // ---- nobody there ----

    @Test
    void whyNobodyCanBeReachedIsSaid() throws Exception {
        assertEquals("scmid: there is no socket " + socket() + "\n", bench().failed(1));
        Files.writeString(socket(), "");
        assertEquals("scmid: " + socket() + " is not a socket\n", bench().failed(1));
        assertEquals(
                "scmid: " + socket() + " is not a socket; name another, or remove it\n",
                bench("--listen").failed(1));
        Files.delete(socket());
        Path moved = folder.resolve("stale.sock");
        try (UnixListener listener = UnixListener.bind(socket(), 0600, -1)) {
            Files.move(listener.path(), moved);
        }
        Files.move(moved, socket());
        assertEquals("scmid: nobody listens on " + socket() + ": its back end has ended\n", bench().failed(1));
    }

    // ---- no vhost-user, or not for SCMI ----

    @Test
    void aBackEndThatNeverSaysAWordIsGivenUp() throws Exception {
        assertEquals(
                "scmid: " + socket() + ": nothing answers to vhost-user: no reply to GET_FEATURES within 0.2 s\n",
                against(ScriptedBackEnd::stayUntilItGoes, "--timeout", "0.2").failed(1));
    }

    @Test
    void aBackEndThatAnswersByteByByteIsGivenUpToo() throws Exception {
        ScriptedBackEnd.Script slow = socket -> {
            socket.awaitInput(30_000);
            socket.receive(new byte[12], 0, 12, null);
            byte[] reply = {1, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            for (int i = 0; i < reply.length && !socket.awaitInput(50); i++) {
                socket.send(reply, i, 1);
            }
        };
        long before = System.nanoTime();
        String errors = against(slow, "--timeout", "0.3").failed(1);
        assertTrue(errors.contains("no reply to GET_FEATURES within 0.3 s"), errors);
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void whatIsNoVhostUserIsSaid() throws Exception {
        ScriptedBackEnd.Script talks = socket -> {
            socket.send("220 mail.example.org ESMTP\r\n".getBytes(StandardCharsets.US_ASCII), 0, 28);
            ScriptedBackEnd.stayUntilItGoes(socket);
        };
        String errors = against(talks).failed(1);
        assertTrue(errors.contains("what answers does not speak vhost-user"), errors);
        errors = against(UnixSocket::close).failed(1);
        assertTrue(errors.contains("the connection was closed at once"), errors);
    }

    @Test
    void aBackEndOfAnOlderVirtioIsNotMeasured() throws Exception {
        String errors = against(new ScriptedDevice(BenchCommandTest::honest).offering(1L << 30))
                .failed(1);
        assertTrue(
                errors.contains("offers the virtio features 0x40000000, without VIRTIO_F_VERSION_1: it is not for"
                        + " virtio-scmi"),
                errors);
    }

    @Test
    void aQueueThatIsRefusedIsSaid() throws Exception {
        String errors = against(new ScriptedDevice(BenchCommandTest::honest).refusing(8))
                .failed(1);
        assertTrue(
                errors.contains("the command queue could not be set up: SET_VRING_NUM: the back end refused it"),
                errors);
    }

    @Test
    void aBackEndThatIsNoPlatformIsSaid() throws Exception {
        String errors = against(new ScriptedDevice(
                        (device, number, head, header) -> device.reply(head, header, Status.Code.NOT_SUPPORTED, 8)))
                .failed(1);
        assertEquals(
                "scmid: the back end does not have the base protocol of SCMI: it answers `base PROTOCOL_VERSION"
                        + " token=0 NOT_SUPPORTED`\n",
                errors);
        errors = against(new ScriptedDevice((device, number, head, header) -> true), "--timeout", "1")
                .failed(1);
        assertEquals(
                "scmid: the back end took a message, and did not answer it within 1 s: base PROTOCOL_VERSION\n",
                errors);
    }

    @Test
    void aProtocolThatItDoesNotHaveIsSaid() throws Exception {
        ScriptedDevice onlyBase =
                new ScriptedDevice((device, number, head, header) -> Header.protocolId(header) == ProtocolId.BASE.id()
                        ? device.succeed(head, header)
                        : device.reply(head, header, Status.Code.NOT_SUPPORTED, 8));
        assertEquals(
                "scmid: the back end does not have the power protocol of SCMI: it answers `power PROTOCOL_VERSION"
                        + " token=0 NOT_SUPPORTED`\n",
                against(onlyBase, "--message", "power-state-get=0").failed(1));
    }

    // ---- wrong, missing and impossible replies ----

    private static boolean honest(ScriptedDevice device, int number, int head, int header) throws LinuxException {
        return device.succeed(head, header);
    }

    /** A device that is honest at first, and then is not. */
    private static ScriptedDevice later(ScriptedDevice.Behaviour behaviour) {
        return new ScriptedDevice((device, number, head, header) ->
                number < ENOUGH ? device.succeed(head, header) : behaviour.serve(device, number, head, header));
    }

    private static JsonObject depth(Invocation ended) {
        assertEquals(1, ended.status(), ended.errors());
        return new JsonObject(ended.output()).getJsonArray("depths").getJsonObject(0);
    }

    @Test
    void anHonestDeviceIsMeasured() throws Exception {
        String output = against(new ScriptedDevice(BenchCommandTest::honest)).ok();
        assertTrue(output.startsWith("back end: vendor unknown, Base 2.0\n"), output);
        assertEquals(6, output.lines().count(), output);
    }

    @Test
    void repliesWithTheTokenOfAnotherAreCounted() throws Exception {
        Invocation ended = against(
                later((device, number, head, header) -> device.succeed(head, header ^ (1 << 18))), "--depth", "3");
        assertEquals(1, ended.status());
        assertTrue(
                ended.errors()
                        .matches("scmid: at depth 3: [0-9]+ replies were wrong; the first: `base PROTOCOL_VERSION"
                                + " token=[0-9]+ SUCCESS version=0x20000`, to a request with token [0-9]+ and header"
                                + " 0x[0-9a-f]+\n"),
                ended.errors());
        assertEquals(4, ended.output().lines().count(), "the row is there all the same: " + ended.output());
    }

    @Test
    void onlyWrongRepliesAreCounted() throws Exception {
        JsonObject depth = depth(against(
                new ScriptedDevice((device, number, head, header) -> number == ENOUGH
                        ? device.reply(head, header, Status.Code.BUSY, 8)
                        : device.succeed(head, header)),
                "--json",
                "--warm-up",
                "0",
                "--depth",
                "1"));
        assertEquals(1, depth.getLong("wrong"));
        assertTrue(depth.getString("first_wrong").endsWith(" BUSY`"), depth.encode());
        assertTrue(depth.getLong("messages") > 100);
    }

    @Test
    void aSuccessThatLacksItsFieldsIsWrong() throws Exception {
        JsonObject depth = depth(against(
                later((device, number, head, header) -> device.reply(head, header, 0, 8)), "--json", "--depth", "1"));
        assertTrue(depth.getLong("wrong") > 0);
        assertTrue(depth.getString("first_wrong").endsWith(", 8 bytes instead of 12"), depth.encode());
    }

    @Test
    void aReplyWithoutAStatusIsWrong() throws Exception {
        JsonObject depth = depth(
                against(later((device, number, head, header) -> device.giveBack(head, 0)), "--json", "--depth", "1"));
        assertTrue(depth.getString("first_wrong").endsWith("0 bytes, too few for a status"), depth.encode());
    }

    @Test
    void aBackEndThatFallsSilentLosesMessages() throws Exception {
        Invocation ended = against(
                later((device, number, head, header) -> true),
                "--json",
                "--depth",
                "4,8",
                "--warm-up",
                "0",
                "--timeout",
                "1");
        JsonObject depth = depth(ended);
        assertEquals(4, depth.getInteger("lost"));
        assertEquals(100, depth.getLong("messages"));
        assertEquals(1, new JsonObject(ended.output()).getJsonArray("depths").size(), "no further depth is tried");
        assertEquals("scmid: at depth 4: the back end did not answer within 1 s; 4 under way\n", ended.errors());
    }

    @Test
    void aBackEndThatEndsIsNoticedAtOnce() throws Exception {
        for (String waiting : List.of("--json", "--spin")) {
            Invocation ended = against(
                    later((device, number, head, header) -> false), waiting, "--seconds", "1000", "--timeout", "1000");
            assertEquals(1, ended.status());
            assertEquals("scmid: at depth 1: the back end went away: it closed the connection\n", ended.errors());
        }
    }

    @Test
    void buffersThatItDidNotHaveBreakTheQueue() throws Exception {
        for (int buffer : new int[] {1, 2, 64, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            Invocation ended =
                    against(later((device, number, head, header) -> device.giveBack(buffer, 12)), "--depth", "1");
            assertEquals(
                    "scmid: at depth 1: the back end broke the queue: it returned buffer "
                            + Integer.toUnsignedString(buffer) + ", which it did not have\n",
                    ended.errors());
        }
    }

    @Test
    void aBufferThatIsReturnedTwiceBreaksTheQueue() throws Exception {
        ScriptedDevice.Behaviour twice =
                (device, number, head, header) -> number == ENOUGH || device.giveBackTwice(head, 12);
        Invocation ended = against(later(twice), "--depth", "2");
        assertTrue(
                ended.errors()
                        .matches("scmid: at depth 2: the back end broke the queue: it returned buffer [02], which"
                                + " it did not have\n"),
                ended.errors());
    }

    @Test
    void moreBuffersThanItHadBreakTheQueue() throws Exception {
        Invocation ended =
                against(later((device, number, head, header) -> device.showUsed(number + 30_000)), "--depth", "2");
        assertTrue(ended.errors().contains("the back end broke the queue: it returned "), ended.errors());
        assertEquals(1, ended.status());
    }

    @Test
    void moreBytesThanThereIsRoomForBreakTheQueue() throws Exception {
        for (int length : new int[] {137, -1, Integer.MIN_VALUE}) {
            Invocation ended =
                    against(later((device, number, head, header) -> device.giveBack(head, length)), "--depth", "1");
            assertEquals(
                    "scmid: at depth 1: the back end broke the queue: it says that it wrote "
                            + Integer.toUnsignedString(length) + " bytes into a buffer of 136\n",
                    ended.errors());
        }
    }

    @Test
    void theMemoryCannotBeCutOff() throws Exception {
        AtomicReference<@Nullable IOException> refused = new AtomicReference<>();
        ScriptedDevice cuts = new ScriptedDevice((device, number, head, header) -> {
            if (number == ENOUGH) {
                refused.set(assertThrows(LinuxException.class, () -> NativeFile.truncate(device.memoryFile(), 0)));
            }
            return device.succeed(head, header);
        });
        against(cuts, "--depth", "1").ok();
        assertTrue(String.valueOf(refused.get()).contains("EPERM"), String.valueOf(refused.get()));
    }

    @Test
    void whatABackEndCallsItselfIsPrintedAsPlainCharactersOnly() throws Exception {
        byte[] name = {27, '[', '2', 'J', (byte) 0xff, '\n', 'x', 0};
        ScriptedDevice clears = new ScriptedDevice((device, number, head, header) ->
                (number == 1 || number == 2) ? device.succeed(head, header, name) : device.succeed(head, header));
        String output = against(clears, "--depth", "1").ok();
        assertTrue(output.startsWith("back end: ?[2J??x ?[2J??x, Base 2.0\n"), output);
    }
}
