// What the commands print of agents in windows: how to attach their guests, and where they are served.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.Service;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.transport.SharedRegion;

class WindowAgentCommandTest {
    private final Path folder;
    private final Path service;

    WindowAgentCommandTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        service = Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents:
                  looks:
                    transport: virtio-mmio
                    region: { file: /dev/shm/looks, size: 64 KiB }
                    clocks: [uart0, osc: read, gpu: none]
                    power-domains: [gpu-pd]
                    resets: [gpu-rst]
                    sensors: all
                    system-power: { shutdown: ignore }
                  rings:
                    transport: fat-virtqueue
                    region: { file: /dev/shm/rings, size: 1 MiB }
                    notify: { ivshmem: "/run/a,b.sock" }
                    clocks: [uart0]
                  placed:
                    transport: virtio-mmio
                    region: { file: /dev/shm/placed, size: 1 MiB, guest-address: 0x1_4800_0000 }
                    clocks: [uart0]
                  part:
                    transport: virtio-mmio
                    region: { file: /dev/shm/part, size: 64 KiB, offset: 64 KiB }
                    clocks: []
                  odd:
                    transport: fat-virtqueue
                    region: { file: /dev/shm/odd, size: 36 KiB }
                    clocks: []
                  core:
                    transport: fat-virtqueue
                    region: { uio: mailbox, map: 1, size: 64 KiB }
                    clocks: []
                  dsp:
                    transport: fat-virtqueue
                    region: { physical: 0x8000_0000, offset: 0x1000, size: 64 KiB }
                    notify: { poll: 2 ms }
                    clocks: [uart0]
                  nested:
                    transport: virtio-mmio
                    region: { pci: "0000:00:02.0", size: 64 KiB }
                    clocks: []
                """);
    }

    private Invocation run(String command, String... arguments) {
        var all = new ArrayList<Object>(List.of("guest", command, service));
        all.addAll(List.of(arguments));
        return Invocation.of(all.toArray());
    }

    @Test
    void aPolledWindowIsTheMemoryOfAPlainDevice() {
        assertEquals(
                "-object memory-backend-file,id=scmi,size=64K,mem-path=/dev/shm/looks,share=on"
                        + " -device ivshmem-plain,memdev=scmi",
                run("qemu", "looks").ok().strip());
    }

    @Test
    void aWindowWithDoorbellsComesFromTheService() {
        assertEquals(
                "-chardev socket,path=/run/a,,b.sock,id=scmi -device ivshmem-doorbell,chardev=scmi,vectors=2",
                run("qemu", "rings").ok().strip());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            placed | `guest-address` is 0x148000000             | leave `guest-address` out
            part   | begins at offset 65536 of /dev/shm/part    | a file of its own, without `offset`
            odd    | has 36 KiB, and the memory of a PCI device | write `size: 64 KiB`, and remove /dev/shm/odd
            core   | map 1 of the UIO device mailbox            | write `region: { file: /dev/shm/NAME, size: 64 KiB }`
            dsp    | physical memory from 0x80000000            | write `region: { file: /dev/shm/NAME, size: 64 KiB }`
            nested | the PCI device 0000:00:02.0                | write `region: { file:
            """)
    void aWindowThatQemuCannotBeGivenIsRefusedWithTheRemedy(String agent, String said, String remedy) {
        String errors = run("qemu", agent).failed(1);
        assertTrue(errors.contains("agent `" + agent + "`: "), errors);
        assertTrue(errors.contains(said) && errors.contains(remedy), errors);
    }

    @ParameterizedTest
    @CsvSource({"--bus pci,--bus", "--memory 256M,--memory", "--window 4M --bus mmio,--bus and --window"})
    void optionsOfVhostUserDoNotApply(String options, String named) {
        for (String command : List.of("qemu", "dts")) {
            String errors = run(command, ("looks " + options).split(" ", -1)).failed(1);
            assertTrue(errors.contains("agent `looks` is reached by a window"), errors);
            assertTrue(errors.contains("leave out " + named), errors);
        }
    }

    @Test
    void zephyrsOverlayNamesTheDeviceAndTheProtocolsThatItHasDriversFor() throws Exception {
        String overlay = run("dts", "looks").ok();
        assertTrue(overlay.contains("""
                / {
                \tivshmem {
                \t\tcompatible = "qemu,ivshmem";
                \t\tvendor-id = <0x1af4>;
                \t\tdevice-id = <0x1110>;
                \t\tstatus = "okay";
                \t};

                \tscmi: scmi {
                \t\tcompatible = "scmid,scmi-ring";
                \t\tivshmem;
                \t\t#address-cells = <1>;
                \t\t#size-cells = <0>;

                \t\tprotocol@12 {
                \t\t\tcompatible = "arm,scmi-system";
                \t\t\treg = <0x12>;
                \t\t};
                """), overlay);
        assertTrue(overlay.contains("""
                \t\t/*
                \t\t * A consumer names a clock by its number: clocks = <&scmi_clk NUMBER>;
                \t\t *   0  uart0
                \t\t *   1  osc (read only)
                \t\t *   2  (not for this guest)
                \t\t */
                \t\tscmi_clk: protocol@14 {
                \t\t\tcompatible = "arm,scmi-clock";
                \t\t\treg = <0x14>;
                \t\t\t#clock-cells = <1>;
                \t\t};
                """), overlay);
        assertTrue(
                overlay.contains("compatible = \"arm,scmi-power\";\n\t\t\treg = <0x11>;\n\t\t\t#power-domain-cells"));
        assertTrue(
                overlay.contains("compatible = \"arm,scmi-reset\";\n\t\t\treg = <0x16>;\n\t\t\t#reset-cells"), overlay);
        assertTrue(
                overlay.contains("/* Also served, to messages of the application's own: sensors (0x15) */"), overlay);
        assertTrue(overlay.contains("samples/clocks/ivshmem.conf"), overlay);
        compile(overlay);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            placed | scmi: scmi@148000000 { | reg = <0x1 0x48000000 0x0 0x100000>; | guest-address = <0x1 0x48000000>;
            dsp    | scmi: scmi@80001000 {  | reg = <0x0 0x80001000 0x0 0x10000>;  | change it if the guest has this memory
            """)
    void aWindowAtAFixedAddressIsARegOfTheSoc(String agent, String node, String reg, String also) throws Exception {
        String overlay = run("dts", agent).ok();
        assertTrue(overlay.contains("\tsoc {\n\t\t" + node + "\n\t\t\tcompatible = \"scmid,scmi-"), overlay);
        assertTrue(overlay.contains("\t\t\t" + reg + "\n"), overlay);
        assertTrue(overlay.contains(also), overlay);
        assertFalse(overlay.contains("ivshmem"), overlay);
        compile(overlay);
    }

    @Test
    void eachLayoutHasItsCompatible() {
        assertTrue(run("dts", "rings").ok().contains("compatible = \"scmid,scmi-fat-virtqueue\";\n\t\tivshmem;\n"));
        assertTrue(run("dts", "nested").ok().contains("compatible = \"scmid,scmi-ring\";\n\t\tivshmem;\n"));
        assertTrue(run("dts", "dsp").ok().contains("compatible = \"scmid,scmi-fat-virtqueue\";"));
    }

    @Test
    void aPlaceThatTheServiceFileDoesNotTellIsAskedFor() {
        String errors = run("dts", "core").failed(1);
        assertTrue(errors.contains("where the guest finds map 1 of the UIO device mailbox"), errors);
        assertTrue(errors.contains("as `guest-address`"), errors);
    }

    /** With the cells that Zephyr's own tree for a 64-bit Arm board has; where dtc is not installed, nothing. */
    private void compile(String overlay) throws Exception {
        String tree = """
                /dts-v1/;
                / {
                \t#address-cells = <2>;
                \t#size-cells = <2>;
                \tsoc { #address-cells = <2>; #size-cells = <2>; ranges; };
                };
                """ + overlay;
        if (Files.isExecutable(Path.of("/usr/bin/dtc"))) {
            Path input = Files.writeString(folder.resolve("tree.dts"), tree);
            Process dtc = new ProcessBuilder(
                            "dtc", "-o", folder.resolve("tree.dtb").toString(), input.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(dtc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, dtc.waitFor(), said);
            assertFalse(said.contains("Warning"), said);
        }
    }

    private String served(String agent) throws Exception {
        Service read = ConfigFiles.service(service);
        return RunCommand.described(
                Objects.requireNonNull(read.agents().get(agent)).transport());
    }

    @Test
    void runSaysWhereEachWindowIs() throws Exception {
        assertEquals("virtio-mmio, in 64 KiB of /dev/shm/looks, polled", served("looks"));
        assertEquals(
                "fat-virtqueue, 32 entries of 192 bytes, in 1 MiB of /dev/shm/rings, ivshmem server on /run/a,b.sock",
                served("rings"));
        assertEquals("virtio-mmio, in 64 KiB of /dev/shm/part from offset 64 KiB, polled", served("part"));
        assertEquals("virtio-mmio, in 1 MiB of /dev/shm/placed, guest address 0x148000000, polled", served("placed"));
        assertEquals(
                "fat-virtqueue, 32 entries of 192 bytes, in 64 KiB of map 1 of the UIO device mailbox, polled",
                served("core"));
        assertEquals("virtio-mmio, in 64 KiB of the PCI device 0000:00:02.0, polled", served("nested"));
    }

    @Test
    void checkTakesWindowAgents() {
        String said = Invocation.of("check", service).ok();
        assertTrue(said.contains("for 8 agents: no problems"), said);
    }

    @Test
    void ctlShowsTheWindow() {
        assertEquals(
                "agent 1 looks: connected, shares 64 KiB at guest address 0x0",
                CtlCommand.Agents.line(
                        new AgentSnapshot(1, "looks", true, true, List.of(new SharedRegion(0, 64 << 10)))));
    }
}
