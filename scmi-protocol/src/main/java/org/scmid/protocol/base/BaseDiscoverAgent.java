/* BASE_DISCOVER_AGENT: the name of an agent, or of the caller itself. */
package org.scmid.protocol.base;

import org.scmid.protocol.Names;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** BASE_DISCOVER_AGENT (0x7). The reply's layout changed with version 2.0. */
public final class BaseDiscoverAgent {
    /** The platform; its name begins with "platform". */
    public static final int PLATFORM = 0;

    /** The agent that asks (2.0 and later); the reply holds its real id. */
    public static final int CALLER = 0xFFFFFFFF;

    private BaseDiscoverAgent() {}

    /**
     * <pre>
     * 0  u32  agent_id: 0 is the platform, 1..n agents, 0xFFFFFFFF the caller (2.0 and later)
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 4;
        private static final int AGENT = 0;

        public Request() {
            super(BaseMessage.BASE_DISCOVER_AGENT, LENGTH);
        }

        /** Unsigned, or {@link #CALLER}. */
        public int agent() {
            return u32(AGENT);
        }

        public Request agent(int agent) {
            return putU32(AGENT, agent);
        }
    }

    /**
     * The reply of version 2.0 and later.
     *
     * <pre>
     * 0  u32     agent_id
     * 4  u8[16]  name, see {@link Names}
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 20;
        private static final int AGENT = 0;
        private static final int NAME = 4;

        public Reply() {
            super(LENGTH);
        }

        public int agent() {
            return u32(AGENT);
        }

        public Reply agent(int agent) {
            return putU32(AGENT, agent);
        }

        public String name() {
            return name(NAME, Names.SHORT_BYTES);
        }

        /** Writes the name, cut to 15 characters. */
        public Reply name(CharSequence name) {
            return putName(NAME, Names.SHORT_BYTES, name);
        }
    }

    /**
     * The reply of version 1.0.
     *
     * <pre>
     * 0  u8[16]  name, see {@link Names}
     * </pre>
     */
    public static final class ReplyV1 extends ReplyPayload<ReplyV1> {
        public static final int LENGTH = 16;
        private static final int NAME = 0;

        public ReplyV1() {
            super(LENGTH);
        }

        public String name() {
            return name(NAME, Names.SHORT_BYTES);
        }

        /** Writes the name, cut to 15 characters. */
        public ReplyV1 name(CharSequence name) {
            return putName(NAME, Names.SHORT_BYTES, name);
        }
    }
}
