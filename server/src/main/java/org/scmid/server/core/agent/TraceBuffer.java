// An agent's messages on their way to the thread that writes them.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.protocol.MessageBuffer;

/**
 * Keeps up to {@value #CAPACITY} messages of one agent between the service loop, which puts them in and never waits, and the
 * thread that takes them out. What finds no room is left out and counted. In the steady state nothing is allocated: each
 * place keeps the array of the longest message that it ever had.
 */
final class TraceBuffer {
    static final int CAPACITY = 512;

    private static final byte[] NOTHING = {};

    /** One message. */
    static final class Entry {
        private byte[] bytes = NOTHING;
        private int length;
        private Direction direction = Direction.REQUEST;
        private int version;
        private long number;

        Direction direction() {
            return direction;
        }

        /** The version of its protocol. */
        int version() {
            return version;
        }

        /** Its place among the messages of all agents. */
        long number() {
            return number;
        }

        int length() {
            return length;
        }

        MessageBuffer message(MessageBuffer into) {
            return into.wrap(bytes, 0, length);
        }
    }

    /** Whose message it is. */
    enum Direction {
        REQUEST("-> "),
        REPLY("<- "),
        EVENT("<= ");

        private final String sign;

        Direction(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    private final Entry[] entries = new Entry[CAPACITY];
    private volatile long put;
    private volatile long taken;
    private volatile long leftOut;

    TraceBuffer() {
        for (int i = 0; i < CAPACITY; i++) {
            entries[i] = new Entry();
        }
    }

    /**
     * Puts in a copy of a message. The loop's thread.
     *
     * @param number its place among the messages of all agents
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes each of them
    void put(Direction direction, byte[] bytes, int length, int version, long number) {
        long place = put;
        if (place - taken == CAPACITY) {
            leftOut++;
            return;
        }
        Entry entry = entries[(int) (place % CAPACITY)];
        if (entry.bytes.length < length) {
            entry.bytes = new byte[length];
        }
        System.arraycopy(bytes, 0, entry.bytes, 0, length);
        entry.length = length;
        entry.direction = direction;
        entry.version = version;
        entry.number = number;
        put = place + 1;
    }

    /** The oldest message, until {@link #take}; null if there is none. The writer's thread. */
    @Nullable
    Entry oldest() {
        return taken == put ? null : entries[(int) (taken % CAPACITY)];
    }

    /** Takes the oldest message out. The writer's thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void take() {
        taken++;
    }

    /** How many were left out so far. Any thread. */
    long leftOut() {
        return leftOut;
    }
}
