/* PERFORMANCE_DESCRIBE_FASTCHANNEL: where in memory a message's fast channel is. */
package org.scmid.protocol.performance;

import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_DESCRIBE_FASTCHANNEL (0xB), since 2.0. For agents that share memory with the platform. */
public final class PerformanceDescribeFastchannel {
    private PerformanceDescribeFastchannel() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  message_id: the command whose channel is wanted
     * </pre>
     */
    public static final class Request extends PerformanceRequest<Request> {
        public static final int LENGTH = 8;
        private static final int MESSAGE_ID = 4;

        public Request() {
            super(PerformanceMessage.PERFORMANCE_DESCRIBE_FASTCHANNEL, LENGTH);
        }

        /** Any 32-bit value. */
        public int messageId() {
            return u32(MESSAGE_ID);
        }

        public Request messageId(int id) {
            return putU32(MESSAGE_ID, id);
        }
    }

    /**
     * <pre>
     * 0   u32  attributes
     *            0     there is a doorbell
     *            2:1   its width: 0, 1, 2, 3 for 8, 16, 32, 64 bits
     *            31:3  reserved
     * 4   u32  rate_limit
     *            19:0   least microseconds between two requests, 0 if not given
     *            31:20  reserved
     * 8   u64  physical address of the channel, low word first
     * 16  u32  its size in bytes: 8 for the limits (highest, lowest), 4 for the level
     * 20  u64  physical address of the doorbell, low word first
     * 28  u64  bits of the doorbell to set, low word first
     * 36  u64  bits of the doorbell to keep, low word first
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 44;
        public static final int DOORBELL = 1;
        private static final int ATTRIBUTES = 0;
        private static final int RATE_LIMIT = 4;
        private static final int CHANNEL_ADDRESS = 8;
        private static final int CHANNEL_SIZE = 16;
        private static final int DOORBELL_ADDRESS = 20;
        private static final int DOORBELL_SET_MASK = 28;
        private static final int DOORBELL_PRESERVE_MASK = 36;
        private static final int RATE_LIMIT_MASK = 0xFFFFF;
        private static final int WIDTH_SHIFT = 1;
        private static final int WIDTH_MASK = 0x3;

        public Reply() {
            super(LENGTH);
        }

        public boolean hasDoorbell() {
            return (u32(ATTRIBUTES) & DOORBELL) != 0;
        }

        /** Bits of the doorbell: 8, 16, 32 or 64. */
        public int doorbellWidth() {
            return Byte.SIZE << (u32(ATTRIBUTES) >>> WIDTH_SHIFT & WIDTH_MASK);
        }

        /** Microseconds, 0..1048575. */
        public int rateLimit() {
            return u32(RATE_LIMIT) & RATE_LIMIT_MASK;
        }

        public long channelAddress() {
            return u64(CHANNEL_ADDRESS);
        }

        public int channelSize() {
            return u32(CHANNEL_SIZE);
        }

        public long doorbellAddress() {
            return u64(DOORBELL_ADDRESS);
        }

        public long doorbellSetMask() {
            return u64(DOORBELL_SET_MASK);
        }

        public long doorbellPreserveMask() {
            return u64(DOORBELL_PRESERVE_MASK);
        }

        /** Writes a channel; its doorbell with {@link #doorbell} or {@link #noDoorbell}. */
        public Reply channel(long address, int size, int rateLimit) {
            return putU32(RATE_LIMIT, checkCount("rate limit", rateLimit, RATE_LIMIT_MASK))
                    .putU64(CHANNEL_ADDRESS, address)
                    .putU32(CHANNEL_SIZE, size);
        }

        /** Writes a doorbell of 8, 16, 32 or 64 bits. */
        public Reply doorbell(int width, long address, long setMask, long preserveMask) {
            if (Integer.bitCount(width) != 1 || width < Byte.SIZE || width > Long.SIZE) {
                throw new IllegalArgumentException("a doorbell of " + width + " bits");
            }
            int code = Integer.numberOfTrailingZeros(width / Byte.SIZE);
            return putU32(ATTRIBUTES, DOORBELL | code << WIDTH_SHIFT)
                    .putU64(DOORBELL_ADDRESS, address)
                    .putU64(DOORBELL_SET_MASK, setMask)
                    .putU64(DOORBELL_PRESERVE_MASK, preserveMask);
        }

        /** Writes that there is no doorbell. */
        public Reply noDoorbell() {
            return putU32(ATTRIBUTES, 0)
                    .putU64(DOORBELL_ADDRESS, 0)
                    .putU64(DOORBELL_SET_MASK, 0)
                    .putU64(DOORBELL_PRESERVE_MASK, 0);
        }
    }
}
