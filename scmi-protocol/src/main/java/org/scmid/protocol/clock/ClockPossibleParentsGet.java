/* CLOCK_POSSIBLE_PARENTS_GET: the clocks that a clock can be derived from. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Header;
import org.scmid.protocol.ReplyPayload;

/** CLOCK_POSSIBLE_PARENTS_GET (0xC), since 3.0. */
public final class ClockPossibleParentsGet {
    private ClockPossibleParentsGet() {}

    /**
     * <pre>
     * 0  u32  clock id
     * 4  u32  skip_parents: parents to leave out at the start of the list
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 8;
        private static final int SKIP_PARENTS = 4;

        public Request() {
            super(ClockMessage.CLOCK_POSSIBLE_PARENTS_GET, LENGTH);
        }

        /** Unsigned. */
        public int skipParents() {
            return u32(SKIP_PARENTS);
        }

        public Request skipParents(int skip) {
            return putU32(SKIP_PARENTS, skip);
        }
    }

    /**
     * <pre>
     * 0  u32    num_parents_flags
     *             7:0    parents in this message
     *             23:8   reserved
     *             31:24  parents that remain after this message
     * 4  u32[]  clock ids
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes without parents. */
        public static final int MINIMUM_LENGTH = 4;

        public static final int PARENT_BYTES = 4;

        /** Most parents in one message, and most that can remain after it. */
        public static final int MAX_COUNT = 0xFF;

        private static final int NUM_PARENTS_FLAGS = 0;
        private static final int PARENTS = 4;
        private static final int REMAINING_SHIFT = 24;

        public Reply() {
            super(MINIMUM_LENGTH);
        }

        /** How many parents fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return Math.clamp((messageBytes - Header.RESPONSE_PAYLOAD - PARENTS) / PARENT_BYTES, 0, MAX_COUNT);
        }

        /** Parents in this message, 0..255. */
        public int returned() {
            return u32(NUM_PARENTS_FLAGS) & MAX_COUNT;
        }

        /** Parents that remain after this message, 0..255. */
        public int remaining() {
            return u32(NUM_PARENTS_FLAGS) >>> REMAINING_SHIFT;
        }

        /** Announces {@code returned} parents, 0..255, to be written with {@link #parent(int, int)}. */
        public Reply list(int returned, int remaining) {
            return putU32(
                    NUM_PARENTS_FLAGS,
                    checkCount("number of parents", returned, MAX_COUNT)
                            | checkCount("number of remaining parents", remaining, MAX_COUNT) << REMAINING_SHIFT);
        }

        /** The clock id at {@code index}, 0..{@link #returned()}-1. */
        public int parent(int index) {
            return u32(PARENTS + index * PARENT_BYTES);
        }

        public Reply parent(int index, int clock) {
            return putU32(PARENTS + index * PARENT_BYTES, clock);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= PARENTS + returned() * PARENT_BYTES;
        }

        @Override
        public int messageLength() {
            return withStart(PARENTS + returned() * PARENT_BYTES);
        }
    }
}
