// What has no end, or grows without one, is refused at once, in few words.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.clock.ClockWarnings;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;

class LimitsTest {
    private static final String CLOCKS = "clocks:\n  osc: { fixed: 24 MHz }\n";
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static ConfigException refusal(String board) {
        return assertThrows(ConfigException.class, () -> Marked.board(board.getBytes(StandardCharsets.UTF_8)));
    }

    private static String message(ConfigException refused) {
        return String.valueOf(refused.getMessage());
    }

    private static String only(ConfigException refused) {
        assertEquals(1, refused.problems().size(), refused::getMessage);
        return refused.problems().getFirst().toString();
    }

    private ConfigException refusal(Path file) {
        return assertTimeoutPreemptively(
                AT_ONCE, () -> assertThrows(ConfigException.class, () -> ConfigFiles.load(file, folder)));
    }

    private Path fifo(String name) throws Exception {
        Path fifo = folder.resolve(name);
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        return fifo;
    }

    @Test
    void aPipeASocketOrADeviceIsRefusedWithoutBeingOpened() throws Exception {
        Path pipe = fifo("board.yaml");
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), pipe);
        Path socket = folder.resolve("socket.yaml");
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            for (Path file : List.of(pipe, link, socket, Path.of("/dev/zero"))) {
                assertEquals(
                        file + ":1:1: this is a pipe, a socket or a device, and no file; name a YAML file",
                        only(refusal(file)));
            }
        }
        Path includes = Files.writeString(folder.resolve("b.yaml"), "board: b\ninclude: link.yaml\n" + CLOCKS);
        assertTrue(only(refusal(includes)).contains("`link.yaml` cannot be included: this is a pipe"));
        Path service = Files.writeString(
                folder.resolve("s.yaml"), "board: ./board.yaml\nagents: { a: { transport: socket, clocks: all } }\n");
        assertTrue(only(refusal(service)).contains("board.yaml:1:1: this is a pipe"));
    }

    /** Some of them, as /proc/kmsg, make their reader wait. */
    @Test
    void whatSaysThatNothingIsInItIsNotRead() {
        assertTrue(only(refusal(Path.of("/proc/self/mem"))).contains("the file is empty"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"# ", "description: '", "description: ", "? ", "x", "description: \"\\x41", "description: &"})
    void aLineOfManyMebibytesTakesATimeThatIsLinear(String beginning) throws ConfigException {
        String line = beginning + "x".repeat(12 << 20);
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        if (beginning.equals("# ")) {
            Marked.board(("board: b\n" + line + "\n" + CLOCKS).getBytes(StandardCharsets.UTF_8));
        } else {
            String said = message(refusal("board: b\n" + line + "\n" + CLOCKS));
            assertTrue(said.length() < 300, said);
        }
        Duration took = Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin);
        assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, () -> "it took " + took);
    }

    @Test
    void aValueOrAKeyIsBoundedAndItsBeginningIsQuoted() throws ConfigException {
        String most = "board: b\ndescription: '" + "x".repeat(65_536) + "'\n" + CLOCKS;
        assertEquals("b", Marked.board(most.getBytes(StandardCharsets.UTF_8)).name());
        assertEquals(
                "test.yaml:2:14: this value has 65,537 characters, and at most 65,536 are allowed: `" + "x".repeat(60)
                        + "...`",
                only(refusal(most.replace("'x", "'xx"))));
        assertEquals(
                "test.yaml:2:3: this key has 1,025 characters, and at most 1,024 are allowed: `" + "y".repeat(60)
                        + "...`",
                only(refusal("board: b\n? " + "y".repeat(1025) + "\n: 1\n" + CLOCKS)));
    }

    @Test
    void aFileHasAtMostAMillionValues() {
        assertEquals(
                "test.yaml:2:2097160: the file has more than 1,048,576 values; no configuration file needs that",
                only(refusal("board: b\ncompatible: [" + "1,".repeat(2 << 20) + "]\n" + CLOCKS)));
    }

    private static String templates(String first, String growing, String use) {
        StringBuilder file = new StringBuilder("board: b\ntemplates:\n  t0: { " + first + " }\n");
        for (int i = 1; i < 8; i++) {
            file.append("  t%d: { template: t%d, a: %s }\n".formatted(i, i - 1, growing));
        }
        return file + CLOCKS + "  x: { template: t7, a: " + use + " }\n";
    }

    @Test
    void templatesThatMultiplyWhatTheyAreGivenEndAtALimitThatNamesThePlace() {
        String text = only(refusal(templates("parent: $a", "\"x" + "$a".repeat(20) + "\"", "osc")));
        assertTrue(text.startsWith("test.yaml:7:26: clock `x`: `x$a$a"), text);
        assertTrue(text.contains("stands for more than 65,536 characters"), text);
        assertTrue(text.endsWith("(template `t4`, used in line 13)"), text);

        String values = "test.yaml:13:3: from here on the board has more than 1,048,576 values, with what its templates"
                + " and ranges make; no board needs that";
        assertEquals(values, only(refusal(templates("parents: $a", "[" + "$a,".repeat(20) + "]", "osc"))));
        String mapping = "{ a: $a, b: $a, c: $a, d: $a, e: $a, f: $a, g: $a, h: $a, i: $a, j: $a }";
        assertEquals(values, only(refusal(templates("rates: $a", mapping, "1 Hz"))));

        String number = only(refusal(templates("fixed: $a", "$(a*a*a*a)", "10")));
        assertTrue(number.contains("computes a number that does not fit 64 bits"), number);
    }

    @Test
    void whatRangesMakeIsCountedInCharactersToo() {
        String characters = "from here on the board has more than 33,554,432 characters";
        String described = message(refusal(
                "board: b\nclocks:\n  x{0..9999}: { fixed: 1 MHz, description: '" + "x".repeat(50_000) + "$i' }\n"));
        assertTrue(described.startsWith("test.yaml:3:3: " + characters), described);
        String named = message(refusal("board: b\nclocks:\n  " + "y".repeat(900) + "{0..65535}: { fixed: 1 MHz }\n"));
        assertTrue(named.startsWith("test.yaml:3:3: " + characters), named);
    }

    @Test
    void ofManyMistakesTheFirstAreSaidAndTheOthersCounted() {
        StringBuilder file = new StringBuilder("board: b\n" + CLOCKS);
        for (int i = 0; i < 100_000; i++) {
            file.append("  c").append(i).append(": { fixed: fast }\n");
        }
        ConfigException refused = refusal(file.toString());
        assertEquals(300, refused.problems().size());
        assertEquals(9_700, refused.more());
        assertTrue(
                message(refused).endsWith("\nand 9,700 more; nothing behind them was looked at"), refused::getMessage);
        Problem first = refused.problems().getFirst();
        assertEquals(4, first.place().line(), first::toString);
    }

    /** An unknown key is said by who reads shapes, a repeated one by who reads YAML, an item by who reads lists. */
    @ParameterizedTest
    @ValueSource(strings = {"k$i: 1\n", "clocks: {}\n", "sensors: { s$i: { unit: $i } }\n"})
    void readingEndsAtTenThousandMistakesOfAnyKind(String line) {
        StringBuilder file = new StringBuilder("board: b\n" + CLOCKS);
        for (int i = 0; i < 12_000; i++) {
            file.append(line.replace("$i", "" + i));
        }
        ConfigException refused = refusal(file.toString());
        assertEquals(10_000, refused.problems().size() + refused.more());
        assertTrue(message(refused).endsWith("; nothing behind them was looked at"), refused::getMessage);
    }

    @Test
    void aServiceAddsItsOwnMistakesToThoseOfItsBoardAndEndsToo() throws Exception {
        Files.writeString(folder.resolve("board.yaml"), "board: b\n" + CLOCKS + mistakes("  c%d: { fixed: fast }\n"));
        Path service = folder.resolve("service.yaml");
        Files.writeString(
                service, "board: board.yaml\nnothing: 1\nagents:\n" + mistakes("  a%d: { transport: smoke }\n"));
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigFiles.service(service));
        assertEquals(300, refused.problems().size());
        assertTrue(message(refused).endsWith("; nothing behind them was looked at"), refused::getMessage);
    }

    private static String mistakes(String line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10_500; i++) {
            text.append(String.format(Locale.ROOT, line, i));
        }
        return text.toString();
    }

    /** What is only warned of is no mistake, however often. */
    @Test
    void aBoardOfManyWarningsIsRightAllTheSame() throws Exception {
        Path board = Files.writeString(
                folder.resolve("warned.yaml"),
                "board: b\nregisters: { r: { at: 0, size: 4, access: simulated } }\n" + CLOCKS
                        + "  bus: { parent: osc, divider: { register: r+0, bits: 3..0, kind: linear } }\n"
                        + mistakes("  c%d: { parent: bus, rates: { max: 20 MHz } }\n"));
        List<Problem> warnings = ClockWarnings.of(ConfigFiles.board(board).clocks());
        assertEquals(300, warnings.size());
    }

    @Test
    void aMessageNamesAtMostFortyOfMany() {
        StringBuilder parents = new StringBuilder("$p0");
        for (int i = 1; i < 10_000; i++) {
            parents.append(", $p").append(i);
        }
        String said = only(refusal(
                "board: b\ntemplates:\n  t: { parents: [" + parents + "] }\n" + CLOCKS + "  x: { template: t }\n"));
        assertTrue(said.contains("`p38`, `p39` and 9,960 more, which its template"), said);
    }
}
