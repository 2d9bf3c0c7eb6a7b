// A board that is split over files is the board that stands in them, and its mistakes are where they are written.
package org.scmid.config.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.FixedRate;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problem;
import org.scmid.config.register.Access;
import org.scmid.config.register.WindowSpec;

class IncludesTest {
    private static final String SOC = """
            board: soc
            description: a part
            registers:
              cru: { at: 0x1000, size: 64 B, initial: { 0x0: 1, 0x4: 2 } }
            clocks:
              osc: { fixed: 24 MHz }
              uart:
                parents: [osc]
                divider: { register: cru+0x0, bits: 6..0, kind: linear }
                gate:    { register: cru+0x4, bit: 3 }
                rates:   { min: 1 MHz, max: 12 MHz }
              spi: { parent: osc, gate: { register: cru+0x4, bit: 4 } }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    private List<Problem> problems(Path file) {
        return assertThrows(ConfigException.class, () -> ConfigFiles.board(file))
                .problems();
    }

    private static ClockSpec clock(Board board, String name) {
        return Objects.requireNonNull(board.clocks().get(name));
    }

    @Test
    void whatIsIncludedIsAsIfItStoodInFront() throws Exception {
        write("soc.yaml", SOC);
        Path file = write("b.yaml", """
                include: soc.yaml
                board: mine
                registers:
                  cru: { at: 0x9000, initial: { 0x4: 7 } }
                  fpga: { at: 0x20000, size: 16 B }
                clocks:
                  osc: { fixed: 25 MHz }
                  uart: { rates: { max: 25 MHz }, gate: { enable: low } }
                  led: { parent: osc, gate: { register: fpga+0x0, bit: 0 } }
                """);
        Board board = ConfigFiles.board(file);

        assertEquals("mine", board.name());
        assertEquals("a part", board.description());
        assertEquals(
                List.of("osc", "uart", "spi", "led"), List.copyOf(board.clocks().keySet()));
        assertEquals(new FixedRate(25_000_000), clock(board, "osc").fixed());
        assertEquals(new RateLimits(1_000_000, 25_000_000), clock(board, "uart").rates());
        assertEquals(false, Objects.requireNonNull(clock(board, "uart").gate()).enableHigh());
        WindowSpec cru = Objects.requireNonNull(board.registers().get("cru"));
        assertEquals(0x9000, cru.at());
        assertEquals(64, cru.size());
        assertEquals(Map.of(0L, 1L, 4L, 7L), cru.initial());
        assertTrue(board.registers().containsKey("fpga"));
    }

    @Test
    void aListReplacesAListAndNullTakesAway() throws Exception {
        write("soc.yaml", SOC);
        Path file = write("b.yaml", """
                include: soc.yaml
                board: mine
                clocks:
                  xtal: { fixed: 8 MHz }
                  spi: null
                  uart: { parents: [xtal], gate: ~, rates: null }
                """);
        Board board = ConfigFiles.board(file);

        assertEquals(List.of("osc", "uart", "xtal"), List.copyOf(board.clocks().keySet()));
        assertEquals(List.of("xtal"), clock(board, "uart").parents());
        assertEquals(null, clock(board, "uart").gate());
        assertEquals(RateLimits.NONE, clock(board, "uart").rates());
    }

    @Test
    void aValueThatIsMissingTakesNothingAway() throws Exception {
        write("soc.yaml", SOC);
        Path file = write("b.yaml", "include: soc.yaml\nclocks:\n  spi:\n  new: null\n");
        assertEquals(
                List.of("3:3: clock `spi` has no value", "4:8: clock `new` has no value"),
                problems(file).stream()
                        .map(problem ->
                                problem.place().line() + ":" + problem.place().column() + ": " + problem.message())
                        .toList());
    }

    @Test
    void includedFilesIncludeOthersFromTheirOwnFolder() throws Exception {
        write("socs/base/osc.yaml", "clocks: { osc: { fixed: 1 MHz }, a: { parent: osc } }\n");
        write("socs/soc.yaml", """
                include: base/osc.yaml
                registers: { w: { size: 4, access: "file:regs.bin" } }
                clocks: { osc: { fixed: 2 MHz } }
                """);
        write("more.yaml", "include: socs/../socs/base/osc.yaml\nclocks: { b: { parent: a } }\n");
        Board board = ConfigFiles.board(write("b.yaml", "include: [socs/soc.yaml, more.yaml]\nboard: mine\n"));

        assertEquals(List.of("osc", "a", "b"), List.copyOf(board.clocks().keySet()));
        // osc.yaml counts once, where it is included first: what soc.yaml says of it holds.
        assertEquals(new FixedRate(2_000_000), clock(board, "osc").fixed());
        assertEquals(
                new Access.File(folder.resolve("socs/regs.bin")),
                Objects.requireNonNull(board.registers().get("w")).access());
    }

    @Test
    void aBuiltInBoardCanBeIncludedByName() throws Exception {
        Board board = ConfigFiles.board(
                write("b.yaml", "include: demo\nboard: mine\nclocks: { osc-32k: { fixed: 32 kHz } }\n"));
        assertEquals("mine", board.name());
        assertEquals(
                ConfigFiles.builtInBoard("demo").clocks().size(), board.clocks().size());
        assertEquals(new FixedRate(32_000), clock(board, "osc-32k").fixed());
    }

    @Test
    void aMistakeIsReportedInTheFileThatHasIt() throws Exception {
        Path soc = write("soc.yaml", SOC + "  bad: { parent: ocs }\n");
        Path file = write("b.yaml", """
                include: soc.yaml
                board: mine
                clocks:
                  led: { parent: osc, gate: { register: cru+0x4, bit: 3 } }
                  uart: { rates: { min: 20 MHz } }
                """);
        List<Problem> problems = problems(file);
        assertEquals(
                List.of(
                        new Place(file.toString(), 4, 55),
                        new Place(file.toString(), 5, 25),
                        new Place(soc.toString(), 13, 18)),
                problems.stream()
                        .map(Problem::place)
                        .sorted(Comparator.comparing(Place::file).thenComparingInt(Place::line))
                        .toList(),
                problems::toString);
        // The overlap names the other file too.
        String overlap = problems.stream()
                .filter(problem -> problem.message().contains("overlaps"))
                .findFirst()
                .orElseThrow()
                .message();
        assertTrue(overlap.contains(soc + ":10:"), overlap);
    }

    @Test
    void whatCannotBeIncludedIsReportedWhereItIsNamedAllAtOnce() throws Exception {
        Path broken = write("broken.yaml", "clocks: [\n");
        write("service.yaml", "board: demo\nagents: { a: { transport: socket } }\n");
        write("self.yaml", "include: self.yaml\n");
        write("one.yaml", "include: two.yaml\n");
        write("two.yaml", "include: one.yaml\n");
        Path file = write("b.yaml", """
                include:
                - none.yaml
                - demmo
                - .
                - broken.yaml
                - service.yaml
                - self.yaml
                - one.yaml
                - /dev/null
                - b.yaml
                board: mine
                clocks: { a: { parent: from-a-file-that-is-not-there } }
                """);
        List<String> found = problems(file).stream().map(Problem::toString).toList();
        String text = String.join("\n", found);
        for (String expected : List.of(
                file + ":2:3: `include`: `none.yaml` does not exist: no file `" + folder.resolve("none.yaml") + "`",
                file + ":3:3: `include`: `demmo` does not exist",
                "did you mean `demo`?",
                file + ":4:3: `include`: `.` cannot be included: this is a directory",
                broken + ":2:1: ",
                file + ":6:3: `include`: `service.yaml` is a service file",
                folder.resolve("self.yaml") + ":1:10: `include`: `self.yaml` includes itself",
                folder.resolve("two.yaml") + ":1:10: `include`: `one.yaml` includes itself in turn",
                file + ":9:3: `include`: `/dev/null` cannot be included: this is a pipe, a socket or a device",
                file + ":10:3: `include`: `b.yaml` includes itself")) {
            assertTrue(text.contains(expected), () -> "no " + expected + " in\n" + text);
        }
        // Names that an included file would have given are not looked for.
        assertEquals(9, found.size(), text);
    }

    @Test
    void aFileThatMayNotBeReadIsReportedWhereItIsIncluded() throws Exception {
        Path secret = write("secret.yaml", SOC);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(secret), "root reads everything");
        Path file = write("b.yaml", "board: x\ninclude: secret.yaml\n");
        assertEquals(
                file + ":2:10: `include`: `secret.yaml` cannot be included: the file cannot be read: permission denied",
                problems(file).getFirst().toString());
    }

    @Test
    void levelsFilesAndBytesAreBounded() throws Exception {
        for (int i = 0; i < 10; i++) {
            write("level" + i + ".yaml", "include: level" + (i + 1) + ".yaml\n");
        }
        write("level10.yaml", SOC);
        List<Problem> problems = problems(write("deep.yaml", "include: level0.yaml\n"));
        assertTrue(problems.getFirst().message().contains("more than 8 levels"), problems::toString);

        List<String> names = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            names.add("many" + i + ".yaml");
            write(names.getLast(), "clocks: { osc: { fixed: 1 Hz } }\n");
        }
        problems = problems(write("wide.yaml", "board: x\ninclude: " + names + "\n"));
        assertTrue(problems.getFirst().message().contains("at most 64 files"), problems::toString);

        write("large1.yaml", "clocks: {}\n#" + ("x".repeat(99) + "\n#").repeat(90 << 10) + "\n");
        write("large2.yaml", "clocks: {}\n#" + ("x".repeat(99) + "\n#").repeat(90 << 10) + "\n");
        problems = problems(write("heavy.yaml", "board: x\ninclude: [large1.yaml, large2.yaml]\n"));
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.getFirst().message().contains("at most 16 MiB"), problems::toString);
    }
}
