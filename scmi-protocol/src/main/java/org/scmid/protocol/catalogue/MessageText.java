/* Any message as one line of text, for logs, traces and test failures. */
package org.scmid.protocol.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Field;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;

/**
 * Writes a message as one line, such as {@code CLOCK_RATE_SET token=5 flags=0x0 clock=2 rate=100000000}.
 *
 * <p>Derived from the {@linkplain MessageTables tables}. It takes any bytes: what does not fit the table, or is in no
 * table, is shown in hexadecimal, and no character outside of printable ASCII is ever written. It reads no memory
 * outside of the buffer and throws nothing.
 *
 * <p>The header of a command and of its response are equal, so the caller says which of the two it has.
 */
public final class MessageText {
    private static final int MAX_HEX_BYTES = 64;
    private static final int MAX_ITEMS = 64;

    private MessageText() {}

    /** A message from the agent, by the newest version of its protocol. */
    public static String ofRequest(MessageBuffer message) {
        return ofRequest(message, newestVersion(message));
    }

    /** A message from the agent. */
    public static String ofRequest(MessageBuffer message, int protocolVersion) {
        return of(message, true, protocolVersion);
    }

    /** A response, delayed response or notification, by the newest version of its protocol. */
    public static String ofReply(MessageBuffer message) {
        return ofReply(message, newestVersion(message));
    }

    /** A response, delayed response or notification. */
    public static String ofReply(MessageBuffer message, int protocolVersion) {
        return of(message, false, protocolVersion);
    }

    private static String of(MessageBuffer message, boolean fromAgent, int version) {
        StringBuilder out = new StringBuilder(96);
        if (message.length() < Header.HEADER_BYTES) {
            out.append("no header");
            appendHex(out, " bytes=", message, 0);
            return out.toString();
        }
        int header = message.getU32(0);
        MessageType type = MessageType.of(Header.type(header));
        Message known =
                type == null ? null : MessageTables.of(type, Header.protocolId(header), Header.messageId(header));
        appendTitle(out, header, known);
        if (known == null) {
            appendUnknown(out, message, fromAgent, type);
        } else if (fromAgent) {
            appendPayload(
                    out, message, Header.REQUEST_PAYLOAD, known.description().fromAgent(), version);
        } else {
            appendFromPlatform(out, message, known, version);
        }
        return out.toString();
    }

    /** The name or the numbers, then the token. */
    private static void appendTitle(StringBuilder out, int header, @Nullable Message known) {
        ProtocolId protocol = ProtocolId.of(Header.protocolId(header));
        if (known != null) {
            if (isInEveryProtocol(known)) {
                out.append(known.protocol().label()).append(' ');
            }
            out.append(known.name());
        } else {
            if (protocol == null) {
                appendHex32(out.append("protocol "), Header.protocolId(header));
            } else {
                out.append(protocol.label());
            }
            appendHex32(out.append(" message "), Header.messageId(header));
            out.append(" type=").append(Header.type(header));
        }
        out.append(" token=").append(Header.token(header));
        if (Header.reserved(header) != 0) {
            appendHex32(out.append(" header_reserved="), Header.reserved(header));
        }
    }

    /** PROTOCOL_VERSION and its like carry the same name in every protocol. */
    private static boolean isInEveryProtocol(Message message) {
        return message.type() == MessageType.COMMAND
                && (message.name().startsWith("PROTOCOL_") || message.name().startsWith("NEGOTIATE_"));
    }

    private static void appendUnknown(
            StringBuilder out, MessageBuffer message, boolean fromAgent, @Nullable MessageType type) {
        boolean hasStatus = !fromAgent && type != null && type != MessageType.NOTIFICATION;
        if (hasStatus && StatusReply.isComplete(message)) {
            out.append(' ').append(Status.nameOf(StatusReply.status(message)));
            appendHex(out, " payload=", message, Header.RESPONSE_PAYLOAD);
        } else {
            appendHex(out, " payload=", message, Header.REQUEST_PAYLOAD);
        }
    }

    private static void appendFromPlatform(StringBuilder out, MessageBuffer message, Message known, int version) {
        Layout layout = known.description().fromPlatform();
        if (known.type() == MessageType.NOTIFICATION) {
            appendPayload(out, message, Header.REQUEST_PAYLOAD, layout, version);
            return;
        }
        if (!StatusReply.isComplete(message)) {
            out.append(" no status");
            appendHex(out, " bytes=", message, Header.HEADER_BYTES);
            return;
        }
        int status = StatusReply.status(message);
        out.append(' ').append(Status.nameOf(status));
        if (status == Status.Code.SUCCESS) {
            appendPayload(out, message, Header.RESPONSE_PAYLOAD, layout, version);
        } else {
            appendHex(out, " surplus=", message, Header.RESPONSE_PAYLOAD);
        }
    }

