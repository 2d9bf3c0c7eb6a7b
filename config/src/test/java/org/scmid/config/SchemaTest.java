// The published JSON schemas are those of the code, and judge files as the code does.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class SchemaTest {
    /** {@code mvn test -Dtest=SchemaTest -Dschema.write=true} writes the published schemas anew. */
    private static final boolean WRITE = Boolean.getBoolean("schema.write");

    private static final Path RESOURCES = Path.of("src/main/resources/org/scmid/config");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void thePublishedBoardSchemaIsTheOneOfTheCode() throws IOException {
        assertPublished(JsonSchema.BOARD_RESOURCE, JsonSchema.board());
    }

    @Test
    void thePublishedServiceSchemaIsTheOneOfTheCode() throws IOException {
        assertPublished(JsonSchema.SERVICE_RESOURCE, JsonSchema.service());
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
            assertEquals("", errors(JsonSchema.board(), yaml), board);
        }
        String yaml = new String(BuiltIn.read(BuiltIn.SERVICE), StandardCharsets.UTF_8);
        assertEquals("", errors(JsonSchema.service(), yaml));
    }

    @Test
    void theExamplesAreValid() throws Exception {
        assertEquals("", errors(JsonSchema.board(), ExamplesTest.BOARD));
        assertEquals("", errors(JsonSchema.board(), PowerAndResetFilesTest.BOARD));
        assertEquals("", errors(JsonSchema.board(), TemplatesTest.realChip()));
        assertEquals("", errors(JsonSchema.service(), ExamplesTest.SERVICE));
        assertEquals("", errors(JsonSchema.service(), WindowAgentFilesTest.SERVICE));
    }

    @Test
    void theServiceFilesOfTheDocsAreValid() throws ConfigException, IOException {
        int found = 0;
        for (String page : List.of("../docs/services.md", "../docs/windows.md")) {
            Matcher block =
                    Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of(page)));
            while (block.find()) {
                String yaml = block.group(1);
                if (yaml.contains("transport:")) {
                    String whole = yaml.startsWith("board:") ? yaml : "board: demo\n" + yaml;
                    assertEquals("", errors(JsonSchema.service(), whole), page);
                    found++;
                }
            }
        }
        assertTrue(found >= 4, "the examples are found");
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
        assertFalse(errors(JsonSchema.board(), yaml).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ board: x, clocks: { a: { template: t, base: 0x40, bit: 3 } }, templates: { t: { gate: { register: cru+$base, bit: $bit } } } }",
                "{ board: x, clocks: { \"a{0..7}\": { template: t, base: $(4*i) } } }",
                "{ board: x, clocks: {}, templates: { t: { defaults: { r: 1 Hz }, fixed: $r }, u: { template: t, r: 2 } } }",
                "{ board: x, clocks: { \"a{0..7}\": { parents: [b, $(i)], gate: { register: cru, bit: $i } } } }",
                "{ board: x, clocks: {}, templates: { t: { turn-on: [{ delay: $d }], feeds: $all } } }",
                "{ include: soc.yaml, clocks: { a: { bit: 4 }, b: null, c: { gate: null } } }",
                "{ include: [demo, soc.yaml], board: x, registers: { cru: { at: 0x1000 } } }"
            })
    void aBoardInPartsIsValid(String yaml) throws ConfigException {
        assertEquals("", errors(JsonSchema.board(), yaml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ board: demo }",
                "{ agents: { a: { transport: socket } } }",
                "{ board: demo, agents: { a: {} } }",
                "{ board: demo, agents: { a: { transport: serial } } }",
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
                "{ board: demo, agents: { a: { transport: socket } }, management: { listen: 0.0.0.0:80 } }"
            })
    void aBrokenServiceIsInvalid(String yaml) throws ConfigException {
        assertFalse(errors(JsonSchema.service(), yaml).isEmpty());
    }

    private static String errors(String schema, String yaml) throws ConfigException {
        Node root = YamlReader.read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8), new Problems());
        Schema compiled = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
        return compiled.validate(JSON.writeValueAsString(json(root)), InputFormat.JSON).stream()
                .map(Error::toString)
                .collect(Collectors.joining("\n"));
    }

    /** The file as an editor sees it: plain scalars by YAML 1.2's core schema. */
    private static @Nullable Object json(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                mapping.entries().forEach((key, entry) -> object.put(key, json(entry.value())));
                yield object;
            }
            case Node.Sequence sequence ->
                sequence.items().stream().map(SchemaTest::json).collect(Collectors.toList());
            case Node.Text text -> scalar(text);
            case Node.Broken broken -> null;
        };
    }

    private static @Nullable Object scalar(Node.Text text) {
        String value = text.value();
        if (text.isMissing()) {
            return null;
        }
        if (!text.quoted() && List.of("true", "false").contains(value)) {
            return Boolean.valueOf(value);
        }
        if (!text.quoted() && value.matches("-?[0-9]+")) {
            return new BigInteger(value);
        }
        if (!text.quoted() && value.matches("0x[0-9a-fA-F]+")) {
            return new BigInteger(value.substring(2), 16);
        }
        return value;
    }
}
