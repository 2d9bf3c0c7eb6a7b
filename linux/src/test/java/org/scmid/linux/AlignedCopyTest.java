// Copies to and from device memory: the right bytes and no others, by aligned accesses.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AlignedCopyTest {
    private static final int SIZE = 4096;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final byte[] expected = new byte[SIZE];

    private Fd file;

    /** The same bytes as a device's memory, and as any memory. */
    private Mapping device;

    private Mapping plain;

    @SuppressWarnings("NullAway.Init")
    AlignedCopyTest() {}

    @BeforeEach
    void map() throws LinuxException {
        file = MemFd.create("test", SIZE);
        device = Mapping.mapDevice(file, 0, SIZE);
        plain = Mapping.map(file, 0, SIZE, true);
        random.nextBytes(expected);
        plain.write(0, expected, 0, SIZE);
    }

    @AfterEach
    void close() {
        device.close();
        plain.close();
        file.close();
    }

    @Test
    void everyAccessIsAlignedToItsWidthAndWithinWhatIsLeft() {
        for (long at = 0; at < 64; at++) {
            for (int left = 1; left < 64; left++) {
                int width = AlignedCopy.width(at, left);
                assertTrue(width == 1 || width == 2 || width == 4 || width == 8, width + " bytes");
                assertEquals(0, at % width, width + " bytes at " + at);
                assertTrue(width <= left, width + " of " + left + " bytes");
                boolean widerFits = width < 8 && at % (2L * width) == 0 && 2 * width <= left;
                assertTrue(!widerFits, "no needless narrow access at " + at + " with " + left + " left");
            }
        }
        assertEquals(8, AlignedCopy.width(0x7fff_ffff_ffff_fff8L, Integer.MAX_VALUE));
    }

    @Test
    void copiesOfAnyLengthAndAlignmentMoveExactlyTheirBytes() {
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextInt(random.nextBoolean() ? 20 : 600);
            int at = random.nextInt(SIZE - length + 1);
            byte[] array = new byte[length + random.nextInt(20)];
            int offset = random.nextInt(array.length - length + 1);
            random.nextBytes(array);
            String what = length + " bytes between " + at + " and index " + offset + ", seed " + seed;

            if (random.nextBoolean()) {
                byte[] before = array.clone();
                System.arraycopy(array, offset, expected, at, length);
                device.write(at, array, offset, length);
                assertArrayEquals(before, array, what);
            } else {
                byte[] wanted = array.clone();
                System.arraycopy(expected, at, wanted, offset, length);
                device.read(at, array, offset, length);
                assertArrayEquals(wanted, array, what);
            }
        }
        byte[] found = new byte[SIZE];
        plain.read(0, found, 0, SIZE);
        assertArrayEquals(expected, found, "seed " + seed);
    }

    @Test
    void whatIsNotInsideIsRefusedAndNothingIsWritten() {
        byte[] bytes = new byte[16];
        assertThrows(IndexOutOfBoundsException.class, () -> device.write(SIZE - 15, bytes, 0, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> device.write(-1, bytes, 0, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> device.write(0, bytes, 1, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> device.write(0, bytes, 0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> device.read(SIZE - 15, bytes, 0, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> device.read(Long.MAX_VALUE, bytes, 0, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> device.read(0, bytes, -1, 16));
        byte[] found = new byte[SIZE];
        device.read(0, found, 0, SIZE);
        assertArrayEquals(expected, found);
    }

    @Test
    void aCopyAfterClosingIsRefused() {
        device.close();
        assertThrows(IllegalStateException.class, () -> device.read(0, new byte[8], 0, 8));
        assertThrows(IllegalStateException.class, () -> device.write(0, new byte[8], 0, 8));
    }
}
