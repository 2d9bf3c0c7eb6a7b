// Windows that are mapped: files, and stand-ins for /dev/mem and UIO devices.
package org.scmid.platform.register;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.register.Access;
import org.scmid.config.register.WindowSpec;
import org.scmid.platform.BoardBuilder;

class MappedWindowTest {
    private static final int PAGE = (int) PageSize.bytes();

    @TempDir
    Path folder;

    private static WindowSpec spec(Access access, long at, long size, int width, Map<Long, Long> initial) {
        SortedMap<Long, Long> values = new TreeMap<>(initial);
        return BoardBuilder.window(access, at, size, width, values);
    }

    private WindowSpec fileSpec(long size, int width, Map<Long, Long> initial) {
        return spec(new Access.File(folder.resolve("regs")), 0xff44_0000L, size, width, initial);
    }

    @Test
    void aFileThatIsAbsentIsCreatedForItsOwnerWithTheInitialValues() throws IOException {
        Path path = folder.resolve("regs");
        WindowSpec spec = fileSpec(16, 32, Map.of(4L, 0x8765_4321L, 12L, 1L));

        try (RegisterWindow window = MappedWindow.file(spec, path)) {
            assertEquals(0x8765_4321L, window.read(4));
        }

        assertArrayEquals(
                new byte[] {0, 0, 0, 0, 0x21, 0x43, 0x65, (byte) 0x87, 0, 0, 0, 0, 1, 0, 0, 0},
                Files.readAllBytes(path));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count(), "nothing is left beside it");
        }
    }

    @Test
    void anExistingFileIsTakenAsItIs() throws IOException {
        Path path = folder.resolve("regs");
        byte[] before = new byte[100];
        before[4] = 0x55;
        before[99] = 0x66;
        Files.write(path, before);

        try (RegisterWindow window = MappedWindow.file(fileSpec(16, 32, Map.of(4L, 0x1L)), path)) {
            assertEquals(0x55, window.read(4));
        }

        assertArrayEquals(before, Files.readAllBytes(path));
    }

    @Test
    void aFileThatIsTooSmallIsRefusedAndStaysAsItIs() throws IOException {
        Path path = folder.resolve("regs");
        Files.write(path, new byte[15]);

        WindowException refusal =
                assertThrows(WindowException.class, () -> MappedWindow.file(fileSpec(16, 32, Map.of()), path));

        assertTrue(refusal.getMessage().contains("has 15 bytes, the window needs 16"), refusal.getMessage());
        assertEquals(15, Files.size(path));
    }

    @Test
    void aFolderInPlaceOfTheFileAndAMissingFolderAreRefused() throws IOException {
        Path path = Files.createDirectory(folder.resolve("regs"));
        WindowSpec spec = fileSpec(16, 32, Map.of());

        WindowException notAFile = assertThrows(WindowException.class, () -> MappedWindow.file(spec, path));
        WindowException noFolder =
                assertThrows(WindowException.class, () -> MappedWindow.file(spec, folder.resolve("no/regs")));

        assertTrue(notAFile.getMessage().contains("not a regular file"), notAFile.getMessage());
        assertTrue(noFolder.getMessage().contains("no such folder"), noFolder.getMessage());
    }

    @Test
    void aStoreIsSeenInTheFileAndAChangeOfTheFileIsRead() throws IOException {
        Path path = folder.resolve("regs");
        for (int width : new int[] {8, 16, 32, 64}) {
            Files.deleteIfExists(path);
            try (RegisterWindow window = MappedWindow.file(fileSpec(32, width, Map.of()), path)) {
                window.write(8, 0x8182_8384_8586_8788L);

                byte[] bytes = Files.readAllBytes(path);
                for (int i = 0; i < 8; i++) {
                    assertEquals((byte) (i < width / 8 ? 0x88 - i : 0), bytes[8 + i], width + " bits, byte " + i);
                }
                bytes[16] = (byte) 0xff;
                try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
                    file.write(bytes);
                }
                assertEquals(0xff, window.read(16));
            }
        }
    }

    @Test
    void openingABoardClosesWhatItOpenedIfAWindowFails() {
        Board board = new BoardBuilder().file(folder.resolve("no/regs")).build();

        assertThrows(WindowException.class, () -> Windows.open(board, false));
    }

    @Test
    void aSimulatedBoardTouchesNoFile() throws IOException {
        Board board =
                new BoardBuilder().file(folder.resolve("regs")).initial(0x10, 7).build();

        try (Windows windows = Windows.open(board, true)) {
            assertEquals(7, windows.window(BoardBuilder.WINDOW).read(0x10));
        }

        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void physicalMemoryIsMappedByThePageButOnlyTheWindowIsReached() throws IOException {
        Path memory = folder.resolve("mem");
        Files.write(memory, new byte[3 * PAGE]);
        WindowSpec spec = spec(new Access.Devmem(), PAGE + 0x10, 0x20, 32, Map.of(0L, 9L));

        try (RegisterWindow window = MappedWindow.devmem(spec, memory, nobody())) {
            assertEquals(0, window.read(0), "initial values are for simulation");
            window.write(4, 0x1234);
            assertThrows(IndexOutOfBoundsException.class, () -> window.read(0x20));
            assertThrows(IndexOutOfBoundsException.class, () -> window.read(-4));
        }

        byte[] bytes = Files.readAllBytes(memory);
        assertEquals(0x34, bytes[PAGE + 0x14]);
        assertEquals(0x12, bytes[PAGE + 0x15]);
    }

    @Test
    void aMachineWithoutPhysicalMemoryDeviceIsExplained() {
        WindowSpec spec = spec(new Access.Devmem(), 0xff44_0000L, 0x1000, 32, Map.of());

        WindowException refusal =
                assertThrows(WindowException.class, () -> MappedWindow.devmem(spec, folder.resolve("mem"), nobody()));

        assertTrue(refusal.getMessage().startsWith("register window cru: "), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("CONFIG_DEVMEM"), refusal.getMessage());
    }

    /** A host whose kernel drives nothing. */
    private HostKernel nobody() {
        return new HostKernel(folder.resolve("nowhere"));
    }

    private void uioDevice(String number, String name, long address, long size, long offset) throws IOException {
        Path device = Files.createDirectories(folder.resolve("class").resolve(number));
        Files.writeString(device.resolve("name"), name + "\n");
        Path map = Files.createDirectories(device.resolve("maps/map0"));
        Files.writeString(map.resolve("addr"), String.format("0x%016x\n", address));
        Files.writeString(map.resolve("size"), String.format("0x%016x\n", size));
        Files.writeString(map.resolve("offset"), String.format("0x%x\n", offset));
        Files.createDirectories(folder.resolve("dev"));
        Files.write(folder.resolve("dev").resolve(number), new byte[2 * PAGE]);
    }

    private RegisterWindow openUio(WindowSpec spec, String name) throws WindowException {
        return UioDevice.open(spec, name, folder.resolve("class"), folder.resolve("dev"));
    }

    @Test
    void aUioDeviceIsFoundByItsNameOrItsNumber() throws IOException {
        uioDevice("uio0", "other", 0x1000_0000L, 0x1000, 0);
        uioDevice("uio1", "cru", 0xff44_0000L, 0x1000, 0x40);
        WindowSpec spec = spec(new Access.Uio("cru"), 0xff44_0100L, 0x100, 32, Map.of());

        try (RegisterWindow window = openUio(spec, "cru")) {
            window.write(8, 0x77);
        }
        try (RegisterWindow window = openUio(spec, "uio1")) {
            assertEquals(0x77, window.read(8));
        }

        assertEquals(0x77, Files.readAllBytes(folder.resolve("dev/uio1"))[0x40 + 0x100 + 8]);
    }

    @Test
    void aUioDeviceThatDoesNotHoldTheWindowIsRefusedWithWhatItHolds() throws IOException {
        uioDevice("uio0", "cru", 0xff44_0000L, 0x1000, 0);

        WindowException large = assertThrows(
                WindowException.class, () -> openUio(spec(new Access.Uio("cru"), 0, 0x1004, 32, Map.of()), "cru"));
        WindowException elsewhere = assertThrows(
                WindowException.class,
                () -> openUio(spec(new Access.Uio("cru"), 0xff45_0000L, 0x10, 32, Map.of()), "cru"));

        assertTrue(large.getMessage().contains("0xff440000..0xff440fff"), large.getMessage());
        assertTrue(elsewhere.getMessage().contains("0xff450000"), elsewhere.getMessage());
    }

    @Test
    void anUnknownUioNameIsRefusedWithTheNamesThereAre() throws IOException {
        uioDevice("uio0", "other", 0, 0x1000, 0);
        uioDevice("uio1", "twin", 0, 0x1000, 0);
        uioDevice("uio2", "twin", 0, 0x1000, 0);
        WindowSpec spec = spec(new Access.Uio("cru"), 0, 0x10, 32, Map.of());

        WindowException unknown = assertThrows(WindowException.class, () -> openUio(spec, "cru"));
        WindowException twice = assertThrows(WindowException.class, () -> openUio(spec, "twin"));

        assertTrue(unknown.getMessage().contains("there are other, twin"), unknown.getMessage());
        assertTrue(twice.getMessage().contains("write uioN for one of them, such as uio"), twice.getMessage());
    }
}
