// What `scmid guest` prints: an overlay that dtc takes, and options that QEMU takes.
package org.scmid.server.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.config.service.Service;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.config.service.TransportSpec;

@Timeout(60)
class GuestRecipesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private GuestOverlay overlay(String clocks) throws Exception {
        Path file = folder.resolve("service.yaml");
        Files.writeString(file, """
                board: demo
                agents:
                  vm: { transport: vhost-user, socket: vm.sock, clocks: %s }
                  other: { transport: vhost-user, socket: other.sock, clocks: [] }
                """.formatted(clocks));
        return overlayOfVm(file);
    }

    private static GuestOverlay overlayOfVm(Path file) throws Exception {
        Service service = ConfigFiles.service(file);
        AgentSpec agent = service.agents().get("vm");
        assertNotNull(agent);
        return new GuestOverlay(service.board().board(), agent);
    }

    private static TransportSpec.VhostUser vhostUser(String socket, TransportSpec.Mode mode) {
        return new TransportSpec.VhostUser(Path.of(socket), mode, 0660, null, Duration.ofSeconds(10), null);
    }

    private static String after(List<String> words, String option) {
        return words.get(words.indexOf(option) + 1);
    }

    @Test
    void theOverlayNamesTheClockProtocolAndEveryClocksNumber() throws Exception {
        String source = overlay("[uart0, osc: read, gpu: none, pwm: notify]").source();
        assertTrue(source.contains("compatible = \"arm,scmi-virtio\";"), source);
        assertTrue(source.contains("scmi_clk: protocol@14 {"), source);
        assertTrue(source.contains("*   0  uart0\n"), source);
        assertTrue(source.contains("*   1  osc (read only)\n"), source);
        assertTrue(source.contains("*   2  (not for this guest)\n"), source);
        assertTrue(source.contains("*   3  pwm (read and notify only)\n"), source);
    }

    @Test
    void theOverlaySaysWhatOfControlAClockIsGivenWith() throws Exception {
        String source =
                overlay("[uart0: [rate, state], osc: [parent, rate, state]]").source();
        assertTrue(source.contains("*   0  uart0 (state, rate only)\n"), source);
        assertTrue(source.contains("*   1  osc\n"), source);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    vdd-sd  | [level] | true  | false
                    vdd-sd  | [state] | false | false
                    vdd-cpu | [level] | true  | false
                    vdd-cpu | [state] | false | true
                    vdd-cpu | control | true  | true
                    """)
    void aRegulatorIsLetOnlyWhatItsAgentIsGiven(String supply, String permission, boolean range, boolean alwaysOn)
            throws Exception {
        Path file = folder.resolve("service.yaml");
        Files.writeString(file, """
                board: demo
                agents: { vm: { transport: vhost-user, voltage-domains: [%s: %s] } }
                """.formatted(supply, permission));
        String source = overlayOfVm(file).source();
        assertEquals(range, source.contains("regulator-max-microvolt"), source);
        assertEquals(alwaysOn, source.contains("regulator-always-on"), source);
    }

    /** An agent with the same grants of every kind: `first`, `second` to read, `third` not at all. */
    private static GuestOverlay overlayWithEverything() throws Exception {
        List<Grant> grants = List.of(
                new Grant("first", Permission.CONTROL),
                new Grant("second", Permission.READ),
                new Grant("third", Permission.NONE));
        Map<ResourceKind, List<Grant>> everything = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            everything.put(kind, grants);
        }
        AgentSpec agent = new AgentSpec(
                "vm",
                vhostUser("vm.sock", TransportSpec.Mode.LISTEN),
                everything,
                Set.of(),
                false,
                new SystemPowerSpec(Map.of()),
                new Place("test", 1, 1));
        return new GuestOverlay(ConfigFiles.builtInBoard("demo"), agent);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    scmi_pd: protocol@11     | 0x11 | #power-domain-cells   | power-domains = <&scmi_pd NUMBER>;
                    scmi_perf: protocol@13   | 0x13 | #power-domain-cells   | power-domain-names = "perf";
                    scmi_clk: protocol@14    | 0x14 | #clock-cells          | clocks = <&scmi_clk NUMBER>;
                    scmi_sensor: protocol@15 | 0x15 | #thermal-sensor-cells | thermal-sensors = <&scmi_sensor NUMBER>;
                    scmi_reset: protocol@16  | 0x16 | #reset-cells          | resets = <&scmi_reset NUMBER>;
                    """)
    void theOverlayNamesEachProtocolAndSaysHowItsResourcesAreNamed(String node, String id, String cells, String use)
            throws Exception {
        String source = overlayWithEverything().source();
        assertTrue(
                source.contains(
                        "\t\t\t%s {\n\t\t\t\treg = <%s>;\n\t\t\t\t%s = <1>;\n\t\t\t};\n".formatted(node, id, cells)),
                source);
        String comment = source.substring(0, source.indexOf(node));
        comment = comment.substring(comment.lastIndexOf("/*"));
        assertTrue(comment.contains(use), comment);
        assertTrue(comment.contains("*   0  first\n"), comment);
        assertTrue(comment.contains("*   1  second (read only)\n"), comment);
        assertTrue(comment.contains("*   2  (not for this guest)\n"), comment);
    }

    @Test
    void aVoltageDomainIsARegulatorThatMayDoWhatTheBoardAndThePermissionAllow() throws Exception {
        Files.writeString(folder.resolve("board.yaml"), """
                board: supplies
                registers: { pmic: { at: 0x1000, size: 4 } }
                clocks: { osc: { fixed: 24 MHz } }
                voltage-domains:
                  core: { range: { min: 800 mV, max: 1.2 V, step: 100 mV }, level: { register: pmic, bits: 2..0 } }
                  card:
                    levels: [1.8 V, 3.3 V]
                    level: { register: pmic, bit: 3 }
                    enable: { register: pmic, bit: 4 }
                  usb: { levels: [5 V], enable: { register: pmic, bit: 5 } }
                """);
        Path file = Files.writeString(folder.resolve("service.yaml"), """
                board: board.yaml
                agents:
                  vm:
                    transport: vhost-user
                    voltage-domains: [core, card, usb]
                """);
        String source = overlayOfVm(file).source();
        assertTrue(source.contains("scmi_volt: protocol@17 {\n\t\t\t\treg = <0x17>;\n"), source);
        assertEquals(
                "reg = <0x0>; regulator-min-microvolt = <800000>; regulator-max-microvolt = <1200000>;"
                        + " regulator-always-on;",
                regulator(source, 0));
        assertEquals(
                "reg = <0x1>; regulator-min-microvolt = <1800000>; regulator-max-microvolt = <3300000>;",
                regulator(source, 1));
        assertEquals("reg = <0x2>;", regulator(source, 2), "there is nothing to choose");
        compile(source);

        Files.writeString(file, Files.readString(file).replace("[core, card, usb]", "[core: none, card: read]"));
        String restricted = overlayOfVm(file).source();
        assertFalse(restricted.contains("regulator@0"), restricted);
        assertEquals("reg = <0x1>;", regulator(restricted, 1), "read only");
    }

    /** What stands in a regulator's node, on one line. */
    private static String regulator(String source, int id) {
        String node = source.substring(source.indexOf("scmi_reg_%d: regulator@%d {".formatted(id, id)));
        return node.substring(node.indexOf('{') + 1, node.indexOf('}')).strip().replaceAll("\\s+", " ");
    }

    @Test
    void systemPowerIsThereIfTheAgentHasIt() throws Exception {
        String with = overlayWithEverything().source();
        assertTrue(with.contains("\t\t\tprotocol@12 {\n\t\t\t\treg = <0x12>;\n\t\t\t};\n"), with);
        String without = overlay("all").source();
        assertFalse(without.contains("protocol@12"), without);
    }

    @Test
    void consumersNameTheirResourcesByTheirNumbers() throws Exception {
        String source = overlayWithEverything()
                .withRealTimeClockInReset("first")
                .withBusIn("second")
                .withSupplyFrom("second")
                .withProcessorIn("first")
                .source();
        assertTrue(source.contains("&{/pl031@9010000} {\n\tresets = <&scmi_reset 0>;\n};"), source);
        assertTrue(source.contains("pm-bus-1 {"), source);
        assertTrue(source.contains("power-domains = <&scmi_pd 1>;"), source);
        assertTrue(source.contains("supplied-1 {"), source);
        assertTrue(source.contains("default-supply = <&scmi_reg_1>;"), source);
        assertTrue(source.contains("&{/cpus/cpu@0} {\n\tpower-domains = <&scmi_perf 0>;"), source);
        compile(source);
    }

    @Test
    void aConsumerOfWhatTheAgentDoesNotHaveIsRefused() throws Exception {
        GuestOverlay overlay = overlayWithEverything();
        var said = assertThrows(IllegalArgumentException.class, () -> overlay.withBusIn("fourth"));
        assertEquals("agent vm has no power domain fourth", said.getMessage());
    }

    @Test
    void anAgentWithoutClocksGetsNoClockProtocol() throws Exception {
        String source = overlay("[]").source();
        assertTrue(source.contains("arm,scmi-virtio"), source);
        assertFalse(source.contains("protocol@14"), source);
        compile(source);
    }

    @Test
    void theOverlayCompiles() throws Exception {
        compile(overlay("all").source());
        compile(overlay("all").withRealTimeClockOn("uart0", 100_000_000).source());
    }

    @ParameterizedTest
    @EnumSource(QemuOptions.Bus.class)
    void theOverlayWithAWindowCompiles(QemuOptions.Bus bus) throws Exception {
        String source = overlay("all")
                .withWindow(new GuestWindow(256L << 20, 4 << 20), bus)
                .source();
        // An overlay does not say how many cells the nodes have that it adds to; dtc would warn of that.
        compile(source, "-q");
    }

    /** Where dtc is not installed, what is left is that the braces match and no other tool's syntax has crept in. */
    private void compile(String source, String... options) throws Exception {
        assertTrue(source.startsWith("/*"), source);
        assertTrue(source.contains("/dts-v1/;\n/plugin/;"), source);
        assertEquals(
                source.chars().filter(c -> c == '{').count(),
                source.chars().filter(c -> c == '}').count());
        if (onPath("dtc")) {
            Path input = Files.writeString(folder.resolve("overlay.dtso"), source);
            Path output = folder.resolve("overlay.dtbo");
            var command = new ArrayList<>(List.of("dtc"));
            command.addAll(List.of(options));
            command.addAll(List.of("-I", "dts", "-O", "dtb", "-o", output.toString(), input.toString()));
            String said = Tools.run(command);
            assertEquals("", said, "warnings of dtc");
            assertTrue(Files.size(output) > 0);
        }
    }

    private static boolean onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aRealTimeClockIsAConsumerOfTheClockByItsNumber() throws Exception {
        String source = overlay("[osc, uart0]")
                .withRealTimeClockOn("uart0", 100_000_000)
                .source();
        assertTrue(source.contains("clocks = <&scmi_clk 1>;"), source);
        assertTrue(source.contains("assigned-clock-rates = <100000000>;"), source);
        GuestOverlay overlay = overlay("[osc]");
        assertThrows(IllegalArgumentException.class, () -> overlay.withRealTimeClockOn("uart0", 1));
    }

    @Test
    void aListeningServiceIsConnectedTo() {
        var words = new QemuOptions(vhostUser("/run/a.sock", TransportSpec.Mode.LISTEN), QemuOptions.Bus.PCI, "256M")
                .words();
        assertEquals("socket,id=scmi,path=/run/a.sock", after(words, "-chardev"));
        assertEquals("vhost-user-scmi-pci,chardev=scmi", after(words, "-device"));
        assertEquals("memory-backend-memfd,id=scmi-ram,share=on,size=256M", after(words, "-object"));
        assertEquals("256M", after(words, "-m"));
        assertFalse(words.contains("-global"));
    }

    @Test
    void aConnectingServiceIsWaitedFor() {
        var words = new QemuOptions(vhostUser("/run/a.sock", TransportSpec.Mode.CONNECT), QemuOptions.Bus.PCI, "1G")
                .words();
        assertEquals("socket,id=scmi,path=/run/a.sock,server=on,wait=on", after(words, "-chardev"));
    }

    @Test
    void onTheMmioBusTheModernVersionIsAskedFor() {
        var words = new QemuOptions(vhostUser("/run/a.sock", TransportSpec.Mode.LISTEN), QemuOptions.Bus.MMIO, "1G")
                .words();
        assertEquals("virtio-mmio.force-legacy=false", after(words, "-global"));
        assertEquals("vhost-user-scmi,chardev=scmi", after(words, "-device"));
    }

    @Test
    void aRelativeSocketIsNamedByItsWholePath() {
        var words =
                new QemuOptions(vhostUser("x/../a.sock", TransportSpec.Mode.LISTEN), QemuOptions.Bus.PCI, "1G").words();
        assertEquals("socket,id=scmi,path=" + Path.of("a.sock").toAbsolutePath(), after(words, "-chardev"));
    }

    /** The shell takes off one layer of quotes, QEMU the doubled commas. */
    @ParameterizedTest
    @EnumSource(TransportSpec.Mode.class)
    void oddPathsSurviveTheShellAndQemu(TransportSpec.Mode mode) throws Exception {
        String path = "/tmp/it's a, \"dir\"/$HOME `x` \\ ~*?!/ü.sock";
        var options = new QemuOptions(vhostUser(path, mode), QemuOptions.Bus.PCI, "64M");
        String seen = Tools.run(List.of("sh", "-c", "printf '%s\\n' " + options.commandLine()));
        assertEquals(options.words(), seen.lines().toList());
        assertTrue(after(options.words(), "-chardev").contains("path=" + path.replace(",", ",,")));
    }

    @Test
    void aToolThatIsMissingOrFailsIsSaid() {
        var missing = assertThrows(GuestException.class, () -> Tools.run(List.of("scmid-no-such-program")));
        assertTrue(String.valueOf(missing.getMessage()).contains("`scmid-no-such-program` cannot be started"));
        var failing = assertThrows(GuestException.class, () -> Tools.run(List.of("sh", "-c", "echo why; exit 7")));
        assertTrue(String.valueOf(failing.getMessage()).endsWith("failed with exit code 7: why"));
    }

    @Test
    void aFolderWithoutGuestIsSaid() {
        var none = assertThrows(GuestException.class, () -> GuestImages.in(folder));
        assertTrue(String.valueOf(none.getMessage()).contains("Image is not there"));
    }
}
