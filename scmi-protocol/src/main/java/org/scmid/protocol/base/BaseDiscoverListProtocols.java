/* BASE_DISCOVER_LIST_PROTOCOLS: which protocols this agent may use. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Items;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U8;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** BASE_DISCOVER_LIST_PROTOCOLS (0x6): the protocols this agent may use, Base left out, ascending. */
public final class BaseDiscoverListProtocols {
    private BaseDiscoverListProtocols() {}

    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS.fromAgent();
        private static final U32 SKIP = LAYOUT.u32("skip");

        public Request() {
            super(BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS);
        }

        /** Protocols to leave out at the start of the list, unsigned. */
        public int skip() {
            return get(SKIP);
        }

        public Request skip(int skip) {
            return put(SKIP, skip);
        }
    }

    /** One byte each, padded with 0 to a multiple of four. Linux demands exactly this length, padding included. */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS.fromPlatform();
        private static final U32 NUM_PROTOCOLS = LAYOUT.u32("num_protocols");
        private static final Items PROTOCOLS = LAYOUT.list("protocols");
        private static final U8 PROTOCOL = PROTOCOLS.item().u8("protocol");

        private static final int MAX_PROTOCOLS = 0xFF;

        public Reply() {
            super(LAYOUT);
        }

        /** How many ids fit into a message of {@code messageBytes}. */
        public static int capacity(int messageBytes) {
            return PROTOCOLS.capacity(messageBytes, MAX_PROTOCOLS + 1) & ~3;
        }

        /** Ids in this message, unsigned. */
        public int count() {
            return get(NUM_PROTOCOLS);
        }

        /** Writes the number of ids, 0..255, and zeros for all of them. */
        public Reply count(int count) {
            put(NUM_PROTOCOLS, checkCount("number of protocols", count, MAX_PROTOCOLS));
            return putZeros(PROTOCOLS.offset(), padded(count));
        }

        /** The id at {@code index}, 0..{@link #count()}-1. */
        public int protocol(int index) {
            return getItem(PROTOCOL, PROTOCOLS.at(index));
        }

        public Reply protocol(int index, int protocolId) {
            return putItem(PROTOCOL, PROTOCOLS.at(index), protocolId);
        }

        @Override
        public boolean isComplete() {
            return super.isComplete()
                    && Integer.compareUnsigned(count(), MAX_PROTOCOLS) <= 0
                    && length() >= PROTOCOLS.offset() + padded(count());
        }

        @Override
        public int messageLength() {
            return withStart(PROTOCOLS.offset() + padded(count()));
        }

        private static int padded(int count) {
            return (count + 3) & ~3;
        }
    }
}
