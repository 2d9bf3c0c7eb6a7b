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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.config.AgentSpec;
import org.scmid.config.ConfigFiles;
import org.scmid.config.Grant;
import org.scmid.config.Permission;
import org.scmid.config.Place;
import org.scmid.config.ResourceKind;
import org.scmid.config.TransportSpec;

@Timeout(60)
class GuestRecipesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private AgentSpec agent(String clocks) throws Exception {
        Path file = folder.resolve("service.yaml");
        Files.writeString(file, """
                board: demo
                agents:
                  vm: { transport: vhost-user, socket: vm.sock, clocks: %s }
                  other: { transport: vhost-user, socket: other.sock, clocks: [] }
                """.formatted(clocks));
        AgentSpec agent = ConfigFiles.service(file).agents().get("vm");
        assertNotNull(agent);
        return agent;
    }

    private static TransportSpec.VhostUser vhostUser(String socket, TransportSpec.Mode mode) {
        return new TransportSpec.VhostUser(Path.of(socket), mode, 0660, null, Duration.ofSeconds(10));
    }

    private static String after(List<String> words, String option) {
        return words.get(words.indexOf(option) + 1);
    }

    @Test
    void theOverlayNamesTheClockProtocolAndEveryClocksNumber() throws Exception {
        String source = new GuestOverlay(agent("[uart0, osc: read, gpu: none, pwm: notify]")).source();
        assertTrue(source.contains("compatible = \"arm,scmi-virtio\";"), source);
        assertTrue(source.contains("scmi_clk: protocol@14 {"), source);
        assertTrue(source.contains("*   0  uart0\n"), source);
        assertTrue(source.contains("*   1  osc (read only)\n"), source);
        assertTrue(source.contains("*   2  (not for this guest)\n"), source);
        assertTrue(source.contains("*   3  pwm (read and notify only)\n"), source);
    }

    /** An agent with the same grants of every kind: `first`, `second` to read, `third` not at all. */
    private static AgentSpec agentWithEverything() {
        List<Grant> grants = List.of(
                new Grant("first", Permission.CONTROL),
                new Grant("second", Permission.READ),
                new Grant("third", Permission.NONE));
        Map<ResourceKind, List<Grant>> everything = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            everything.put(kind, grants);
        }
        return new AgentSpec(
                "vm", vhostUser("vm.sock", TransportSpec.Mode.LISTEN), everything, new Place("test", 1, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    scmi_pd: protocol@11     | 0x11 | #power-domain-cells   | power-domains = <&scmi_pd NUMBER>;
                    scmi_perf: protocol@13   | 0x13 | #power-domain-cells   | power-domain-names = "perf";
                    scmi_clk: protocol@14    | 0x14 | #clock-cells          | clocks = <&scmi_clk NUMBER>;
                    scmi_sensor: protocol@15 | 0x15 | #thermal-sensor-cells | thermal-sensors = <&scmi_sensor NUMBER>;
                    scmi_reset: protocol@16  | 0x16 | #reset-cells          | resets = <&scmi_reset NUMBER>;
                    """)
    void theOverlayNamesEachProtocolAndSaysHowItsResourcesAreNamed(String node, String id, String cells, String use) {
        String source = new GuestOverlay(agentWithEverything()).source();
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
    void aVoltageDomainIsARegulator() {
        String source = new GuestOverlay(agentWithEverything()).source();
        String protocol = source.substring(source.indexOf("scmi_volt: protocol@17 {"));
        assertTrue(protocol.contains("reg = <0x17>;"), protocol);
        assertTrue(protocol.contains("scmi_reg_0: regulator@0 {"), protocol);
        assertTrue(protocol.contains("scmi_reg_1: regulator@1 {"), protocol);
        assertFalse(protocol.contains("scmi_reg_2"), protocol);
    }

    @Test
    void consumersNameTheirResourcesByTheirNumbers() throws Exception {
        String source = new GuestOverlay(agentWithEverything())
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
    void aConsumerOfWhatTheAgentDoesNotHaveIsRefused() {
        var overlay = new GuestOverlay(agentWithEverything());
        var said = assertThrows(IllegalArgumentException.class, () -> overlay.withBusIn("fourth"));
        assertEquals("agent vm has no power domain fourth", said.getMessage());
    }

    @Test
    void anAgentWithoutClocksGetsNoClockProtocol() throws Exception {
        String source = new GuestOverlay(agent("[]")).source();
        assertTrue(source.contains("arm,scmi-virtio"), source);
        assertFalse(source.contains("protocol@14"), source);
        compile(source);
    }

    @Test
    void theOverlayCompiles() throws Exception {
        compile(new GuestOverlay(agent("all")).source());
        compile(new GuestOverlay(agent("all"))
                .withRealTimeClockOn("uart0", 100_000_000)
                .source());
    }

    /** Where dtc is not installed, what is left is that the braces match and no other tool's syntax has crept in. */
    private void compile(String source) throws Exception {
        assertTrue(source.startsWith("/*"), source);
        assertTrue(source.contains("/dts-v1/;\n/plugin/;"), source);
        assertEquals(
                source.chars().filter(c -> c == '{').count(),
                source.chars().filter(c -> c == '}').count());
        if (onPath("dtc")) {
            Path input = Files.writeString(folder.resolve("overlay.dtso"), source);
            Path output = folder.resolve("overlay.dtbo");
            String said =
                    Tools.run(List.of("dtc", "-I", "dts", "-O", "dtb", "-o", output.toString(), input.toString()));
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
        String source = new GuestOverlay(agent("[osc, uart0]"))
                .withRealTimeClockOn("uart0", 100_000_000)
                .source();
        assertTrue(source.contains("clocks = <&scmi_clk 1>;"), source);
        assertTrue(source.contains("assigned-clock-rates = <100000000>;"), source);
        var overlay = new GuestOverlay(agent("[osc]"));
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
