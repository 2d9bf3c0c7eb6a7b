// Accesses to mapped memory: values, order of bytes, bounds, alignment, widths, closing.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(60)
class MappingTest {
    private static final int SIZE = 8192;

    private Fd file;
    private Mapping memory;

    @SuppressWarnings("NullAway.Init")
    MappingTest() {}

    @BeforeEach
    void map() throws LinuxException {
        file = MemFd.create("test", SIZE);
        memory = Mapping.map(file, 0, SIZE, true);
    }

    @AfterEach
    void close() {
        memory.close();
        file.close();
    }

    @Test
    void valuesAreLittleEndianAtAnyAddress() {
        memory.putLong(1, 0x8877_6655_4433_2211L);
        assertEquals(0x11, memory.getByte(1));
        assertEquals((byte) 0x88, memory.getByte(8));
        assertEquals(0x8877, memory.getU16(7));
        assertEquals(0x4433_2211, memory.getInt(1));
        assertEquals(0x8877_6655_4433_2211L, memory.getLong(1));
        memory.putByte(3, (byte) 0xaa);
        memory.putU16(5, 0x1_bbcc);
        assertEquals(0x8877_bbcc_44aa_2211L, memory.getLong(1));
        memory.putInt(5, 0xdead_beef);
        assertEquals(0xdead_beef, memory.getInt(5));
        assertEquals(0, memory.getByte(9));
        assertEquals(0, memory.getByte(0));
    }

    @Test
    void acquireAndReleaseMoveTheSameValues() {
        memory.putU16Release(2, 0x1_fffe);
        assertEquals(0xfffe, memory.getU16Acquire(2));
        assertEquals(0xfffe, memory.getU16(2));
        assertEquals(0, memory.getU16(4));
        memory.putIntRelease(4, 0x8000_0001);
        assertEquals(0x8000_0001, memory.getIntAcquire(4));
        assertEquals(0x01, memory.getByte(4));
    }

    @Test
    void everyAccessIsBounded() {
        byte[] bytes = new byte[16];
        List<Executable> outside = List.of(
                () -> memory.getByte(SIZE),
                () -> memory.getByte(-1),
                () -> memory.getU16(SIZE - 1),
                () -> memory.getInt(SIZE - 3),
                () -> memory.getLong(SIZE - 7),
                () -> memory.getLong(Long.MAX_VALUE - 3),
                () -> memory.putByte(SIZE, (byte) 0),
                () -> memory.putU16(SIZE - 1, 0),
                () -> memory.putInt(Long.MIN_VALUE, 0),
                () -> memory.putLong(SIZE, 0),
                () -> memory.getU16Acquire(SIZE),
                () -> memory.putU16Release(SIZE, 0),
                () -> memory.getIntAcquire(SIZE),
                () -> memory.putIntRelease(-4, 0),
                () -> memory.read(SIZE - 15, bytes, 0, 16),
                () -> memory.read(-1, bytes, 0, 1),
                () -> memory.read(0, bytes, 1, 16),
                () -> memory.write(SIZE - 15, bytes, 0, 16),
                () -> memory.write(0, bytes, -1, 1),
                () -> memory.write(0, bytes, 0, -1),
                () -> memory.readRegister(SIZE, 32),
                () -> memory.writeRegister(SIZE, 8, 0));
        for (int i = 0; i < outside.size(); i++) {
            assertThrows(IndexOutOfBoundsException.class, outside.get(i), "access " + i);
        }
        assertEquals(0, memory.getLong(SIZE - 8));
    }

    @Test
    void orderedAccessesMustBeAligned() {
        List<Executable> misaligned = List.of(
                () -> memory.getU16Acquire(1),
                () -> memory.putU16Release(3, 0),
                () -> memory.getIntAcquire(2),
                () -> memory.putIntRelease(6, 0),
                () -> memory.readRegister(1, 16),
                () -> memory.readRegister(2, 32),
                () -> memory.readRegister(4, 64),
                () -> memory.writeRegister(1, 16, 0),
                () -> memory.writeRegister(6, 32, 0),
                () -> memory.writeRegister(4, 64, 0));
        for (int i = 0; i < misaligned.size(); i++) {
            assertThrows(IllegalArgumentException.class, misaligned.get(i), "access " + i);
        }
    }

    @Test
    void registersAreReadZeroExtendedAndWrittenInTheirWidthOnly() {
        for (int width : new int[] {8, 16, 32, 64}) {
            int bytes = width / 8;
            memory.putLong(0, -1);
            memory.putLong(8, -1);
            memory.putLong(16, -1);
            memory.writeRegister(8, width, 0);
            assertEquals(width == 64 ? 0 : -1L << width, memory.getLong(8), width + " bits");
            assertEquals(-1, memory.getLong(0));
            assertEquals(-1, memory.getLong(16));
            memory.writeRegister(8, width, 0x8899_aabb_ccdd_eeffL);
            assertEquals(0x8899_aabb_ccdd_eeffL & (-1L >>> (64 - width)), memory.readRegister(8, width));
            assertEquals((byte) 0xff, memory.getByte(8 + bytes));
        }
        assertThrows(IllegalArgumentException.class, () -> memory.readRegister(0, 24));
        assertThrows(IllegalArgumentException.class, () -> memory.writeRegister(0, 0, 1));
    }

