// The Zephyr module agrees with itself, as far as that can be seen without Zephyr.
package org.scmid.system;

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
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class ZephyrModuleTest {
    private static final Path MODULE = Path.of(System.getProperty("scmid.home"), "guests", "zephyr");
    private static final Pattern OPTION = Pattern.compile("CONFIG_(SCMI_RING\\w*)");
    private static final Pattern DEFINED_OPTION = Pattern.compile("(?m)^config (\\w+)$");
    private static final Pattern PROPERTY =
            Pattern.compile("DT_INST_(?:PROP|PROP_LEN|PROP_BY_IDX|NODE_HAS_PROP)\\(0, (\\w+)");
    private static final Pattern INCLUDED = Pattern.compile("include: \\[\"(.*)\"]");

    @TempDir
    private Path folder;

    /** From the repository's root, as west has it, and from the module's own folder. */
    @ParameterizedTest
    @ValueSource(strings = {"../..", "."})
    void zephyrFindsItsCmakeItsKconfigAndItsBindings(String root) throws IOException {
        Path from = MODULE.resolve(root);
        Map<?, ?> module = yaml(root + "/zephyr/module.yml");
        assertEquals("scmid", module.get("name"));
        Map<?, ?> build = (Map<?, ?>) field(module, "build");
        Map<?, ?> settings = (Map<?, ?>) field(build, "settings");
        assertTrue(Files.isSameFile(
                MODULE.resolve("CMakeLists.txt"),
                from.resolve(field(build, "cmake").toString()).resolve("CMakeLists.txt")));
        assertTrue(Files.isSameFile(
                MODULE.resolve("Kconfig"), from.resolve(field(build, "kconfig").toString())));
        assertTrue(Files.isSameFile(
                MODULE.resolve("dts/bindings"),
                from.resolve(field(settings, "dts_root").toString()).resolve("dts/bindings")));
    }

    @ParameterizedTest
    @CsvSource({"clocks, 3", "platform, 1"})
    void aSampleIsListedWithFilesThatAreThere(String name, int variants) throws IOException {
        Path sample = MODULE.resolve("samples").resolve(name);
        Path list = sample.resolve("sample.yaml");
        assertEquals(variants, ((Map<?, ?>) field(yaml("samples/" + name + "/sample.yaml"), "tests")).size());
        for (String file : all(Pattern.compile("_FILE=(\\S+)"), List.of(list))) {
            assertTrue(Files.exists(sample.resolve(file)), file);
        }
        Set<String> boards = all(Pattern.compile("platform_allow: (\\S+)"), List.of(list));
        assertEquals(1, boards.size());
        for (String board : boards) {
            assertTrue(Files.exists(sample.resolve("boards/" + board + ".overlay")), board);
        }
    }

    @Test
    void eachSourceThatItsCmakeTakesFromElsewhereIsThere() throws IOException {
        Path cmake = MODULE.resolve("CMakeLists.txt");
        for (String part : List.of("ring", "platform")) {
            Set<String> sources = all(Pattern.compile("\\$\\{scmi_" + part + "_dir}/(\\S+\\.c)"), List.of(cmake));
            assertFalse(sources.isEmpty());
            for (String source : sources) {
                assertTrue(Files.exists(MODULE.resolve("../" + part + "/" + source)), source);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scmid,scmi-ring", "scmid,scmi-fat-virtqueue"})
    void aBindingIsNamedAsItsNodesAreAndItsPropertiesHaveATypeOrAFixedValue(String compatible) throws IOException {
        Map<?, ?> binding = yaml("dts/bindings/firmware/" + compatible + ".yaml");
        assertEquals(compatible, binding.get("compatible"));
        assertFalse(field(binding, "description").toString().isBlank());
        for (Map.Entry<?, ?> property : properties().entrySet()) {
            // What Zephyr's base.yaml has already needs neither.
            boolean inBase = Set.of("reg", "interrupts").contains(property.getKey());
            Map<?, ?> says = (Map<?, ?>) property.getValue();
            assertTrue(inBase || says.containsKey("type") || says.containsKey("const"), property.toString());
        }
    }

    @Test
    void everyPropertyThatItsDriverReadsIsInItsBindings() throws IOException {
        Set<String> read = all(PROPERTY, List.of(MODULE.resolve("drivers/scmi_ring_transport.c")));
        Set<String> bound = properties().keySet().stream()
                .map(name -> name.toString().replace('-', '_'))
                .collect(Collectors.toSet());
        assertTrue(read.contains("poll_period_us"), read.toString());
        assertTrue(bound.containsAll(read), read + " but only " + bound);
    }

    @Test
    void everyOptionOfItsOwnThatIsNamedAnywhereIsInItsKconfig() throws IOException {
        Set<String> named = all(OPTION, files());
        Set<String> defined = all(DEFINED_OPTION, List.of(MODULE.resolve("Kconfig")));
        // From Zephyr's template for the log.
        defined.add("SCMI_RING_LOG_LEVEL");
        assertTrue(named.contains("SCMI_RING_SPINS"), named.toString());
        assertTrue(defined.containsAll(named), named + " but only " + defined);
    }

    @Test
    void itsRingIsTheOneThatIsTestedElsewhere() throws IOException {
        String cmake = Files.readString(MODULE.resolve("CMakeLists.txt"));
        assertTrue(cmake.contains("${CMAKE_CURRENT_LIST_DIR}/../ring"), cmake);
        assertTrue(Files.exists(MODULE.resolve("../ring/scmi_ring.c")));
        assertTrue(
                files().stream().noneMatch(file -> file.getFileName().toString().startsWith("scmi_ring.")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"boards/qemu_cortex_a53", "ring", "ivshmem"})
    void itsOverlaysAreDevicetree(String name) throws IOException, InterruptedException {
        Path tree = folder.resolve("tree.dts");
        Files.writeString(
                tree,
                "/dts-v1/;\n/ { #address-cells = <2>; #size-cells = <2>;"
                        + " soc { ranges; #address-cells = <2>; #size-cells = <2>; }; };\n"
                        + Files.readString(MODULE.resolve("samples/clocks/" + name + ".overlay")));
        Process dtc = new ProcessBuilder("dtc", "-q", "-I", "dts", "-O", "dts", tree.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String compiled = new String(dtc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, dtc.waitFor());
        assertTrue(
                compiled.contains("\"scmid,scmi-" + (name.equals("ring") ? "ring" : "fat-virtqueue") + "\""), compiled);
    }

    /** The properties of both bindings: they have all in common. */
    private static Map<?, ?> properties() throws IOException {
        List<String> included = new ArrayList<>();
        for (String binding : List.of("scmid,scmi-ring", "scmid,scmi-fat-virtqueue")) {
            included.addAll(all(INCLUDED, List.of(MODULE.resolve("dts/bindings/firmware/" + binding + ".yaml"))));
        }
        assertEquals(2, included.size());
        assertEquals(included.get(0), included.get(1));
        return (Map<?, ?>) field(yaml("dts/bindings/firmware/" + included.get(0)), "properties");
    }

    private static Map<?, ?> yaml(String file) throws IOException {
        return (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(MODULE.resolve(file)));
    }

    private static Object field(Map<?, ?> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(MODULE)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(MODULE.resolve("target")))
                    .toList();
        }
    }

    private static Set<String> all(Pattern pattern, List<Path> files) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            pattern.matcher(Files.readString(file)).results().forEach(match -> found.add(match.group(1)));
        }
        return found;
    }
}
