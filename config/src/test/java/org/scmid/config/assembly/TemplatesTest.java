// Templates and ranges of names stand for what they would be if it were written out.
package org.scmid.config.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.Marked;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.Describe;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;
import org.scmid.config.register.FieldClaims;

public class TemplatesTest {
    private static final String BOARD = """
            board: test
            registers:
              cru: { at: 0x1000, size: 4 KiB }
            templates:
              uart:
                parents: [osc, pll]
                mux:     { register: cru+$base, bits: 9..8 }
                divider: { register: cru+$base, bits: 6..0, kind: linear }
                gate:    { register: cru+0x400, bit: $bit }
                rates:   { max: 100 MHz }
            clocks:
              osc: { fixed: 24 MHz }
              pll: { parent: osc, factor: { multiply: 50 } }
            """;

    /** A board that has every form of what stands for several things. */
    public static final String USED = BOARD.replace(
                    "templates:",
                    "templates:\n  wide: { template: uart, defaults: { bit: 9, more: null }, reparent: $more }")
            + """
              w: { template: wide, base: 0x100 }
              uart{0..7}: { template: uart, base: $(0x40 + 4*(i)), bit: $i, rates: null }
              a{1..2}-b: { parent: "uart$(i - 1)", gate: { register: cru+0x404, bit: $(2*(i-1)+1) } }
            """;

    private static ClockSpec clock(Board board, String name) {
        return Objects.requireNonNull(board.clocks().get(name), name);
    }

    private static GateSpec gate(Board board, String name) {
        return Objects.requireNonNull(clock(board, name).gate());
    }

    private static long offset(GateSpec gate) {
        return gate.field().offset();
    }

