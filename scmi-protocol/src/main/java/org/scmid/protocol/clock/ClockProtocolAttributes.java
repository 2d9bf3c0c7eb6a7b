/* PROTOCOL_ATTRIBUTES of the Clock protocol: how many clocks there are. */
package org.scmid.protocol.clock;

import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Clock protocol. Its request is empty. */
public final class ClockProtocolAttributes {
    private ClockProtocolAttributes() {}

    /**
     * <pre>
     * 0  u32  attributes
     *           15:0   clocks; their ids are 0..n-1
     *           23:16  most asynchronous rate changes that may be pending, 0 if asynchronous is not supported
     *           31:24  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        public static final int MAX_CLOCKS = 0xFFFF;
        public static final int MAX_PENDING = 0xFF;
        private static final int ATTRIBUTES = 0;
        private static final int PENDING_SHIFT = 16;

        public Reply() {
            super(LENGTH);
        }

        public int clocks() {
            return u32(ATTRIBUTES) & MAX_CLOCKS;
        }

        public int maxPending() {
            return u32(ATTRIBUTES) >>> PENDING_SHIFT & MAX_PENDING;
        }

        /** Writes the word; 0..65535 clocks, 0..255 pending changes. */
        public Reply counts(int clocks, int maxPending) {
            return putU32(
                    ATTRIBUTES,
                    checkCount("number of clocks", clocks, MAX_CLOCKS)
                            | checkCount("number of pending rate changes", maxPending, MAX_PENDING) << PENDING_SHIFT);
        }
    }
}
