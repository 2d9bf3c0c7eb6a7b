// What is around an SCMI message on a serial line.
package org.scmid.transport.serial;

import java.util.zip.CRC32;
import org.scmid.transport.AgentPort;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * The header and the check of a message, as docs/serial.md has them; little-endian but for the enterprise number.
 *
 * <pre>
 * 0    u8    type: 0xFF, vendor defined with a check
 * 1    u32   the vendor's enterprise number, big-endian
 * 5    u8    version
 * 6    u8    kind
 * 7    u8    flags
 * 8    u32   the sender's nonce
 * 12   u32   the receiver's nonce
 * 16   u32   sequence
 * 20         body
 * n-4  u32   CRC-32 over all before it
 * </pre>
 */
final class Envelope {
    static final int TYPE = 0xFF;
    static final int VERSION = 1;

    static final int AT_ENTERPRISE = 1;
    static final int AT_VERSION = 5;
    static final int AT_KIND = 6;
    static final int AT_FLAGS = 7;
    static final int AT_SESSION = 8;
    static final int AT_PEER = 12;
    static final int AT_SEQUENCE = 16;
    static final int AT_BODY = 20;
    static final int CHECK_BYTES = 4;

    /** Kinds of messages. */
    static final int SCMI = 0;

    static final int HELLO = 1;
    static final int WELCOME = 2;

    /** Flags of HELLO and WELCOME: the sender is a platform. */
    static final int IS_PLATFORM = 1;

    /** Flags of HELLO and WELCOME: the agent keeps what it held. */
    static final int KEEP = 2;

    static final int AT_LONGEST = AT_BODY;
    static final int AT_WINDOW = AT_BODY + 2;
    static final int GREETING_BYTES = 8;

    /** Bytes around a body. */
    static final int BYTES = AT_BODY + CHECK_BYTES;

    static final int SHORTEST_SCMI = 4;
    static final int LONGEST = BYTES + AgentPort.MAX_MESSAGE;

    /** The least that either side has to take as one SCMI message, in bytes. */
    static final int SMALLEST_LONGEST = 64;

    private Envelope() {}

    /** Completes a message by its check: its bytes before that are message[0..length - 4). */
    static void seal(CRC32 crc, byte[] message, int length) {
        LittleEndian.putInt(message, length - CHECK_BYTES, check(crc, message, length));
    }

    /** Whether a message of at least {@link #BYTES} bytes has the right check. */
    static boolean isSound(CRC32 crc, byte[] message, int length) {
        return LittleEndian.getInt(message, length - CHECK_BYTES) == check(crc, message, length);
    }

    private static int check(CRC32 crc, byte[] message, int length) {
        crc.reset();
        crc.update(message, 0, length - CHECK_BYTES);
        return (int) crc.getValue();
    }

    static int getU16(byte[] message, int at) {
        return (message[at] & 0xFF) | ((message[at + 1] & 0xFF) << 8);
    }

    static void putU16(byte[] message, int at, int value) {
        message[at] = (byte) value;
        message[at + 1] = (byte) (value >>> 8);
    }
}
