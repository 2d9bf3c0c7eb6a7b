// The message that is measured, from a word such as clock-rate-get=0 to its bytes.
package org.scmid.server.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Field;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Tier;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.catalogue.MessageTables;

/**
 * A command with the values of its fields. It is written {@code NAME} or {@code NAME=VALUE,VALUE...}: the name is that of
 * the specification in lower case with hyphens, the values are those of the request's fields in their order. Names that
 * every protocol has begin with the protocol's: {@code base-version}, {@code clock-protocol-attributes}.
 */
public final class BenchMessage {
    /** Bytes of the longest request. */
    static final int MAX_REQUEST_BYTES = 64;

    /** What is measured if nothing is said: every platform has it. */
    public static final String DEFAULT = "base-version";

    /** They change what the platform does for an agent, though no resource has to be permitted for them. */
    private static final Set<Message> CHANGE_AGENTS = Set.of(
            BaseMessage.BASE_SET_DEVICE_PERMISSIONS,
            BaseMessage.BASE_SET_PROTOCOL_PERMISSIONS,
            BaseMessage.BASE_RESET_AGENT_CONFIGURATION);

    private static final String NEGOTIATION = "NEGOTIATE_PROTOCOL_VERSION";

    private final Message message;
    private final long[] values;

    private BenchMessage(Message message, long[] values) {
        this.message = message;
        this.values = values;
    }

    /**
     * Reads a message.
     *
     * @param text as the class says
     * @param mayChange whether it may change anything at the platform; then every field must be given
     * @throws IllegalArgumentException if it is none; the message says what is right
     */
    public static BenchMessage parse(String text, boolean mayChange) {
        int equals = text.indexOf('=');
        String name = (equals < 0 ? text : text.substring(0, equals))
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        Message message = find(name);
        if (message == null) {
            throw new IllegalArgumentException("`" + name + "` is no message that can be measured" + alike(name));
        }
        boolean changes = !isReadOnly(message);
        if (changes && !mayChange) {
            throw new IllegalArgumentException(
                    "`" + name + "` changes the platform; only with --allow-changes it is sent");
        }
        List<Field> fields = message.description().fromAgent().fields();
        String[] given = equals < 0 ? new String[0] : text.substring(equals + 1).split(",", -1);
        checkCount(name, fields, given.length, changes);
        long[] values = new long[fields.size()];
        for (int i = 0; i < given.length; i++) {
            values[i] = value(name, fields.get(i), given[i].strip());
        }
        return new BenchMessage(message, values);
    }

    /** The names of all messages that tell something and change nothing, by protocol. */
    public static List<String> readOnlyNames() {
        List<String> names = new ArrayList<>();
        for (MessageTable<?> table : MessageTables.all()) {
            for (Message message : table.messages()) {
                if (message.type() == MessageType.COMMAND && isReadOnly(message)) {
                    names.add(nameOf(message));
                }
            }
        }
        return names;
    }

    private static boolean isReadOnly(Message message) {
        return message.tier() == Tier.READ
                && !CHANGE_AGENTS.contains(message)
                && !message.name().equals(NEGOTIATION);
    }

    private static @Nullable Message find(String name) {
        for (MessageTable<?> table : MessageTables.all()) {
            for (Message message : table.messages()) {
                if (message.type() == MessageType.COMMAND && nameOf(message).equals(name)) {
                    return message;
                }
            }
        }
        return null;
    }

    static String nameOf(Message message) {
        String name = message.name().toLowerCase(Locale.ROOT).replace('_', '-');
        boolean inEveryProtocol = name.startsWith("protocol-") || message.name().equals(NEGOTIATION);
        if (!inEveryProtocol) {
            return name;
        }
        return message.protocol().label() + "-" + (name.equals("protocol-version") ? "version" : name);
    }

    /** Those of the same protocol, where the first word names one. */
    private static String alike(String name) {
        String first = name.split("-", 2)[0] + "-";
        List<String> alike = readOnlyNames().stream()
                .filter(known -> known.startsWith(first))
                .toList();
        return alike.isEmpty() ? "; `scmid bench --help` lists them" : "; there are " + String.join(", ", alike);
    }

    private static void checkCount(String name, List<Field> fields, int given, boolean changes) {
        boolean needsFirst = !fields.isEmpty() && fields.getFirst().resource();
        int needed = changes ? fields.size() : needsFirst ? 1 : 0;
        if (given >= needed && given <= fields.size()) {
            return;
        }
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("`" + name + "` has no values; leave out what follows it");
        }
        List<String> words = fields.stream()
                .map(field -> field.name().toUpperCase(Locale.ROOT))
                .toList();
        throw new IllegalArgumentException("`" + name + "` is written " + name + "=" + String.join(",", words)
                + (needed < words.size() ? "; what is left out at the end is 0" : ""));
    }

    private static long value(String name, Field field, String text) {
        try {
            return switch (field.kind()) {
                case U32, BITS32 -> inRange(decode(text), 0, 0xFFFF_FFFFL);
                case I32 -> inRange(decode(text), Integer.MIN_VALUE, Integer.MAX_VALUE);
                case U64 -> inRange(decode(text), 0, Long.MAX_VALUE);
                case I64 -> decode(text);
                case U8, NAME16, NAME64, LIST, REST ->
                    throw new IllegalStateException("a request with " + field.kind() + ": " + name);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "`" + text + "` is no value for " + field.name() + " of `" + name + "`: a number, decimal or 0x",
                    e);
        }
    }

    /** Decimal or hexadecimal, not octal. */
    private static long decode(String text) {
        return text.startsWith("0x") ? Long.parseLong(text, 2, text.length(), 16) : Long.parseLong(text);
    }

    private static long inRange(long value, long lowest, long highest) {
        if (value < lowest || value > highest) {
            throw new NumberFormatException("out of range");
        }
        return value;
    }

    /** The row of its protocol's table. */
    public Message message() {
        return message;
    }

    /**
     * The bytes of the request, with token 0.
     *
     * @param version the version of its protocol that the back end speaks: later fields are left out
     */
    byte[] request(int version) {
        List<Field> fields = message.description().fromAgent().fields();
        MessageBuffer buffer = new MessageBuffer(
                Header.REQUEST_PAYLOAD + message.description().fromAgent().length(version));
        buffer.putU32(0, Header.encode(message, 0));
        int at = Header.REQUEST_PAYLOAD;
        for (int i = 0; i < values.length; i++) {
            Field field = fields.get(i);
            if (!ProtocolVersion.isAtLeast(version, field.since())) {
                continue;
            }
            if (field.kind().bytes() == Long.BYTES) {
                buffer.putU64(at, values[i]);
            } else {
                buffer.putU32(at, (int) values[i]);
            }
            at += field.kind().bytes();
        }
        return buffer.array();
    }

    /** As people read it: {@code CLOCK_RATE_GET clock=0}. */
    @Override
    public String toString() {
        List<Field> fields = message.description().fromAgent().fields();
        StringBuilder text = new StringBuilder();
        if (!nameOf(message).equals(message.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
            text.append(message.protocol().label()).append(' ');
        }
        text.append(message.name());
        for (int i = 0; i < values.length; i++) {
            text.append(' ').append(fields.get(i).name()).append('=').append(values[i]);
        }
        return text.toString();
    }
}
