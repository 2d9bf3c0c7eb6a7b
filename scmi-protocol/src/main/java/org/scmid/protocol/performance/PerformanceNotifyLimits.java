/* The notification that PERFORMANCE_NOTIFY_LIMITS asks for. */
package org.scmid.protocol.performance;

import org.scmid.protocol.EventPayload;

/**
 * PERFORMANCE_LIMITS_CHANGED, which PERFORMANCE_NOTIFY_LIMITS (0x9) asks for. The request is a {@link
 * org.scmid.protocol.common.NotifyRequest}, the response a status only.
 */
public final class PerformanceNotifyLimits {
    private PerformanceNotifyLimits() {}

    /**
     * PERFORMANCE_LIMITS_CHANGED (notification 0x0): a domain has other limits.
     *
     * <pre>
     * 0   u32  agent_id: who caused it, 0 the platform
     * 4   u32  domain id, as the receiver counts
     * 8   u32  range_max: highest level, or its index with level indexing
     * 12  u32  range_min: lowest level, or its index with level indexing
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        public static final int LENGTH = 16;
        private static final int AGENT = 0;
        private static final int DOMAIN = 4;
        private static final int MAX = 8;
        private static final int MIN = 12;

        public Event() {
            super(PerformanceMessage.PERFORMANCE_LIMITS_CHANGED, LENGTH);
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
        public int max() {
            return u32(MAX);
        }

        /** Unsigned. */
        public int min() {
            return u32(MIN);
        }

        public Event limits(int max, int min) {
            return putU32(MAX, max).putU32(MIN, min);
        }
    }
}
