// The published JSON schemas are those of the code, and judge files as the code does.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.assembly.TemplatesTest;
import org.scmid.config.document.BuiltIn;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.FileKind;
import org.scmid.config.service.ServiceShapes;
import org.scmid.config.service.WindowAgentFilesTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchemaTest {
    /** {@code mvn test -Dtest=SchemaTest -Dschema.write=true} writes the published schemas anew. */
    private static final boolean WRITE = Boolean.getBoolean("schema.write");

    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Path RESOURCES = Path.of("src/main/resources/org/scmid/config");

    @Test
    void thePublishedBoardSchemaIsTheOneOfTheCode() throws IOException {
        assertPublished(Schemas.BOARD_RESOURCE, Schemas.board());
    }

    @Test
    void thePublishedServiceSchemaIsTheOneOfTheCode() throws IOException {
        assertPublished(Schemas.SERVICE_RESOURCE, Schemas.service());
    }

    private static void assertPublished(String resource, String generated) throws IOException {
        Path file = RESOURCES.resolve(resource);
        if (WRITE) {
            Files.writeString(file, generated);
        }
        assertEquals(Files.readString(file), generated);
    }

    @Test
    void theShippedFilesAreValid() throws ConfigException {
        for (String board : ConfigFiles.builtInBoards()) {
            String yaml = new String(BuiltIn.read(BuiltIn.boardResource(board)), StandardCharsets.UTF_8);
            assertEquals("", Editor.BOARD.errors(yaml), board);
        }
        String yaml = new String(BuiltIn.read(BuiltIn.SERVICE), StandardCharsets.UTF_8);
        assertEquals("", Editor.SERVICE.errors(yaml));
    }

    @Test
    void theExamplesAreValid() throws Exception {
        assertEquals("", Editor.BOARD.errors(ExamplesTest.BOARD));
        assertEquals("", Editor.BOARD.errors(PowerAndResetFilesTest.BOARD));
        assertEquals("", Editor.BOARD.errors(TemplatesTest.realChip()));
        assertEquals("", Editor.SERVICE.errors(ExamplesTest.SERVICE));
        assertEquals("", Editor.SERVICE.errors(WindowAgentFilesTest.SERVICE));
    }

    @Test
    void theExamplesOfTheDocsAreValid() throws Exception {
        int found = 0;
        List<Path> pages = new ArrayList<>(files("docs", ".md"));
        pages.addAll(files("guests", ".md"));
        pages.add(Path.of("..", "README.md"));
        for (Path page : pages) {
            Matcher block = YAML_BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                found += judge(block.group(1), page + " after byte " + block.start());
            }
        }
        assertTrue(found >= 40, found + " examples are found");
    }

    /** Those that are not there yet need no test. */
    @Test
    void theFilesInTheFolderOfExamplesAreValid() throws Exception {
        for (Path file : files("examples", ".yaml")) {
            assertEquals(1, judge(Files.readString(file), file.toString()), file + " is a board or a service");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Schemas.BOARD_RESOURCE, Schemas.SERVICE_RESOURCE})
    void everyKeySaysWhatItIsFor(String resource) throws IOException {
        JsonNode schema = JsonMapper.builder().build().readTree(Files.readString(RESOURCES.resolve(resource)));
        int keys = 0;
        for (JsonNode shape : List.of(schema, schema.path("$defs"))) {
            for (JsonNode definition : shape.has("properties") ? List.of(shape) : shape.values()) {
                for (Map.Entry<String, JsonNode> key :
                        definition.path("properties").properties()) {
                    JsonNode said = key.getValue();
                    String other = said.path("$ref").asString("#");
                    JsonNode description = said.path("description");
                    assertTrue(
                            (description.isMissingNode()
                                            ? schema.at(other.substring(1)).path("description")
                                            : description)
                                    .isString(),
                            key.getKey() + " of " + definition);
                    keys++;
                }
            }
        }
        assertTrue(keys > 40, "keys are found");
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        Path root = Path.of("..", folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** Judges an example, or each of its lines if they are alternatives; how many it is. */
    private static int judge(String yaml, String where) throws ConfigException {
        if (yaml.startsWith("    ")) {
            return judge(yaml.replaceAll("(?m)^    ", ""), where);
        }
        if (yaml.startsWith(" ")) {
            return judge("clocks:\n" + yaml, where);
        }
        Set<String> keys = yaml.lines()
                .filter(line -> line.matches("[a-z-]+:.*"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .collect(Collectors.toSet());
        boolean eachLine = yaml.lines().allMatch(line -> line.matches("[a-z-]+:.*"));
        if (eachLine && ServiceShapes.Agent.SHAPE.keyNames().containsAll(keys)) {
            for (String line : yaml.lines().toList()) {
                String region = line.startsWith("notify:") ? "      region: { file: f, size: 8 KiB }\n" : "";
                String transport = keys.contains("region") ? "virtio-mmio" : "vhost-user";
                String agent = "board: x\nagents:\n  a:\n      transport: " + transport + "\n" + region + "      ";
                assertEquals("", Editor.SERVICE.errors(agent + line + "\n"), where);
            }
            return 1;
        }
        if (FileKind.SERVICE.keys().containsAll(keys)) {
            String board = keys.contains("board") ? "" : "board: x\n";
            String agents = keys.contains("agents") ? "" : "agents: { a: { transport: socket } }\n";
            // What a page is not about it may leave out.
            String errors = Editor.SERVICE
                    .errors(board + agents + yaml)
                    .lines()
                    .filter(error -> !error.matches("/agents/\\w+: required property 'transport' not found"))
                    .collect(Collectors.joining("\n"));
            assertEquals("", errors, where);
            return 1;
        }
        if (FileKind.BOARD.keys().containsAll(keys)) {
            String board = keys.contains("board") ? "" : "board: x\n";
            String clocks = keys.contains("clocks") ? "" : "clocks: {}\n";
            assertEquals("", Editor.BOARD.errors(board + clocks + yaml), where);
            return 1;
        }
        return 0;
    }

    /** Where a key is missing, unknown or of another type; but for keys that are needed since others say something. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void whatASchemaCanKnowIsMarked(String title, Editor editor, String yaml) throws ConfigException {
        assertFalse(editor.errors(yaml).isEmpty());
    }

    static Stream<Arguments> mistakes() {
        return Stream.concat(
                        Stream.of(
                                        BrokenFilesTest.boards(),
                                        BrokenFilesTest.voltageDomains(),
                                        BrokenFilesTest.performanceDomains())
                                .flatMap(files -> files)
                                .map(file -> Arguments.of(file.get()[0], Editor.BOARD, file.get()[1], file.get()[2])),
                        Stream.of(BrokenFilesTest.services(), BrokenFilesTest.sharing())
                                .flatMap(files -> files)
                                .map(file -> Arguments.of(file.get()[0], Editor.SERVICE, file.get()[1], file.get()[2])))
                .filter(mistake -> isInTheKeysAlone((String[]) mistake.get()[3]))
                .map(mistake ->
                        Arguments.of(mistake.get()[0], mistake.get()[1], new Marked((String) mistake.get()[2]).text));
    }

    private static boolean isInTheKeysAlone(String[] words) {
        return Stream.of(words)
                .anyMatch(word -> word.matches("unknown key.*|lacks the key `(?!at|unit|voltage).*|must be a .*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ board: x }",
                "{ board: x, clocks: [] }",
                "{ board: x, clocks: {}, color: red }",
                "{ board: x, clocks: {}, templates: [] }",
                "{ board: x, clocks: {}, templates: { t: { colour: red } } }",
                "{ board: x, clocks: {}, templates: { t: { defaults: 3 } } }",
                "{ board: x, clocks: {}, templates: { t: { template: [u] } } }",
                "{ board: x, clocks: {}, templates: { t: { gate: { bti: 1 } } } }",
                "{ board: x, clocks: {}, templates: { t: { gate: { bit: three } } } }",
                "{ board: x, clocks: { \"a{0..3}\": { fixd: 1 Hz } } }",
                "{ board: x, clocks: { a: { fixed: $b } } }",
                "{ board: x, clocks: { a: null } }",
                "{ board: x, clocks: { a: { template: 5 } } }",
                "{ include: {}, clocks: {} }",
                "{ include: soc.yaml, colour: red }",
                "{ board: x, clocks: {}, power-domains: { all: { switch: { register: cru, bit: 1 } } } }",
                "{ board: x, clocks: {}, power-domains: { a: { switch: { register: cru, bits: 1..0 } } } }",
                "{ board: x, clocks: {}, power-domains: { a: { parent: b } } }",
                "{ board: x, clocks: {}, power-domains: { a: { turn-on: [], turn-off: [] } } }",
                "{ board: x, clocks: {}, resets: { a: { register: cru } } }",
                "{ board: x, clocks: {}, resets: { a: { on-assert: [{ delay: 1 us }] } } }",
                "{ board: x, clocks: {}, resets: { a: { on-reset: [{ wait: 1 us }] } } }",
                "{ board: x, clocks: { all: { fixed: 1 Hz } } }",
                "{ board: x, clocks: { a: { fixed: 24 Mhz } } }",
                "{ board: x, clocks: { a: { fixed: fast } } }",
                "{ board: x, clocks: { a: { parent: b, parents: [c] } } }",
                "{ board: x, clocks: { a: { parent: b, gate: { register: cru } } } }",
                "{ board: x, clocks: { a: { parent: b, gate: { register: cru, bit: 3, enable: up } } } }",
                "{ board: x, clocks: { a: { parent: b, divider: { register: cru, bits: 3..0 } } } }",
                "{ board: x, clocks: { a: { parent: b, divider: { register: cru, kind: linear } } } }",
                "{ board: x, clocks: { a: { parent: b, divider: { register: cru, bits: 3, kind: linear } } } }",
                "{ board: x, clocks: { a: { parent: b, divider: { register: cru, bits: 3..0, kind: table } } } }",
                "{ board: x, clocks: { a: { parent: b, divider: { register: cru, integer: 3..0, kind: fractional } } } }",
                "{ board: x, clocks: { a: { parent: b, divider: { register: cru, bits: 3..0, kind: linear, zero: max } } } }",
                "{ board: x, clocks: { c: { fixed: 1 Hz, host-clock: a/b } } }",
                "{ board: x, clocks: { c: { fixed: 1 Hz, host-clock: .. } } }",
                "{ board: x, clocks: {}, sensors: { t: { source: { hwmon: { chip: a } } } } }",
                "{ board: x, clocks: {}, sensors: { t: { source: { hwmon: { chip: a, input: temp } } } } }",
                "{ board: x, clocks: {}, sensors: { t: { source: { iio: { device: a, channel: voltage0 } } } } }",
                "{ board: x, clocks: {}, sensors: { t: { source: { thermal-zone: {} } } } }",
                "{ board: x, clocks: {}, sensors: { t: { source: { thermal-zone: a, bits: 1..0 } } } }",
                "{ board: x, clocks: {}, voltage-domains: { v: {} } }",
                "{ board: x, clocks: {}, voltage-domains: { v: { levels: [3] } } }",
                "{ board: x, clocks: {}, voltage-domains: { v: { levels: [1 V], range: { min: 1 V, max: 2 V, step: 1 V } } } }",
                "{ board: x, clocks: {}, voltage-domains: { v: { levels: [1 V], enable: { register: w, bit: 0, active: up } } } }",
                "{ board: x, clocks: {}, performance-domains: { p: { levels: [] } } }",
                "{ board: x, clocks: {}, performance-domains: { p: { clock: c, levels: [{ level: 1 }] } } }",
                "{ board: x, registers: { w: { at: 0 } }, clocks: {} }",
                "{ board: x, registers: { w: { at: 0, size: 4 XB } }, clocks: {} }",
                "{ board: x, registers: { w: { at: 0, size: 4, width: 24 } }, clocks: {} }",
                "{ board: x, registers: { w: { at: 0, size: 4, access: mmap } }, clocks: {} }"
            })
    void aBrokenBoardIsInvalid(String yaml) throws ConfigException {
        assertFalse(Editor.BOARD.errors(yaml).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ board: x, clocks: { a: { template: t, base: 0x40, bit: 3 } }, templates: { t: { gate: { register: cru+$base, bit: $bit } } } }",
                "{ board: x, clocks: { \"a{0..7}\": { template: t, base: $(4*i) } } }",
                "{ board: x, clocks: {}, templates: { t: { defaults: { r: 1 Hz }, fixed: $r }, u: { template: t, r: 2 } } }",
                "{ board: x, clocks: { \"a{0..7}\": { parents: [b, $(i)], gate: { register: cru, bit: $i } } } }",
                "{ board: x, clocks: {}, templates: { t: { turn-on: [{ delay: $d }], feeds: $all } } }",
                "{ board: x, clocks: { osc: { fixed: 1 Hz }, a: { template: out, pll: osc, gate: 3 } }, templates: { out: { parent: $pll, gate: { register: cru, bit: $gate } } } }",
                "{ board: x, clocks: { \"a{0..3}\": { template: out, rates: 3 } }, templates: { out: { template: in, mux: [1] }, in: { fixed: $rates } } }",
                "{ include: soc.yaml, clocks: { a: { pll: osc, gate: 3 } } }",
                "{ include: soc.yaml, clocks: { a: { bit: 4 }, b: null, c: { gate: null } } }",
                "{ include: [demo, soc.yaml], board: x, registers: { cru: { at: 0x1000 } } }"
            })
    void aBoardInPartsIsValid(String yaml) throws ConfigException {
        assertEquals("", Editor.BOARD.errors(yaml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ board: demo }",
                "{ agents: { a: { transport: socket } } }",
                "{ board: demo, agents: { a: {} } }",
                "{ board: demo, agents: { a: { transport: serial } } }",
                "{ board: demo, agents: { a: { transport: socket, port: /dev/ttyS0 } } }",
                "{ board: demo, agents: { a: { transport: serial, port: /dev/ttyS0, baud: fast } } }",
                "{ board: demo, agents: { a: { transport: serial, port: /dev/ttyS0, eid: 255 } } }",
                "{ board: demo, agents: { a: { transport: serial, port: /dev/ttyS0, flow-control: xon } } }",
                "{ board: demo, agents: { a: { transport: serial, port: /dev/ttyS0, socket: s } } }",
                "{ board: demo, agents: { a-name-that-is-long: { transport: socket } } }",
                "{ board: demo, agents: { a: { transport: socket, grace: 10 s } } }",
                "{ board: demo, agents: { a: { transport: vhost-user, grace: 10 } } }",
                "{ board: demo, agents: { a: { transport: vhost-user, window: large } } }",
                "{ board: demo, agents: { a: { transport: vhost-user, window: { guest-address: 0 } } } }",
                "{ board: demo, agents: { a: { transport: socket, window: 4 MiB } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio } } }",
                "{ board: demo, agents: { a: { transport: fat-virtqueue } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { size: 8 KiB } } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { file: f } } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { file: f, uio: u, size: 8 KiB } } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { pci: 2.0, size: 8 KiB } } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { uio: u, map: 9, size: 8 KiB } } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { file: f, size: 8 KiB }, notify: bell } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { file: f, size: 8 KiB }, notify: {} } } }",
                "{ board: demo, agents: { a: { transport: virtio-mmio, region: { file: f, size: 8 KiB }, entries: 2 } } }",
                "{ board: demo, agents: { a: { transport: fat-virtqueue, region: { file: f, size: 64 KiB }, entries: 512 } } }",
                "{ board: demo, agents: { a: { transport: fat-virtqueue, region: { file: f, size: 64 KiB }, socket: s } } }",
                "{ board: demo, agents: { a: { transport: socket, region: { file: f, size: 64 KiB } } } }",
                "{ board: demo, agents: { a: { transport: vhost-user, notify: poll } } }",
                "{ board: demo, agents: { a: { transport: vhost-user, socket-mode: rw } } }",
                "{ board: demo, agents: { a: { transport: socket, clocks: osc } } }",
                "{ board: demo, agents: { a: { transport: socket, system-power: { shutdown: now } } } }",
                "{ board: demo, agents: { a: { transport: socket, system-power: { shutdown: { run: reboot } } } } }",
                "{ board: demo, agents: { a: { transport: socket } }, arbitration: { performance: first } }",
                "{ board: demo, agents: { a: { transport: socket, clocks: [osc: write] } } }",
                "{ board: demo, agents: { a: { transport: socket, clocks: [osc: rate] } } }",
                "{ board: demo, agents: { a: { transport: socket, clocks: [osc: []] } } }",
                "{ board: demo, agents: { a: { transport: socket, clocks: [osc: [level]] } } }",
                "{ board: demo, agents: { a: { transport: socket, clocks: [osc: [rate, rate]] } } }",
                "{ board: demo, agents: { a: { transport: socket, clocks: [osc: [read, rate]] } } }",
                "{ board: demo, agents: { a: { transport: socket } }, management: { listen: 0.0.0.0:80 } }"
            })
    void aBrokenServiceIsInvalid(String yaml) throws ConfigException {
        assertFalse(Editor.SERVICE.errors(yaml).isEmpty());
    }
}
