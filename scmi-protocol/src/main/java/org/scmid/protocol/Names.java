/* The fixed-size names of SCMI: how a string becomes 16 or 64 bytes, and back. */
package org.scmid.protocol;

/**
 * Names as SCMI carries them: a field of 16 (short) or 64 (extended) bytes, ASCII, ended by a zero byte and filled with
 * zeros.
 *
 * <p>A name with more than 15 characters is cut in the short field; the resource's "extended name" attribute bit then
 * says that the whole name, up to 63 characters, is to be asked for. What is not printable ASCII is replaced by
 * {@code ?} in both directions: clients print names into logs and file names, and so do we.
 */
public final class Names {
    /** Bytes of a short name field. */
    public static final int SHORT_BYTES = 16;

    /** Bytes of an extended name field. */
    public static final int EXTENDED_BYTES = 64;

    private static final char REPLACEMENT = '?';

    private Names() {}

    /** Whether the short field cannot hold the whole name, so that the "extended name" bit is to be set. */
    public static boolean needsExtended(CharSequence name) {
        return name.length() >= SHORT_BYTES;
    }

    /** Writes a name into a field of {@code fieldBytes}, cut to {@code fieldBytes - 1} characters. */
    public static void put(MessageBuffer buffer, int at, int fieldBytes, CharSequence name) {
        buffer.putZeros(at, fieldBytes);
        int characters = Math.min(name.length(), fieldBytes - 1);
        for (int i = 0; i < characters; i++) {
            buffer.putU8(at + i, printable(name.charAt(i)));
        }
    }

    /** Reads a name up to its zero byte or the end of the field. Allocates the string. */
    public static String get(MessageBuffer buffer, int at, int fieldBytes) {
        StringBuilder name = new StringBuilder(fieldBytes);
        append(name, buffer, at, fieldBytes);
        return name.toString();
    }

    /** Appends a name up to its zero byte or the end of the field. */
    public static void append(StringBuilder out, MessageBuffer buffer, int at, int fieldBytes) {
        for (int i = 0; i < fieldBytes; i++) {
            int character = buffer.getU8(at + i);
            if (character == 0) {
                return;
            }
            out.append(printable((char) character));
        }
    }

    private static char printable(char character) {
        return character >= ' ' && character <= '~' ? character : REPLACEMENT;
    }
}
