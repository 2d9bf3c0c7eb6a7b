/* The notification that PERFORMANCE_NOTIFY_LEVEL asks for. */
package org.scmid.protocol.performance;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;

/**
 * PERFORMANCE_LEVEL_CHANGED, which PERFORMANCE_NOTIFY_LEVEL (0xA) asks for. The request is a {@link
 * org.scmid.protocol.common.NotifyRequest}, the response a status only.
 */
public final class PerformanceNotifyLevel {
    private PerformanceNotifyLevel() {}

    /** PERFORMANCE_LEVEL_CHANGED (notification 0x1): a domain has another level. */
    public static final class Event extends EventPayload<Event> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_LEVEL_CHANGED.fromPlatform();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 DOMAIN = LAYOUT.u32("domain");
        private static final U32 LEVEL = LAYOUT.u32("level");

        public Event() {
            super(PerformanceMessage.PERFORMANCE_LEVEL_CHANGED);
        }

        /** Who caused it, 0 the platform. */
        public int agent() {
            return get(AGENT);
        }

        public Event agent(int agent) {
            return put(AGENT, agent);
        }

        /** Domain id as the receiver counts, unsigned. */
        public int domain() {
            return get(DOMAIN);
        }

        public Event domain(int domain) {
            return put(DOMAIN, domain);
        }

        /** The level, or its index with level indexing; unsigned. */
        public int level() {
            return get(LEVEL);
        }

        public Event level(int level) {
            return put(LEVEL, level);
        }
    }
}
