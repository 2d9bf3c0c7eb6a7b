/* CLOCK_POSSIBLE_PARENTS_GET: the clocks that a clock can be derived from. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.ResourceRequestPayload;

/** CLOCK_POSSIBLE_PARENTS_GET (0xC), since 3.0. */
public final class ClockPossibleParentsGet {
    private ClockPossibleParentsGet() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_POSSIBLE_PARENTS_GET.fromAgent();
        private static final U32 SKIP_PARENTS = LAYOUT.u32("skip_parents");

        public Request() {
            super(ClockMessage.CLOCK_POSSIBLE_PARENTS_GET);
        }

        /** Parents to leave out at the start of the list, unsigned. */
        public int skipParents() {
            return get(SKIP_PARENTS);
        }

        public Request skipParents(int skip) {
            return put(SKIP_PARENTS, skip);
        }
    }

    /**
     * <pre>
     * num_parents_flags
     *   7:0    parents in this message
     *   23:8   reserved
     *   31:24  parents that remain after this message
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ClockMessage.CLOCK_POSSIBLE_PARENTS_GET.fromPlatform();
        private static final U32 NUM_PARENTS_FLAGS = LAYOUT.u32("num_parents_flags");
        private static final Items PARENTS = LAYOUT.list("parents");
        private static final U32 PARENT = PARENTS.item().u32("parent");

        /** Most parents in one message, and most that can remain after it. */
        public static final int MAX_COUNT = 0xFF;

        private static final int REMAINING_SHIFT = 24;

        public Reply() {
            super(LAYOUT);
        }

        /** How many parents fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return PARENTS.capacity(messageBytes, MAX_COUNT);
        }

        /** Parents in this message, 0..255. */
        public int returned() {
            return get(NUM_PARENTS_FLAGS) & MAX_COUNT;
        }

        /** Parents that remain after this message, 0..255. */
        public int remaining() {
            return get(NUM_PARENTS_FLAGS) >>> REMAINING_SHIFT;
        }

        /** Announces {@code returned} parents, 0..255, to be written with {@link #parent(int, int)}. */
        public Reply list(int returned, int remaining) {
            return put(
                    NUM_PARENTS_FLAGS,
                    checkCount("number of parents", returned, MAX_COUNT)
                            | checkCount("number of remaining parents", remaining, MAX_COUNT) << REMAINING_SHIFT);
        }

        /** The clock id at {@code index}, 0..{@link #returned()}-1. */
        public int parent(int index) {
            return getItem(PARENT, PARENTS.at(index));
        }

        public Reply parent(int index, int clock) {
            return putItem(PARENT, PARENTS.at(index), clock);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete() && length() >= PARENTS.at(returned());
        }

        @Override
        public int messageLength() {
            return withStart(PARENTS.at(returned()));
        }
    }
}
