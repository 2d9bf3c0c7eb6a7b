// `scmid check` on files that are right, and on many that are not.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.ConfigFiles;

class CheckCommandTest {
    private static final String BOARD = """
            board: test
            registers:
              cru: { at: 0x1000, size: 64 B }
            clocks:
              osc: { fixed: 24 MHz }
              pll: { parent: osc, factor: { multiply: 50 } }
            """;

    private static final String DIVIDER = "divider: { register: cru+0x0, bits: 3..0, kind: linear }";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static Arguments file(String content, String... words) {
        return Arguments.of(content, List.of(words));
    }

    private static Arguments uart(String uart, String... words) {
        return file(BOARD + "  uart: " + uart + "\n", words);
    }

    private static Arguments agents(String agents, String... words) {
        return file("board: demo\nagents:\n  " + agents + "\n", words);
    }

    /** Files with the place of the mistake marked by §, and words of the message: the value, and the remedy. */
    static Stream<Arguments> brokenFiles() {
        return Stream.of(
                file("§", "empty", "`board: NAME`"),
                file("board: x\n§clock: {}\nclocks: {}\n", "`clock`", "did you mean `clocks`?"),
                file("board: a\n§board: b\nclocks: {}\n", "`board`", "line 1", "keep one"),
                file("board: §&a x\nclocks: {}\n", "anchors", "write the value out"),
                file("board: x\nclocks:\n§\tosc: {}\n", "tab", "spaces"),
                file("board: x\nclocks: §{ osc: { fixed: 1 Hz }\n", "not closed"),
                file("§board: x\nregisters: {}\n", "lacks the key `clocks`"),
                file("board: §" + "x".repeat(64) + "\nclocks: {}\n", "at most 63"),
                file("board: x\nregisters:\n  w: { at: 0, size: 4, width: §24 }\nclocks: {}\n", "`24`", "`32`"),
                file("board: x\nregisters:\n  §w: { at: 0 }\nclocks: {}\n", "`w` lacks the key `size`"),
                file(
                        "board: x\nregisters:\n  w: { at: 0, size: 8 }\n  §v: { at: 4, size: 8 }\nclocks: {}\n",
                        "`v` overlaps `w`",
                        "line 3"),
                uart("{ fixed: §24 MHzz }", "24 MHzz", "MHz"),
                uart("{ parent: §ocs, factor: { divide: 2 } }", "`ocs`", "did you mean `osc`?"),
                uart("{ parent: §uart, factor: { divide: 2 } }", "`uart`"),
                uart("{ parent: osc, gate: { register: §cruu+0x0, bit: 1 } }", "`cruu", "`cru`"),
                uart("{ parent: osc, gate: { register: §cru+0x40, bit: 1 } }", "0x40", "0x3c"),
                uart("{ parent: osc, gate: { register: cru+0x0, bit: §32 } }", "bit 32", "32 bits"),
                uart("{ parent: osc, divider: { register: cru+0x0, bits: §0..3, kind: linear } }", "0..3", "3..0"),
                uart(
                        "{ parent: osc, divider: { register: cru+0x0, bits: 3..0, kind: §lineal } }",
                        "`lineal`",
                        "did you mean `linear`?"),
                uart("{ parent: osc, " + DIVIDER + ", rates: { min: §9 MHz, max: 8 MHz } }", "9 MHz", "8 MHz"),
                uart("{ parent: osc, factor: { multiply: §0 } }", "`0`", "1"),
                agents("vm: { transport: §vhost }", "`vhost`", "`vhost-user`"),
                agents("§vm: { clocks: all }", "`vm` lacks the key `transport`"),
                agents("vm: { transport: vhost-user, clocks: [§uart] }", "`uart`", "did you mean"),
                agents("vm: { transport: vhost-user, clocks: [osc: §raed] }", "`raed`", "`read`"),
                agents("vm: { transport: vhost-user, clocks: [osc, §osc] }", "`osc`"),
                agents("vm: { transport: vhost-user, clocks: all }\n  §b: { transport: vhost-user }", "`b`", "clocks"),
                agents("vm: { transport: vhost-user, socket-mode: §\"0690\" }", "0690", "octal"),
                agents(
                        "vm: { transport: vhost-user }\nmanagement: { listen: §\"0.0.0.0:8080\" }",
                        "0.0.0.0",
                        "loopback"),
                agents("vm: { transport: vhost-user }\nmanagement: { listen: §\"127.0.0.1:70000\" }", "70000", "65535"),
                file("board: §demmo\nagents:\n  vm: { transport: vhost-user }\n", "`demmo`", "did you mean `demo`?"),
                file("§name: x\n", "neither", "`clocks`", "`agents`"));
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void everyMistakeIsSaidWithPlaceValueAndRemedy(String marked, List<String> words) throws Exception {
        int at = marked.indexOf('§');
        String before = marked.substring(0, at);
        long line = 1 + before.chars().filter(c -> c == '\n').count();
        int column = at - before.lastIndexOf('\n');
        Path file = Files.writeString(folder.resolve("broken.yaml"), marked.replace("§", ""));

        String errors = Invocation.of("check", file).failed(1);

        String place = file + ":" + line + ":" + column + ": ";
        String problem = errors.lines()
                .filter(each -> each.startsWith(place))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing at " + place + "\n" + errors));
        words.forEach(word -> assertTrue(problem.contains(word), () -> "no \"" + word + "\" in: " + problem));
        assertTrue(errors.lines().allMatch(each -> each.matches(".+:\\d+:\\d+: .+")), errors);
    }

    @Test
    void everyShippedBoardPassesByItsName() throws Exception {
        for (String board : ConfigFiles.builtInBoards()) {
            String output = Invocation.of("check", board).ok();
            assertTrue(output.startsWith(board + ": board " + board + ", "), output);
            assertTrue(output.endsWith(": no problems\n"), output);
        }
    }

    @Test
    void allMistakesOfAFileAreSaidAtOnceFromTopToBottom() throws Exception {
        Path file = Files.writeString(
                folder.resolve("broken.yaml"), BOARD + "  a: { fixed: fast }\n  b: { parent: ocs }\nclock: {}\n");
        List<Integer> lines = Invocation.of("check", file)
                .failed(1)
                .lines()
                .map(each -> Integer.valueOf(each.replaceFirst(".*yaml:(\\d+):.*", "$1")))
                .toList();
        assertTrue(lines.containsAll(List.of(7, 8, 9)), lines::toString);
        assertEquals(lines.stream().sorted().toList(), lines);
    }

    @Test
    void aMistakeInTheBoardOfAServiceIsSaidAtItsPlaceInTheBoardFile() throws Exception {
        Path board = Files.writeString(folder.resolve("board.yaml"), BOARD + "  a: { fixed: fast }\n");
        Path service = Files.writeString(
                folder.resolve("service.yaml"), "board: board.yaml\nagents:\n  vm: { transport: vhost-user }\n");
        String errors = Invocation.of("check", service).failed(1);
        assertTrue(errors.startsWith(board + ":7:"), errors);
    }

    @Test
    void whatIsNoTextFileIsAMistakeToo() throws Exception {
        Path none = folder.resolve("none.yaml");
        assertTrue(Invocation.of("check", none).failed(1).startsWith(none + ":1:1: there is no such file"));
        assertTrue(Invocation.of("check", folder).failed(1).startsWith(folder + ":1:1: this is a directory"));
        Path binary =
                Files.write(folder.resolve("binary"), new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, (byte) 0xff, 0});
        assertTrue(Invocation.of("check", binary).failed(1).startsWith(binary + ":1:"));
        Path wide = Files.write(folder.resolve("wide.yaml"), "board: x\n".getBytes(StandardCharsets.UTF_16));
        assertTrue(Invocation.of("check", wide).failed(1).startsWith(wide + ":1:"));
        assertTrue(Invocation.of("check", "/dev/zero").failed(1).startsWith("/dev/zero:1:1: "));
    }

