/* PROTOCOL_ATTRIBUTES of the Clock protocol: how many clocks there are. */
package org.scmid.protocol.clock;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Clock protocol. Its request is empty. */
public final class ClockProtocolAttributes {
    private ClockProtocolAttributes() {}

    /**
     * <pre>
     * attributes
     *   15:0   clocks; their ids are 0..n-1
     *   23:16  most asynchronous rate changes that may be pending, 0 if asynchronous is not supported
     *   31:24  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = ClockMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");

        public static final int MAX_CLOCKS = 0xFFFF;
        public static final int MAX_PENDING = 0xFF;
        private static final int PENDING_SHIFT = 16;

        public Reply() {
            super(LAYOUT);
        }

        public int clocks() {
            return get(ATTRIBUTES) & MAX_CLOCKS;
        }

        public int maxPending() {
            return get(ATTRIBUTES) >>> PENDING_SHIFT & MAX_PENDING;
        }

        /** Writes the word; 0..65535 clocks, 0..255 pending changes. */
        public Reply counts(int clocks, int maxPending) {
            return put(
                    ATTRIBUTES,
                    checkCount("number of clocks", clocks, MAX_CLOCKS)
                            | checkCount("number of pending rate changes", maxPending, MAX_PENDING) << PENDING_SHIFT);
        }
    }
}
