// From the place of a window in a file of the configuration to the file that is mapped.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.window.RegionSpec;

class RegionPlaceTest {
    private static final String ADDRESS = "0000:00:02.0";

    private final Path devices;

    RegionPlaceTest(@TempDir Path folder) {
        devices = folder;
    }

    private static RegionSpec region(RegionSpec.Location location) {
        return new RegionSpec(location, 0x1000, 0x10000, 0);
    }

    private RegionPlace of(RegionSpec.Location location) throws IOException {
        return RegionPlace.of("agent rtos", region(location), devices);
    }

    private Path pciDevice(String vendor, String device) throws IOException {
        Path folder = Files.createDirectories(devices.resolve(ADDRESS));
        Files.writeString(folder.resolve("vendor"), vendor + "\n");
        Files.writeString(folder.resolve("device"), device + "\n");
        Files.writeString(folder.resolve("enable"), "0\n");
        return folder;
    }

    private String refusal() {
        return String.valueOf(assertThrows(IOException.class, () -> of(new RegionSpec.Pci(ADDRESS)))
                .getMessage());
    }

    @Test
    void aFileIsTakenAsItIsWritten() throws IOException {
        assertEquals(
                new RegionPlace(Path.of("/dev/shm/a"), 0x1000, 0x10000, false),
                of(new RegionSpec.File(Path.of("/dev/shm/a"))));
    }

    @Test
    void physicalMemoryIsFoundByItsAddress() throws IOException {
        assertEquals(
                new RegionPlace(Path.of("/dev/mem"), 0x8000_1000L, 0x10000, true),
                of(new RegionSpec.Physical(0x8000_0000L)));
    }

    @Test
    void anIvshmemDevicesMemoryIsItsBar2() throws IOException {
        Path device = pciDevice("0x1af4", "0x1110");
        Path bar = Files.write(device.resolve("resource2"), new byte[0x11000]);

        assertEquals(new RegionPlace(bar, 0x1000, 0x10000, true), of(new RegionSpec.Pci(ADDRESS)));
    }

    @Test
    void anIvshmemDeviceThatIsOffIsSwitchedOnAndOneThatIsOnIsLeftAlone() throws IOException {
        Path device = pciDevice("0x1af4", "0x1110");
        Files.write(device.resolve("resource2"), new byte[0x11000]);
        of(new RegionSpec.Pci(ADDRESS));
        assertEquals("1", Files.readString(device.resolve("enable")));

        Files.writeString(device.resolve("enable"), "2\n");
        of(new RegionSpec.Pci(ADDRESS));
        assertEquals("2\n", Files.readString(device.resolve("enable")));
    }

    @Test
    void aDeviceThatCannotBeSwitchedOnIsRefused() throws IOException {
        Path device = pciDevice("0x1af4", "0x1110");
        Files.write(device.resolve("resource2"), new byte[0x11000]);
        Path enable = device.resolve("enable");
        Files.delete(enable);
        assertTrue(refusal().contains("PCI device 0000:00:02.0 cannot be switched on"), refusal());
        assertTrue(refusal().endsWith("; as root: echo 1 > " + enable), refusal());
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        assertEquals(
                "the window of agent rtos: there is no PCI device 0000:00:02.0; `lspci -D` shows those there are",
                refusal());
    }

    @Test
    void aDeviceThatIsNoIvshmemIsRefused() throws IOException {
        pciDevice("0x8086", "0x1110");
        assertTrue(
                refusal().contains("PCI device 0000:00:02.0 is 0x8086:0x1110, and an ivshmem device is 0x1af4:0x1110"));
        pciDevice("0x1af4", "0x1000");
        assertTrue(refusal().contains("is 0x1af4:0x1000, and an ivshmem device is"));
    }

    @Test
    void aDeviceWithoutEnoughMemoryIsRefused() throws IOException {
        Path device = pciDevice("0x1af4", "0x1110");
        assertTrue(refusal().contains("has no BAR 2"));
        Files.write(device.resolve("resource2"), new byte[0x10000]);
        assertEquals(
                "the window of agent rtos: BAR 2 of PCI device 0000:00:02.0 has 65536 bytes where 69632 are needed",
                refusal());
    }

    @Test
    void aUioDeviceThatIsNotThereIsRefusedInTheAgentsName() {
        String said =
                String.valueOf(assertThrows(IOException.class, () -> of(new RegionSpec.Uio("scmid-no-such-device", 0)))
                        .getMessage());
        assertTrue(said.startsWith("the window of agent rtos: there is no UIO device scmid-no-such-device"), said);
    }
}