    @Test
    void aFileThatMayNotBeReadIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("secret.yaml"), BOARD);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "root reads everything");
        assertTrue(Invocation.of("check", file).failed(1).contains(":1:1: the file cannot be read: permission denied"));
    }

    @Test
    void aBoardAndAServiceThatAreRightAreCounted() throws Exception {
        Path board = Files.writeString(folder.resolve("board.yaml"), BOARD);
        assertEquals(
                board + ": board test, 2 clocks: no problems\n",
                Invocation.of("check", board).ok());
        Path service = Files.writeString(
                folder.resolve("service.yaml"), "board: board.yaml\nagents:\n  vm: { transport: vhost-user }\n");
        assertEquals(
                service + ": service of board test for 1 agent: no problems\n",
                Invocation.of("check", service).ok());
    }

    @Test
    void whatIsNoMistakeButWorthToKnowIsSaidAtItsPlace() throws Exception {
        Path board = Files.writeString(folder.resolve("board.yaml"), """
                board: test
                registers: { r: { size: 64 B, access: simulated } }
                clocks:
                  osc:  { fixed: 1200 MHz }
                  bus:  { parent: osc, divider: { register: r+0, bits: 7..0, kind: linear } }
                  hot:  { parent: bus, gate: { register: r+4, bit: 0 }, rates: { max: 100 MHz } }
                  slow: { parent: bus, gate: { register: r+4, bit: 1 }, rates: { min: 10 MHz } }
                  fits: { parent: bus, gate: { register: r+4, bit: 2 }, rates: { max: 1200 MHz } }
                  free: { parent: bus, rates: { max: 100 MHz }, set-parent-rate: true }
                  kid:  { parent: bus, divider: { register: r+8, bits: 15..0, kind: linear }, set-parent-rate: true, describe: list }
                  auto: { parent: bus, divider: { register: r+12, bits: 15..0, kind: linear }, set-parent-rate: true }
                  few:  { parent: bus, divider: { register: r+16, bits: 5..0, kind: linear }, set-parent-rate: true, describe: list }
                """);

        List<String> lines = Invocation.of("check", board).ok().lines().toList();

        assertEquals(4, lines.size(), lines::toString);
        assertTrue(
                lines.get(0).startsWith(board + ":6:3: warning: clock `hot` has no setting of its own"),
                lines::toString);
        assertTrue(lines.get(1).startsWith(board + ":7:3: warning: clock `slow`"), lines::toString);
        assertTrue(lines.get(1).contains("below 10 MHz"), lines::toString);
        assertTrue(lines.get(2).startsWith(board + ":10:3: warning: clock `kid`: to list its rates"), lines::toString);
        assertTrue(lines.get(2).contains("16842752 steps"), lines::toString);
        assertEquals(board + ": board test, 9 clocks: no problems", lines.get(3));
    }

    @Test
    void intervalsThatAreTooShortAreSaidAtTheirPlace() throws Exception {
        Path board = Files.writeString(folder.resolve("board.yaml"), """
                board: test
                registers: { r: { size: 64 B, access: simulated } }
                clocks: {}
                sensors:
                  list:  { unit: V, source: { register: r+0, bit: 0 }, intervals: [10 us, 20 us, 1 s] }
                  range: { unit: V, source: { register: r+0, bit: 0 }, intervals: { min: 100 us, max: 1 ms, step: 100 us } }
                  one:   { unit: V, source: { register: r+0, bit: 0 }, interval: 1 us }
                  right: { unit: V, source: { register: r+0, bit: 0 }, intervals: [1 ms, 10 ms] }
                """);

        List<String> lines = Invocation.of("check", board).ok().lines().toList();

        assertEquals(4, lines.size(), lines::toString);
        assertTrue(
                lines.get(0).startsWith(board + ":5:68: warning: sensor `list`: an update interval"), lines::toString);
        assertTrue(lines.get(1).startsWith(board + ":6:74: warning: sensor `range`"), lines::toString);
        assertTrue(lines.get(2).startsWith(board + ":7:66: warning: sensor `one`"), lines::toString);
        assertTrue(lines.get(2).contains("1 ms"), lines::toString);
    }

    @Test
    void whatAPlatformOffersThatIsNotKnownIsSaidByAllWhoAskNone() throws Exception {
        Path board = Files.writeString(folder.resolve("board.yaml"), """
                board: b
                upstreams:
                  mcu: { transport: socket, socket: mcu.sock }
                clocks: { osc: { fixed: 24 MHz }, all-of: mcu }
                """);
        Path service = Files.writeString(folder.resolve("service.yaml"), """
                board: board.yaml
                agents: { vm: { transport: socket, socket: vm.sock } }
                management: { listen: none }
                """);
        String warning =
                board + ":3:3: warning: it is not known what upstream `mcu` offers, so nothing that is taken from it"
                        + " was looked at; `scmid upstream FILE mcu --save` asks it and writes "
                        + folder.resolve("mcu.upstream.yaml") + "\n";

        assertTrue(Invocation.of("check", board).output().startsWith(warning));
        assertTrue(Invocation.of("check", service).output().startsWith(warning));
        assertEquals(warning, Invocation.of("tree", board).errors());
        Invocation run = Invocation.of("run", service, "--simulate", "--stop-when-ready", "--runtime-dir", folder);
        assertTrue(run.errors().contains(warning), run.errors());

        Files.writeString(folder.resolve("mcu.upstream.yaml"), """
                upstream-offer: mcu
                clocks: { uart: { id: 0, rates: [1 MHz], may: [set-rate] } }
                """);
        assertEquals(
                board + ": board b, 2 clocks: no problems\n",
                Invocation.of("check", board).output());
    }
}
