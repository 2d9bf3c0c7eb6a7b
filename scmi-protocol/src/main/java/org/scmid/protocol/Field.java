/* One field of a message's payload, as the table of messages declares it. */
package org.scmid.protocol;

import java.util.List;
import java.util.Locale;

/**
 * One field of a payload. Fields follow each other without gaps in the order of their {@link Layout}.
 *
 * @param name as in the specification, lower case
 * @param kind what the bytes mean, and how many they are
 * @param since the protocol version that introduced the field
 * @param lenient whether a request may lack it, or have it, whatever the version: some agents send the other form
 * @param resource whether it is the id of the resource that a command is about
 * @param countMask for a list, the bits of the word right before it that hold the number of items, else 0
 * @param item for a list, the fields of one item, else empty
 * @param reserved the bits that must be 0 in a request
 */
public record Field(
        String name,
        Kind kind,
        int since,
        boolean lenient,
        boolean resource,
        int countMask,
        List<Field> item,
        Reserved reserved) {
    /**
     * Bits of a word that must be 0 in a request; INVALID_PARAMETERS if one is set.
     *
     * @param mask these bits
     * @param from the version that has given a meaning to some that were reserved before; 0 if none has
     * @param maskBefore the bits before that version
     */
    public record Reserved(int mask, int from, int maskBefore) {
        static final Reserved NONE = new Reserved(0, 0, 0);

        /** The bits that must be 0 in a version of the protocol. */
        public int in(int version) {
            return ProtocolVersion.isAtLeast(version, from) ? mask : maskBefore;
        }

        /** Whether there are any, in any version. */
        public boolean isAny() {
            return (mask | maskBefore) != 0;
        }
    }

    /** What the bytes of a field mean. */
    public enum Kind {
        U8(1),
        U32(4),
        I32(4),
        /** Bits or flags: 32 bits, written in hexadecimal. */
        BITS32(4),
        U64(8),
        I64(8),
        /** A {@linkplain Names short name}. */
        NAME16(Names.SHORT_BYTES),
        /** An {@linkplain Names extended name}. */
        NAME64(Names.EXTENDED_BYTES),
        /** Items of equal size, as many as the word before says, padded to a multiple of four bytes. Comes last. */
        LIST(0),
        /** All bytes that remain: a list whose items differ in size. Comes last. */
        REST(0);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }

        /** Size in bytes, 0 if it varies. */
        public int bytes() {
            return bytes;
        }

        /** Whether the number of bytes varies. */
        public boolean isVariable() {
            return bytes == 0;
        }
    }

    /** An id, index, count or quantity. */
    public static Field u32(String name) {
        return of(name, Kind.U32);
    }

    /** The id of the resource that a command is about. A request has at most one, at the same place in all versions. */
    public static Field resource(String name) {
        return new Field(name, Kind.U32, 0, false, true, 0, List.of(), Reserved.NONE);
    }

    /** A signed quantity. */
    public static Field i32(String name) {
        return of(name, Kind.I32);
    }

    /** Flags or packed bits. */
    public static Field bits(String name) {
        return of(name, Kind.BITS32);
    }

    /** One byte, only as an item of a list. */
    public static Field u8(String name) {
        return of(name, Kind.U8);
    }

    /** A quantity in a low and a high word. */
    public static Field u64(String name) {
        return of(name, Kind.U64);
    }

    /** A signed quantity in a low and a high word. */
    public static Field i64(String name) {
        return of(name, Kind.I64);
    }

    /** A short name, 16 bytes. */
    public static Field shortName(String name) {
        return of(name, Kind.NAME16);
    }

    /** An extended name, 64 bytes. */
    public static Field extendedName(String name) {
        return of(name, Kind.NAME64);
    }

    /** A list to the end of the payload; the word before it, masked, is the number of items. */
    public static Field list(String name, int countMask, Field... item) {
        if (item.length == 0) {
            throw new IllegalArgumentException("an item of list " + name + " has no fields");
        }
        return new Field(name, Kind.LIST, 0, false, false, countMask, List.of(item), Reserved.NONE);
    }

    /** The rest of the payload, as bytes. */
    public static Field rest(String name) {
        return of(name, Kind.REST);
    }

    /** This field, introduced in a later version of the protocol. */
    public Field since(int version) {
        return new Field(name, kind, version, lenient, resource, countMask, item, reserved);
    }

    /** This word, of which a request must not set some bits. */
    public Field reserved(int mask) {
        return reserved(mask, 0, 0);
    }

    /** This word, of which a request must not set some bits, and before a version of the protocol others. */
    public Field reserved(int mask, int from, int maskBefore) {
        if (kind.bytes() != Integer.BYTES) {
            throw new IllegalArgumentException("field " + name + " is no word, so none of its bits is reserved");
        }
        return new Field(name, kind, since, lenient, resource, countMask, item, new Reserved(mask, from, maskBefore));
    }

    /** This field, which a request may have or lack in every version. */
    public Field leniently() {
        return new Field(name, kind, since, true, resource, countMask, item, reserved);
    }

    /** This field as a version of the protocol has it: with the fields of an item that the version has. */
    Field in(int version) {
        List<Field> present = item.stream()
                .filter(field -> ProtocolVersion.isAtLeast(version, field.since))
                .map(field -> field.since(0))
                .toList();
        return new Field(name, kind, 0, lenient, resource, countMask, present, reserved);
    }

    /** Bytes of one item of a list in this version of the protocol. */
    public int itemBytes(int version) {
        int bytes = 0;
        for (int i = 0; i < item.size(); i++) {
            if (ProtocolVersion.isAtLeast(version, item.get(i).since)) {
                bytes += item.get(i).kind.bytes();
            }
        }
        return bytes;
    }

    /** Name, kind, version, and whether it may be missing: {@code extended_value u32 since 3.0 lenient}. */
    @Override
    public String toString() {
        String kindName = kind == Kind.LIST
                ? "list of {"
                        + String.join(", ", item.stream().map(Field::toString).toList()) + "}"
                : kind.name().toLowerCase(Locale.ROOT);
        return name + " " + kindName + (since == 0 ? "" : " since " + ProtocolVersion.text(since))
                + (lenient ? " lenient" : "");
    }

    private static Field of(String name, Kind kind) {
        return new Field(name, kind, 0, false, false, 0, List.of(), Reserved.NONE);
    }
}
