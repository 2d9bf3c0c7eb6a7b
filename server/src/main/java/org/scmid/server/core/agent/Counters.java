// Numbers that the service loop counts and other threads read.
package org.scmid.server.core.agent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A fixed array of counters. Only the service loop adds; any thread reads. Reads and writes are opaque: each value is
 * whole and only grows, but two counters read one after the other need not be of the same instant. That is all that
 * metrics need, and it costs a plain load and store.
 */
public final class Counters {
    private static final VarHandle ELEMENTS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values;

    Counters(int size) {
        values = new long[size];
    }

    /** How many there are. */
    public int size() {
        return values.length;
    }

    /** The value of one. Any thread. */
    public long get(int index) {
        return (long) ELEMENTS.getOpaque(values, index);
    }

    void increment(int index) {
        add(index, 1);
    }

    void add(int index, long amount) {
        ELEMENTS.setOpaque(values, index, values[index] + amount);
    }
}