    @Test
    void bytesAreCopiedBothWays() {
        byte[] from = {9, 1, 2, 3, 9};
        memory.write(5, from, 1, 3);
        byte[] to = new byte[5];
        memory.read(5, to, 1, 3);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, to);
        memory.read(SIZE, to, 5, 0);
    }

    @Test
    void twoMappingsOfAFileShareItsBytes() throws LinuxException {
        try (Mapping second = Mapping.map(file, 4096, 4096, true)) {
            memory.putInt(4096 + 12, 77);
            assertEquals(77, second.getInt(12));
            assertEquals(4096, second.size());
        }
        assertEquals(77, memory.getInt(4096 + 12), "closing one leaves the other");
    }

    @Test
    void aReleasedValuePublishesWhatWasWrittenBefore() throws Exception {
        int rounds = 200_000;
        try (Mapping other = Mapping.map(file, 0, SIZE, true)) {
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 1; i <= rounds; i++) {
                    other.putInt(64, i);
                    other.putLong(72, ~(long) i);
                    other.putU16Release(0, i);
                    while (other.getU16Acquire(2) != (i & 0xffff)) {
                        Thread.onSpinWait();
                    }
                }
            });
            for (int i = 1; i <= rounds; i++) {
                while (memory.getU16Acquire(0) != (i & 0xffff)) {
                    Thread.onSpinWait();
                }
                assertEquals(i, memory.getInt(64));
                assertEquals(~(long) i, memory.getLong(72));
                memory.putU16Release(2, i);
            }
            writer.join();
        }
    }

    @Test
    void aClosedMappingIsRefused() {
        assertTrue(memory.isOpen());
        memory.close();
        memory.close();
        assertFalse(memory.isOpen());
        assertThrows(IllegalStateException.class, () -> memory.getByte(0));
        assertThrows(IllegalStateException.class, () -> memory.putU16Release(0, 1));
        assertThrows(IllegalStateException.class, () -> memory.read(0, new byte[1], 0, 1));
        assertThrows(IllegalStateException.class, () -> memory.readRegister(0, 32));
    }

    @Test
    void anotherThreadsAccessFailsOnceItIsClosed() throws Exception {
        Thread reader = Thread.ofPlatform().start(() -> {
            memory.putInt(0, 1);
            assertThrows(IllegalStateException.class, () -> {
                while (true) {
                    memory.getIntAcquire(4);
                }
            });
            file.close();
        });
        while (memory.getIntAcquire(0) == 0) {
            Thread.onSpinWait();
        }
        memory.close();
        reader.join();
        assertFalse(file.isOpen(), "the reader did not end by the exception");
    }

    @Test
    void theDescriptorIsNotNeededOnceMapped() {
        file.close();
        memory.putInt(0, 1);
        assertEquals(1, memory.getInt(0));
    }

    @Test
    void anonymousMemoryIsZeroAndWritable() throws LinuxException {
        try (Mapping anonymous = Mapping.anonymous(100)) {
            assertEquals(100, anonymous.size());
            assertEquals(0, anonymous.getLong(92));
            anonymous.putLong(92, 5);
            assertEquals(5, anonymous.getLong(92));
            assertThrows(IndexOutOfBoundsException.class, () -> anonymous.getByte(100));
        }
    }

    @Test
    void impossibleMappingsAreReported() {
        LinuxException offset = assertThrows(LinuxException.class, () -> Mapping.map(file, 1, 4096, true));
        assertEquals("mmap(" + file + ", 1, 4096): Invalid argument (EINVAL)", offset.getMessage());
        assertEquals(
                "EINVAL",
                assertThrows(LinuxException.class, () -> Mapping.map(file, 0, 0, true))
                        .errnoName());
        assertEquals(
                "ENOMEM",
                assertThrows(LinuxException.class, () -> Mapping.map(file, 0, Long.MAX_VALUE, true))
                        .errnoName());
        assertThrows(LinuxException.class, () -> Mapping.anonymous(-1));
    }

    @Test
    void aFileOpenedForReadingCannotBeMappedForWriting() throws LinuxException {
        Path self = Path.of("/proc/self/exe");
        try (Fd readOnly = NativeFile.open(self, OpenMode.READ_ONLY, false, false);
                Mapping mapping = Mapping.map(readOnly, 0, 4096, false)) {
            assertEquals(0x464c_457f, mapping.getInt(0)); // "\x7fELF"
            LinuxException e = assertThrows(LinuxException.class, () -> Mapping.map(readOnly, 0, 4096, true));
            assertEquals("EACCES", e.errnoName());
        }
    }
}
