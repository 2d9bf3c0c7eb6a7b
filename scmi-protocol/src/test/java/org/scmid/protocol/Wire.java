/* Bytes for tests: from hexadecimal, and compared as hexadecimal. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;

/** Messages in tests are written as hexadecimal bytes, by hand, from the tables of the specification. */
public final class Wire {
    private static final int BLANK_BYTES = 512;
    private static final byte BLANK = (byte) 0xEE;

    private Wire() {}

    /** A message of these bytes; blanks do not count. */
    public static MessageBuffer message(String hex) {
        return new MessageBuffer().wrap(bytes(hex));
    }

    /** Room for a message, full of rubbish, so that a field that is not written shows. */
    public static MessageBuffer room() {
        byte[] bytes = new byte[BLANK_BYTES];
        Arrays.fill(bytes, BLANK);
        return new MessageBuffer().wrap(bytes);
    }

    /** Asserts that {@code length} bytes were written, which ones, and none after them. */
    public static void assertWritten(String hex, MessageBuffer room, int length) {
        byte[] written = Arrays.copyOf(room.array(), length);
        assertEquals(HexFormat.of().formatHex(bytes(hex)), HexFormat.of().formatHex(written));
        for (int at = length; at < room.length(); at++) {
            assertEquals(BLANK & 0xFF, room.getU8(at), "byte " + at + ", after the message");
        }
    }

    /** The hexadecimal bytes of a name in a field of that size. */
    public static String name(String name, int fieldBytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < fieldBytes; i++) {
            hex.append(String.format("%02x", i < name.length() ? (int) name.charAt(i) : 0));
        }
        return hex.toString();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
