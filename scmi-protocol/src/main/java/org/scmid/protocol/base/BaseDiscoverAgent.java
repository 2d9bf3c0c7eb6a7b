/* BASE_DISCOVER_AGENT: the name of an agent, or of the caller itself. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.Name;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;
import org.scmid.protocol.RequestPayload;

/** BASE_DISCOVER_AGENT (0x7). The reply's layout changed with version 2.0. */
public final class BaseDiscoverAgent {
    /** The platform; its name begins with "platform". */
    public static final int PLATFORM = 0;

    /** The agent that asks (2.0 and later); the reply holds its real id. */
    public static final int CALLER = 0xFFFFFFFF;

    private BaseDiscoverAgent() {}

    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = BaseMessage.BASE_DISCOVER_AGENT.fromAgent();
        private static final U32 AGENT = LAYOUT.u32("agent");

        public Request() {
            super(BaseMessage.BASE_DISCOVER_AGENT);
        }

        /** Unsigned: {@link #PLATFORM}, 1..n for agents, or {@link #CALLER}. */
        public int agent() {
            return get(AGENT);
        }

        public Request agent(int agent) {
            return put(AGENT, agent);
        }
    }

    /** The reply of version 2.0 and later. */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT =
                BaseMessage.BASE_DISCOVER_AGENT.fromPlatform().in(BaseVersion.V2_0);
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final Name NAME = LAYOUT.name("name");

        public Reply() {
            super(LAYOUT);
        }

        public int agent() {
            return get(AGENT);
        }

        public Reply agent(int agent) {
            return put(AGENT, agent);
        }

        public String name() {
            return get(NAME);
        }

        /** Writes the name, cut to 15 characters. */
        public Reply name(CharSequence name) {
            return put(NAME, name);
        }
    }

    /** The reply of version 1.0. */
    public static final class ReplyV1 extends ReplyPayload<ReplyV1> {
        private static final Layout LAYOUT =
                BaseMessage.BASE_DISCOVER_AGENT.fromPlatform().in(BaseVersion.V1_0);
        private static final Name NAME = LAYOUT.name("name");

        public ReplyV1() {
            super(LAYOUT);
        }

        public String name() {
            return get(NAME);
        }

        /** Writes the name, cut to 15 characters. */
        public ReplyV1 name(CharSequence name) {
            return put(NAME, name);
        }
    }
}
