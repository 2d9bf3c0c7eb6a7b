/* VOLTAGE_DESCRIBE_LEVELS: the levels that a voltage domain can have, as a list or a range. */
package org.scmid.protocol.voltage;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;
import org.scmid.protocol.common.ListOrRangeReply;

/** VOLTAGE_DESCRIBE_LEVELS (0x4). */
public final class VoltageDescribeLevels {
    private VoltageDescribeLevels() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_DESCRIBE_LEVELS.fromAgent();
        private static final U32 LEVEL_INDEX = LAYOUT.u32("level_index");

        public Request() {
            super(VoltageMessage.VOLTAGE_DESCRIBE_LEVELS);
        }

        /** Index of the first level wanted, unsigned. */
        public int levelIndex() {
            return get(LEVEL_INDEX);
        }

        public Request levelIndex(int index) {
            return put(LEVEL_INDEX, index);
        }
    }

    /**
     * <pre>
     * flags
     *   11:0   levels in this message
     *   12     0 list, ascending; 1 range: lowest, highest, step
     *   15:13  reserved
     *   31:16  levels that remain after this message
     * </pre>
     */
    public static final class Reply extends ListOrRangeReply<Reply> {
        private static final Layout LAYOUT = VoltageMessage.VOLTAGE_DESCRIBE_LEVELS.fromPlatform();
        private static final Items LEVELS = LAYOUT.list("levels");
        private static final U32 LEVEL = LEVELS.item().u32("level");

        public Reply() {
            super(LAYOUT, LEVELS);
        }

        /** How many levels fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return LEVELS.capacity(messageBytes, MAX_RETURNED);
        }

        /** Writes a range, in microvolts. */
        public Reply range(int lowest, int highest, int step) {
            return announceRange().level(0, lowest).level(1, highest).level(2, step);
        }

        /** The value at {@code index}, 0..{@link #returned()}-1, in microvolts, signed. */
        public int level(int index) {
            return getItem(LEVEL, LEVELS.at(index));
        }

        public Reply level(int index, int value) {
            return putItem(LEVEL, LEVELS.at(index), value);
        }
    }
}
