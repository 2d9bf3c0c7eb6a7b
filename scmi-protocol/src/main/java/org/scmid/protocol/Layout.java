/* The fields of a payload, in order, and what follows from them: its lengths by protocol version. */
package org.scmid.protocol;

import java.util.List;

/** The fields of one payload, in order. Only the last may be of variable length. */
public final class Layout {
    /** A payload of no bytes. */
    public static final Layout EMPTY = Layout.of();

    /** Result of {@link #maximumLength} where only the transport limits the length. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Result of {@link #resourceOffset} where no resource is named. */
    public static final int NO_RESOURCE = -1;

    private final List<Field> fields;
    private final int resourceOffset;

    private Layout(List<Field> fields) {
        for (int i = 0; i < fields.size() - 1; i++) {
            if (fields.get(i).kind().isVariable()) {
                throw new IllegalArgumentException(
                        "field " + fields.get(i).name() + " is of variable length, but not the last");
            }
        }
        if (!fields.isEmpty() && fields.getLast().kind() == Field.Kind.LIST && !isCounted(fields)) {
            throw new IllegalArgumentException(
                    "list " + fields.getLast().name() + " has no 32-bit word before it that could hold its count");
        }
        this.fields = fields;
        this.resourceOffset = findResource(fields);
    }

    private static int findResource(List<Field> fields) {
        int offset = 0;
        for (Field field : fields) {
            if (field.resource()) {
                return offset;
            }
            offset += field.kind().bytes();
        }
        return NO_RESOURCE;
    }

    /** Where in the payload the id of the resource is that a command is about, or {@link #NO_RESOURCE}. */
    public int resourceOffset() {
        return resourceOffset;
    }

    /** A payload of these fields. */
    public static Layout of(Field... fields) {
        return new Layout(List.of(fields));
    }

    /** All fields, of all versions. */
    public List<Field> fields() {
        return fields;
    }

    /** Whether the payload ends with a list. */
    public boolean isVariable() {
        return !fields.isEmpty() && fields.getLast().kind().isVariable();
    }

    /** The bytes of the full payload in this version of the protocol, with an empty list. */
    public int length(int version) {
        int bytes = 0;
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (ProtocolVersion.isAtLeast(version, field.since())) {
                bytes += field.kind().bytes();
            }
        }
        return bytes;
    }

    /** The fewest bytes that a receiver accepts in this version of the protocol. */
    public int minimumLength(int version) {
        int bytes = 0;
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (!field.lenient() && ProtocolVersion.isAtLeast(version, field.since())) {
                bytes += field.kind().bytes();
            }
        }
        return bytes;
    }

    /** The most bytes that a receiver accepts in this version, {@link #UNLIMITED} if it ends with a list. */
    public int maximumLength(int version) {
        if (isVariable()) {
            return UNLIMITED;
        }
        int bytes = 0;
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (field.lenient() || ProtocolVersion.isAtLeast(version, field.since())) {
                bytes += field.kind().bytes();
            }
        }
        return bytes;
    }

    /**
     * Whether a payload of this length is well formed: whole fields, none missing, none added. The items of a list are
     * not counted here, the message's class does that.
     */
    public boolean accepts(int payloadLength, int version) {
        if (payloadLength < minimumLength(version) || payloadLength > maximumLength(version)) {
            return false;
        }
        return (payloadLength & 3) == 0;
    }

    private static boolean isCounted(List<Field> fields) {
        return fields.size() >= 2 && fields.get(fields.size() - 2).kind().bytes() == Integer.BYTES;
    }
}
