/* The fields of a payload, in order, and what follows from them: its lengths, and where each field is. */
package org.scmid.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The fields of one payload, in order. Only the last may be of variable length.
 *
 * <p>This is the only place where a payload's bytes are described. A flyweight asks it by name for what it reads and
 * writes, once, when its class is loaded: {@code private static final U64 RATE = LAYOUT.u64("rate")}. A name that the
 * layout does not have, or a field of another width, is an {@link IllegalArgumentException} there. Offsets count bytes
 * from the first of the payload.
 */
public final class Layout {
    /** A payload of no bytes. */
    public static final Layout EMPTY = Layout.of();

    /** Result of {@link #maximumLength} where only the transport limits the length. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Result of {@link #resourceOffset} where no resource is named. */
    public static final int NO_RESOURCE = -1;

    private final List<Field> fields;
    private final int resourceOffset;

    /** The words that have reserved bits: the field of each, and where it is. */
    private final Field[] guarded;

    private final int[] guardedOffsets;

    private Layout(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("two fields are named " + field.name());
            }
        }
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
        this.guarded = fields.stream().filter(field -> field.reserved().isAny()).toArray(Field[]::new);
        this.guardedOffsets = new int[guarded.length];
        for (int i = 0; i < guarded.length; i++) {
            guardedOffsets[i] = offset(guarded[i].name(), Field.Kind.U32, Field.Kind.I32, Field.Kind.BITS32);
        }
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

    /**
     * Whether a payload sets a bit that must be 0 in a version of the protocol.
     *
     * @param message whose payload it is, of a length that {@link #accepts} takes
     * @param start bytes of the message before the payload
     */
    public boolean setsReservedBits(MessageBuffer message, int start, int version) {
        for (int i = 0; i < guarded.length; i++) {
            if ((message.getU32(start + guardedOffsets[i])
                            & guarded[i].reserved().in(version))
                    != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * This layout in one version of the protocol: without what came later. Needed only where a field that a version adds
     * has others behind it, so that their places depend on the version.
     */
    public Layout in(int version) {
        List<Field> present = new ArrayList<>();
        for (Field field : fields) {
            if (field.lenient() || ProtocolVersion.isAtLeast(version, field.since())) {
                present.add(field.in(version));
            }
        }
        return new Layout(List.copyOf(present));
    }

    /** The place of a single byte. */
    public U8 u8(String name) {
        return new U8(offset(name, Field.Kind.U8));
    }

    /** The place of a 32-bit word; whether it is signed, an id or bits is for who reads it. */
    public U32 u32(String name) {
        return new U32(offset(name, Field.Kind.U32, Field.Kind.I32, Field.Kind.BITS32));
    }

    /** The place of a 64-bit quantity, signed or not. */
    public U64 u64(String name) {
        return new U64(offset(name, Field.Kind.U64, Field.Kind.I64));
    }

    /** The place of a short or an extended name. */
    public Name name(String name) {
        int offset = offset(name, Field.Kind.NAME16, Field.Kind.NAME64);
        return new Name(offset, find(name).kind().bytes());
    }

    /** The place of a list. If its items differ by version, ask the layout {@link #in} a version. */
    public Items list(String name) {
        int offset = offset(name, Field.Kind.LIST);
        Layout item = new Layout(find(name).item());
        if (item.fields.stream().anyMatch(field -> field.since() != 0)) {
            throw new IllegalArgumentException("the items of list " + name + " depend on the version: [" + this + "]");
        }
        return new Items(new U32(offset - Integer.BYTES), offset, item.length(0), item);
    }

    /** Where the rest begins. */
    public int rest(String name) {
        return offset(name, Field.Kind.REST);
    }

    /** The fields with their offsets: {@code 0 attributes bits32, 4 name name16, 20 enable_delay u32 since 2.0}. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        int offset = 0;
        for (Field field : fields) {
            text.add(offset + " " + field);
            offset += field.kind().bytes();
        }
        return text.toString();
    }

    private Field find(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException("no field " + name + " in [" + this + "]");
    }

    private int offset(String name, Field.Kind... kinds) {
        Field wanted = find(name);
        if (!List.of(kinds).contains(wanted.kind())) {
            throw new IllegalArgumentException(
                    "field " + name + " is none of " + List.of(kinds) + " in [" + this + "]");
        }
        int offset = 0;
        for (Field field : fields.subList(0, fields.indexOf(wanted))) {
            if (field.since() != 0 || field.lenient()) {
                throw new IllegalArgumentException("where " + name + " is depends on the version: [" + this + "]");
            }
            offset += field.kind().bytes();
        }
        return offset;
    }

    /** Where a single byte is. */
    public record U8(int offset) {
        /** 0..255. */
        public int get(MessageBuffer buffer, int start) {
            return buffer.getU8(start + offset);
        }

        /** Writes the low eight bits. */
        public void put(MessageBuffer buffer, int start, int value) {
            buffer.putU8(start + offset, value);
        }
    }

    /** Where a 32-bit word is. */
    public record U32(int offset) {
        /** Reads it from a payload that begins at {@code start}. */
        public int get(MessageBuffer buffer, int start) {
            return buffer.getU32(start + offset);
        }

        /** Writes it into a payload that begins at {@code start}. */
        public void put(MessageBuffer buffer, int start, int value) {
            buffer.putU32(start + offset, value);
        }

        /** The first byte behind it. */
        public int end() {
            return offset + Integer.BYTES;
        }
    }

    /** Where a 64-bit quantity is, low word first. */
    public record U64(int offset) {
        /** Reads it from a payload that begins at {@code start}. */
        public long get(MessageBuffer buffer, int start) {
            return buffer.getU64(start + offset);
        }

        /** Writes it into a payload that begins at {@code start}. */
        public void put(MessageBuffer buffer, int start, long value) {
            buffer.putU64(start + offset, value);
        }
    }

    /**
     * Where a name is, see {@link Names}.
     *
     * @param offset of its first byte
     * @param bytes of the field, 16 or 64
     */
    public record Name(int offset, int bytes) {
        /** Reads it from a payload that begins at {@code start}. */
        public String get(MessageBuffer buffer, int start) {
            return Names.get(buffer, start + offset, bytes);
        }

        /** Writes it, cut to one character less than the field has bytes, into a payload that begins at {@code start}. */
        public void put(MessageBuffer buffer, int start, CharSequence name) {
            Names.put(buffer, start + offset, bytes, name);
        }
    }

    /**
     * Where a list is.
     *
     * @param count the word before it, which holds the number of items, often among other bits
     * @param offset of the first item
     * @param itemBytes bytes of one item
     * @param item what an item is
     */
    public record Items(U32 count, int offset, int itemBytes, Layout item) {
        /** Where the item at {@code index} is, or the first byte behind the list if it is the number of items. */
        public int at(int index) {
            return offset + index * itemBytes;
        }

        /** How many items fit into a response of {@code messageBytes}, header and status included, 0..{@code most}. */
        public int capacity(int messageBytes, int most) {
            return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - offset) / itemBytes, 0, most);
        }
    }

    private static boolean isCounted(List<Field> fields) {
        return fields.size() >= 2 && fields.get(fields.size() - 2).kind().bytes() == Integer.BYTES;
    }
}
