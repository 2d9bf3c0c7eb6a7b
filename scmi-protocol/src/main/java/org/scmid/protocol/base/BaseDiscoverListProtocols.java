/* BASE_DISCOVER_LIST_PROTOCOLS: which protocols this agent may use. */
package org.scmid.protocol.base;

import org.scmid.protocol.Header;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** BASE_DISCOVER_LIST_PROTOCOLS (0x6): the protocols this agent may use, Base left out, ascending. */
public final class BaseDiscoverListProtocols {
    private BaseDiscoverListProtocols() {}

    /**
     * <pre>
     * 0  u32  skip: protocols to leave out at the start of the list
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 4;
        private static final int SKIP = 0;

        public Request() {
            super(BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS, LENGTH);
        }

        /** Unsigned. */
        public int skip() {
            return u32(SKIP);
        }

        public Request skip(int skip) {
            return putU32(SKIP, skip);
        }
    }

    /**
     * <pre>
     * 0  u32   num_protocols: ids in this message
     * 4  u8[]  ids, one byte each, padded with 0 to a multiple of four
     * </pre>
     *
     * <p>Linux demands exactly this length, padding included.
     */
    public static final class Reply extends ReplyPayload<Reply> {
        /** Bytes without ids. */
        public static final int MINIMUM_LENGTH = 4;

        private static final int NUM_PROTOCOLS = 0;
        private static final int PROTOCOLS = 4;
        private static final int MAX_PROTOCOLS = 0xFF;

        public Reply() {
            super(MINIMUM_LENGTH);
        }

        /** How many ids fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return Math.clamp(messageBytes - Header.RESPONSE_PAYLOAD - PROTOCOLS, 0, MAX_PROTOCOLS + 1) & ~3;
        }

        /** Ids in this message, unsigned. */
        public int count() {
            return u32(NUM_PROTOCOLS);
        }

        /** Writes the number of ids, 0..255, and zeros for all of them. */
        public Reply count(int count) {
            putU32(NUM_PROTOCOLS, checkCount("number of protocols", count, MAX_PROTOCOLS));
            return putZeros(PROTOCOLS, padded(count));
        }

        /** The id at {@code index}, 0..{@link #count()}-1. */
        public int protocol(int index) {
            return u8(PROTOCOLS + index);
        }

        public Reply protocol(int index, int protocolId) {
            return putU8(PROTOCOLS + index, protocolId);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete()
                    && Integer.compareUnsigned(count(), MAX_PROTOCOLS) <= 0
                    && length() >= PROTOCOLS + padded(count());
        }

        @Override
        public int messageLength() {
            return withStart(PROTOCOLS + padded(count()));
        }

        private static int padded(int count) {
            return (count + 3) & ~3;
        }
    }
}
