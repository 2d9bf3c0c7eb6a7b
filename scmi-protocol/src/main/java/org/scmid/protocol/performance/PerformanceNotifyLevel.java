/* The notification that PERFORMANCE_NOTIFY_LEVEL asks for. */
package org.scmid.protocol.performance;

import org.scmid.protocol.EventPayload;

/**
 * PERFORMANCE_LEVEL_CHANGED, which PERFORMANCE_NOTIFY_LEVEL (0xA) asks for. The request is a {@link
 * org.scmid.protocol.common.NotifyRequest}, the response a status only.
 */
public final class PerformanceNotifyLevel {
    private PerformanceNotifyLevel() {}

    /**
     * PERFORMANCE_LEVEL_CHANGED (notification 0x1): a domain has another level.
     *
     * <pre>
     * 0  u32  agent_id: who caused it, 0 the platform
     * 4  u32  domain id, as the receiver counts
     * 8  u32  performance level, or its index with level indexing
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        public static final int LENGTH = 12;
        private static final int AGENT = 0;
        private static final int DOMAIN = 4;
        private static final int LEVEL = 8;

        public Event() {
            super(PerformanceMessage.PERFORMANCE_LEVEL_CHANGED, LENGTH);
        }

        public int agent() {
            return u32(AGENT);
        }

        public Event agent(int agent) {
            return putU32(AGENT, agent);
        }

        /** Domain id, unsigned. */
        public int domain() {
            return u32(DOMAIN);
        }

        public Event domain(int domain) {
            return putU32(DOMAIN, domain);
        }

        /** Unsigned. */
        public int level() {
            return u32(LEVEL);
        }

        public Event level(int level) {
            return putU32(LEVEL, level);
        }
    }
}
