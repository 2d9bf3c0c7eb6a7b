// `scmid guest` with a window: options and overlay that fit each other and the service file, or a reason.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.transport.SharedRegion;

class GuestWindowCommandTest {
    private final Path service;

    GuestWindowCommandTest(@TempDir Path folder) throws Exception {
        service = Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents:
                  free:   { transport: vhost-user, socket: /run/free.sock, clocks: [uart0] }
                  sized:  { transport: vhost-user, socket: /run/sized.sock, clocks: [uart0], window: 4 MiB }
                  placed:
                    transport: vhost-user
                    socket: /run/placed.sock
                    clocks: [uart0]
                    window: { size: 4 MiB, guest-address: 0x48000000 }
                  low:
                    transport: vhost-user
                    socket: /run/low.sock
                    clocks: [uart0]
                    window: { size: 4 MiB, guest-address: 0x40000000 }
                  tools:  { transport: socket, socket: /run/tools.sock, clocks: all }
                """);
    }

    private String qemu(String... arguments) {
        return run("qemu", arguments).ok().strip();
    }

    private String dts(String... arguments) {
        return run("dts", arguments).ok();
    }

    private Invocation run(String command, String... arguments) {
        var all = new ArrayList<Object>(List.of("guest", command, service));
        all.addAll(List.of(arguments));
        return Invocation.of(all.toArray());
    }

    @Test
    void qemusOptionsShareTheWindowOnly() {
        assertEquals(
                "-machine virt -m 260M"
                        + " -object memory-backend-ram,id=scmi-ram,size=256M"
                        + " -object memory-backend-memfd,id=scmi-window,share=on,size=4M"
                        + " -numa node,nodeid=0,memdev=scmi-ram -numa node,nodeid=1,memdev=scmi-window"
                        + " -chardev socket,id=scmi,path=/run/free.sock"
                        + " -device vhost-user-scmi-pci,chardev=scmi,addr=0x10,iommu_platform=on",
                qemu("free", "--window", "4M"));
        assertEquals(
                "-machine virt -m 66704K"
                        + " -object memory-backend-ram,id=scmi-ram,size=63M"
                        + " -object memory-backend-memfd,id=scmi-window,share=on,size=2192K"
                        + " -numa node,nodeid=0,memdev=scmi-ram -numa node,nodeid=1,memdev=scmi-window"
                        + " -chardev socket,id=scmi,path=/run/free.sock"
                        + " -global virtio-mmio.force-legacy=false"
                        + " -device vhost-user-scmi,chardev=scmi,bus=virtio-mmio-bus.31,iommu_platform=on",
                qemu("free", "--window", "2192K", "--bus", "mmio", "--memory", "63"));
    }

    @ParameterizedTest
    @CsvSource({
        "pci,  256M, 4M,   50000000, <0x0 0x50000000 0x0 0x400000>",
        "mmio, 4G,   1G,   140000000, <0x1 0x40000000 0x0 0x40000000>",
        "pci,  1G,   536K, 80000000, <0x0 0x80000000 0x0 0x86000>"
    })
    void theOverlayPutsTheWindowBehindThePrivateMemory(
            String bus, String memory, String window, String unit, String cells) {
        String overlay = dts("free", "--bus", bus, "--memory", memory, "--window", window);
        assertTrue(overlay.contains("scmi_window: scmi-window@" + unit + " {"), overlay);
        assertTrue(overlay.contains("compatible = \"restricted-dma-pool\";"), overlay);
        assertTrue(overlay.contains("reg = " + cells + ";"), overlay);
        assertTrue(overlay.contains("scmi_clk: protocol@14 {"), "the SCMI nodes are there as well");
    }

    @Test
    void theDeviceOfEachBusRefersToTheWindow() {
        String pci = dts("free", "--window", "1M");
        assertTrue(pci.contains("""
                &{/pcie@10000000} {
                \tscmi@10,0 {
                \t\treg = <0x8000 0x0 0x0 0x0 0x0>;
                \t\tmemory-region = <&scmi_window>;
                \t};
                };
                """), pci);
        assertFalse(pci.contains("virtio_mmio"), pci);
        String mmio = dts("free", "--window", "4M", "--bus", "mmio");
        assertTrue(mmio.contains("&{/virtio_mmio@a003e00} {\n\tmemory-region = <&scmi_window>;\n"), mmio);
        assertFalse(mmio.contains("pcie"), mmio);
    }

    @Test
    void theServiceFilesWindowIsTakenWithoutBeingAskedFor() {
        assertTrue(qemu("sized").contains("id=scmi-window,share=on,size=4M"), qemu("sized"));
        assertTrue(dts("sized").contains("scmi-window@50000000"), dts("sized"));
        assertTrue(qemu("sized", "--window", "1M").contains("share=on,size=1M"), qemu("sized", "--window", "1M"));
        assertTrue(dts("placed").contains("scmi-window@48000000"), dts("placed"));
        assertTrue(qemu("placed").startsWith("-machine virt -m 132M "), "the private memory ends where it begins");
        assertFalse(dts("free").contains("scmi_window"), "nobody wants one");
        assertFalse(qemu("free").contains("scmi-window"), "nobody wants one");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            free   | --window 532K            | 532 KiB is too small for Linux on the pci bus | take 536 KiB; 1M is a good size
            free   | --window 2M --bus mmio   | two rings of 1024 entries                     | take 2128 KiB; 4M is a good size
            sized  | --window 8M              | a window of 8 MiB is more than `window`       | 4 MiB
            placed | --memory 256M            | the window is 4 MiB at guest address 0x50000000 | that takes 128 MiB: leave --memory out
            low    | --memory 256M            | wants it in 4 MiB at guest address 0x40000000 | 256 MiB of private memory
            low    | --window 4M              | `guest-address` 0x40000000                    | such as 0x50000000
            free   | --window 4M --memory 0M  | 0 bytes of private memory                     | --memory
            free   | --window 4M --memory 1K  | 1 KiB of private memory                       | a multiple of 4K
            free   | --window 537K            | 537 KiB is not made of whole pages            | 1M
            tools  | --window 4M              | `tools` is not reached by vhost-user          | window
            """)
    void aWindowThatCannotBeIsRefusedWithTheReason(String agent, String options, String said, String andSaid) {
        for (String command : List.of("dts", "qemu")) {
            String errors = run(command, join(agent, options)).failed(1);
            assertTrue(errors.contains(said) && errors.contains(andSaid), errors);
        }
    }

    private static String[] join(String agent, String options) {
        return (agent + " " + options).split(" ", -1);
    }

    @ParameterizedTest
    @CsvSource({"--window,large", "--window,4MiB", "--window,-4M", "--memory,99999999999T", "--window,"})
    void whatIsNoSizeIsWrongUsage(String option, String value) {
        String errors = run("dts", "free", option, value == null ? "" : value).failed(2);
        assertTrue(errors.contains(option) && errors.contains("512M"), errors);
    }

    @Test
    void ctlShowsWhatAnAgentShares() {
        var window = List.of(new SharedRegion(0x5000_0000L, 4 << 20));
        assertEquals(
                "agent 1 linux: connected, shares 4 MiB at guest address 0x50000000",
                CtlCommand.Agents.line(new AgentSnapshot(1, "linux", true, true, window)));
        assertEquals(
                "agent 2 old: connected, without notifications",
                CtlCommand.Agents.line(new AgentSnapshot(2, "old", true, false, List.of())));
        assertEquals(
                "agent 3 lost: not connected, shares 4 MiB at guest address 0x50000000",
                CtlCommand.Agents.line(new AgentSnapshot(3, "lost", false, false, window)));
    }
}
