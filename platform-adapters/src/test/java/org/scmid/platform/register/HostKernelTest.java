// Windows that the host's kernel drives, or does not hand out, on hosts made of files.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.document.ConfigException;
import org.scmid.config.register.WindowSpec;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.platform.TestBoards;

class HostKernelTest {
    @TempDir
    Path root;

    private Path tree() {
        return root.resolve("sys/firmware/devicetree/base");
    }

    /** A Raspberry Pi 4's tree: 64-bit addresses, and a bus whose addresses are elsewhere. */
    @BeforeEach
    void plantATree() throws IOException {
        cells("#address-cells", 2);
        cells("#size-cells", 1);
        cells("soc/#address-cells", 1);
        cells("soc/#size-cells", 1);
        cells("soc/ranges", 0x7e00_0000, 0, 0xfe00_0000, 0x0180_0000);
        text("soc/compatible", "simple-bus");
        cells("soc/cprman@7e101000/reg", 0x7e10_1000, 0x2000);
        cells("soc/cprman@7e101000/#clock-cells", 1);
        text("soc/cprman@7e101000/compatible", "brcm,bcm2711-cprman", "brcm,bcm2835-cprman");
    }

    private void cells(String property, int... values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        write(property, bytes.array());
    }

    private void text(String property, String... values) throws IOException {
        write(property, (String.join("\0", values) + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    private void write(String property, byte[] bytes) throws IOException {
        Path file = tree().resolve(property);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, bytes);
    }

    private void device(String bus, String name, String node, String driver) throws IOException {
        Path device = Files.createDirectories(root.resolve("sys/bus/" + bus + "/devices/" + name));
        if (!node.isEmpty()) {
            Files.createSymbolicLink(device.resolve("of_node"), tree().resolve(node));
        }
        if (!driver.isEmpty()) {
            Path its = Files.createDirectories(root.resolve("sys/bus/" + bus + "/drivers/" + driver));
            Files.createSymbolicLink(device.resolve("driver"), its);
        }
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private WindowSpec window(String keys) throws IOException, ConfigException {
        return Objects.requireNonNull(
                TestBoards.read(root, """
                        board: x
                        registers:
                          cprman: { %s }
                        clocks: {}
                        """.formatted(keys)).registers().get("cprman"));
    }

    private void isFree(String keys) throws IOException, ConfigException {
        WindowSpec spec = window(keys);
        assertDoesNotThrow(() -> new HostKernel(root).refuseIfDriven(spec));
    }

    private String refusal(String keys) throws IOException, ConfigException {
        WindowSpec spec = window(keys);
        return assertThrows(WindowException.class, () -> new HostKernel(root).refuseIfDriven(spec))
                .getMessage();
    }

    @Test
    void aWindowOfADeviceWithADriverIsRefusedWithTheDriversName() throws Exception {
        device("platform", "fe101000.cprman", "soc/cprman@7e101000", "bcm2835-clk");

        String message = refusal("at: 0xfe102ffc, size: 4");

        assertTrue(
                message.startsWith("register window cprman: 0xfe102ffc..0xfe102fff is driven by this host's kernel:"
                        + " driver bcm2835-clk, device fe101000.cprman."),
                message);
        assertTrue(message.contains("`share-with-kernel: true`"), message);
        assertTrue(refusal("at: 0xfe000000, size: 16 MiB").contains("bcm2835-clk"));
    }

    @Test
    void itsNeighboursAndTheBussOwnAddressesAreFree() throws Exception {
        device("platform", "fe101000.cprman", "soc/cprman@7e101000", "bcm2835-clk");
        isFree("at: 0xfe103000, size: 4 KiB");
        isFree("at: 0xfe100000, size: 4 KiB");
        isFree("at: 0x7e101000, size: 4 KiB");
    }

    @Test
    void whoeverWantsToSharesWithTheKernel() throws Exception {
        device("platform", "fe101000.cprman", "soc/cprman@7e101000", "bcm2835-clk");
        isFree("at: 0xfe101000, size: 0x2000, share-with-kernel: true");
    }

    @Test
    void aDeviceWithoutDriverAndOneThatIsHandedOutAreFree() throws Exception {
        device("platform", "fe101000.cprman", "soc/cprman@7e101000", "");
        isFree("at: 0xfe101000, size: 0x2000");
        device("amba", "other", "soc/cprman@7e101000", "uio_pdrv_genirq");
        isFree("at: 0xfe101000, size: 0x2000");
    }

    @Test
    void aClockControllerThatTheKernelStartedWithoutADeviceIsRefused() throws Exception {
        String message = refusal("at: 0xfe101000, size: 0x2000");
        assertTrue(message.contains("the clock driver for brcm,bcm2711-cprman"), message);

        text("soc/cprman@7e101000/status", "disabled");
        isFree("at: 0xfe101000, size: 0x2000");
    }

    @Test
    void onAHostWithoutDeviceTreeTheMemoryMapTells() throws Exception {
        text("soc/cprman@7e101000/status", "disabled");
        file("proc/iomem", """
                00000000-3fffffff : System RAM
                09030000-09030fff : ARMH0061:00
                  09030000-09030fff : ARMH0061:00 ARMH0061:00
                0a000000-0a0001ff : LNRO0005:00
                """);
        device("platform", "ARMH0061:00", "", "pl061_gpio");
        device("platform", "LNRO0005:00", "", "");
        assertTrue(refusal("at: 0x9030000, size: 4 KiB").contains("driver pl061_gpio, device ARMH0061:00"));
        isFree("at: 0xa000000, size: 512");
        isFree("at: 0x9031000, size: 4 KiB");
    }

    @Test
    void aMemoryMapThatIsHiddenFromTheUserTellsNothing() throws Exception {
        text("soc/cprman@7e101000/status", "disabled");
        file("proc/iomem", "00000000-00000000 : ARMH0061:00\nnonsense\n");
        device("platform", "ARMH0061:00", "", "pl061_gpio");
        isFree("at: 0, size: 4 KiB");
        isFree("at: 0x9030000, size: 4 KiB");
    }

    @Test
    void aTreeThatIsBrokenTellsNothing() throws Exception {
        device("platform", "fe101000.cprman", "soc/cprman@7e101000", "bcm2835-clk");
        for (List<Integer> ranges : List.of(List.of(1), List.of(0x1000, 0, 0, 0x10), List.<Integer>of(9, 9, 9))) {
            cells("soc/ranges", ranges.stream().mapToInt(Integer::intValue).toArray());
            cells("soc/cprman@7e101000/reg", 0x7e10_1000);
            isFree("at: 0xfe101000, size: 0x2000");
        }
    }

    // What the kernel does not hand out

    private String explain(String call, int errno) throws IOException, ConfigException {
        return new DevmemRefusal(new HostKernel(root))
                .explain(new LinuxException(call, errno), window("at: 0xff440000, size: 4 KiB"), Path.of("/dev/mem"));
    }

    @Test
    void addressesThatTheKernelKeepsAreNamedWithWhatIsThere() throws Exception {
        String unknown = explain("mmap(/dev/mem)", Errno.EPERM);
        assertTrue(unknown.contains("STRICT_DEVMEM. A driver owns these addresses, or they are memory"), unknown);
        assertTrue(unknown.contains("0xff440000..0xff440fff"), unknown);

        for (String memory : List.of("", "  ff440000-ff44ffff : Kernel code\n")) {
            file("proc/iomem", "ff000000-ffffffff : System RAM\n" + memory);
            String said = explain("mmap(/dev/mem)", Errno.EPERM);
            assertTrue(
                    said.endsWith("They are memory, not registers; are these the right address and the right board?"));
        }

        file("proc/iomem", "ff000000-ffffffff : bus\n  ff440000-ff440fff : ff440000.cru cru@ff440000\n");
        assertTrue(explain("mmap(/dev/mem)", Errno.EPERM).contains("They belong to `ff440000.cru cru@ff440000`"));
    }

    @Test
    void aDeviceThatCannotBeOpenedIsExplainedByWhatIsMissing() throws Exception {
        assertTrue(explain("open(/dev/mem)", Errno.EACCES).contains("only root, with CAP_SYS_RAWIO"));
        assertTrue(explain("open(/dev/mem)", Errno.ENOENT).contains("CONFIG_DEVMEM"));
        assertTrue(explain("open(/dev/mem)", Errno.EPERM)
                .contains("a security module, or this container's list of devices"));

        file("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        file("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");
        assertTrue(explain("open(/dev/mem)", Errno.EPERM).contains("locked down (integrity)"));

        file("proc/self/status", "Name:\tjava\nCapEff:\t00000000a80425fb\n");
        assertTrue(explain("open(/dev/mem)", Errno.EPERM).contains("lacks CAP_SYS_RAWIO"));
        assertEquals("integrity", new HostKernel(root).lockdown());
    }
}
