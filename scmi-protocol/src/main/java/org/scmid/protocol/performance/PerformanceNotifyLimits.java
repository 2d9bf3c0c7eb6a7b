/* The notification that PERFORMANCE_NOTIFY_LIMITS asks for. */
package org.scmid.protocol.performance;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;

/**
 * PERFORMANCE_LIMITS_CHANGED, which PERFORMANCE_NOTIFY_LIMITS (0x9) asks for. The request is a {@link
 * org.scmid.protocol.common.NotifyRequest}, the response a status only.
 */
public final class PerformanceNotifyLimits {
    private PerformanceNotifyLimits() {}

    /** PERFORMANCE_LIMITS_CHANGED (notification 0x0): a domain has other limits. */
    public static final class Event extends EventPayload<Event> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_LIMITS_CHANGED.fromPlatform();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 DOMAIN = LAYOUT.u32("domain");
        private static final U32 MAX = LAYOUT.u32("range_max");
        private static final U32 MIN = LAYOUT.u32("range_min");

        public Event() {
            super(PerformanceMessage.PERFORMANCE_LIMITS_CHANGED);
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

        /** Highest level, or its index with level indexing, unsigned. */
        public int max() {
            return get(MAX);
        }

        /** Lowest level, or its index with level indexing, unsigned. */
        public int min() {
            return get(MIN);
        }

        public Event limits(int max, int min) {
            return put(MAX, max).put(MIN, min);
        }
    }
}
