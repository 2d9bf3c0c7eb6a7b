/* What all readers and writers of payloads have in common. */
package org.scmid.protocol;

import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.Layout.U8;

/**
 * Reads and writes one kind of payload in place. Created once, then moved from message to message with {@link #wrap}.
 *
 * <p>Where each field is says the {@link Layout} in the message's row of its protocol's table, and nothing else: a
 * subclass has a constant for each of its fields, such as {@code U64 RATE = LAYOUT.u64("rate")}, and reads it by
 * {@code get(RATE)}. The constants are static and final, so the compiler of the JVM makes of it what it makes of a
 * number. Before reading what somebody else wrote, check {@link #isComplete()}: then no getter fails, whatever the bytes
 * are. Setters never set a reserved bit.
 *
 * @param <S> the subclass, so that calls can be chained
 */
public abstract class Payload<S extends Payload<S>> {
    private final int start;
    private final int minimumLength;
    private MessageBuffer message = new MessageBuffer();

    /**
     * @param start bytes of the message before the payload
     * @param layout the fields; the shortest of its versions is what a complete payload must have
     */
    Payload(int start, Layout layout) {
        this.start = start;
        this.minimumLength = layout.minimumLength(0);
    }

    /** Moves to a message; the buffer starts with the message's header. */
    public final S wrap(MessageBuffer buffer) {
        message = buffer;
        return self();
    }

    /** The message's header word. */
    public final int header() {
        return message.getU32(0);
    }

    /** Bytes of payload in the buffer. */
    public final int length() {
        return Math.max(0, message.length() - start);
    }

    /** Whether the buffer holds every field, items of a list included, that the getters read. */
    public boolean isComplete() {
        return message.length() >= start + minimumLength;
    }

    /** Bytes of the whole message, header included, after all fields were set. */
    public int messageLength() {
        return start + minimumLength;
    }

    /** Bytes that {@code payloadBytes} of this payload make together with what comes before. */
    protected final int withStart(int payloadBytes) {
        return start + payloadBytes;
    }

    /** The buffer. */
    protected final MessageBuffer message() {
        return message;
    }

    /** Whether the message is long enough for a field that not every version has. */
    protected final boolean has(U32 field) {
        return length() >= field.end();
    }

    protected final int get(U32 field) {
        return field.get(message, start);
    }

    protected final long get(U64 field) {
        return field.get(message, start);
    }

    protected final String get(Name field) {
        return field.get(message, start);
    }

    protected final S put(U32 field, int value) {
        field.put(message, start, value);
        return self();
    }

    protected final S put(U64 field, long value) {
        field.put(message, start, value);
        return self();
    }

    protected final S put(Name field, CharSequence name) {
        field.put(message, start, name);
        return self();
    }

    /** A field of the item of a list that begins at {@code item}, see {@link Layout.Items#at}. */
    protected final int getItem(U8 field, int item) {
        return field.get(message, start + item);
    }

    /** A field of the item of a list that begins at {@code item}. */
    protected final int getItem(U32 field, int item) {
        return field.get(message, start + item);
    }

    /** A field of the item of a list that begins at {@code item}. */
    protected final long getItem(U64 field, int item) {
        return field.get(message, start + item);
    }

    /** A field of the item of a list that begins at {@code item}. */
    protected final String getItem(Name field, int item) {
        return field.get(message, start + item);
    }

    /** Writes a field of the item of a list that begins at {@code item}. */
    protected final S putItem(U8 field, int item, int value) {
        field.put(message, start + item, value);
        return self();
    }

    /** Writes a field of the item of a list that begins at {@code item}. */
    protected final S putItem(U32 field, int item, int value) {
        field.put(message, start + item, value);
        return self();
    }

    /** Writes a field of the item of a list that begins at {@code item}. */
    protected final S putItem(U64 field, int item, long value) {
        field.put(message, start + item, value);
        return self();
    }

    /** Writes a field of the item of a list that begins at {@code item}. */
    protected final S putItem(Name field, int item, CharSequence name) {
        field.put(message, start + item, name);
        return self();
    }

    protected final S putZeros(int at, int size) {
        message.putZeros(start + at, size);
        return self();
    }

    /** The number, if it fits into a field of the given maximum: cutting a count would describe another list. */
    protected static int checkCount(String what, int count, int maximum) {
        if (count < 0 || count > maximum) {
            throw new IllegalArgumentException(what + " " + count + " is not in 0.." + maximum);
        }
        return count;
    }

    @SuppressWarnings("unchecked") // S is the subclass, by the rule of the type parameter
    protected final S self() {
        return (S) this;
    }
}