    private static void appendPayload(StringBuilder out, MessageBuffer message, int start, Layout layout, int version) {
        int at = start;
        List<Field> fields = layout.fields();
        for (Field field : fields) {
            if (field.lenient() ? message.length() == at : !ProtocolVersion.isAtLeast(version, field.since())) {
                continue;
            }
            if (field.kind() == Field.Kind.REST) {
                appendHex(out, " " + field.name() + "=", message, at);
                return;
            }
            if (field.kind() == Field.Kind.LIST) {
                at = appendList(out, message, at, field, version);
                continue;
            }
            if (message.length() - at < field.kind().bytes()) {
                appendHex(out, " cut_off=", message, at);
                out.append(" missing=").append(field.name());
                return;
            }
            out.append(' ').append(field.name()).append('=');
            appendValue(out, message, at, field.kind());
            at += field.kind().bytes();
        }
        appendHex(out, " surplus=", message, at);
    }

    /** Appends the items that are there, and returns where they end, their padding included. */
    private static int appendList(StringBuilder out, MessageBuffer message, int start, Field list, int version) {
        // Both numbers come from the message: a count of four billion items must not overflow, nor fill the log.
        long announced = Integer.toUnsignedLong(message.getU32(start - Integer.BYTES) & list.countMask());
        int itemBytes = list.itemBytes(version);
        int present = (int) Math.min(announced, (message.length() - start) / itemBytes);
        out.append(' ').append(list.name()).append("=[");
        for (int i = 0; i < Math.min(present, MAX_ITEMS); i++) {
            out.append(i == 0 ? "" : ",");
            appendItem(out, message, start + i * itemBytes, list.item(), version);
        }
        out.append(present > MAX_ITEMS ? ",...]" : "]");
        if (present < announced) {
            out.append(" missing_items=").append(announced - present);
        }
        int end = start + present * itemBytes;
        int padded = (end + 3) & ~3;
        return isZero(message, end, padded) ? Math.min(padded, message.length()) : end;
    }

    private static void appendItem(
            StringBuilder out, MessageBuffer message, int start, List<Field> fields, int version) {
        int at = start;
        for (int i = 0; i < fields.size(); i++) {
            if (!ProtocolVersion.isAtLeast(version, fields.get(i).since())) {
                continue;
            }
            out.append(i == 0 ? "" : "/");
            appendValue(out, message, at, fields.get(i).kind());
            at += fields.get(i).kind().bytes();
        }
    }

    private static boolean isZero(MessageBuffer message, int from, int to) {
        for (int at = from; at < Math.min(to, message.length()); at++) {
            if (message.getU8(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void appendValue(StringBuilder out, MessageBuffer message, int at, Field.Kind kind) {
        switch (kind) {
            case U8 -> appendHex32(out, message.getU8(at));
            case U32 -> out.append(Integer.toUnsignedLong(message.getU32(at)));
            case I32 -> out.append(message.getU32(at));
            case BITS32 -> appendHex32(out, message.getU32(at));
            case U64 -> out.append(Long.toUnsignedString(message.getU64(at)));
            case I64 -> out.append(message.getU64(at));
            case NAME16, NAME64 -> {
                out.append('"');
                Names.append(out, message, at, kind.bytes());
                out.append('"');
            }
            case LIST, REST -> throw new IllegalArgumentException(kind + " is not a single value");
        }
    }

    private static void appendHex32(StringBuilder out, int value) {
        out.append("0x").append(Integer.toHexString(value));
    }

    /** Appends the bytes from {@code at} to the end, nothing if there are none. */
    private static void appendHex(StringBuilder out, String label, MessageBuffer message, int at) {
        int bytes = message.length() - at;
        if (bytes <= 0) {
            return;
        }
        out.append(label);
        for (int i = 0; i < Math.min(bytes, MAX_HEX_BYTES); i++) {
            int value = message.getU8(at + i);
            out.append(Character.forDigit(value >>> 4, 16)).append(Character.forDigit(value & 0xF, 16));
        }
        if (bytes > MAX_HEX_BYTES) {
            out.append("...(").append(bytes).append(" bytes)");
        }
    }

    private static int newestVersion(MessageBuffer message) {
        if (message.length() < Header.HEADER_BYTES) {
            return 0;
        }
        ProtocolId protocol = ProtocolId.of(Header.protocolId(message.getU32(0)));
        return protocol == null ? 0 : protocol.newestVersion();
    }
}
