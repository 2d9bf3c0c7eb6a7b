/* PERFORMANCE_DESCRIBE_FASTCHANNEL: where in memory a message's fast channel is. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.ResourceRequestPayload;

/** PERFORMANCE_DESCRIBE_FASTCHANNEL (0xB), since 2.0. For agents that share memory with the platform. */
public final class PerformanceDescribeFastchannel {
    private PerformanceDescribeFastchannel() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_DESCRIBE_FASTCHANNEL.fromAgent();
        private static final U32 MESSAGE_ID = LAYOUT.u32("message_id");

        public Request() {
            super(PerformanceMessage.PERFORMANCE_DESCRIBE_FASTCHANNEL);
        }

        /** The command whose channel is wanted: any 32-bit value. */
        public int messageId() {
            return get(MESSAGE_ID);
        }

        public Request messageId(int id) {
            return put(MESSAGE_ID, id);
        }
    }

    /**
     * <pre>
     * attributes
     *   0     there is a doorbell
     *   2:1   its width: 0, 1, 2, 3 for 8, 16, 32, 64 bits
     *   31:3  reserved
     * rate_limit
     *   19:0   least microseconds between two requests, 0 if not given
     *   31:20  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_DESCRIBE_FASTCHANNEL.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U32 RATE_LIMIT = LAYOUT.u32("rate_limit");
        private static final U64 CHANNEL_ADDRESS = LAYOUT.u64("channel_address");
        private static final U32 CHANNEL_SIZE = LAYOUT.u32("channel_size");
        private static final U64 DOORBELL_ADDRESS = LAYOUT.u64("doorbell_address");
        private static final U64 DOORBELL_SET_MASK = LAYOUT.u64("doorbell_set_mask");
        private static final U64 DOORBELL_PRESERVE_MASK = LAYOUT.u64("doorbell_preserve_mask");

        public static final int DOORBELL = 1;
        private static final int RATE_LIMIT_MASK = 0xFFFFF;
        private static final int WIDTH_SHIFT = 1;
        private static final int WIDTH_MASK = 0x3;

        public Reply() {
            super(LAYOUT);
        }

        public boolean hasDoorbell() {
            return (get(ATTRIBUTES) & DOORBELL) != 0;
        }

        /** Bits of the doorbell: 8, 16, 32 or 64. */
        public int doorbellWidth() {
            return Byte.SIZE << (get(ATTRIBUTES) >>> WIDTH_SHIFT & WIDTH_MASK);
        }

        /** Microseconds, 0..1048575. */
        public int rateLimit() {
            return get(RATE_LIMIT) & RATE_LIMIT_MASK;
        }

        /** Physical address of the channel. */
        public long channelAddress() {
            return get(CHANNEL_ADDRESS);
        }

        /** In bytes: 8 for the limits (highest, lowest), 4 for the level. */
        public int channelSize() {
            return get(CHANNEL_SIZE);
        }

        /** Physical address of the doorbell. */
        public long doorbellAddress() {
            return get(DOORBELL_ADDRESS);
        }

        /** Bits of the doorbell to set. */
        public long doorbellSetMask() {
            return get(DOORBELL_SET_MASK);
        }

        /** Bits of the doorbell to keep. */
        public long doorbellPreserveMask() {
            return get(DOORBELL_PRESERVE_MASK);
        }

        /** Writes a channel; its doorbell with {@link #doorbell} or {@link #noDoorbell}. */
        public Reply channel(long address, int size, int rateLimit) {
            return put(RATE_LIMIT, checkCount("rate limit", rateLimit, RATE_LIMIT_MASK))
                    .put(CHANNEL_ADDRESS, address)
                    .put(CHANNEL_SIZE, size);
        }

        /** Writes a doorbell of 8, 16, 32 or 64 bits. */
        public Reply doorbell(int width, long address, long setMask, long preserveMask) {
            if (Integer.bitCount(width) != 1 || width < Byte.SIZE || width > Long.SIZE) {
                throw new IllegalArgumentException("a doorbell of " + width + " bits");
            }
            int code = Integer.numberOfTrailingZeros(width / Byte.SIZE);
            return put(ATTRIBUTES, DOORBELL | code << WIDTH_SHIFT)
                    .put(DOORBELL_ADDRESS, address)
                    .put(DOORBELL_SET_MASK, setMask)
                    .put(DOORBELL_PRESERVE_MASK, preserveMask);
        }

        /** Writes that there is no doorbell. */
        public Reply noDoorbell() {
            return put(ATTRIBUTES, 0)
                    .put(DOORBELL_ADDRESS, 0)
                    .put(DOORBELL_SET_MASK, 0)
                    .put(DOORBELL_PRESERVE_MASK, 0);
        }
    }
}
