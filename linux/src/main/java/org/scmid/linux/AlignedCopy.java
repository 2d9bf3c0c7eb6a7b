// Copies between arrays and memory that takes aligned accesses only.
package org.scmid.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Copies by accesses of 1, 2, 4 or 8 bytes, each aligned to its width, each exactly once, in ascending order. That is what
 * device memory of arm64 asks for, which is how Linux maps a BAR of a PCI device: anything else is a fault there. A copy
 * that is left to the JVM promises none of this, whatever it happens to do: it depends on the length, and on the compiler.
 */
final class AlignedCopy {
    private static final VarHandle SHORT = order(ValueLayout.JAVA_SHORT).varHandle();
    private static final VarHandle INT = order(ValueLayout.JAVA_INT).varHandle();
    private static final VarHandle LONG = order(ValueLayout.JAVA_LONG).varHandle();
    private static final VarHandle BYTE = JAVA_BYTE.varHandle();

    private static final VarHandle SHORT_IN_ARRAY =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_IN_ARRAY =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_IN_ARRAY =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private AlignedCopy() {}

    private static ValueLayout order(ValueLayout layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * How wide the next access is.
     *
     * @param at where it begins, from 0
     * @param left how many bytes are still to be copied, from 1
     * @return the largest of 8, 4, 2 and 1 that divides {@code at} and is not more than {@code left}
     */
    static int width(long at, int left) {
        int aligned = (int) Math.min(8, Long.lowestOneBit(at | 8));
        return Math.min(aligned, Integer.highestOneBit(left));
    }

    /** Copies out of a segment that begins at an address aligned to 8; ranges as {@link Mapping#read} checks them. */
    static void read(MemorySegment from, long at, byte[] to, int toOffset, int length) {
        long source = at;
        int target = toOffset;
        int left = length;
        while (left > 0) {
            int width = width(source, left);
            // Acquire accesses are never joined, split or turned into those of vectors.
            switch (width) {
                case 8 -> LONG_IN_ARRAY.set(to, target, (long) LONG.getAcquire(from, source));
                case 4 -> INT_IN_ARRAY.set(to, target, (int) INT.getAcquire(from, source));
                case 2 -> SHORT_IN_ARRAY.set(to, target, (short) SHORT.getAcquire(from, source));
                default -> to[target] = (byte) BYTE.getAcquire(from, source);
            }
            source += width;
            target += width;
            left -= width;
        }
    }

    /** Copies into a segment that begins at an address aligned to 8; ranges as {@link Mapping#write} checks them. */
    static void write(MemorySegment to, long at, byte[] from, int fromOffset, int length) {
        long target = at;
        int source = fromOffset;
        int left = length;
        while (left > 0) {
            int width = width(target, left);
            // The fence keeps the compiler from joining this access with the one before. Not a release access:
            // interpreted, that is an exchange, see Mapping.
            VarHandle.storeStoreFence();
            switch (width) {
                case 8 -> LONG.set(to, target, (long) LONG_IN_ARRAY.get(from, source));
                case 4 -> INT.set(to, target, (int) INT_IN_ARRAY.get(from, source));
                case 2 -> SHORT.set(to, target, (short) SHORT_IN_ARRAY.get(from, source));
                default -> BYTE.set(to, target, from[source]);
            }
            source += width;
            target += width;
            left -= width;
        }
    }
}