    private static Path realChipFile() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TemplatesTest.class.getResource("stm32l4x5-peripherals.yaml"))
                .toURI());
    }

    /** The text of a file with a hundred clocks. */
    public static String realChip() throws Exception {
        return Files.readString(realChipFile());
    }

    private static List<String> problems(String board) {
        return assertThrows(ConfigException.class, () -> new Marked(board).board()).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    /** What the clocks are, but for where that is written. */
    private static String plain(Board board) {
        return board.clocks().toString().replaceAll("place=[^],]*", "");
    }

    @Test
    void aUnitIsItsTemplateWithItsParametersAndItsOwnKeysOverIt() throws ConfigException {
        Board made = new Marked(BOARD + """
                  uart0: { template: uart, base: 0x40, bit: 3 }
                  uart1:
                    template: uart
                    base: 0x44
                    bit: 4
                    rates: { min: 1 MHz }
                    gate: { enable: low }
                    mux: { bits: 10..10 }
                  uart2: { template: uart, base: 0x48, bit: 5, rates: null, reparent: true }
                """).board();
        Board written = new Marked(BOARD + """
                  uart0:
                    parents: [osc, pll]
                    mux:     { register: cru+0x40, bits: 9..8 }
                    divider: { register: cru+0x40, bits: 6..0, kind: linear }
                    gate:    { register: cru+0x400, bit: 3 }
                    rates:   { max: 100 MHz }
                  uart1:
                    parents: [osc, pll]
                    mux:     { register: cru+0x44, bits: 10..10 }
                    divider: { register: cru+0x44, bits: 6..0, kind: linear }
                    gate:    { register: cru+0x400, bit: 4, enable: low }
                    rates:   { min: 1 MHz, max: 100 MHz }
                  uart2:
                    parents: [osc, pll]
                    mux:     { register: cru+0x48, bits: 9..8 }
                    divider: { register: cru+0x48, bits: 6..0, kind: linear }
                    gate:    { register: cru+0x400, bit: 5 }
                    reparent: true
                """).board();
        assertEquals(plain(written), plain(made));
    }

    @Test
    void aParameterThatAUnitDoesNotGiveHasItsDefaultAndNullLeavesItsKeyOut() throws ConfigException {
        Board made = new Marked("""
                board: test
                registers: { cru: { at: 0, size: 4 KiB } }
                templates:
                  uart:
                    defaults: { bit: 7, limits: { max: 80 MHz }, more: null, from: osc }
                    parent: $from
                    gate: { register: cru+$base, bit: $bit }
                    rates: $limits
                    divider: $more
                clocks:
                  osc: { fixed: 24 MHz }
                  a: { template: uart, base: 4 }
                  b: { template: uart, base: 8, bit: 3, limits: null, from: a }
                  c: { template: uart, base: 12, more: { register: cru+0x40, bits: 3..0, kind: linear } }
                """).board();
        Board written = new Marked("""
                board: test
                registers: { cru: { at: 0, size: 4 KiB } }
                clocks:
                  osc: { fixed: 24 MHz }
                  a: { parent: osc, gate: { register: cru+4, bit: 7 }, rates: { max: 80 MHz } }
                  b: { parent: a, gate: { register: cru+8, bit: 3 } }
                  c:
                    parent: osc
                    gate: { register: cru+12, bit: 7 }
                    rates: { max: 80 MHz }
                    divider: { register: cru+0x40, bits: 3..0, kind: linear }
                """).board();
        assertEquals(plain(written), plain(made));
    }

    @Test
    void aTemplateMadeOfAnotherGivesItWhatItSaysAndLeavesTheRestToItsUnits() throws ConfigException {
        Board made = new Marked("""
                board: test
                registers: { cru: { at: 0, size: 4 KiB } }
                templates:
                  wide:
                    template: generator
                    defaults: { bits: 15..0 }
                    rates: { max: 10 MHz }
                  generator:
                    template: gated
                    defaults: { from: osc, bits: 3..0 }
                    at: $(8*n)
                    parent: $from
                    divider: { register: cru+$(8*n + 4), bits: $bits, kind: linear }
                  gated:
                    defaults: { bit: 4 }
                    gate: { register: cru+$at, bit: $bit }
                    describe: list
                clocks:
                  osc: { fixed: 24 MHz }
                  a: { template: generator, n: 1 }
                  b: { template: wide, n: 2, bit: 5, describe: range }
                  c: { template: wide, n: 3, from: a, bits: 7..0, gate: { enable: low } }
                """).board();
        Board written = new Marked("""
                board: test
                registers: { cru: { at: 0, size: 4 KiB } }
                clocks:
                  osc: { fixed: 24 MHz }
                  a:
                    parent: osc
                    divider: { register: cru+12, bits: 3..0, kind: linear }
                    gate: { register: cru+8, bit: 4 }
                    describe: list
                  b:
                    parent: osc
                    divider: { register: cru+20, bits: 15..0, kind: linear }
                    gate: { register: cru+16, bit: 5 }
                    rates: { max: 10 MHz }
                    describe: range
                  c:
                    describe: list
                    parent: a
                    divider: { register: cru+28, bits: 7..0, kind: linear }
                    gate: { register: cru+24, bit: 4, enable: low }
                    rates: { max: 10 MHz }
                """).board();
        assertEquals(plain(written), plain(made));
    }

    @Test
    void templatesAreAtMostEightDeep() throws ConfigException {
        StringBuilder chain = new StringBuilder("board: test\ntemplates:\n  t1: { fixed: $rate }\n");
        for (int i = 2; i <= 8; i++) {
            chain.append("  t%d: { template: t%d }\n".formatted(i, i - 1));
        }
        String use = "clocks:\n  a: { template: t%d, rate: 5 Hz }\n";
        assertEquals(
                5,
                Objects.requireNonNull(clock(new Marked(chain + use.formatted(8)).board(), "a")
                                .fixed())
                        .hz());
        assertEquals(
                List.of("test.yaml:11:19: template `t9` is more than 8 templates deep; write some of them out"),
                problems(chain + "  t9: { template: t8 }\n" + use.formatted(9)));
        StringBuilder backwards = new StringBuilder("board: test\ntemplates:\n");
        for (int i = 5000; i > 1; i--) {
            backwards.append("  t%d: { template: t%d }\n".formatted(i, i - 1));
        }
        assertTrue(problems(backwards + "  t1: { fixed: $rate }\n" + use.formatted(5000))
                .getFirst()
                .contains("8 templates deep"));
    }

    @Test
    void aRangeOfNamesStandsForEachWithItsNumber() throws ConfigException {
        Board board = new Marked(BOARD + """
                  uart{0..7}: { template: uart, base: $(0x40 + 4*i), bit: $i }
                  uart{9..10}-alt: { parent: "uart$(i - 9)", gate: { register: cru+0x404, bit: $(2*(i-9)+1) } }
                """).board();
        assertEquals(12, board.clocks().size());
        assertEquals(7, gate(board, "uart7").field().low());
        assertEquals(
                0x40 + 4 * 7,
                Objects.requireNonNull(clock(board, "uart7").mux()).field().offset());
        assertEquals(List.of("uart1"), clock(board, "uart10-alt").parents());
        assertEquals(3, gate(board, "uart10-alt").field().low());
    }

    @Test
    void everyFormTogetherIsRead() throws ConfigException {
        assertEquals(13, new Marked(USED).board().clocks().size());
    }

    @Test
    void aParameterCanBeAListOrAMapping() throws ConfigException {
        Board board = new Marked("""
                board: test
                registers: { cru: { at: 0, size: 4 KiB } }
                templates:
                  any: { parents: $from, mux: { register: cru+$(r), bits: 1..0, values: $raw }, rates: $limits }
                  named: { parent: "$(bus)-clk" }
                clocks:
                  a-clk: { fixed: 1 MHz }
                  b: { fixed: 2 MHz }
                  c: { template: any, from: [a-clk, b], raw: [1, 2], limits: { max: 2 MHz }, r: 4 }
                  d: { template: named, bus: a }
                """).board();
        assertEquals(List.of("a-clk", "b"), clock(board, "c").parents());
        assertEquals(
                List.of(1L, 2L), Objects.requireNonNull(clock(board, "c").mux()).values());
        assertEquals(2_000_000, clock(board, "c").rates().max());
        assertEquals(List.of("a-clk"), clock(board, "d").parents());
    }

    @Test
    void everythingThatHasNamesCanBeRepeated() throws ConfigException {
        Board board = new Marked("""
                board: test
                registers:
                  w{0..2}: { at: $(0x1000 * i), size: 64 B }
                templates:
                  pd:   { switch: { register: w0+0x0, bit: $bit, settle: 1 ms } }
                  rst:  { register: w1+$r, bit: $bit, hold: $(us) us }
                  temp: { unit: °C, source: { register: w2+$r, bits: $(8*i+7)..$(8*i), add: $(0-40) } }
                  vdd:  { levels: [1 V, $high], level: { register: w0+0x10, bit: $bit } }
                  perf: { clock: $clk, levels: [{ frequency: 1 MHz }] }
                clocks:
                  c{0..1}: { fixed: 1 MHz }
                power-domains: { "pd{0..3}": { template: pd, bit: $i } }
                resets: { "r{0..3}": { template: rst, r: 4, bit: $i, us: 20 } }
                sensors: { "t{0..3}": { template: temp, r: 8, i: $i } }
                voltage-domains: { v: { template: vdd, high: 2 V, bit: 3 } }
                performance-domains: { "p{0..1}": { template: perf, clk: c$i } }
                """).board();
        assertEquals(Set.of("w0", "w1", "w2"), board.registers().keySet());
        assertEquals(Set.of("pd0", "pd1", "pd2", "pd3"), board.powerDomains().keySet());
        assertEquals(Set.of("r0", "r1", "r2", "r3"), board.resets().keySet());
        assertEquals(Set.of("t0", "t1", "t2", "t3"), board.sensors().keySet());
        assertEquals(
                "c1",
                Objects.requireNonNull(board.performanceDomains().get("p1")).clock());
        assertEquals(
                2,
                Objects.requireNonNull(board.voltageDomains().get("v")).levels().count());
    }

    @Test
    void aBoardChangesTemplatesAndUnitsOfWhatItIncludes(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("soc.yaml"), BOARD + "  uart{0..3}: { template: uart, base: $(4*i), bit: $i }\n");
        Board board = ConfigFiles.board(Files.writeString(folder.resolve("b.yaml"), """
                include: soc.yaml
                templates: { uart: { rates: { max: 50 MHz } } }
                clocks:
                  uart1: null
                  uart2: { bit: 9, describe: range }
                """));
        assertEquals(
                Set.of("osc", "pll", "uart0", "uart2", "uart3"), board.clocks().keySet());
        assertEquals(50_000_000, clock(board, "uart0").rates().max());
        assertEquals(9, gate(board, "uart2").field().low());
        assertEquals(Describe.RANGE, clock(board, "uart2").describe());
    }

    @Test
    void aDollarSignOutsideOfTemplatesIsACharacter() throws ConfigException {
        Board board = new Marked("""
                board: test
                templates: { money: { parent: $$$p } }
                clocks:
                  $osc: { fixed: 1 Hz }
                  a$b{}: { parent: $osc }
                  c: { template: money, p: osc }
                """).board();
        assertEquals(List.of("$osc"), clock(board, "a$b{}").parents());
        assertEquals(List.of("$osc"), clock(board, "c").parents());
    }

    @Test
    void aMistakeInATemplateNamesTheTemplatesPlaceAndTheUses() {
        String board = BOARD.replace("bits: 6..0", "bits: 36..0");
        assertEquals(
                List.of("test.yaml:8:43: `bits` of `divider` of clock `uart0`: bit 36 is beyond the 32 bits of the"
                        + " registers of `cru` (template `uart`, used in line 14)"),
                problems(board + "  uart0: { template: uart, base: 0x40, bit: 3 }\n"));
    }

    @Test
    void aWrongParameterIsReportedWhereItIsGiven() {
        assertEquals(
                List.of("test.yaml:14:45: `bit` of `gate` of clock `uart0`: bit 33 is beyond the 32 bits of the"
                        + " registers of `cru`"),
                problems(BOARD + "  uart0: { template: uart, base: 0x40, bit: 33 }\n"));
        assertEquals(
                List.of(
                        "test.yaml:7:26: `register` of `mux` of clock `uart0`: offset 0x2000 is outside the window"
                                + " `cru`; its last register is at 0xffc (template `uart`, used in line 14)",
                        "test.yaml:8:26: `register` of `divider` of clock `uart0`: offset 0x2000 is outside the"
                                + " window `cru`; its last register is at 0xffc (template `uart`, used in line 14)"),
                problems(BOARD + "  uart0: { template: uart, base: 0x2000, bit: 3 }\n"));
    }

    @Test
    void theSameMistakeInATemplateIsNotReportedForEachOfAHundredUses() {
        String board = BOARD.replace("kind: linear", "kind: lineal");
        List<String> problems = problems(board + "  uart{0..31}: { template: uart, base: $(4*i), bit: $i }\n");
        assertEquals(3, problems.size(), problems::toString);
    }

    @Test
    void copiesAreBounded() {
        List<String> problems = problems(BOARD + "  uart{0..60000}: { template: uart, base: $(4*i), bit: $i }\n");
        assertTrue(problems.size() < 20, () -> problems.size() + " problems");
        assertTrue(problems.stream().anyMatch(problem -> problem.contains("1,048,576 values")), problems::toString);
    }

    @Test
    void theGatesOfARealChipStayReadable() throws Exception {
        Board board = ConfigFiles.board(realChipFile());
        assertEquals(112, board.clocks().size());
        assertEquals(53, board.resets().size());
        assertEquals(0x60, offset(gate(board, "tim16")));
        assertEquals(17, gate(board, "tim16").field().low());
        assertEquals(0x78, offset(gate(board, "uart5-sleep")));
        assertEquals(20, gate(board, "uart5-sleep").field().low());
        Set<String> bits = new HashSet<>();
        board.clocks().values().stream()
                .filter(clock -> clock.gate() != null)
                .forEach(clock ->
                        bits.add(FieldClaims.shown(gate(board, clock.name()).field())));
        assertEquals(109, bits.size());
    }
}
