/* What all readers and writers of payloads have in common. */
package org.scmid.protocol;

/**
 * Reads and writes one kind of payload in place. Created once, then moved from message to message with {@link #wrap}.
 *
 * <p>The offsets in subclasses count from the first byte of the payload, as in the specification's tables. Before
 * reading what somebody else wrote, check {@link #isComplete()}: then no getter fails, whatever the bytes are. Setters
 * never set a reserved bit.
 *
 * @param <S> the subclass, so that calls can be chained
 */
public abstract class Payload<S extends Payload<S>> {
    private final int start;
    private final int minimumLength;
    private MessageBuffer message = new MessageBuffer();

    Payload(int start, int minimumLength) {
        this.start = start;
        this.minimumLength = minimumLength;
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

    protected final int u8(int at) {
        return message.getU8(start + at);
    }

    protected final int u32(int at) {
        return message.getU32(start + at);
    }

    protected final long u64(int at) {
        return message.getU64(start + at);
    }

    protected final S putU32(int at, int value) {
        message.putU32(start + at, value);
        return self();
    }

    protected final S putU64(int at, long value) {
        message.putU64(start + at, value);
        return self();
    }

    protected final S putU8(int at, int value) {
        message.putU8(start + at, value);
        return self();
    }

    protected final S putZeros(int at, int size) {
        message.putZeros(start + at, size);
        return self();
    }

    protected final String name(int at, int fieldBytes) {
        return Names.get(message, start + at, fieldBytes);
    }

    protected final S putName(int at, int fieldBytes, CharSequence name) {
        Names.put(message, start + at, fieldBytes, name);
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
