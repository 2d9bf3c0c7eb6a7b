/* The window on memory: byte order, bounds, names. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageBufferTest {
    @Test
    void wordsAreLittleEndianAtAnyPosition() {
        MessageBuffer buffer = Wire.message("00 11 22 33 44 55 66 77 88 99");
        assertEquals(0x44332211, buffer.getU32(1));
        assertEquals(0x8877665544332211L, buffer.getU64(1));
        assertEquals(0x99, buffer.getU8(9));
        buffer.putU32(3, 0x0A0B0C0D);
        buffer.putU8(0, 0x1FF);
        assertEquals(0x0D, buffer.getU8(3));
        assertEquals(0xFF, buffer.getU8(0));
        buffer.putU64(0, 0x0102030405060708L);
        assertEquals(0x08, buffer.getU8(0));
    }

    @Test
    void theWindowIsTheLimitNotTheArray() {
        MessageBuffer buffer = new MessageBuffer().wrap(new byte[32], 8, 8);
        assertEquals(8, buffer.length());
        buffer.putU64(0, -1);
        assertEquals(-1, buffer.array()[8]);
        assertEquals(0, buffer.array()[16]);
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getU32(5));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getU32(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getU32(Integer.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.putU64(1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.putU8(8, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.putZeros(7, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getBytes(4, new byte[8], 0, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.putBytes(4, new byte[8], 0, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> new MessageBuffer().wrap(new byte[4], 2, 3));
    }

    @Test
    void bytesAreCopiedBothWays() {
        MessageBuffer buffer = new MessageBuffer(6);
        buffer.putBytes(1, new byte[] {1, 2, 3, 4}, 1, 3);
        byte[] back = new byte[3];
        buffer.getBytes(2, back, 1, 2);
        assertEquals(0, back[0]);
        assertEquals(3, back[1]);
        assertEquals(4, back[2]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 14, 15, 16, 62, 63, 64, 200})
    void aNameIsCutToItsFieldAndAlwaysEnded(int length) {
        String name = "abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                .repeat(4)
                .substring(0, length);
        for (int field : new int[] {Names.SHORT_BYTES, Names.EXTENDED_BYTES}) {
            MessageBuffer room = Wire.room();
            Names.put(room, 0, field, name);
            String kept = name.substring(0, Math.min(length, field - 1));
            Wire.assertWritten(Wire.name(kept, field), room, field);
            assertEquals(kept, Names.get(room, 0, field));
        }
        assertEquals(length > 15, Names.needsExtended(name));
    }

    @Test
    void aNameIsPrintableAsciiInBothDirections() {
        MessageBuffer room = Wire.room();
        Names.put(room, 0, Names.SHORT_BYTES, "µs\u0000\n\u007f~ ok");
        Wire.assertWritten(Wire.name("?s???~ ok", 16), room, 16);
        MessageBuffer hostile = Wire.message("61 1b 0a c3 bc 80 7e 62 63 64 65 66 67 68 69 6a");
        assertEquals("a?????~bcdefghij", Names.get(hostile, 0, 16));
    }

    @Test
    void aFieldWithoutItsZeroByteIsReadToItsEnd() {
        assertEquals("0123456789abcdef", Names.get(Wire.message(Wire.name("0123456789abcdefXX", 18)), 0, 16));
        assertFalse(Names.needsExtended("0123456789abcde"));
        assertTrue(Names.needsExtended("0123456789abcdef"));
    }
}
