// Maps of UIO devices, found by number in a stand-in for /sys/class/uio.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UioDeviceTest {
    private final Path folder;

    UioDeviceTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path device(String number, String name) throws IOException {
        Path device = Files.createDirectories(folder.resolve("class").resolve(number));
        Files.writeString(device.resolve("name"), name + "\n");
        return device;
    }

    private static void map(Path device, int number, String size, String offset) throws IOException {
        Path map = Files.createDirectories(device.resolve("maps/map" + number));
        Files.writeString(map.resolve("size"), size + "\n");
        Files.writeString(map.resolve("offset"), offset + "\n");
    }

    private UioDevice.MapPlace mapOf(String name, int map, long size) throws WindowException {
        return UioDevice.mapOf(
                "the window of agent rtos", name, map, size, folder.resolve("class"), folder.resolve("dev"));
    }

    private String refusal(String name, int map, long size) {
        return assertThrows(WindowException.class, () -> mapOf(name, map, size)).getMessage();
    }

    @Test
    void aMapIsMappedFromAsManyPagesAsItsNumber() throws IOException {
        Path mailbox = device("uio3", "mailbox");
        map(mailbox, 0, "0x1000", "0x0");
        map(mailbox, 2, "0x10000", "0x0");
        device("uio1", "other");
        Path node = folder.resolve("dev/uio3");

        assertEquals(new UioDevice.MapPlace(node, 0), mapOf("mailbox", 0, 0x1000));
        assertEquals(new UioDevice.MapPlace(node, 2 * PageSize.bytes()), mapOf("mailbox", 2, 0x10000));
        assertEquals(new UioDevice.MapPlace(node, 2 * PageSize.bytes()), mapOf("uio3", 2, 0x9000));
    }

    @Test
    void aMapThatIsTooSmallOrNotThereIsRefused() throws IOException {
        map(device("uio0", "mailbox"), 1, "0x8000", "0x0");

        assertEquals(
                "the window of agent rtos: map 1 of UIO device mailbox has 32768 bytes where 36864 are needed",
                refusal("mailbox", 1, 0x9000));
        assertEquals("the window of agent rtos: UIO device mailbox has no map 0", refusal("mailbox", 0, 0x1000));
    }

    @Test
    void aMapThatSharesItsFirstPageIsRefused() throws IOException {
        map(device("uio0", "mailbox"), 0, "0x8000", "0x40");

        assertTrue(refusal("mailbox", 0, 0x1000).contains("does not begin with a page of its own"));
    }

    @Test
    void aMapThatCannotBeReadIsRefused() throws IOException {
        map(device("uio0", "mailbox"), 0, "large", "0x0");

        assertTrue(refusal("mailbox", 0, 0x1000).contains("map 0 of UIO device mailbox cannot be read"));
    }

    @Test
    void aDeviceThatIsNotThereOrThereTwiceIsRefused() throws IOException {
        assertTrue(refusal("mailbox", 0, 0x1000).contains("is the kernel's uio driver loaded?"));
        device("uio0", "twin");
        device("uio1", "twin");

        String unknown = refusal("mailbox", 0, 0x1000);
        assertTrue(unknown.startsWith("the window of agent rtos: there is no UIO device mailbox; "), unknown);
        assertTrue(unknown.contains("there are twin"), unknown);
        String twice = refusal("twin", 0, 0x1000);
        assertTrue(twice.contains("2 UIO devices are named twin; write uioN"), twice);
    }
}
