// Bytes from one thread to another.
package org.scmid.transport.serial;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A ring of bytes that one thread fills and another one empties, without locks. The counts of bytes that were put in and
 * taken out only grow; each is stored by one of the two.
 */
final class ByteRing {
    private static final VarHandle PUT;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUT = lookup.findVarHandle(ByteRing.class, "put", long.class);
            TAKEN = lookup.findVarHandle(ByteRing.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final byte[] bytes;
    private final int mask;

    @SuppressWarnings("UnusedVariable") // by PUT
    private long put;

    @SuppressWarnings("UnusedVariable") // by TAKEN
    private long taken;

    /** @param least bytes that it has room for at least */
    ByteRing(int least) {
        bytes = new byte[Integer.highestOneBit(least - 1) << 1];
        mask = bytes.length - 1;
    }

    int capacity() {
        return bytes.length;
    }

    /** Bytes that can be put in. For the thread that does. */
    int room() {
        return bytes.length - count();
    }

    /** Bytes that can be taken out. For either thread. */
    int count() {
        long out = (long) TAKEN.getAcquire(this);
        return (int) ((long) PUT.getAcquire(this) - out);
    }

    /** Puts from[at..at+count) in, for which there is room. */
    void put(byte[] from, int at, int count) {
        long end = (long) PUT.get(this);
        int start = (int) end & mask;
        int first = Math.min(count, bytes.length - start);
        System.arraycopy(from, at, bytes, start, first);
        System.arraycopy(from, at + first, bytes, 0, count - first);
        PUT.setRelease(this, end + count);
    }

    /**
     * Takes bytes out, as many as there are and have room.
     *
     * @return how many; they are in into[0..]
     */
    int take(byte[] into) {
        int count = Math.min(count(), into.length);
        long begin = (long) TAKEN.get(this);
        int start = (int) begin & mask;
        int first = Math.min(count, bytes.length - start);
        System.arraycopy(bytes, start, into, 0, first);
        System.arraycopy(bytes, 0, into, first, count - first);
        TAKEN.setRelease(this, begin + count);
        return count;
    }
}
