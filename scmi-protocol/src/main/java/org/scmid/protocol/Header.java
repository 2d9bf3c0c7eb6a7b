/* The first word of every SCMI message, packed and unpacked. */
package org.scmid.protocol;

/**
 * The message header, one 32-bit word (DEN0056, "message header").
 *
 * <pre>
 * bits   field
 * 7:0    message id: the command's, or the notification's own
 * 9:8    message type, see {@link MessageType}
 * 17:10  protocol id, see {@link ProtocolId}
 * 27:18  token, chosen by the sender of the command, 0..1023
 * 31:28  reserved: sent as 0, ignored on receipt; a response repeats those of its command
 * </pre>
 */
public final class Header {
    /** Bytes of the header, at the start of every message. */
    public static final int HEADER_BYTES = 4;

    /** Bytes of the status, after the header of responses and delayed responses. */
    public static final int STATUS_BYTES = 4;

    /** Where the payload of requests and notifications starts. */
    public static final int REQUEST_PAYLOAD = HEADER_BYTES;

    /** Where the payload of responses and delayed responses starts. */
    public static final int RESPONSE_PAYLOAD = HEADER_BYTES + STATUS_BYTES;

    /** The highest token. */
    public static final int MAX_TOKEN = 0x3FF;

    private static final int MESSAGE_ID_MASK = 0xFF;
    private static final int TYPE_SHIFT = 8;
    private static final int TYPE_MASK = 0x3;
    private static final int PROTOCOL_SHIFT = 10;
    private static final int PROTOCOL_MASK = 0xFF;
    private static final int TOKEN_SHIFT = 18;
    private static final int RESERVED_SHIFT = 28;

    private Header() {}

    /** A header; each part is cut to its width. */
    public static int encode(int messageId, MessageType type, int protocolId, int token) {
        return (messageId & MESSAGE_ID_MASK)
                | type.code() << TYPE_SHIFT
                | (protocolId & PROTOCOL_MASK) << PROTOCOL_SHIFT
                | (token & MAX_TOKEN) << TOKEN_SHIFT;
    }

    /** The header of a message of a table. */
    public static int encode(Message message, int token) {
        return encode(message.id(), message.type(), message.protocol().id(), token);
    }

    /** The header of the delayed response to a command: its ids and token, type 2. */
    public static int delayedResponseTo(int commandHeader) {
        return encode(
                messageId(commandHeader),
                MessageType.DELAYED_RESPONSE,
                protocolId(commandHeader),
                token(commandHeader));
    }

    /** Message id, 0..255. */
    public static int messageId(int header) {
        return header & MESSAGE_ID_MASK;
    }

    /** Message type, 0..3; see {@link MessageType#of}. */
    public static int type(int header) {
        return header >>> TYPE_SHIFT & TYPE_MASK;
    }

    /** Whether this is a command or the response to one. */
    public static boolean isCommand(int header) {
        return type(header) == MessageType.COMMAND.code();
    }

    /** Protocol id, 0..255. */
    public static int protocolId(int header) {
        return header >>> PROTOCOL_SHIFT & PROTOCOL_MASK;
    }

    /** Token, 0..1023. */
    public static int token(int header) {
        return header >>> TOKEN_SHIFT & MAX_TOKEN;
    }

    /** The reserved bits, 0..15; a receiver ignores them. */
    public static int reserved(int header) {
        return header >>> RESERVED_SHIFT;
    }
}
