// The frames of MCTP over a serial line, as they are sent.
package org.scmid.transport.serial;

/**
 * Frames of DMTF DSP0253: a flag, version, length, a packet with its escapes, a check of 16 bits, a flag. Allocates nothing.
 *
 * @see FrameDecoder
 */
public final class Frame {
    static final int FLAG = 0x7E;
    static final int ESCAPE = 0x7D;
    /** What an escaped byte is changed by. */
    static final int FLIP = 0x20;

    static final int VERSION = 1;

    /** Bytes of the shortest and the longest packet in a frame, before escapes. */
    public static final int SHORTEST_PACKET = 5;

    public static final int LONGEST_PACKET = 68;

    /** Bytes of the longest frame, if each byte of its packet is escaped. */
    public static final int LONGEST = 3 + 2 * LONGEST_PACKET + 3;

    static final int CHECK_START = 0xFFFF;
    private static final int POLYNOMIAL = 0x8408; // x^16 + x^12 + x^5 + 1, reflected
    private static final char[] CHECK = table();

    private Frame() {}

    private static char[] table() {
        char[] table = new char[256];
        for (int value = 0; value < table.length; value++) {
            int check = value;
            for (int bit = 0; bit < 8; bit++) {
                check = (check & 1) == 0 ? check >>> 1 : (check >>> 1) ^ POLYNOMIAL;
            }
            table[value] = (char) check;
        }
        return table;
    }

    /** The check over one byte more; begins with {@link #CHECK_START}, and is not inverted at the end. */
    static int check(int before, int value) {
        return (before >>> 8) ^ CHECK[(before ^ value) & 0xFF];
    }

    /**
     * Writes a frame.
     *
     * @param packet the packet from index 0
     * @param length its bytes, {@link #SHORTEST_PACKET} to {@link #LONGEST_PACKET}
     * @param into takes the frame, at most {@link #LONGEST} bytes
     * @param at its first byte's place there
     * @return the place after its last byte
     */
    public static int write(byte[] packet, int length, byte[] into, int at) {
        int to = at;
        into[to++] = FLAG;
        into[to++] = VERSION;
        into[to++] = (byte) length;
        int check = check(check(CHECK_START, VERSION), length);
        for (int i = 0; i < length; i++) {
            byte value = packet[i];
            check = check(check, value);
            if (value == FLAG || value == ESCAPE) {
                into[to++] = ESCAPE;
                into[to++] = (byte) (value ^ FLIP);
            } else {
                into[to++] = value;
            }
        }
        into[to++] = (byte) (check >>> 8);
        into[to++] = (byte) check;
        into[to++] = FLAG;
        return to;
    }
}
